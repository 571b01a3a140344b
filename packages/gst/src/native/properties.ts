/**
 * Properties of elements and pads, by the types that their classes state.
 * @module
 */
import { HostError } from '../HostError.ts';
import { NULL, type Pointer } from './cTypes.ts';
import { listNames } from './enumeration.ts';
import {
  createValue,
  kindOfType,
  type PropertyKind,
  type PropertyValue,
  readValue,
  writeValue,
} from './GValue.ts';
import { classOf, freeMemory, gst, typeNameOf } from './gstreamer.ts';
import { callAsync } from './library.ts';
import { type NativeBlock, OutCells, textAt, uint32At, wordAt } from './memory.ts';

/** A property of an element or pad, as its class describes it. */
export interface PropertyDescription {
  /** Name, for instance `target-bitrate`. */
  readonly name: string;
  /** What sort of values it takes. */
  readonly kind: PropertyKind;
  /** It can be read. */
  readonly readable: boolean;
  /** It can be set, also after creation. */
  readonly writable: boolean;
  /** Short names of the values of an enumeration or of flags; else empty. */
  readonly values: readonly string[];
}

/** `GParamFlags` (`gparam.h`). */
const readableFlag = 1;
const writableFlag = 2;
const constructOnlyFlag = 8;

/** `struct _GParamSpec`: a type instance, `name` at 8, `flags` at 16, `value_type` at 24. */
const specNameAt = 8;
const specFlagsAt = 16;
const specTypeAt = 24;

function isReadable(spec: Pointer<'ParamSpec'>): boolean {
  return (uint32At(spec, specFlagsAt) & readableFlag) !== 0;
}

function isWritable(spec: Pointer<'ParamSpec'>): boolean {
  return (uint32At(spec, specFlagsAt) & (writableFlag | constructOnlyFlag)) === writableFlag;
}

function refuse(object: Pointer<'Object'>, name: string, why: string): never {
  throw new HostError('PROPERTY_REFUSED', `Property '${name}' of ${typeNameOf(object)} ${why}`);
}

function findProperty(object: Pointer<'Object'>, name: string): Pointer<'ParamSpec'> {
  const spec = gst().g_object_class_find_property(classOf(object), name);
  return spec === NULL ? refuse(object, name, 'does not exist') : spec;
}

/**
 * Value of a property.
 * @throws {HostError} PROPERTY_REFUSED if there is none of this name, or it cannot be read.
 */
export function getProperty(object: Pointer<'Object'>, name: string): PropertyValue {
  const spec = findProperty(object, name);
  if (!isReadable(spec)) refuse(object, name, 'cannot be read');
  const value = createValue(wordAt(spec, specTypeAt));
  gst().g_object_get_property(object, name, value.pointer);
  const content = readValue(value.pointer);
  gst().g_value_unset(value.pointer);
  return content;
}

/**
 * Sets a property.
 * @throws {HostError} PROPERTY_REFUSED if there is none of this name, or it does not take this value.
 */
export function setProperty(object: Pointer<'Object'>, name: string, content: PropertyValue): void {
  const value = makeValue(object, name, content);
  gst().g_object_set_property(object, name, value.pointer);
  gst().g_value_unset(value.pointer);
}

/**
 * Sets a property on a thread of the pool, because some elements make the caller wait for the frame that they work on.
 * The caller keeps its reference until this resolves.
 * @throws {HostError} PROPERTY_REFUSED if there is none of this name, or it does not take this value.
 */
export async function setPropertyAsync(
  object: Pointer<'Object'>,
  name: string,
  content: PropertyValue,
): Promise<void> {
  const value = makeValue(object, name, content);
  await callAsync(gst().g_object_set_property, object, name, value.pointer);
  gst().g_value_unset(value.pointer);
}

/** A value that the property takes; the caller unsets it. */
function makeValue(object: Pointer<'Object'>, name: string, content: PropertyValue): NativeBlock<'Value'> {
  const spec = findProperty(object, name);
  if (!isWritable(spec)) refuse(object, name, 'cannot be set');
  const value = createValue(wordAt(spec, specTypeAt));
  // g_param_value_validate brings a value into the range of the property and says whether it had to.
  const fits = writeValue(value.pointer, content) && gst().g_param_value_validate(spec, value.pointer) === 0;
  if (fits) return value;
  gst().g_value_unset(value.pointer);
  return refuse(object, name, `does not take ${describeValue(content)}`);
}

function describeValue(content: PropertyValue): string {
  return typeof content === 'string' ? `'${content.slice(0, 100)}'` : `${content}`;
}

/** All properties of an object, sorted by name. */
export function listProperties(object: Pointer<'Object'>): PropertyDescription[] {
  const out = new OutCells(1);
  const array = gst().g_object_class_list_properties(classOf(object), out.at(0));
  const result: PropertyDescription[] = [];
  for (let i = 0; i < out.int(0); i++) {
    // Holds because the array has as many specifications as the call counted.
    const spec = wordAt(array, 8 * i) as Pointer<'ParamSpec'>;
    const type = wordAt(spec, specTypeAt);
    const kind = kindOfType(type);
    result.push({
      name: textAt(wordAt(spec, specNameAt)),
      kind,
      readable: isReadable(spec),
      writable: isWritable(spec),
      values: kind === 'enum' || kind === 'flags' ? listNames(type, kind).map(({ nick }) => nick) : [],
    });
  }
  freeMemory(array);
  return result.sort((a, b) => (a.name < b.name ? -1 : 1));
}
