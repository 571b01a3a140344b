/**
 * The order of messages in each incoming stream.
 * @module
 */
import { unwrap16, unwrap32 } from './serialNumber.ts';

/** A whole message. */
export interface InboundMessage {
  /** Stream identifier. */
  readonly streamId: number;
  /** Payload protocol identifier. */
  readonly payloadProtocol: number;
  /** The message; nobody else has these bytes. */
  readonly bytes: Uint8Array;
}

/** Streams with messages in order that are remembered at a time. Their peer may close them and open others. */
const MAX_STREAMS = 2048;
/** What a message or fragment that waits costs on top of its bytes, roughly. It is part of the receive window. */
export const OVERHEAD_BYTES = 128;

interface InboundStream {
  /** SSN or MID of the next message, not wrapped. */
  next: number;
  readonly waiting: Map<number, InboundMessage>;
}

/** Holds back messages that came before their turn. */
export class InboundStreams {
  /** Bytes of messages that wait, with overhead. */
  waitingBytes = 0;
  readonly #streams = new Map<number, InboundStream>();
  readonly #unwrap: (wire: number, reference: number) => number;
  readonly #onMessage: (message: InboundMessage) => void;
  #first = 0;

  /** Numbers are SSNs of 16 bits, or MIDs of 32 bits if messages are interleaved. */
  constructor(isInterleaved: boolean, onMessage: (message: InboundMessage) => void) {
    this.#unwrap = isInterleaved ? unwrap32 : unwrap16;
    this.#onMessage = onMessage;
  }

  /** For tests of wraps: streams begin with this number. */
  startAt(sequence: number): void {
    this.#first = sequence;
  }

  /** True if messages in order can be taken on this stream: not too many others are in use. */
  accepts(streamId: number): boolean {
    return this.#streams.has(streamId) || this.#streams.size < MAX_STREAMS;
  }

  /** Delivers an unordered message at once. */
  addUnordered(message: InboundMessage): void {
    this.#onMessage(message);
  }

  /** Delivers a message if it is its turn, with those that waited for it. Messages whose turn is over are dropped. */
  addOrdered(wireSequence: number, message: InboundMessage): void {
    const stream = this.#stream(message.streamId);
    const sequence = this.#unwrap(wireSequence, stream.next);
    if (sequence < stream.next || stream.waiting.has(sequence)) return;
    if (sequence === stream.next) {
      stream.next++;
      this.#onMessage(message);
      this.#deliverWaiting(stream);
    } else {
      stream.waiting.set(sequence, message);
      this.waitingBytes += message.bytes.length + OVERHEAD_BYTES;
    }
  }

  /** Does not wait for messages up to this one any more; those that have arrived are delivered. */
  skip(streamId: number, wireSequence: number): void {
    if (!this.accepts(streamId)) return;
    const stream = this.#stream(streamId);
    const last = this.#unwrap(wireSequence, stream.next);
    if (last < stream.next) return;
    const ready = [...stream.waiting.keys()].filter((sequence) => sequence <= last).toSorted((a, b) => a - b);
    stream.next = last + 1;
    for (const sequence of ready) this.#deliver(stream, sequence);
    this.#deliverWaiting(stream);
  }

  /** Begins to count anew on these streams, or on all. What waits for its turn is dropped. */
  reset(streamIds: readonly number[]): void {
    const ids = streamIds.length === 0 ? [...this.#streams.keys()] : streamIds;
    for (const id of ids) {
      for (const { bytes } of this.#streams.get(id)?.waiting.values() ?? []) {
        this.waitingBytes -= bytes.length + OVERHEAD_BYTES;
      }
      this.#streams.delete(id);
    }
  }

  #stream(id: number): InboundStream {
    let stream = this.#streams.get(id);
    if (stream === undefined) this.#streams.set(id, (stream = { next: this.#first, waiting: new Map() }));
    return stream;
  }

  #deliverWaiting(stream: InboundStream): void {
    while (stream.waiting.has(stream.next)) this.#deliver(stream, stream.next++);
  }

  #deliver(stream: InboundStream, sequence: number): void {
    const message = stream.waiting.get(sequence);
    if (message === undefined) return;
    stream.waiting.delete(sequence);
    this.waitingBytes -= message.bytes.length + OVERHEAD_BYTES;
    this.#onMessage(message);
  }
}
