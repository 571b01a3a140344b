/**
 * Short names of the values of enumerations and flags.
 * @module
 */
import { gst } from './gstreamer.ts';
import { int32At, textAt, uint32At, wordAt } from './memory.ts';

/** A value and its short name, for instance `downstream`. */
export interface NamedValue {
  /** The number; of flags, its bits. */
  readonly value: number;
  /** Short name. */
  readonly nick: string;
}

const cache = new Map<number, readonly NamedValue[]>();

/**
 * Values of the enumeration or flags with this GType, in the order of their declaration.
 *
 * `struct _GEnumClass { GTypeClass; gint minimum, maximum; guint n_values; GEnumValue *values; }` and
 * `struct _GFlagsClass { GTypeClass; guint mask, n_values; GFlagsValue *values; }`; a value is
 * `{ int value; const char *name, *nick; }`, 24 bytes.
 */
export function listNames(type: number, kind: 'enum' | 'flags'): readonly NamedValue[] {
  let names = cache.get(type);
  if (names === undefined) {
    names = readNames(type, kind);
    cache.set(type, names);
  }
  return names;
}

function readNames(type: number, kind: 'enum' | 'flags'): NamedValue[] {
  const [countAt, valuesAt] = kind === 'enum' ? [16, 24] : [12, 16];
  const classPointer = gst().g_type_class_ref(type);
  const count = uint32At(classPointer, countAt);
  const values = wordAt(classPointer, valuesAt);
  const names = Array.from({ length: count }, (_, i) => ({
    value: int32At(values, 24 * i),
    nick: textAt(wordAt(values, 24 * i + 16)),
  }));
  gst().g_type_class_unref(classPointer);
  return names;
}

/** Flags as text: short names joined by `+`, the widest first; the number itself when the names do not add up. */
export function flagsText(type: number, flags: number): string {
  const named = listNames(type, 'flags').toSorted((a, b) => bitCount(b.value) - bitCount(a.value));
  const found: string[] = [];
  let left = flags;
  for (const { value, nick } of named) {
    const isPart = value === 0 ? flags === 0 && found.length === 0 : (left & value) === value;
    if (!isPart) continue;
    found.push(nick);
    left &= ~value;
  }
  return left === 0 && found.length > 0 ? found.join('+') : String(flags);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits >>> 0; left !== 0; left &= left - 1) count++;
  return count;
}
