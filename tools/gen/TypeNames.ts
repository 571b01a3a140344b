/**
 * Names of the generated types.
 *
 * A complex type that two modules declare gets the name of its module in front: `ChromaWindowParam`.
 * @module
 */
import type { Module, RegisterType } from '@rivero/model';

const primitives: Readonly<Record<string, string>> = {
  String: 'string',
  boolean: 'boolean',
  int: 'number',
  int64: 'number',
  float: 'number',
  double: 'number',
  void: 'void',
};

/** The TypeScript names of what a set of modules declares. */
export class TypeNames {
  readonly #modules: readonly Module[];
  readonly #duplicates: ReadonlySet<string>;
  /** Names of registers whose values always are of a type that adds to them, with the union to use instead. */
  readonly #families: ReadonlyMap<string, string>;

  /** Names for these modules; with `unions`, a register of a family stands for all variants of the family. */
  constructor(modules: readonly Module[], unions: boolean) {
    this.#modules = modules;
    const names = modules.flatMap((module) => Object.values(module.types).map((type) => type.name));
    this.#duplicates = new Set(names.filter((name, i) => names.indexOf(name) !== i));
    this.#families = new Map(unions ? this.#roots().map(({ name }) => [name, `Any${name}`]) : []);
  }

  /** Name of a complex type of that module. */
  declared(name: string, module: Module): string {
    return this.#duplicates.has(name) ? capitalized(module.name) + name : name;
  }

  /** The TypeScript type of a type name used in that module. */
  of(type: string, module: Module): string {
    if (type.endsWith('[]')) return `readonly ${this.of(type.slice(0, -2), module)}[]`;
    if (type.endsWith('<>')) return `Readonly<Record<string, ${this.of(type.slice(0, -2), module)}>>`;
    const primitive = primitives[type];
    return primitive ?? this.#families.get(type) ?? this.declared(type, module);
  }

  /** The unions that stand for families of registers, with the registers in each. */
  families(): { name: string; root: RegisterType; variants: readonly string[] }[] {
    return this.#roots()
      .filter((root) => this.#families.has(root.name))
      .map((root) => ({ name: `Any${root.name}`, root, variants: this.#variants(root) }));
  }

  /** The register of that name. */
  register(name: string): RegisterType | undefined {
    return this.#registers().find((register) => register.name === name);
  }

  #registers(): RegisterType[] {
    return this.#modules.flatMap((module) =>
      Object.values(module.types).filter((type) => type.kind === 'register'),
    );
  }

  #roots(): RegisterType[] {
    return this.#registers().filter((register) => !register.extends && this.#variants(register).length > 0);
  }

  #variants(root: RegisterType): string[] {
    return this.#registers()
      .filter((register) => register.literals && this.#addsTo(register, root))
      .map((register) => register.name);
  }

  #addsTo(register: RegisterType, root: RegisterType): boolean {
    for (let next: RegisterType | undefined = register; next; ) {
      if (next === root) return true;
      next = next.extends === undefined ? undefined : this.register(next.extends);
    }
    return false;
  }
}

/** Name of the type of an event. */
export function eventTypeName(event: string): string {
  return `${event}Event`;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
