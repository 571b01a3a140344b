/**
 * Resets of streams, ours and the peer's (RFC 6525), as data channels are closed by them (RFC 8831 section 6.7).
 * @module
 */
import type { DataReceiver } from './DataReceiver.ts';
import type { DataSender } from './DataSender.ts';
import { type PacketWriter, serializeParameter } from './PacketWriter.ts';
import { parseParameters, type SctpParameter } from './parsePacket.ts';
import { BackoffTimer, type RetransmissionTimeout } from './RetransmissionTimeout.ts';
import type { SendQueue } from './SendQueue.ts';
import { ChunkType, ParameterType, ReconfigResult } from './sctpFormat.ts';

/** Streams in one request: what fits into a packet of 576 bytes. */
const MAX_STREAMS_PER_REQUEST = 200;
/** Answers to one packet; the peer asks again for further ones. */
const MAX_RESPONSES = 4;

/** What resets need to know and do. */
export interface StreamResetsOptions {
  /** Sender of the association. */
  readonly sender: DataSender;
  /** Receiver of the association. */
  readonly receiver: DataReceiver;
  /** Messages that wait to be sent. */
  readonly queue: SendQueue;
  /** How long to wait for an answer. */
  readonly timeout: RetransmissionTimeout;
  /** Of the first request of ours, which is our initial TSN, and of the peer's. */
  readonly firstSequence: { readonly local: number; readonly remote: number };
  /** Streams have begun anew. An empty list means all. */
  readonly onReset: (direction: 'incoming' | 'outgoing', streamIds: readonly number[]) => void;
}

interface Request {
  readonly sequence: number;
  readonly streamIds: readonly number[];
  readonly parameter: Uint8Array;
}

/** Sends one request after the other, and answers those of the peer. */
export class StreamResets {
  readonly #options: StreamResetsOptions;
  readonly #timer = new BackoffTimer();
  readonly #wanted = new Set<number>();
  #request: Request | undefined;
  #isRequestDue = false;
  #nextLocal: number;
  #nextRemote: number;
  #lastResult: number = ReconfigResult.nothingToDo;
  readonly #responses: Uint8Array[] = [];
  /** A request of the peer that waits until everything sent before it has arrived. */
  #deferred: { readonly lastTsn: number; readonly streamIds: readonly number[] } | undefined;

  /** Without requests. */
  constructor(options: StreamResetsOptions) {
    this.#options = options;
    this.#nextLocal = options.firstSequence.local;
    this.#nextRemote = options.firstSequence.remote;
  }

  /** When `handleTimeout` is due; Infinity if not. */
  get dueMs(): number {
    return this.#timer.dueMs;
  }

  /** How often the peer has not answered the request that is under way. */
  get errors(): number {
    return this.#request === undefined ? 0 : this.#timer.expirations;
  }

  /** Resets these streams of ours, as soon as the messages that wait on them have been sent. */
  add(streamIds: readonly number[]): void {
    for (const id of streamIds) {
      this.#wanted.add(id);
      this.#options.queue.stream(id).isResetting = true;
    }
  }

  /** Takes the value of a RE-CONFIG chunk. False if it is malformed. */
  handleReconfig(value: DataView): boolean {
    const parameters = parseParameters(value, 0);
    if (parameters === undefined || parameters.length > 2) return false;
    for (const parameter of parameters) this.#handleParameter(parameter);
    return true;
  }

  /** The peer's cumulative TSN may have reached what a request waits for. */
  advance(): void {
    const deferred = this.#deferred;
    if (deferred === undefined || this.#options.receiver.cumulativeTsn < deferred.lastTsn) return;
    this.#deferred = undefined;
    this.#lastResult = ReconfigResult.performed;
    this.#respond(this.#nextRemote - 1, ReconfigResult.performed);
    this.#performIncoming(deferred.streamIds);
  }

  /** Asks again. */
  handleTimeout(nowMs: number): void {
    if (this.#timer.takeDue(nowMs)) this.#isRequestDue = true;
  }

  /** Adds answers and requests to the writer. */
  fill(writer: PacketWriter, nowMs: number): void {
    for (const response of this.#responses.splice(0)) writer.append(ChunkType.reconfig, 0, response);
    if (this.#request === undefined) this.#begin(nowMs);
    if (this.#request === undefined || !this.#isRequestDue) return;
    this.#isRequestDue = false;
    writer.append(ChunkType.reconfig, 0, this.#request.parameter);
  }

  /** RFC 6525 section 5.1.2. */
  #begin(nowMs: number): void {
    const { queue, sender, timeout } = this.#options;
    if (this.#wanted.size === 0) return;
    const isDrained = (id: number) => (queue.existing(id)?.messages.length ?? 0) === 0;
    const streamIds = [...this.#wanted].filter(isDrained).slice(0, MAX_STREAMS_PER_REQUEST);
    if (streamIds.length === 0) return;
    for (const id of streamIds) this.#wanted.delete(id);
    const sequence = this.#nextLocal++;
    const value = new Uint8Array(12 + 2 * streamIds.length);
    const view = new DataView(value.buffer);
    view.setUint32(0, sequence);
    view.setUint32(4, this.#nextRemote - 1);
    view.setUint32(8, sender.lastTsn);
    for (const [i, id] of streamIds.entries()) view.setUint16(12 + 2 * i, id);
    this.#request = {
      sequence,
      streamIds,
      parameter: serializeParameter(ParameterType.outgoingReset, value),
    };
    this.#isRequestDue = true;
    this.#timer.start(nowMs, timeout.timeoutMs);
  }

  #handleParameter({ type, value }: SctpParameter): void {
    if (type === ParameterType.reconfigResponse) this.#handleResponse(value);
    else if (type === ParameterType.outgoingReset) this.#handleOutgoingReset(value);
    else if (type >= ParameterType.incomingReset && type <= ParameterType.addIncomingStreams)
      this.#deny(value);
  }

  /** The peer has answered our request: performed, or not; what else could be done than to go on. */
  #handleResponse(value: DataView): void {
    const request = this.#request;
    if (value.byteLength < 8 || request === undefined || value.getUint32(0) !== request.sequence >>> 0)
      return;
    // The request is repeated until there is another answer; the peer lives, so that this is no error.
    if (value.getUint32(4) === ReconfigResult.inProgress) {
      this.#timer.expirations = 0;
      return;
    }
    this.#request = undefined;
    this.#timer.stop();
    for (const id of request.streamIds) {
      const stream = this.#options.queue.existing(id);
      stream?.reset();
      if (stream !== undefined) stream.isResetting = false;
      this.#options.queue.forget(id);
    }
    this.#options.onReset('outgoing', request.streamIds);
  }

  /** RFC 6525 section 5.2.2. */
  #handleOutgoingReset(value: DataView): void {
    if (value.byteLength < 12) return;
    const sequence = value.getUint32(0);
    if (!this.#isNext(sequence)) return;
    const { receiver } = this.#options;
    const distance = (value.getUint32(8) - receiver.cumulativeTsn) | 0;
    const streamIds: number[] = [];
    for (let at = 12; at + 2 <= value.byteLength; at += 2) streamIds.push(value.getUint16(at));
    this.#nextRemote++;
    this.#deferred = { lastTsn: receiver.cumulativeTsn + distance, streamIds };
    this.#lastResult = ReconfigResult.inProgress;
    this.advance();
    if (this.#deferred !== undefined) this.#respond(sequence, ReconfigResult.inProgress);
  }

  /** We offer all streams there are and reset ours when we want to. */
  #deny(value: DataView): void {
    if (value.byteLength < 4) return;
    const sequence = value.getUint32(0);
    if (!this.#isNext(sequence)) return;
    this.#nextRemote++;
    this.#lastResult = ReconfigResult.denied;
    this.#respond(sequence, ReconfigResult.denied);
  }

  /** True for the next request; the last one is answered again, others are refused. */
  #isNext(sequence: number): boolean {
    const distance = (sequence - this.#nextRemote) | 0;
    if (distance === 0 && this.#deferred === undefined) return true;
    if (distance === -1) this.#respond(sequence, this.#lastResult);
    else if (distance === 0) this.#respond(sequence, ReconfigResult.alreadyInProgress);
    else this.#respond(sequence, ReconfigResult.badSequenceNumber);
    return false;
  }

  #performIncoming(streamIds: readonly number[]): void {
    this.#options.receiver.reset(streamIds);
    this.#options.onReset('incoming', streamIds);
  }

  #respond(sequence: number, result: number): void {
    const value = new Uint8Array(8);
    const view = new DataView(value.buffer);
    view.setUint32(0, sequence);
    view.setUint32(4, result);
    if (this.#responses.length === MAX_RESPONSES) return;
    this.#responses.push(serializeParameter(ParameterType.reconfigResponse, value));
  }
}
