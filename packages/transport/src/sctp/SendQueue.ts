/**
 * Messages that wait to be sent, per stream, and whose turn it is.
 * @module
 */
import { DataFlag } from './sctpFormat.ts';

/** A message on its way out. */
export interface OutgoingMessage {
  /** Its stream. */
  readonly stream: OutgoingStream;
  /** Payload protocol identifier. */
  readonly payloadProtocol: number;
  /** What is to be sent; not empty. */
  readonly bytes: Uint8Array;
  /** True if it may overtake others. */
  readonly isUnordered: boolean;
  /** How often a part of it may be sent again; Infinity for reliable messages. */
  readonly maxRetransmits: number;
  /** When it is not worth sending any more; Infinity for reliable messages. */
  readonly expiresMs: number;
  /** Bytes that have been handed out by `next`. */
  sentBytes: number;
  /** Fragments that have been handed out. */
  fragments: number;
  /** SSN or MID, not wrapped; of interest from the first fragment on. */
  sequence: number;
  /** TSN of its first fragment, not wrapped; of interest once there is one. */
  firstTsn: number;
  /** TSN of its last fragment so far, not wrapped. */
  lastTsn: number;
  /** True if the rest will not be sent, and the peer is told not to wait. */
  isAbandoned: boolean;
}

type NewMessage = Pick<
  OutgoingMessage,
  'stream' | 'payloadProtocol' | 'bytes' | 'isUnordered' | 'maxRetransmits' | 'expiresMs'
>;

/** A part of a message. */
export interface Fragment {
  /** The message that it is of. */
  readonly message: OutgoingMessage;
  /** See `DataFlag`. */
  readonly flags: number;
  /** Number of the fragment in its message, from 0. */
  readonly fragmentNumber: number;
  /** A view into the message. */
  readonly payload: Uint8Array;
}

/** An outgoing stream. */
export class OutgoingStream {
  /** Stream identifier. */
  readonly id: number;
  /** Messages not sent to the end, oldest first. */
  readonly messages: OutgoingMessage[] = [];
  /** Bytes accepted and not handed out by `SendQueue.next`. */
  bufferedBytes = 0;
  /** See `SctpListener.onBufferedLow`; negative for never. */
  lowThresholdBytes = -1;
  /** True from a request to reset the stream until the peer has answered. */
  isResetting = false;
  #nextSsn = 0;
  #nextMid = 0;
  #nextUnorderedMid = 0;

  /** A stream without messages. */
  constructor(id: number) {
    this.id = id;
  }

  /** The number of a message that begins now; unordered DATA has none. */
  takeSequence(isUnordered: boolean, isInterleaved: boolean): number {
    if (!isInterleaved) return isUnordered ? 0 : this.#nextSsn++;
    return isUnordered ? this.#nextUnorderedMid++ : this.#nextMid++;
  }

  /** Begins to count anew: both sides have reset the stream. */
  reset(): void {
    this.#nextSsn = 0;
    this.#nextMid = 0;
    this.#nextUnorderedMid = 0;
  }

  /** For tests of wraps: the next message has this number. */
  startAt(sequence: number): void {
    this.#nextSsn = sequence;
    this.#nextMid = sequence;
    this.#nextUnorderedMid = sequence;
  }
}

/** A message beyond these is refused, however small all are. */
const MAX_MESSAGES = 16_384;

/** The messages of all streams. Streams take turns: with I-DATA after each fragment, else after each message. */
export class SendQueue {
  /** True once I-DATA is agreed on. */
  isInterleaved = false;
  readonly #streams = new Map<number, OutgoingStream>();
  /** Streams with messages; the first is next. */
  readonly #turns: OutgoingStream[] = [];
  readonly #onLow: (streamId: number) => void;
  #messageCount = 0;
  #bufferedBytes = 0;

  /** `onLow` is told of streams whose buffered bytes fall to their threshold. */
  constructor(onLow: (streamId: number) => void) {
    this.#onLow = onLow;
  }

  /** Bytes of all streams that wait. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** True if no message waits. */
  get isEmpty(): boolean {
    return this.#turns.length === 0;
  }

  /** What is left of the message whose turn it is, bytes. */
  get nextBytes(): number {
    const message = this.#turns[0]?.messages[0];
    return message === undefined ? 0 : message.bytes.length - message.sentBytes;
  }

  /** True if there are as many messages as there may be. */
  get isFull(): boolean {
    return this.#messageCount >= MAX_MESSAGES;
  }

  /** The stream with this identifier, made if need be. */
  stream(id: number): OutgoingStream {
    let stream = this.#streams.get(id);
    if (stream === undefined) this.#streams.set(id, (stream = new OutgoingStream(id)));
    return stream;
  }

  /** The stream with this identifier, if anything was sent on it. */
  existing(id: number): OutgoingStream | undefined {
    return this.#streams.get(id);
  }

  /** Forgets a stream that was reset. */
  forget(id: number): void {
    const stream = this.#streams.get(id);
    if (stream !== undefined && stream.messages.length === 0) this.#streams.delete(id);
  }

  /** Adds a message. */
  push(message: NewMessage): void {
    const { stream, bytes } = message;
    const begun = { sentBytes: 0, fragments: 0, sequence: 0, firstTsn: 0, lastTsn: 0, isAbandoned: false };
    stream.messages.push({ ...message, ...begun });
    stream.bufferedBytes += bytes.length;
    this.#bufferedBytes += bytes.length;
    this.#messageCount++;
    if (stream.messages.length === 1) this.#turns.push(stream);
  }

  /** The next fragment, of at most `maxBytes`, or undefined. Messages that have expired unsent are passed over. */
  next(maxBytes: number, nowMs: number): Fragment | undefined {
    for (;;) {
      const stream = this.#turns[0];
      const message = stream?.messages[0];
      if (stream === undefined || message === undefined) return undefined;
      if (message.sentBytes > 0 || nowMs < message.expiresMs) return this.#cut(message, maxBytes);
      this.#removeFirst(stream, message);
    }
  }

  /** Stops a message that was begun. True if something of it was left to be sent. */
  abandon(message: OutgoingMessage): boolean {
    const { stream } = message;
    if (stream.messages[0] !== message) return false;
    this.#removeFirst(stream, message);
    return true;
  }

  /** Drops everything. */
  clear(): void {
    this.#streams.clear();
    this.#turns.length = 0;
    this.#messageCount = 0;
    this.#bufferedBytes = 0;
  }

  #cut(message: OutgoingMessage, maxBytes: number): Fragment {
    const { stream, bytes } = message;
    const start = message.sentBytes;
    const end = Math.min(bytes.length, start + maxBytes);
    let flags = message.isUnordered ? DataFlag.unordered : 0;
    if (start === 0) {
      flags |= DataFlag.begin;
      message.sequence = stream.takeSequence(message.isUnordered, this.isInterleaved);
    }
    const fragmentNumber = message.fragments++;
    message.sentBytes = end;
    if (end === bytes.length) {
      flags |= DataFlag.end;
      this.#removeFirst(stream, message);
    } else if (this.isInterleaved) this.#passTurn();
    this.#release(stream, end - start);
    return { message, flags, fragmentNumber, payload: bytes.subarray(start, end) };
  }

  /** Takes a message off its stream's queue; bytes of it that have not been handed out are released. */
  #removeFirst(stream: OutgoingStream, message: OutgoingMessage): void {
    stream.messages.shift();
    this.#messageCount--;
    if (this.#turns[0] === stream) this.#turns.shift();
    else this.#turns.splice(this.#turns.indexOf(stream), 1);
    if (stream.messages.length > 0) this.#turns.push(stream);
    const left = message.bytes.length - message.sentBytes;
    if (left > 0) this.#release(stream, left);
  }

  #passTurn(): void {
    const first = this.#turns.shift();
    if (first !== undefined) this.#turns.push(first);
  }

  #release(stream: OutgoingStream, bytes: number): void {
    const before = stream.bufferedBytes;
    stream.bufferedBytes -= bytes;
    this.#bufferedBytes -= bytes;
    const { lowThresholdBytes } = stream;
    if (before > lowThresholdBytes && stream.bufferedBytes <= lowThresholdBytes) this.#onLow(stream.id);
  }
}
