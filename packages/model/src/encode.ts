/**
 * Values of the server turned into what goes over the wire.
 *
 * A value that does not have its declared type is a bug of the server and throws a TypeError.
 * @module
 */
import type { EncodeContext, EventInfo } from './tables.ts';
import type { PrimitiveName, RegisterNode, TypeNode, TypeTable } from './typeTable.ts';

type Members = Readonly<Record<string, unknown>>;

/** Encodes answers and events of the classes of one set of modules. */
export class Encoder {
  readonly #types: TypeTable;

  /** An encoder that looks names up in `types`. */
  constructor(types: TypeTable) {
    this.#types = types;
  }

  /** See `Api.encode`. */
  value(value: unknown, type: string, context: EncodeContext): unknown {
    return type === 'void' ? null : this.#encode(value, this.#types.find(type), type, context);
  }

  /** See `Api.encodeEvent`. */
  event(event: EventInfo, fields: Members, context: EncodeContext): Record<string, unknown> {
    // What stands in the `type` of an Error is its kind, which only the caller knows.
    const type = event.name === 'Error' ? undefined : (event.descriptor.wireType ?? event.name);
    return this.#members({ tags: [], type, ...fields }, event.fields, event.name, context);
  }

  #encode(value: unknown, type: TypeNode, path: string, context: EncodeContext): unknown {
    switch (type.kind) {
      case 'primitive':
        return encodePrimitive(value, type.name, path);
      case 'enum':
        if (typeof value === 'string' && type.values.has(value)) return value;
        throw wrongType(path, type.name);
      case 'class':
        return encodeReference(value, type.name, path, context);
      case 'list':
        if (!Array.isArray(value)) throw wrongType(path, 'list');
        return value.map((item: unknown, i) => this.#encode(item, type.item, `${path}[${i}]`, context));
      case 'map':
        return this.#map(requireMembers(value, path, 'map'), type.item, path, context);
      case 'register':
        return this.#register(requireMembers(value, path, type.name), type, path, context);
    }
  }

  /** Kurento writes an empty map as null. */
  #map(given: Members, item: TypeNode, path: string, context: EncodeContext): unknown {
    const entries = Object.entries(given);
    if (entries.length === 0) return null;
    return Object.fromEntries(
      entries.map(([key, value]) => [key, this.#encode(value, item, `${path}.${key}`, context)]),
    );
  }

  #register(given: Members, declared: RegisterNode, path: string, context: EncodeContext): unknown {
    const actual = this.#actualRegister(given, declared, path);
    return {
      __module__: actual.wireModule,
      __type__: actual.name,
      ...this.#members(given, actual.fields, path, context),
    };
  }

  #members(
    given: Members,
    fields: RegisterNode['fields'],
    path: string,
    context: EncodeContext,
  ): Record<string, unknown> {
    const encoded: Record<string, unknown> = {};
    for (const field of this.#types.typed(fields)) {
      const value = given[field.name];
      if (value === undefined && field.optional) continue;
      encoded[field.name] = this.#encode(value, field.type, `${path}.${field.name}`, context);
    }
    return encoded;
  }

  /** The register that the value says it is: the declared one, or one that adds to it. */
  #actualRegister(given: Members, declared: RegisterNode, path: string): RegisterNode {
    const { __type__: type = declared.name, __module__: module = declared.wireModule } = given;
    if (type === declared.name && module === declared.wireModule) return declared;
    const known = typeof type === 'string' && typeof module === 'string';
    const actual = known ? this.#types.findRegister(`${module}.${type}`) : undefined;
    if (!actual?.lineage.has(`${declared.wireModule}.${declared.name}`)) throw wrongType(path, declared.name);
    return actual;
  }
}

function encodeReference(value: unknown, className: string, path: string, context: EncodeContext): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') throw wrongType(path, className);
  return context.idOf(value);
}

function encodePrimitive(value: unknown, type: PrimitiveName, path: string): unknown {
  if (type === 'String') {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    throw wrongType(path, type);
  }
  if (type === 'boolean') {
    if (typeof value !== 'boolean') throw wrongType(path, type);
    return value;
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(path, type);
  const number = Number(value);
  // A float is printed with all digits of its 32-bit form, as Kurento does.
  if (type === 'float') return Math.fround(number);
  return type === 'double' ? number : Math.trunc(number);
}

function requireMembers(value: unknown, path: string, type: string): Members {
  if (!hasMembers(value)) throw wrongType(path, type);
  return value;
}

function hasMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

function wrongType(path: string, type: string): TypeError {
  return new TypeError(`'${path}' is no ${type}`);
}
