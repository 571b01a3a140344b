/**
 * The heart of a router process: sessions, the links between their streams, and one clockwork for all of them.
 *
 * ```text
 * receiveRtp … receiveRtp → flush → (producer → consumer → packet) → outlet
 * ```
 *
 * Nothing in here reads a clock or a socket: packets and `nowMs` come in, packets leave through outlets.
 * @module
 */
import { absSendTimeOfMs, type MemoryRegions, type PacketMemory } from '@rivero/rtp';
import type { Consumer } from './Consumer.ts';
import { Producer } from './Producer.ts';
import type { SessionStats } from './parameters.ts';
import {
  createRouterContext,
  type Flushable,
  type RouterContext,
  type RouterListener,
} from './RouterContext.ts';
import { RtpSession, type SessionListener } from './RtpSession.ts';
import type { RtpOutlet } from './RtpOutlet.ts';

// Each call visits every session: with a thousand of them calls must not come more often than this. Milliseconds.
const timerStepMs = 5;

/** What a router needs. */
export interface RouterOptions {
  /** Where received packets lie and outgoing ones are written. */
  readonly memory: PacketMemory;
  /** Regions of that memory for caches. */
  readonly regions: MemoryRegions;
  /** Who hears of flow and media state. */
  readonly listener: RouterListener;
  /** Evenly distributed numbers in [0, 1): for SSRCs, first sequence numbers, and the times of reports. */
  readonly random: () => number;
}

/** Counts of what a router holds and of what it dropped. */
export interface RouterContents {
  /** Open sessions. */
  readonly sessions: number;
  /** Open producers. */
  readonly producers: number;
  /** Open consumers. */
  readonly consumers: number;
  /** Bytes of packet memory held by caches. */
  readonly memoryBytes: number;
  /** See `RouterCounters`. */
  readonly counters: Readonly<Record<string, number>>;
}

/**
 * A router. After every batch of `receiveRtp` call `flush`; at `nextTimeoutMs` call `handleTimeout`. `nowMs` must
 * not run backwards; where it starts does not matter.
 */
export class Router implements SessionListener {
  readonly #context: RouterContext;
  readonly #sessions = new Map<string, RtpSession>();
  readonly #producers = new Map<string, Producer>();
  readonly #consumers = new Map<string, Consumer>();
  readonly #dirty: Flushable[] = [];
  #nextMs = Number.POSITIVE_INFINITY;

  /** A router without sessions. */
  constructor(options: RouterOptions) {
    const { memory, regions, listener, random } = options;
    this.#context = createRouterContext(memory, regions, listener, random, (part) => {
      this.#dirty.push(part);
    });
  }

  /** A new session that sends through `outlet`. @throws {RangeError} if the id is taken. */
  openSession(sessionId: string, outlet: RtpOutlet): RtpSession {
    if (this.#sessions.has(sessionId)) throw new RangeError(`Session '${sessionId}' exists already`);
    const session = new RtpSession(sessionId, outlet, this.#context, this);
    this.#sessions.set(sessionId, session);
    return session;
  }

  /** Ends a session and everything in it. Unknown ids are ignored. */
  closeSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.close();
  }

  /**
   * Joins a consumer to a producer, or to none. @throws {RangeError} if either does not exist.
   * @throws {TypeError} if one is audio and the other video.
   */
  link(consumerId: string, producerId: string | null, nowMs: number): void {
    const consumer = this.#find(this.#consumers, consumerId, 'consumer');
    const producer = producerId === null ? undefined : this.#find(this.#producers, producerId, 'producer');
    if (producer !== undefined && producer.kind !== consumer.kind) {
      throw new TypeError(`Producer '${producer.id}' is ${producer.kind}, consumer '${consumerId}' is not`);
    }
    // What was received before belongs to the old links.
    this.flush(nowMs);
    consumer.link(producer, nowMs);
  }

  /** Asks the source of a consumer for a key frame. @throws {RangeError} if the consumer does not exist. */
  requestKeyFrame(consumerId: string, nowMs: number): void {
    this.#find(this.#consumers, consumerId, 'consumer').requestKeyFrame(nowMs);
  }

  /** Forwards everything received since the last flush. The packets may be overwritten afterwards. */
  flush(nowMs: number): void {
    if (this.#dirty.length === 0) return;
    const absSendTime = absSendTimeOfMs(nowMs);
    // By index: forwarding does not allocate, and what becomes dirty meanwhile is flushed too.
    for (let i = 0; i < this.#dirty.length; i++) this.#dirty[i]?.flush(nowMs, absSendTime);
    this.#dirty.length = 0;
  }

  /**
   * When `handleTimeout` wants to be called, milliseconds; `Infinity` if there is nothing to wait for. Always a
   * multiple of `timerStepMs`, so that the reports of many sessions are sent in one go.
   */
  nextTimeoutMs(): number {
    return Math.ceil(this.#nextMs / timerStepMs) * timerStepMs;
  }

  /** Sends the reports and feedback that are due, and notices what has stopped. */
  handleTimeout(nowMs: number): void {
    if (nowMs < this.#nextMs) return;
    this.#nextMs = Number.POSITIVE_INFINITY;
    for (const session of this.#sessions.values()) {
      session.handleTimeout(nowMs);
      this.onDeadline(session.deadlineMs);
    }
  }

  /** Statistics of one session; undefined if it does not exist. */
  stats(sessionId: string, nowMs: number): SessionStats | undefined {
    return this.#sessions.get(sessionId)?.stats(nowMs);
  }

  /** What the router holds. */
  dump(): RouterContents {
    let memoryBytes = 0;
    for (const session of this.#sessions.values()) memoryBytes += session.memoryBytes;
    return {
      sessions: this.#sessions.size,
      producers: this.#producers.size,
      consumers: this.#consumers.size,
      memoryBytes,
      counters: { ...this.#context.counters },
    };
  }

  /** See `SessionListener.onDeadline`. */
  onDeadline(dueMs: number): void {
    if (dueMs < this.#nextMs) this.#nextMs = dueMs;
  }

  /** See `SessionListener.assertNewId`. @throws {RangeError} if the id is taken. */
  assertNewId(id: string): void {
    if (this.#producers.has(id) || this.#consumers.has(id)) throw new RangeError(`Id '${id}' is taken`);
  }

  /** See `SessionListener.onProducer`. */
  onProducer(producer: Producer): void {
    this.#producers.set(producer.id, producer);
  }

  /** See `SessionListener.onConsumer`. */
  onConsumer(consumer: Consumer): void {
    this.#consumers.set(consumer.id, consumer);
  }

  /** See `SessionListener.onClosed`. */
  onClosed(part: Producer | Consumer): void {
    if (part instanceof Producer) this.#producers.delete(part.id);
    else this.#consumers.delete(part.id);
  }

  /** See `SessionListener.onSessionClosed`. */
  onSessionClosed(session: RtpSession): void {
    this.#sessions.delete(session.id);
  }

  #find<T>(table: ReadonlyMap<string, T>, id: string, what: string): T {
    const found = table.get(id);
    if (found === undefined) throw new RangeError(`There is no ${what} '${id}'`);
    return found;
  }
}
