/**
 * The client's side of the wire values: arguments to JSON, and answers back, where ids of objects become proxies,
 * registers plain objects, and the null that stands for an empty map or list an empty map or list.
 * @module
 */
import type { Api, Fields, RegisterType } from '@rivero/model';

/** What has an id on the server. */
export interface Identified {
  /** Its id. */
  readonly id: string;
}

/** Gives the proxy of an object. */
export type ProxyOf = (id: string, declaredType: string) => object;

/** Members that name a register's type on the wire; no user of a value needs them. */
const typeNames: ReadonlySet<string> = new Set(['__module__', '__type__']);

/** Translates values by the types that the descriptors declare. */
export class WireValues {
  readonly #api: Api;
  readonly #proxyOf: ProxyOf;
  readonly #registers = new Map<string, RegisterType>();

  /** A translation for the types of `api`; `proxyOf` is asked for each reference found. */
  constructor(api: Api, proxyOf: ProxyOf) {
    this.#api = api;
    this.#proxyOf = proxyOf;
    for (const { wireModule, descriptor } of api.modules) {
      for (const type of Object.values(descriptor.types)) {
        if (type.kind !== 'register') continue;
        this.#registers.set(`${wireModule}.${type.name}`, type);
        if (!this.#registers.has(type.name)) this.#registers.set(type.name, type);
      }
    }
  }

  /** The answer that the program sees for a wire value of the named type. Values of another shape stay as they are. */
  decode(value: unknown, type: string): unknown {
    if (type === 'void') return undefined;
    if (type.endsWith('[]')) return this.#decodeList(value, type.slice(0, -2));
    if (type.endsWith('<>')) return this.#decodeMap(value, type.slice(0, -2));
    if (typeof value === 'string') return this.#api.findClass(type) ? this.#proxyOf(value, type) : value;
    if (!isRecord(value)) return value;
    return this.decodeFields(value, this.#fieldsOf(value, type));
  }

  /** The members of a register or event. */
  decodeFields(value: Readonly<Record<string, unknown>>, fields: Fields): Record<string, unknown> {
    const decoded: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      if (!typeNames.has(name)) decoded[name] = this.decode(member, fields[name]?.type ?? '');
    }
    return decoded;
  }

  #decodeList(value: unknown, item: string): unknown {
    if (value === null || value === undefined) return [];
    return Array.isArray(value) ? value.map((one) => this.decode(one, item)) : value;
  }

  #decodeMap(value: unknown, item: string): unknown {
    if (value === null || value === undefined) return {};
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).filter(([name]) => !typeNames.has(name));
    return Object.fromEntries(entries.map(([name, one]) => [name, this.decode(one, item)]));
  }

  /** The fields of the register that the value says it is, else of the declared one. */
  #fieldsOf(value: Readonly<Record<string, unknown>>, declared: string): Fields {
    const said = `${String(value['__module__'])}.${String(value['__type__'])}`;
    const fields: Fields[] = [];
    for (let type = this.#registers.get(said) ?? this.#registers.get(declared); type; ) {
      fields.push(type.fields);
      type = type.extends === undefined ? undefined : this.#registers.get(type.extends);
    }
    return Object.assign({}, ...fields.toReversed());
  }
}

/** The JSON of an argument: proxies become their ids, everything else stays as it is. */
export function encodeArgument(value: unknown, isProxy: (value: object) => value is Identified): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isProxy(value)) return value.id;
  if (Array.isArray(value)) return value.map((one) => encodeArgument(one, isProxy));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, encodeArgument(one, isProxy)]));
}

/** Whether a wire value is an object with members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
