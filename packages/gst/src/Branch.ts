/**
 * A branch of a media host: one pipeline, its connections to routers, and the parts that come and go.
 * @module
 */
import type { BusMessage } from './BusMessage.ts';
import type { Element } from './Element.ts';
import { describeError, errorEventType } from './errorEvent.ts';
import type { EventName } from './hostMessages.ts';
import { HostError } from './HostError.ts';
import { NULL } from './native/cTypes.ts';
import type { PropertyValue } from './native/GValue.ts';
import { gst } from './native/gstreamer.ts';
import type {
  BranchPosition,
  BranchStats,
  HostEvents,
  LaunchRequest,
  LinkRequest,
  PropertyRequest,
} from './operations.ts';
import type { Pad } from './Pad.ts';
import { Part } from './Part.ts';
import { Pipeline } from './Pipeline.ts';
import { StreamSockets } from './StreamSockets.ts';

/** Who hears of a branch. */
export interface BranchListener {
  /** Something happened in it. */
  onEvent<K extends EventName>(name: K, event: HostEvents[K]): void;
}

/** Most errors and warnings that a branch tells in a second; a decoder that is fed garbage has one per frame. */
const mostErrorsPerSecond = 20;
/** `GST_EVENT_CUSTOM_UPSTREAM` (`gstevent.h`): `GST_EVENT_MAKE_TYPE (270, UPSTREAM)`. */
const customUpstreamEvent = (270 << 8) | 1;
/** The event of `gst_video_event_new_upstream_force_key_unit`. */
const forceKeyUnit = 'GstForceKeyUnit, all-headers=(boolean)true, count=(uint)0;';

/** A running pipeline of a media host. */
export class Branch {
  readonly #id: string;
  readonly #pipeline: Pipeline;
  readonly #sockets: StreamSockets;
  readonly #parts = new Map<string, Part>();
  readonly #listener: BranchListener;
  readonly #bornMs = performance.now();
  /** Ends when all properties asked for so far have been set. */
  #settings: Promise<void> = Promise.resolve();
  #errors = 0;
  #warnings = 0;
  #suppressed = 0;
  #secondStartMs = 0;
  #toldThisSecond = 0;
  #closing: Promise<void> | undefined;

  private constructor(id: string, pipeline: Pipeline, sockets: StreamSockets, listener: BranchListener) {
    this.#id = id;
    this.#pipeline = pipeline;
    this.#sockets = sockets;
    this.#listener = listener;
  }

  /**
   * A new branch in state NULL.
   * @throws {HostError} LAUNCH_FAILED, MISSING_FACTORY, SOCKET_FAILED
   */
  static async open(request: LaunchRequest, listener: BranchListener): Promise<Branch> {
    const sockets = await StreamSockets.open(request.sockets ?? []);
    try {
      const pipeline = Pipeline.launch(sockets.fillIn(request.text));
      return new Branch(request.branchId, pipeline, sockets, listener);
    } catch (error) {
      sockets.close();
      throw error;
    }
  }

  /** Its pipeline. */
  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  /** Ids of its parts. */
  get partIds(): string[] {
    return [...this.#parts.keys()];
  }

  /** Connections to routers, those of its parts included. */
  get socketCount(): number {
    return [...this.#parts.values()].reduce((sum, part) => sum + part.socketCount, this.#sockets.size);
  }

  /** Adds a part. @throws {HostError} */
  async link(request: LinkRequest): Promise<{ fromPad: string | undefined; intoPad: string | undefined }> {
    if (this.#parts.has(request.partId))
      throw new HostError('INVALID_REQUEST', `There is already a part '${request.partId}'`);
    const part = await Part.open(this.#pipeline, request);
    if (this.#closing !== undefined || this.#parts.has(request.partId)) {
      await part.close();
      throw new HostError('INVALID_REQUEST', `The branch was closed, or the part came twice`);
    }
    this.#parts.set(request.partId, part);
    return part.padNames;
  }

  /** Takes a part away. @throws {HostError} NOT_FOUND */
  async unlink(partId: string): Promise<void> {
    const part = this.#parts.get(partId);
    if (part === undefined) throw new HostError('NOT_FOUND', `There is no part '${partId}'`);
    this.#parts.delete(partId);
    await part.close();
  }

  /** Sets a property, after those asked for before. @throws {HostError} NOT_FOUND, PROPERTY_REFUSED */
  set(request: PropertyRequest, value: PropertyValue): Promise<void> {
    const result = this.#settings.then(() => this.#set(request, value));
    this.#settings = result.catch(() => undefined);
    return result;
  }

  async #set(request: PropertyRequest, value: PropertyValue): Promise<void> {
    if (this.#closing !== undefined) throw new HostError('NOT_FOUND', 'The branch is being closed');
    const owner = this.#openOwner(request);
    try {
      await owner.setAsync(request.property, value);
    } finally {
      owner.free();
    }
  }

  /** Value of a property. @throws {HostError} NOT_FOUND, PROPERTY_REFUSED */
  get(request: PropertyRequest): PropertyValue {
    const owner = this.#openOwner(request);
    try {
      return owner.get(request.property);
    } finally {
      owner.free();
    }
  }

  /** The element or pad that has a property; the caller frees it. */
  #openOwner({ element: name, pad: padName }: PropertyRequest): Element | Pad {
    const element = this.#pipeline.element(name);
    if (element === undefined) throw new HostError('NOT_FOUND', `There is no element named '${name}'`);
    if (padName === undefined) return element;
    const pad = element.pad(padName);
    element.free();
    if (pad === undefined) throw new HostError('NOT_FOUND', `'${name}' has no pad '${padName}'`);
    return pad;
  }

  /** Makes an encoder produce a key frame. @throws {HostError} NOT_FOUND, INVALID_REQUEST */
  requestKeyFrame(name: string): void {
    this.#pipeline.withElement(name, (element) => {
      const pad = element.pad('src');
      const structure = gst().gst_structure_from_string(forceKeyUnit, NULL);
      const event = structure === NULL ? NULL : gst().gst_event_new_custom(customUpstreamEvent, structure);
      if (pad === undefined || event === NULL)
        throw new HostError('INVALID_REQUEST', `'${name}' is no encoder`);
      const handled = gst().gst_pad_send_event(pad.pointer, event);
      pad.free();
      if (handled === 0) throw new HostError('INVALID_REQUEST', `'${name}' takes no key frame requests`);
    });
  }

  /** Position, duration, latency and state. */
  query(): BranchPosition {
    const { state, positionNs, durationNs, latency } = this.#pipeline;
    return { state, positionNs, durationNs, live: latency?.live ?? false, latencyNs: latency?.minimumNs };
  }

  /** Counters. */
  stats(): BranchStats {
    const entries = this.#pipeline.mapElements((element): [string, string] | undefined => {
      const stats = element.properties.find(({ name, readable }) => name === 'stats' && readable);
      return stats === undefined ? undefined : [element.name, String(element.get('stats'))];
    });
    return {
      ageMs: performance.now() - this.#bornMs,
      parts: this.#parts.size,
      errors: this.#errors,
      warnings: this.#warnings,
      suppressed: this.#suppressed,
      elements: Object.fromEntries(entries.filter((entry) => entry !== undefined)),
    };
  }

  /** Ends it with its parts and connections. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // The whole pipeline at once: parts ended one by one would wait for media that has stopped.
    await this.#settings;
    await this.#pipeline.setState('NULL').catch(() => undefined);
    await Promise.all([...this.#parts.values()].map((part) => part.close()));
    this.#parts.clear();
    await this.#pipeline.close();
    this.#sockets.close();
  }

  /** What its bus says. */
  handleMessage(message: BusMessage): void {
    const branchId = this.#id;
    switch (message.type) {
      case 'error':
      case 'warning':
        this.#tellError(message);
        break;
      case 'eos':
        this.#listener.onEvent('eos', { branchId });
        break;
      case 'stateChanged':
        if (message.source === this.#pipeline.pointer && message.to !== undefined)
          this.#listener.onEvent('stateChanged', { branchId, state: message.to });
        break;
      case 'streamStart':
        this.#listener.onEvent('streamReady', { branchId });
        break;
      case 'buffering':
        this.#listener.onEvent('buffering', { branchId, percent: message.percent });
        break;
      case 'element': {
        const { name, fields } = message;
        this.#listener.onEvent('elementMessage', { ...this.#sourceOf(message), name, fields });
        break;
      }
      default:
        this.#keepRunning(message);
    }
  }

  /** What GStreamer leaves to the application. */
  #keepRunning(message: BusMessage): void {
    if (message.type === 'latency') this.#pipeline.recalculateLatency();
    if (message.type !== 'clockLost' || this.#pipeline.state !== 'PLAYING') return;
    const again = this.#pipeline.setState('PAUSED').then(() => this.#pipeline.setState('PLAYING'));
    // Whatever keeps it from playing is told by the bus.
    again.catch(() => undefined);
  }

  #tellError(message: BusMessage & { type: 'error' | 'warning' }): void {
    if (message.type === 'error') this.#errors++;
    else this.#warnings++;
    if (!this.#mayTell()) {
      this.#suppressed++;
      return;
    }
    const source = this.#sourceOf(message);
    this.#listener.onEvent(message.type, {
      ...source,
      type: errorEventType(message.error),
      errorCode: message.error.code,
      description: describeError(message.error, message.path.join('/'), source.element, message.debug),
    });
  }

  #mayTell(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#secondStartMs > 1000) {
      this.#secondStartMs = nowMs;
      this.#toldThisSecond = 0;
    }
    return ++this.#toldThisSecond <= mostErrorsPerSecond;
  }

  #sourceOf({ path }: BusMessage): { branchId: string; partId: string | undefined; element: string } {
    return {
      branchId: this.#id,
      partId: path.find((name) => this.#parts.has(name)),
      element: path.at(-1) ?? '',
    };
  }
}
