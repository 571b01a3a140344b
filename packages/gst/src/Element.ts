/**
 * Elements: properties, pads and states.
 * @module
 */
import { HostError } from './HostError.ts';
import { NULL, type Pointer } from './native/cTypes.ts';
import type { PropertyValue } from './native/GValue.ts';
import { factoryNameOf, gst, nameOf, sink } from './native/gstreamer.ts';
import { callAsync } from './native/library.ts';
import {
  getProperty,
  listProperties,
  type PropertyDescription,
  setProperty,
  setPropertyAsync,
} from './native/properties.ts';
import { Reference } from './native/Reference.ts';
import { type Pad, padOf } from './Pad.ts';

/** States of an element, as GStreamer numbers them. */
const stateNumbers = { NULL: 1, READY: 2, PAUSED: 3, PLAYING: 4 } as const;

/** State of an element. */
export type ElementState = keyof typeof stateNumbers;

/** Every state, lowest first. */
export const elementStates: readonly ElementState[] = ['NULL', 'READY', 'PAUSED', 'PLAYING'];

/** The state with this number, or undefined for `VOID_PENDING`. */
export function stateOfNumber(number: number): ElementState | undefined {
  return elementStates[number - 1];
}

/** `GST_STATE_CHANGE_FAILURE` (`gstelement.h`). */
const stateChangeFailure = 0;

/** An element, held by one reference. */
export class Element extends Reference<'Element'> {
  /** Ends when all state changes asked for so far have been made. */
  #changes: Promise<unknown> = Promise.resolve();

  /**
   * A new element that is in no bin yet.
   * @throws {HostError} MISSING_FACTORY
   */
  static make(factory: string, name: string | null = null): Element {
    const pointer = gst().gst_element_factory_make(factory, name);
    if (pointer === NULL) throw new HostError('MISSING_FACTORY', `There is no element '${factory}'`);
    return new Element(sink<'Element'>(pointer));
  }

  /** Name within its bin, for instance `vp8enc0`. */
  get name(): string {
    return nameOf(this.pointer);
  }

  /** Name of the factory that made it, for instance `vp8enc`; empty for bins that were made otherwise. */
  get factoryName(): string {
    return factoryNameOf(this.pointer);
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

  /** All properties, sorted by name. */
  get properties(): PropertyDescription[] {
    return listProperties(this.pointer);
  }

  /** A pad that it has, or undefined. The caller frees it. */
  pad(name: string): Pad | undefined {
    return padOf(gst().gst_element_get_static_pad(this.pointer, name));
  }

  /** A new pad by the name of its template, for instance `sink_%u`, or undefined. The caller releases it. */
  requestPad(template: string): Pad | undefined {
    return padOf(gst().gst_element_request_pad_simple(this.pointer, template));
  }

  /** Removes a pad that was requested, and frees our reference to it. */
  releasePad(pad: Pad): void {
    gst().gst_element_release_request_pad(this.pointer, pad.pointer);
    pad.free();
  }

  /**
   * Goes to a state, after all changes asked for before. Runs on a thread of the pool, since it may wait for media.
   * Resolves when the element has accepted it, which is before it is reached when media must arrive first.
   * @throws {HostError} STATE_REFUSED; the bus tells why.
   */
  setState(state: ElementState): Promise<void> {
    return this.inTurn(async () => {
      const result = await callAsync(gst().gst_element_set_state, this.pointer, stateNumbers[state]);
      if (result === stateChangeFailure)
        throw new HostError('STATE_REFUSED', `${this.name} does not go to ${state}`);
    });
  }

  /** From now on its state does not follow that of its parent. */
  lockState(): void {
    gst().gst_element_set_locked_state(this.pointer, 1);
  }

  /** Goes to the state of its parent, after all changes asked for before. @throws {HostError} STATE_REFUSED */
  syncStateWithParent(): Promise<void> {
    return this.inTurn(async () => {
      const synced = await callAsync(gst().gst_element_sync_state_with_parent, this.pointer);
      if (synced === 0) throw new HostError('STATE_REFUSED', `${this.name} does not follow its parent`);
    });
  }

  /** Runs a change of state, or what must not overlap with one, after those asked for before. */
  protected inTurn<R>(change: () => Promise<R>): Promise<R> {
    const result = this.#changes.then(change);
    this.#changes = result.catch(() => undefined);
    return result;
  }
}

/** The element behind a pointer that a call gave us, or undefined for NULL. */
export function elementOf(pointer: Pointer<'Element'> | typeof NULL): Element | undefined {
  return pointer === NULL ? undefined : new Element(pointer);
}
