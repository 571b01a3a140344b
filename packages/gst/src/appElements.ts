/**
 * Media in and out of JavaScript: `appsrc` and `appsink`, polled because their signals come from streaming threads.
 * @module
 */
import type { Element } from './Element.ts';
import { HostError } from './HostError.ts';
import { NULL, type Pointer } from './native/cTypes.ts';
import { gst, isInstanceOf, takeText } from './native/gstreamer.ts';
import { NativeBlock } from './native/memory.ts';

/** Media that an `appsink` received. */
export interface MediaSample {
  /** Content, ours to keep. */
  readonly bytes: Uint8Array;
  /** What it is, for instance `video/x-raw, format=(string)GRAY8, …`. */
  readonly caps: string;
}

function requireType(element: Element, typeName: string): Pointer<'Element'> {
  if (!isInstanceOf(element.pointer, typeName))
    throw new HostError('INVALID_REQUEST', `'${element.name}' is no ${typeName}`);
  return element.pointer;
}

/**
 * The oldest sample that waits in an `appsink`, or undefined. Never waits.
 * @throws {HostError} INVALID_REQUEST for another element.
 */
export function pullSample(appSink: Element): MediaSample | undefined {
  const native = gst();
  const sample = native.gst_app_sink_try_pull_sample(requireType(appSink, 'GstAppSink'), 0);
  if (sample === NULL) return undefined;
  const caps = native.gst_sample_get_caps(sample);
  const buffer = native.gst_sample_get_buffer(sample);
  const size = buffer === NULL ? 0 : native.gst_buffer_get_size(buffer);
  const block = new NativeBlock<'Memory'>(size);
  if (buffer !== NULL) native.gst_buffer_extract(buffer, 0, block.pointer, size);
  const text = caps === NULL ? '' : takeText(native.gst_caps_to_string(caps));
  native.gst_mini_object_unref(sample);
  return { bytes: block.bytes, caps: text };
}

/** True when the stream of an `appsink` has ended and all samples have been pulled. */
export function hasEnded(appSink: Element): boolean {
  return gst().gst_app_sink_is_eos(requireType(appSink, 'GstAppSink')) !== 0;
}

/**
 * Gives media to an `appsrc`; it is copied. False when the element does not take media now.
 * @throws {HostError} INVALID_REQUEST for another element.
 */
export function pushBuffer(appSource: Element, bytes: Uint8Array): boolean {
  const pointer = requireType(appSource, 'GstAppSrc');
  const block = new NativeBlock<'Memory'>(bytes.length);
  block.bytes.set(bytes);
  const buffer = gst().gst_buffer_new_memdup(block.pointer, bytes.length);
  return gst().gst_app_src_push_buffer(pointer, buffer) === 0;
}

/** Ends the stream of an `appsrc`. */
export function endStream(appSource: Element): void {
  gst().gst_app_src_end_of_stream(requireType(appSource, 'GstAppSrc'));
}
