/**
 * Names of the generated types.
 *
 * A complex type that two modules declare gets the name of its module in front: `ChromaWindowParam`.
 * @module
 */
import type { Module, RegisterType } from '../descriptor.ts';

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
  readonly #guest: Module | undefined;
  readonly #taken: ReadonlySet<string>;
  readonly #duplicates: ReadonlySet<string>;
  /** Names of registers whose values always are of a type that adds to them, with the union to use instead. */
  readonly #families: ReadonlyMap<string, string>;

  /**
   * Names for these modules; with `unions`, a register of a family stands for all variants of the family.
   * `guest` is a module beside them whose names make way for theirs.
   */
  constructor(modules: readonly Module[], unions: boolean, guest?: Module) {
    this.#modules = modules;
    this.#guest = guest;
    const names = modules.flatMap((module) => Object.values(module.types).map((type) => type.name));
    this.#duplicates = new Set(names.filter((name, i) => names.indexOf(name) !== i));
    this.#families = new Map(unions ? this.#roots().map(({ name }) => [name, `Any${name}`]) : []);
    this.#taken = new Set(guest && modules.flatMap((module) => this.printed(module)));
  }

  /** Name of a class or complex type of that module. */
  declared(name: string, module: Module): string {
    if (module === this.#guest) return this.#giveWay(name);
    return this.#duplicates.has(name) ? capitalized(module.name) + name : name;
  }

  /** Name of the type of an event of that module. */
  event(name: string, module: Module): string {
    const printed = `${name}Event`;
    return module === this.#guest ? this.#giveWay(printed) : printed;
  }

  /** Name of the type of an event used in that module, which may be declared in another one. */
  eventOf(name: string, module: Module): string {
    const { owner, local } = this.#locate(name, module, ({ events }) => events);
    return this.event(local, owner);
  }

  /** Names of all types that are printed for a module. */
  printed(module: Module): string[] {
    const classes = Object.values(module.classes).map(({ name }) => this.declared(name, module));
    return [
      ...classes.flatMap((name) => [name, `${name}Events`, `${name}Params`]),
      ...Object.values(module.types).map(({ name }) => this.declared(name, module)),
      ...Object.values(module.events).map(({ name }) => this.event(name, module)),
    ];
  }

  /** The TypeScript type of a type name used in that module. */
  of(type: string, module: Module): string {
    if (type.endsWith('[]')) return `readonly ${this.of(type.slice(0, -2), module)}[]`;
    if (type.endsWith('<>')) return `Readonly<Record<string, ${this.of(type.slice(0, -2), module)}>>`;
    const family = this.#guest?.types[type] ? undefined : this.#families.get(type);
    return primitives[type] ?? family ?? this.parent(type, module);
  }

  /** The TypeScript type of a class or register that others add to. */
  parent(type: string, module: Module): string {
    const { owner, local } = this.#locate(type, module, ({ classes, types }) => ({ ...classes, ...types }));
    return this.declared(local, owner);
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

  /** The module that declares a name used in `user`: named by a prefix, else `user` itself, else the first one. */
  #locate(
    name: string,
    user: Module,
    declarations: (module: Module) => Readonly<Record<string, { readonly name: string }>>,
  ): { readonly owner: Module; readonly local: string } {
    const [, prefix, local = name] = /^([^.]*)\.(.*)$/.exec(name) ?? [];
    const candidates = prefix === undefined ? [user, ...this.#modules] : this.#modules;
    const owner = candidates.find(
      (module) =>
        (prefix === undefined || module.wireModule === prefix) &&
        Object.values(declarations(module)).some((declared) => declared.name === local),
    );
    return { owner: owner ?? user, local };
  }

  #giveWay(name: string): string {
    return this.#taken.has(name) ? capitalized(this.#guest?.name ?? '') + name : name;
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

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
