/**
 * Pads: where elements are joined.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { NULL, type Pointer } from './native/cTypes.ts';
import type { PropertyValue } from './native/GValue.ts';
import { gst, nameOf, takeText } from './native/gstreamer.ts';
import { getProperty, setProperty, setPropertyAsync } from './native/properties.ts';
import { Reference } from './native/Reference.ts';

/** `GST_PAD_PROBE_TYPE_BLOCK | _BUFFER | _BUFFER_LIST | _EVENT_DOWNSTREAM` (`gstpad.h`). */
const blockDownstream = 2 | 16 | 32 | 64;
/** How often a pad that is being blocked is looked at, milliseconds. */
const blockPollMs = 2;

/** A pad of an element, held by one reference. */
export class Pad extends Reference<'Pad'> {
  /** Name within its element, for instance `sink_0`. */
  get name(): string {
    return nameOf(this.pointer);
  }

  /** Value of a property. @throws {HostError} PROPERTY_REFUSED */
  get(property: string): PropertyValue {
    return getProperty(this.pointer, property);
  }

  /** Sets a property. @throws {HostError} PROPERTY_REFUSED */
  set(property: string, value: PropertyValue): void {
    setProperty(this.pointer, property, value);
  }

  /** Sets a property without making this thread wait for the element. @throws {HostError} PROPERTY_REFUSED */
  setAsync(property: string, value: PropertyValue): Promise<void> {
    return setPropertyAsync(this.pointer, property, value);
  }

  /** Joins this source pad to a sink pad. False if they do not fit. */
  link(sink: Pad): boolean {
    return gst().gst_pad_link(this.pointer, sink.pointer) === 0;
  }

  /** Parts this source pad from a sink pad. */
  unlink(sink: Pad): void {
    gst().gst_pad_unlink(this.pointer, sink.pointer);
  }

  /** Caps that flow now, as text, or undefined before they are negotiated. */
  get currentCaps(): string | undefined {
    const caps = gst().gst_pad_get_current_caps(this.pointer);
    if (caps === NULL) return undefined;
    const text = takeText(gst().gst_caps_to_string(caps));
    gst().gst_mini_object_unref(caps);
    return text;
  }

  /**
   * Stops the flow at this pad. Resolves when a thread waits at it, or after `timeoutMs` because nothing flows.
   * The result undoes it; releasing the pad does too.
   */
  async block(timeoutMs: number): Promise<() => void> {
    // A callback would come from a streaming thread. Without one the probe blocks, and we look whether it has.
    const probe = gst().gst_pad_add_probe(this.pointer, blockDownstream, NULL, NULL, NULL);
    const until = performance.now() + timeoutMs;
    while (gst().gst_pad_is_blocking(this.pointer) === 0 && performance.now() < until)
      await sleep(blockPollMs);
    return () => gst().gst_pad_remove_probe(this.pointer, probe);
  }
}

/** The pad behind a pointer that a call gave us, or undefined for NULL. */
export function padOf(pointer: Pointer<'Pad'> | typeof NULL): Pad | undefined {
  return pointer === NULL ? undefined : new Pad(pointer);
}
