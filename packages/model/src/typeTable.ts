/**
 * Finds what a type name stands for: primitives, enums, registers, classes, lists and maps.
 *
 * Names are unique only within a wire module. A name that two modules declare is known by its qualified form,
 * `wireModule.Name`, outside the module that was loaded first.
 * @module
 */
import type { EnumType, Field, Fields, Module, RegisterType, RemoteClass } from './descriptor.ts';

/** Names of the types that are not declared by any module. */
export type PrimitiveName = 'String' | 'boolean' | 'int' | 'int64' | 'float' | 'double';

/** A field whose type has been looked up. */
export interface TypedField {
  /** Name of the field. */
  readonly name: string;
  /** Its type. */
  readonly type: TypeNode;
  /** True if it may be left out. */
  readonly optional: boolean;
  /** Wire value that stands for it when left out; undefined if none does. */
  readonly defaultValue: unknown;
}

/** What a type name stands for. */
export type TypeNode =
  | { readonly kind: 'primitive'; readonly name: PrimitiveName }
  | { readonly kind: 'enum'; readonly name: string; readonly values: ReadonlySet<string> }
  | { readonly kind: 'class'; readonly name: string }
  | { readonly kind: 'list' | 'map'; readonly item: TypeNode }
  | RegisterNode;

/** A register with what it inherits. */
export interface RegisterNode {
  /** Tells registers from other types. */
  readonly kind: 'register';
  /** Short name. */
  readonly name: string;
  /** Name of its module on the wire. */
  readonly wireModule: string;
  /** Own and inherited members, those of the root first. */
  readonly fields: Fields;
  /** The register itself and its ancestors. */
  readonly lineage: ReadonlySet<string>;
}

interface Declaration {
  readonly module: Module;
  readonly qualified: string;
  readonly value: EnumType | RegisterType | RemoteClass;
}

const primitives: ReadonlySet<string> = new Set(['String', 'boolean', 'int', 'int64', 'float', 'double']);

/** The types of a set of modules. */
export class TypeTable {
  readonly #declarations = new Map<string, Declaration>();
  readonly #nodes = new Map<string, TypeNode>();
  readonly #typedFields = new WeakMap<Fields, readonly TypedField[]>();

  /**
   * The types that the modules declare.
   * @throws {TypeError} if one wire module declares a name twice, or a name that is used is not declared.
   */
  constructor(modules: readonly Module[]) {
    for (const module of modules) {
      for (const value of Object.values(module.types)) this.#declare(module, value);
      for (const value of Object.values(module.classes)) this.#declare(module, value);
    }
    for (const qualified of this.#declarations.keys()) {
      const node = this.find(qualified);
      if (node.kind === 'register') this.typed(node.fields);
    }
  }

  /**
   * What the name stands for.
   * @throws {TypeError} if no module declares it.
   */
  find(type: string): TypeNode {
    let node = this.#nodes.get(type);
    if (!node) {
      node = this.#build(type);
      this.#nodes.set(type, node);
    }
    return node;
  }

  /** The register of that qualified name. */
  findRegister(qualified: string): RegisterNode | undefined {
    const declaration = this.#declarations.get(qualified);
    if (declaration?.qualified !== qualified) return undefined;
    const node = this.find(qualified);
    return node.kind === 'register' ? node : undefined;
  }

  /** The fields with their types looked up, in order. */
  typed(fields: Fields): readonly TypedField[] {
    let typed = this.#typedFields.get(fields);
    if (!typed) {
      typed = Object.entries(fields).map(([name, field]) => ({
        name,
        type: this.find(field.type),
        optional: field.optional === true,
        defaultValue: field.defaultValue,
      }));
      this.#typedFields.set(fields, typed);
    }
    return typed;
  }

  /** The fields as seen from everywhere: names that mean something else outside `module` are qualified. */
  scoped(fields: Fields, module: Module): Fields {
    const scoped: [string, Field][] = Object.entries(fields).map(([name, field]) => [
      name,
      { ...field, type: this.scopedName(field.type, module) },
    ]);
    return Object.fromEntries(scoped);
  }

  /** The type name as seen from everywhere: qualified if it means something else outside `module`. */
  scopedName(type: string, module: Module): string {
    const [, name = type, suffix = ''] = /^([^[<]*)(.*)$/.exec(type) ?? [];
    const own = this.#declarations.get(`${module.wireModule}.${name}`);
    return !own || this.#declarations.get(name) === own ? type : own.qualified + suffix;
  }

  #declare(module: Module, value: EnumType | RegisterType | RemoteClass): void {
    const qualified = `${module.wireModule}.${value.name}`;
    if (this.#declarations.has(qualified)) throw new TypeError(`'${qualified}' is declared twice`);
    const declaration: Declaration = { module, qualified, value };
    this.#declarations.set(qualified, declaration);
    if (!this.#declarations.has(value.name)) this.#declarations.set(value.name, declaration);
  }

  #build(type: string): TypeNode {
    if (type.endsWith('[]')) return { kind: 'list', item: this.find(type.slice(0, -2)) };
    if (type.endsWith('<>')) return { kind: 'map', item: this.find(type.slice(0, -2)) };
    if (isPrimitive(type)) return { kind: 'primitive', name: type };
    const declaration = this.#declarations.get(type);
    if (!declaration) throw new TypeError(`Type '${type}' is not declared`);
    const { value } = declaration;
    if (!('kind' in value)) return { kind: 'class', name: type };
    if (value.kind === 'enum') return { kind: 'enum', name: value.name, values: new Set(value.values) };
    return this.#buildRegister(declaration.module, value);
  }

  #buildRegister(module: Module, value: RegisterType): RegisterNode {
    const { wireModule } = module;
    const parent = value.extends ? this.find(this.scopedName(value.extends, module)) : undefined;
    if (parent && parent.kind !== 'register') throw new TypeError(`'${value.extends}' is no register`);
    return {
      kind: 'register',
      name: value.name,
      wireModule,
      fields: { ...parent?.fields, ...this.scoped(value.fields, module) },
      lineage: new Set([`${wireModule}.${value.name}`, ...(parent?.lineage ?? [])]),
    };
  }
}

function isPrimitive(type: string): type is PrimitiveName {
  return primitives.has(type);
}
