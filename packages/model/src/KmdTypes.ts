/**
 * Type names as module descriptions write them, turned into those that descriptors use.
 * @module
 */
import type { Module } from './descriptor.ts';
import type { KmdNode } from './KmdNode.ts';

const primitives: ReadonlySet<string> = new Set(['String', 'boolean', 'int', 'int64', 'float', 'double']);

/** Names of the module that is read, and of those below it. */
export class KmdTypes {
  readonly #module: string;
  readonly #own: ReadonlySet<string>;
  readonly #known: ReadonlySet<string>;
  /** Prefixes that mean the base modules, which share one name on the wire. */
  readonly #basePrefixes: ReadonlySet<string>;

  /** Names for a module that declares those of `declarations`. */
  constructor(module: string, declarations: readonly KmdNode[], base: readonly Module[]) {
    this.#module = module;
    this.#own = new Set(declarations.map((node) => String(node.get('name'))));
    this.#known = new Set(
      base.flatMap(({ wireModule, classes, types }) =>
        [...Object.values(classes), ...Object.values(types)].flatMap(({ name }) => [
          name,
          `${wireModule}.${name}`,
        ]),
      ),
    );
    this.#basePrefixes = new Set(
      base
        .filter(({ wireModule }) => wireModule === 'kurento')
        .flatMap(({ name, wireModule }) => [name, wireModule]),
    );
  }

  /** The member `type` of a parameter, property or answer. A name that nobody declares is a problem. */
  read(node: KmdNode): string {
    const given = node.text('type').trim();
    const [, name = '', suffix = ''] = /^(.*?)((?:\[\]|<>)*)$/.exec(given) ?? [];
    const link = this.link(name);
    if (given !== '' && !primitives.has(link) && !this.#own.has(link) && !this.#known.has(link)) {
      node.fault(`'${name}' is declared nowhere`, 'type');
    }
    return link + suffix;
  }

  /** The name of a class, type or event, without a prefix that says nothing. */
  link(given: string): string {
    const [, prefix, name = given] = /^([^.]*)\.(.*)$/.exec(given.trim()) ?? [];
    if (prefix === this.#module) return name;
    if (prefix === undefined || !this.#basePrefixes.has(prefix)) return given.trim();
    return this.#own.has(name) ? `kurento.${name}` : name;
  }
}
