/**
 * Messages of a pipeline's bus, as a discriminated union.
 * @module
 */
import { type ElementState, stateOfNumber } from './Element.ts';
import { NULL, type Null, type Pointer } from './native/cTypes.ts';
import { type PropertyValue, readValue } from './native/GValue.ts';
import { type GstErrorContent, gst, pathOf, takeError, takeText } from './native/gstreamer.ts';
import { OutCells, uint32At, wordAt } from './native/memory.ts';

/** Fields of a `GstStructure`, by name. */
export type StructureFields = Readonly<Record<string, PropertyValue>>;

/** What happened. */
type BusMessageContent =
  | { readonly type: 'eos' }
  /** An element failed, or worries. `debug` is for programmers. */
  | { readonly type: 'error' | 'warning'; readonly error: GstErrorContent; readonly debug: string }
  | {
      readonly type: 'stateChanged';
      readonly from: ElementState | undefined;
      readonly to: ElementState | undefined;
    }
  /** An element says something of its own kind, for instance a level or a barcode. */
  | { readonly type: 'element'; readonly name: string; readonly fields: StructureFields }
  /** How full the buffers of a network source are, 0 to 100. Play when 100. */
  | { readonly type: 'buffering'; readonly percent: number }
  /** An element's latency is another one: the pipeline must distribute latency anew. */
  | { readonly type: 'latency' }
  /** All sinks have received the start of their stream. */
  | { readonly type: 'streamStart' }
  /** A change of state that waited for media, or a seek, is complete. */
  | { readonly type: 'asyncDone' }
  | { readonly type: 'durationChanged' }
  /** The pipeline's clock is gone: pause and play to get another. */
  | { readonly type: 'clockLost' }
  /** Anything else, by GStreamer's name. */
  | { readonly type: 'other'; readonly name: string };

/** A message and who sent it. */
export type BusMessage = BusMessageContent & {
  /** Names of the sender's ancestors, the pipeline first, and its own; empty when nobody sent it. */
  readonly path: readonly string[];
  /** Address of the sender, to compare with; it may be gone. */
  readonly source: number;
};

/** `struct _GstMessage`: a `GstMiniObject` of 64 bytes, `type`, `timestamp` at 72, `src` at 80. */
const messageTypeAt = 64;
const messageSourceAt = 80;

let places: OutCells | undefined;

/** Places for what the parse functions write, zeroed. */
function cells(): OutCells {
  places ??= new OutCells(3);
  places.clear();
  return places;
}

type Reader = (message: Pointer<'Message'>) => BusMessageContent;

function readError(type: 'error' | 'warning'): Reader {
  return (message) => {
    const result = cells();
    const parse = type === 'error' ? gst().gst_message_parse_error : gst().gst_message_parse_warning;
    parse(message, result.at(0), result.at(1));
    const error = result.pointer<'Error'>(0);
    return {
      type,
      error: error === NULL ? { domain: '', code: 0, message: 'unknown' } : takeError(error),
      debug: takeText(result.pointer<'Text'>(1)),
    };
  };
}

function readStateChanged(message: Pointer<'Message'>): BusMessageContent {
  const result = cells();
  gst().gst_message_parse_state_changed(message, result.at(0), result.at(1), result.at(2));
  return { type: 'stateChanged', from: stateOfNumber(result.int(0)), to: stateOfNumber(result.int(1)) };
}

function readBuffering(message: Pointer<'Message'>): BusMessageContent {
  const result = cells();
  gst().gst_message_parse_buffering(message, result.at(0));
  return { type: 'buffering', percent: result.int(0) };
}

function readElementMessage(message: Pointer<'Message'>): BusMessageContent {
  const structure = gst().gst_message_get_structure(message);
  if (structure === NULL) return { type: 'other', name: 'element' };
  return {
    type: 'element',
    name: gst().gst_structure_get_name(structure),
    fields: readFields(structure),
  };
}

/** `GstMessageType` (`gstmessage.h`). */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1 << 0, () => ({ type: 'eos' })],
  [1 << 1, readError('error')],
  [1 << 2, readError('warning')],
  [1 << 5, readBuffering],
  [1 << 6, readStateChanged],
  [1 << 10, () => ({ type: 'clockLost' })],
  [1 << 15, readElementMessage],
  [1 << 18, () => ({ type: 'durationChanged' })],
  [1 << 19, () => ({ type: 'latency' })],
  [1 << 21, () => ({ type: 'asyncDone' })],
  [1 << 28, () => ({ type: 'streamStart' })],
]);

/** Fields of a structure, which stays the caller's. */
function readFields(structure: Pointer<'Structure'>): StructureFields {
  const native = gst();
  const entries: [string, PropertyValue][] = [];
  for (let i = 0; i < native.gst_structure_n_fields(structure); i++) {
    const name = native.gst_structure_nth_field_name(structure, i);
    const value = native.gst_structure_get_value(structure, name);
    if (value !== NULL) entries.push([name, readValue(value)]);
  }
  return Object.fromEntries(entries);
}

/** Reads a message that is ours, which is given back. */
export function takeMessage(message: Pointer<'Message'>): BusMessage {
  const type = uint32At(message, messageTypeAt);
  // Holds because the sender of a message is NULL or a GstObject that the message keeps.
  const source = wordAt(message, messageSourceAt) as Pointer<'Object'> | Null;
  const read = readers.get(type);
  const content = read?.(message) ?? { type: 'other', name: gst().gst_message_type_get_name(type) };
  const result = { ...content, path: source === NULL ? [] : pathOf(source), source };
  gst().gst_mini_object_unref(message);
  return result;
}
