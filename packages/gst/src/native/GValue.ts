/**
 * Values of GLib's type system to JavaScript values and back, by the type that the value itself states.
 * @module
 */

import { flagsText } from './enumeration.ts';
import { NULL, type Pointer } from './cTypes.ts';
import { gst, isInstanceOf, nameOf, takeText, typeNameOf } from './gstreamer.ts';
import { NativeBlock, wordAt } from './memory.ts';

/**
 * Value of a property. 64-bit integers are `bigint`; enumerations, flags, caps, fractions and arrays are texts in
 * GStreamer's syntax; an object is its name; `null` is a text or an object that is not there.
 */
export type PropertyValue = boolean | number | bigint | string | null;

/** What sort of values a property takes. `other` are texts in GStreamer's syntax. */
export type PropertyKind =
  | 'boolean'
  | 'integer'
  | 'integer64'
  | 'float'
  | 'string'
  | 'enum'
  | 'flags'
  | 'object'
  | 'other';

interface Conversion {
  readonly kind: PropertyKind;
  read(value: Pointer<'Value'>): PropertyValue;
  /** False if the type of `content` does not fit. */
  write(value: Pointer<'Value'>, content: PropertyValue): boolean;
}

/** `sizeof (GValue)` (`gvalue.h`): a GType and two words of data. */
const valueBytes = 24;

/** A value of this type, initialised; the caller unsets it with `g_value_unset`. */
export function createValue(type: number): NativeBlock<'Value'> {
  const block = new NativeBlock<'Value'>(valueBytes);
  if (type !== 0) gst().g_value_init(block.pointer, type);
  return block;
}

/** The kind of values of this GType. */
export function kindOfType(type: number): PropertyKind {
  return conversionOf(type).kind;
}

/** Reads a value. The value stays the caller's. */
export function readValue(value: Pointer<'Value'>): PropertyValue {
  // struct _GValue begins with its GType.
  return conversionOf(wordAt(value)).read(value);
}

/** Writes into an initialised value. False if the content does not fit its type. */
export function writeValue(value: Pointer<'Value'>, content: PropertyValue): boolean {
  return conversionOf(wordAt(value)).write(value, content);
}

function conversionOf(type: number): Conversion {
  return conversions.get(gst().g_type_fundamental(type) >> 2) ?? byText('other');
}

function integerIn(content: PropertyValue, lowest: bigint, highest: bigint): bigint | undefined {
  if (typeof content !== 'bigint' && !Number.isSafeInteger(content)) return undefined;
  // Holds because the line above lets only integers through.
  const integer = BigInt(content as number | bigint);
  return integer >= lowest && integer <= highest ? integer : undefined;
}

function small(
  lowest: bigint,
  highest: bigint,
  read: (value: Pointer<'Value'>) => number,
  set: (value: Pointer<'Value'>, content: number) => void,
): Conversion {
  return {
    kind: 'integer',
    read,
    write: (value, content) => {
      const integer = integerIn(content, lowest, highest);
      if (integer !== undefined) set(value, Number(integer));
      return integer !== undefined;
    },
  };
}

function large(
  lowest: bigint,
  highest: bigint,
  read: (value: Pointer<'Value'>) => number | bigint,
  set: (value: Pointer<'Value'>, content: bigint) => void,
): Conversion {
  return {
    kind: 'integer64',
    read: (value) => BigInt(read(value)),
    write: (value, content) => {
      const integer = integerIn(content, lowest, highest);
      if (integer !== undefined) set(value, integer);
      return integer !== undefined;
    },
  };
}

function floating(
  read: (value: Pointer<'Value'>) => number,
  set: (value: Pointer<'Value'>, content: number) => void,
): Conversion {
  return {
    kind: 'float',
    read,
    write: (value, content) => {
      if (typeof content !== 'number' || !Number.isFinite(content)) return false;
      set(value, content);
      return true;
    },
  };
}

/** Values that GStreamer turns to text and back: enumerations by number or short name, caps, fractions, … */
function byText(kind: PropertyKind): Conversion {
  return {
    kind,
    read: (value) => takeText(gst().gst_value_serialize(value)),
    write: (value, content) => {
      const text = typeof content === 'number' && Number.isInteger(content) ? String(content) : content;
      return typeof text === 'string' && gst().gst_value_deserialize(value, text) !== 0;
    },
  };
}

const flags: Conversion = {
  ...byText('flags'),
  read: (value) => flagsText(wordAt(value), gst().g_value_get_flags(value)),
};

/** Caps and structures, which serialising would put into quotes. */
function readBoxed(value: Pointer<'Value'>): string | null {
  const boxed: number = gst().g_value_get_boxed(value);
  if (boxed === NULL) return null;
  // Both hold because the caller looked at the name of the type.
  return gst().g_type_name(wordAt(value)) === 'GstCaps'
    ? takeText(gst().gst_caps_to_string(boxed as Pointer<'Caps'>))
    : takeText(gst().gst_structure_to_string(boxed as Pointer<'Structure'>));
}

const boxed: Conversion = {
  ...byText('other'),
  read: (value) => {
    const isKnown = ['GstCaps', 'GstStructure'].includes(gst().g_type_name(wordAt(value)) ?? '');
    return isKnown ? readBoxed(value) : takeText(gst().gst_value_serialize(value));
  },
};

const object: Conversion = {
  kind: 'object',
  read: (value) => {
    const found = gst().g_value_get_object(value);
    if (found === NULL) return null;
    return isInstanceOf(found, 'GstObject') ? nameOf(found) : typeNameOf(found);
  },
  write: () => false,
};

const text: Conversion = {
  kind: 'string',
  read: (value) => gst().g_value_get_string(value),
  write: (value, content) => {
    if (content !== null && (typeof content !== 'string' || content.includes('\0'))) return false;
    gst().g_value_set_string(value, content);
    return true;
  },
};

const boolean: Conversion = {
  kind: 'boolean',
  read: (value) => gst().g_value_get_boolean(value) !== 0,
  write: (value, content) => {
    if (typeof content !== 'boolean') return false;
    gst().g_value_set_boolean(value, content ? 1 : 0);
    return true;
  },
};

/** Signed and unsigned ranges. */
const int32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const uint32 = [0n, 2n ** 32n - 1n] as const;
const int64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const uint64 = [0n, 2n ** 64n - 1n] as const;

/** By fundamental type (`gtype.h`), the number before its shift by 2. */
const conversions: ReadonlyMap<number, Conversion> = new Map([
  [5, boolean],
  [
    6,
    small(
      ...int32,
      (v) => gst().g_value_get_int(v),
      (v, n) => gst().g_value_set_int(v, n),
    ),
  ],
  [
    7,
    small(
      ...uint32,
      (v) => gst().g_value_get_uint(v),
      (v, n) => gst().g_value_set_uint(v, n),
    ),
  ],
  [
    8,
    large(
      ...int64,
      (v) => gst().g_value_get_long(v),
      (v, n) => gst().g_value_set_long(v, n),
    ),
  ],
  [
    9,
    large(
      ...uint64,
      (v) => gst().g_value_get_ulong(v),
      (v, n) => gst().g_value_set_ulong(v, n),
    ),
  ],
  [
    10,
    large(
      ...int64,
      (v) => gst().g_value_get_int64(v),
      (v, n) => gst().g_value_set_int64(v, n),
    ),
  ],
  [
    11,
    large(
      ...uint64,
      (v) => gst().g_value_get_uint64(v),
      (v, n) => gst().g_value_set_uint64(v, n),
    ),
  ],
  [12, byText('enum')],
  [13, flags],
  [
    14,
    floating(
      (v) => gst().g_value_get_float(v),
      (v, n) => gst().g_value_set_float(v, n),
    ),
  ],
  [
    15,
    floating(
      (v) => gst().g_value_get_double(v),
      (v, n) => gst().g_value_set_double(v, n),
    ),
  ],
  [16, text],
  [18, boxed],
  [20, object],
]);
