/**
 * A pipeline: elements that run together, with a bus and a clock.
 * @module
 */
import { type BusMessage, takeMessage } from './BusMessage.ts';
import { Element, elementOf, type ElementState, stateOfNumber } from './Element.ts';
import { HostError } from './HostError.ts';
import { parsePipeline } from './launchText.ts';
import { NULL, type Pointer } from './native/cTypes.ts';
import { createValue } from './native/GValue.ts';
import { gst, takeText } from './native/gstreamer.ts';
import { callAsync } from './native/library.ts';
import { OutCells } from './native/memory.ts';

/** `GST_FORMAT_TIME` (`gstformat.h`). */
const timeFormat = 3;
/** `GST_SEEK_TYPE_NONE`, `_SET` (`gstsegment.h`). */
const seekTypeNone = 0;
const seekTypeSet = 1;
/** `GST_SEEK_FLAG_FLUSH`, `_ACCURATE`, `_KEY_UNIT`. */
const seekFlush = 1;
const seekAccurate = 2;
const seekKeyUnit = 4;
/** `GST_ITERATOR_OK`, `_RESYNC` (`gstiterator.h`). */
const iteratorOk = 1;
const iteratorResync = 2;
/** How long to wait for a state, nanoseconds. */
const stateWaitNs = 2_000_000_000;
/** `GST_STATE_CHANGE_ASYNC` (`gstelement.h`). */
const stateChangeAsync = 2;
/** `GST_DEBUG_GRAPH_SHOW_VERBOSE` (`gstdebugutils.h`). */
const verboseGraph = 0xffff_ffff | 0;

/** Delay between the capture of media and its arrival at the sinks. */
export interface PipelineLatency {
  /** A source delivers media as it happens. */
  readonly live: boolean;
  /** Least latency, nanoseconds. */
  readonly minimumNs: bigint;
}

/** A pipeline, held by one reference. End it with `close`. */
export class Pipeline extends Element {
  readonly #bin: Pointer<'Element'> & Pointer<'Bin'>;
  readonly #bus: Pointer<'Bus'>;
  readonly #out = new OutCells(3);
  /** The state asked for last was waited for, and did not come: there is no media yet. */
  #waitedInVain = false;

  private constructor(bin: Pointer<'Element'> & Pointer<'Bin'>) {
    super(bin);
    this.#bin = bin;
    const bus = gst().gst_element_get_bus(bin);
    if (bus === NULL) throw new Error('A pipeline has no bus');
    this.#bus = bus;
  }

  /**
   * A pipeline made of launch text, in state NULL.
   * @throws {HostError} LAUNCH_FAILED with the parser's reason, or MISSING_FACTORY
   */
  static launch(text: string): Pipeline {
    return new Pipeline(parsePipeline(text));
  }

  override setState(state: ElementState): Promise<void> {
    this.#waitedInVain = false;
    return super.setState(state);
  }

  /** An element of it at any depth, or undefined. The caller frees it. */
  element(name: string): Element | undefined {
    return elementOf(gst().gst_bin_get_by_name(this.#bin, name));
  }

  /**
   * Runs `use` with an element of it.
   * @throws {HostError} NOT_FOUND
   */
  withElement<R>(name: string, use: (element: Element) => R): R {
    const element = this.element(name);
    if (element === undefined) throw new HostError('NOT_FOUND', `There is no element named '${name}'`);
    try {
      return use(element);
    } finally {
      element.free();
    }
  }

  /** What `read` makes of each element of it, at any depth. */
  mapElements<R>(read: (element: Element) => R): R[] {
    const iterator = gst().gst_bin_iterate_recurse(this.#bin);
    if (iterator === NULL) return [];
    let result: R[] = [];
    const value = createValue(0);
    for (;;) {
      const state = gst().gst_iterator_next(iterator, value.pointer);
      if (state === iteratorResync) {
        // The bin changed on the way: from the beginning.
        gst().gst_iterator_resync(iterator);
        result = [];
      } else if (state !== iteratorOk) break;
      else result.push(this.#readItem(value.pointer, read));
    }
    gst().gst_iterator_free(iterator);
    return result;
  }

  #readItem<R>(value: Pointer<'Value'>, read: (element: Element) => R): R {
    // Holds because the items of this iterator are elements.
    const pointer = gst().g_value_get_object(value) as Pointer<'Element'>;
    gst().gst_object_ref_sink(pointer);
    const element = new Element(pointer);
    try {
      return read(element);
    } finally {
      element.free();
      gst().g_value_unset(value);
    }
  }

  /** Puts an element into it; the pipeline keeps its own reference. */
  add(element: Element): void {
    if (gst().gst_bin_add(this.#bin, element.pointer) === 0)
      throw new HostError('INVALID_REQUEST', `There is already something named '${element.name}'`);
  }

  /** Takes an element out of it. The element should be in state NULL. */
  remove(element: Element): void {
    gst().gst_bin_remove(this.#bin, element.pointer);
  }

  /** The oldest message of the bus, or undefined. Never waits. */
  popMessage(): BusMessage | undefined {
    const message = gst().gst_bus_pop(this.#bus);
    return message === NULL ? undefined : takeMessage(message);
  }

  /** State that is reached now, without waiting for changes under way. */
  get state(): ElementState {
    this.#out.clear();
    gst().gst_element_get_state(this.#bin, this.#out.at(0), this.#out.at(1), 0);
    return stateOfNumber(this.#out.int(0)) ?? 'NULL';
  }

  /** Position, nanoseconds, or undefined when nothing can tell. */
  get positionNs(): bigint | undefined {
    this.#out.clear();
    const known = gst().gst_element_query_position(this.#bin, timeFormat, this.#out.at(0));
    return known === 0 || this.#out.int64(0) < 0n ? undefined : this.#out.int64(0);
  }

  /** Duration, nanoseconds, or undefined when nothing can tell, as for live sources. */
  get durationNs(): bigint | undefined {
    this.#out.clear();
    const known = gst().gst_element_query_duration(this.#bin, timeFormat, this.#out.at(0));
    return known === 0 || this.#out.int64(0) < 0n ? undefined : this.#out.int64(0);
  }

  /** Latency, or undefined when not all elements can tell yet. */
  get latency(): PipelineLatency | undefined {
    const query = gst().gst_query_new_latency();
    this.#out.clear();
    const known = gst().gst_element_query(this.#bin, query);
    if (known !== 0) gst().gst_query_parse_latency(query, this.#out.at(0), this.#out.at(1), this.#out.at(2));
    gst().gst_mini_object_unref(query);
    return known === 0 ? undefined : { live: this.#out.int(0) !== 0, minimumNs: this.#out.int64(1) };
  }

  /** Gives each sink the latency that its pipeline has now. */
  recalculateLatency(): void {
    gst().gst_bin_recalculate_latency(this.#bin);
  }

  /**
   * Goes on at `positionNs`: at exactly that time, or at the nearest key frame before it. After all changes of state
   * asked for before. False if it cannot.
   */
  seek(positionNs: bigint, accurate: boolean): Promise<boolean> {
    const flags = seekFlush | (accurate ? seekAccurate : seekKeyUnit);
    return this.inTurn(async () => {
      await this.#reachState();
      const native = gst().gst_element_seek;
      const [set, none] = [seekTypeSet, seekTypeNone];
      return (await callAsync(native, this.#bin, 1, timeFormat, flags, set, positionNs, none, 0)) !== 0;
    });
  }

  /**
   * Ends the streams at their sources, after all changes of state asked for before; message `eos` comes when all sinks
   * have finished.
   */
  sendEos(): Promise<void> {
    return this.inTurn(async () => {
      await this.#reachState();
      await callAsync(gst().gst_element_send_event, this.#bin, gst().gst_event_new_eos());
    });
  }

  /** Resolves when the state asked for last is reached, at most after two seconds. */
  settled(): Promise<void> {
    return this.inTurn(() => this.#reachState());
  }

  /**
   * Waits until the state asked for last is reached, at most for two seconds. An event that is sent earlier holds the
   * lock that the pipeline needs to get there, while it waits for a stream that waits for the pipeline: a deadlock.
   */
  async #reachState(): Promise<void> {
    if (this.#waitedInVain) return;
    const result = await callAsync(gst().gst_element_get_state, this.#bin, NULL, NULL, stateWaitNs);
    this.#waitedInVain = result === stateChangeAsync;
  }

  /** The pipeline as a graph in the language of graphviz. `details` are the flags of `GstDebugGraphDetails`. */
  dot(details: number = verboseGraph): string {
    return takeText(gst().gst_debug_bin_to_dot_data(this.#bin, details));
  }

  /** Ends it: goes to NULL, after all changes asked for before, and gives everything back. */
  async close(): Promise<void> {
    gst().gst_bus_set_flushing(this.#bus, 1);
    try {
      await this.setState('NULL');
    } finally {
      gst().gst_object_unref(this.#bus);
      this.free();
    }
  }
}
