/**
 * Values from the wire, checked and turned into what methods take.
 *
 * What is accepted follows JsonCpp's `isConvertibleTo`, on which Kurento's server relies: numbers pass as text,
 * reals as integers, null as the empty value of most types, and text never as a number.
 * @module
 */
import type { Fields } from './descriptor.ts';
import { KurentoError } from './errors.ts';
import { isJsonObject, type JsonObject } from './JsonObject.ts';
import type { DecodeContext } from './tables.ts';
import type { PrimitiveName, RegisterNode, TypedField, TypeNode, TypeTable } from './typeTable.ts';

/** How a value is named in messages. */
type Noun = 'parameter' | 'property';

const INT32_MIN = -0x8000_0000;
const INT32_MAX = 0x7fff_ffff;
const INT64_LIMIT = 2 ** 63;

/** The value that each primitive type takes on the wire; undefined if it is refused. */
const readers: Readonly<Record<PrimitiveName, (value: unknown) => unknown>> = {
  String: readText,
  boolean: readBoolean,
  int: readInt,
  int64: readInt64,
  float: readNumber,
  double: readNumber,
};

/** What messages call each primitive type. */
const nouns: Readonly<Record<PrimitiveName, string>> = {
  String: 'string',
  boolean: 'boolean',
  int: 'integer',
  int64: 'int64',
  float: 'double',
  double: 'double',
};

/** Decodes the arguments of calls to the classes of one set of modules. */
export class Decoder {
  readonly #types: TypeTable;

  /** A decoder that looks names up in `types`. */
  constructor(types: TypeTable) {
    this.#types = types;
  }

  /** See `Api.decodeParams`. */
  params(given: unknown, fields: Fields, holder: string, context: DecodeContext): Record<string, unknown> {
    const typed = this.#types.typed(fields);
    if (given === undefined || given === null) {
      if (typed.some((field) => !field.optional)) throw misfit(`'${holder}' is required`);
      return this.#members({}, typed, 'parameter', context);
    }
    if (!isJsonObject(given)) throw misfit(`'${holder}' parameter should be a object`);
    // Kurento makes one overload of a method for each optional argument, but one constructor of a class.
    if (holder === 'constructorParams') return this.#members(given, typed, 'parameter', context);
    return this.#arguments(given, typed, context);
  }

  /** Positional: the first optional argument that is left out ends the list. */
  #arguments(
    given: JsonObject,
    fields: readonly TypedField[],
    context: DecodeContext,
  ): Record<string, unknown> {
    const decoded: Record<string, unknown> = {};
    let listEnded = false;
    for (const field of fields) {
      const present = isPresent(given, field.name);
      if (field.optional && !present) listEnded = true;
      if (field.optional && listEnded) this.#fillDefault(decoded, field, 'parameter', context);
      else decoded[field.name] = this.#member(given, field, 'parameter', context);
    }
    return decoded;
  }

  /** Each for itself: what is left out has its default. */
  #members(
    given: JsonObject,
    fields: readonly TypedField[],
    noun: Noun,
    context: DecodeContext,
  ): Record<string, unknown> {
    const decoded: Record<string, unknown> = {};
    for (const field of fields) {
      if (field.optional && !isPresent(given, field.name)) {
        this.#fillDefault(decoded, field, noun, context);
      } else decoded[field.name] = this.#member(given, field, noun, context);
    }
    return decoded;
  }

  #member(given: JsonObject, field: TypedField, noun: Noun, context: DecodeContext): unknown {
    if (!isPresent(given, field.name)) throw wrongKind(field.name, noun, field.type);
    return this.#value(given[field.name], field.type, field.name, noun, context);
  }

  #fillDefault(
    decoded: Record<string, unknown>,
    field: TypedField,
    noun: Noun,
    context: DecodeContext,
  ): void {
    if (field.defaultValue === undefined) return;
    // Decoded each time, so that no two calls share a list or register.
    decoded[field.name] = this.#value(field.defaultValue, field.type, field.name, noun, context);
  }

  #value(value: unknown, type: TypeNode, name: string, noun: Noun, context: DecodeContext): unknown {
    if (type.kind === 'primitive') return readers[type.name](value) ?? refuse(name, noun, type);
    if (type.kind === 'enum' || type.kind === 'class') {
      const text = readText(value) ?? refuse(name, noun, type);
      if (type.kind === 'class') return resolve(text, type.name, name, noun, context);
      if (!type.values.has(text)) throw misfit(`Invalid value for '${type.name}'`);
      return text;
    }
    if (type.kind === 'list') return this.#list(value, type, name, noun, context);
    const given = value === null ? {} : value;
    if (!isJsonObject(given)) throw wrongKind(name, noun, type);
    if (type.kind === 'register') {
      const { fields } = this.#actualRegister(given, type, name, noun);
      return this.#members(given, this.#types.typed(fields), 'property', context);
    }
    // Not assigned one by one: a client may well name a key `__proto__`.
    return Object.fromEntries(
      Object.entries(given).map(([key, item]) => [
        key,
        this.#value(item, type.item, `${name}.${key}`, noun, context),
      ]),
    );
  }

  #list(
    value: unknown,
    type: TypeNode & { readonly kind: 'list' | 'map' },
    name: string,
    noun: Noun,
    context: DecodeContext,
  ): unknown[] {
    const items = value === null ? [] : value;
    if (!Array.isArray(items)) throw wrongKind(name, noun, type);
    return items.map((item: unknown, i) => this.#value(item, type.item, `${name}[${i}]`, noun, context));
  }

  /** The register that the value says it is: the declared one, or one that adds to it. */
  #actualRegister(given: JsonObject, declared: RegisterNode, name: string, noun: Noun): RegisterNode {
    if (!isPresent(given, '__type__')) return declared;
    const module = isPresent(given, '__module__') ? given['__module__'] : declared.wireModule;
    const type = given['__type__'];
    if (type === declared.name && module === declared.wireModule) return declared;
    const known = typeof type === 'string' && typeof module === 'string';
    const actual = known ? this.#types.findRegister(`${module}.${type}`) : undefined;
    if (!actual) throw new KurentoError('UNEXPECTED_ERROR', `Unknown type of '${name}' ${noun}`);
    if (!actual.lineage.has(`${declared.wireModule}.${declared.name}`)) {
      throw misfit(`'${name}' ${noun} should be a ${declared.name}`);
    }
    return actual;
  }
}

function resolve(id: string, className: string, name: string, noun: Noun, context: DecodeContext): object {
  const object = context.resolve(id);
  if (!context.isA(object, className)) throw misfit(`'${name}' ${noun} should be a ${className}`);
  return object;
}

function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null ? '' : undefined;
}

function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  return value === null ? false : undefined;
}

function readInt(value: unknown): number | undefined {
  const number = readNumber(value);
  if (number === undefined || number < INT32_MIN || number > INT32_MAX) return undefined;
  // `+ 0` turns -0, which -0.5 truncates to, into 0.
  return Math.trunc(number) + 0;
}

/** Stricter than `readInt`: neither booleans nor null nor fractions. Above 2^53 a JavaScript number is inexact. */
function readInt64(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= -INT64_LIMIT && value < INT64_LIMIT ? value : undefined;
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === null ? 0 : undefined;
}

function isPresent(given: JsonObject, name: string): boolean {
  return Object.hasOwn(given, name) && given[name] !== undefined;
}

function refuse(name: string, noun: Noun, type: TypeNode): never {
  throw wrongKind(name, noun, type);
}

function wrongKind(name: string, noun: Noun, type: TypeNode): KurentoError {
  // Kurento's text: always "a", also before a vowel.
  return misfit(`'${name}' ${noun} should be a ${wireKind(type)}`);
}

function wireKind(type: TypeNode): string {
  if (type.kind === 'primitive') return nouns[type.name];
  if (type.kind === 'register') return 'object';
  return type.kind === 'list' || type.kind === 'map' ? type.kind : 'string';
}

function misfit(message: string): KurentoError {
  return new KurentoError('MARSHALL_ERROR', message);
}
