/**
 * A place in a module description: reads its members, and says of each fault where it is.
 * @module
 */
import { isJsonObject } from './JsonObject.ts';

/** Faults found so far, each with file and place. */
export type KmdProblems = string[];

/** What can stand where a name is wanted: it becomes part of programs. */
const identifierPattern = /^[A-Za-z][A-Za-z0-9_]*$/;

/** An object in a description. Members of a wrong kind are noted as problems and read as if they were empty. */
export class KmdNode {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: KmdProblems;

  /** The object `value` at `path`. */
  constructor(value: unknown, path: string, problems: KmdProblems) {
    this.#path = path;
    this.#problems = problems;
    this.#value = isJsonObject(value) ? value : {};
    if (!isJsonObject(value)) this.fault('should be an object');
  }

  /** Notes a problem with this object, or with the named member of it. */
  fault(message: string, member?: string): void {
    const separator = this.#path.includes(': ') ? '.' : ': ';
    this.#problems.push(`${this.#path}${member === undefined ? '' : separator + member} ${message}`);
  }

  /** The member as it is; undefined if it is absent. */
  get(member: string): unknown {
    return Object.hasOwn(this.#value, member) ? this.#value[member] : undefined;
  }

  /** The text of a member that has to be there. */
  text(member: string): string {
    const value = this.get(member);
    if (typeof value === 'string') return value;
    this.fault(value === undefined ? 'is missing' : 'should be a text', member);
    return '';
  }

  /** The text of a member that may be absent. */
  optionalText(member: string): string | undefined {
    return this.get(member) === undefined ? undefined : this.text(member);
  }

  /** The text of a member that has to be a name: letters, digits and underscores. */
  identifier(member: string): string {
    const name = this.text(member);
    if (this.get(member) !== undefined && !identifierPattern.test(name)) {
      this.fault(`'${name}' should be letters, digits and underscores`, member);
    }
    return name;
  }

  /** Whether the member is `true`. Texts count, too, since descriptions have both. */
  flag(member: string): boolean {
    const value = this.get(member);
    return value === true || value === 'true';
  }

  /** The text for users on one line, or another one where there is none. */
  doc(otherwise: string): string {
    const doc = (this.optionalText('doc') ?? '').replaceAll(/\s+/g, ' ').trim();
    return doc === '' ? otherwise : doc;
  }

  /** The object in a member; undefined if it is absent. */
  child(member: string): KmdNode | undefined {
    const value = this.get(member);
    return value === undefined ? undefined : new KmdNode(value, this.#pathOf(member), this.#problems);
  }

  /** The objects in a list; none if it is absent. */
  list(member: string): KmdNode[] {
    return this.#items(member).map(
      (item, index) => new KmdNode(item, `${this.#pathOf(member)}[${index}]`, this.#problems),
    );
  }

  /** The texts in a list; none if it is absent. */
  texts(member: string): string[] {
    const items = this.#items(member);
    if (items.some((item) => typeof item !== 'string')) this.fault('should be a list of texts', member);
    return items.map(String);
  }

  #items(member: string): readonly unknown[] {
    const value = this.get(member);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.fault('should be a list', member);
    return [];
  }

  #pathOf(member: string): string {
    return `${this.#path}${this.#path.includes(': ') ? '.' : ': '}${member}`;
  }
}
