/**
 * The receiving half of an association: DATA and FORWARD TSN in, messages and SACK out (RFC 9260 section 6.2).
 * @module
 */
import { type InboundMessage, InboundStreams, OVERHEAD_BYTES } from './InboundStreams.ts';
import { InterleavedReassembly } from './InterleavedReassembly.ts';
import type { PacketWriter } from './PacketWriter.ts';
import { bytesOf, type SctpChunk } from './parsePacket.ts';
import { DataReassembly, type InboundFragment, type Reassembly, type WholeMessage } from './Reassembly.ts';
import { ReceivedTsns } from './ReceivedTsns.ts';
import { ChunkType, DATA_FIELDS_BYTES, DataFlag, ErrorCause, I_DATA_FIELDS_BYTES } from './sctpFormat.ts';

/** RFC 9260 section 6.2: a SACK for every second packet, or this much later. */
const SACK_DELAY_MS = 200;
const PACKETS_PER_SACK = 2;

/** What the receiver is told when the association begins. */
export interface DataReceiverOptions {
  /** TSN of the peer's first chunk. */
  readonly initialTsn: number;
  /** Our receive window, bytes. */
  readonly windowBytes: number;
  /** Longest message that we accept, bytes. */
  readonly maxMessageBytes: number;
  /** Streams have identifiers below this. */
  readonly streams: number;
  /** I-DATA is used. */
  readonly isInterleaved: boolean;
  /** Takes messages as they become whole, those of a stream in order. */
  readonly onMessage: (message: InboundMessage) => void;
}

/** What a DATA chunk may be: all right, on a stream that does not exist, or a reason to end the association. */
export type DataVerdict =
  | 'ok'
  | 'invalidStream'
  | (typeof ErrorCause)['noUserData' | 'outOfResource' | 'protocolViolation'];

/** Receives messages. */
export class DataReceiver {
  /** Chunks dropped for want of room. */
  droppedChunks = 0;
  /** Chunks that had come before. */
  duplicateChunks = 0;
  readonly #options: DataReceiverOptions;
  readonly #tsns: ReceivedTsns;
  readonly #streams: InboundStreams;
  readonly #reassembly: Reassembly;
  #hostBytes = 0;
  #unackedPackets = 0;
  #hasNewData = false;
  #mustAck = false;
  #dueMs = Number.POSITIVE_INFINITY;

  /** Waits for the peer's first chunk. */
  constructor(options: DataReceiverOptions) {
    this.#options = options;
    this.#tsns = new ReceivedTsns(options.initialTsn);
    this.#streams = new InboundStreams(options.isInterleaved, options.onMessage);
    this.#reassembly = options.isInterleaved ? new InterleavedReassembly() : new DataReassembly();
  }

  /** All TSNs up to this one, not wrapped, have arrived. */
  get cumulativeTsn(): number {
    return this.#tsns.cumulativeTsn;
  }

  /** Bytes that wait for others, with overhead. */
  get waitingBytes(): number {
    return this.#reassembly.waitingBytes + this.#streams.waitingBytes;
  }

  /** How much the peer may send, bytes. */
  get windowBytes(): number {
    return Math.max(0, this.#options.windowBytes - this.waitingBytes - this.#hostBytes);
  }

  /** When `handleTimeout` is due; Infinity if not. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** True if a SACK should go with whatever is sent now. */
  get hasUnacked(): boolean {
    return this.#mustAck || this.#unackedPackets > 0;
  }

  /** True if a SACK should be sent now, whether anything else is or not. */
  get mustAck(): boolean {
    return this.#mustAck;
  }

  /** The host holds this many bytes of messages that it cannot pass on: the window is smaller by as much. */
  setHostBytes(bytes: number): void {
    const before = this.windowBytes;
    this.#hostBytes = bytes;
    const isOpened =
      before < this.#options.windowBytes / 4 && this.windowBytes >= this.#options.windowBytes / 4;
    if (isOpened) this.#mustAck = true;
  }

  /** Takes a DATA or I-DATA chunk. */
  handleData(chunk: SctpChunk): DataVerdict {
    const { value, flags } = chunk;
    const fieldsBytes = this.#options.isInterleaved ? I_DATA_FIELDS_BYTES : DATA_FIELDS_BYTES;
    if (value.byteLength < fieldsBytes) return ErrorCause.protocolViolation;
    if (value.byteLength === fieldsBytes) return ErrorCause.noUserData;
    this.#hasNewData = true;
    if ((flags & DataFlag.immediate) !== 0) this.#mustAck = true;
    const fragment = this.#parse(chunk, bytesOf(value, fieldsBytes));
    if (this.#tsns.isDuplicate(fragment.tsn)) {
      this.duplicateChunks++;
      this.#mustAck = true;
      return 'ok';
    }
    const { windowBytes } = this.#options;
    const isNext = fragment.tsn === this.cumulativeTsn + 1;
    const neededBytes = this.waitingBytes + fragment.payload.length + OVERHEAD_BYTES;
    // What fills the first gap is taken beyond the window, for it may make room; yet not without end.
    if (isNext && neededBytes > 2 * windowBytes) return ErrorCause.outOfResource;
    const isTooMuch = isNext ? this.#hostBytes >= windowBytes : neededBytes + this.#hostBytes > windowBytes;
    if (isTooMuch || !this.#tsns.add(fragment.tsn)) {
      this.droppedChunks++;
      this.#mustAck = true;
      return 'ok';
    }
    return this.#accept(fragment);
  }

  /** Takes a FORWARD TSN or I-FORWARD-TSN chunk. Malformed ones are dropped. */
  handleForwardTsn({ value }: SctpChunk): void {
    if (value.byteLength < 4) return;
    const tsn = this.#tsns.unwrap(value.getUint32(0));
    this.#mustAck = true;
    if (tsn <= this.cumulativeTsn) return;
    this.#tsns.skipTo(tsn);
    this.#reassembly.skipTo(tsn);
    const { isInterleaved } = this.#options;
    const entryBytes = isInterleaved ? 8 : 4;
    for (let at = 4; at + entryBytes <= value.byteLength; at += entryBytes) {
      const streamId = value.getUint16(at);
      const isUnordered = isInterleaved && (value.getUint16(at + 2) & 1) === 1;
      const sequence = isInterleaved ? value.getUint32(at + 4) : value.getUint16(at + 2);
      if (isInterleaved) this.#reassembly.skipMessages(streamId, isUnordered, sequence);
      if (!isUnordered && streamId < this.#options.streams) this.#streams.skip(streamId, sequence);
    }
  }

  /** All chunks of a packet have been handled: decides about the SACK. */
  endPacket(nowMs: number): void {
    if (!this.#hasNewData) return;
    this.#hasNewData = false;
    this.#unackedPackets++;
    if (this.#unackedPackets >= PACKETS_PER_SACK || this.#tsns.hasGaps) this.#mustAck = true;
    else if (this.#dueMs === Number.POSITIVE_INFINITY) this.#dueMs = nowMs + SACK_DELAY_MS;
  }

  /** A SACK is overdue at `nowMs`. */
  handleTimeout(nowMs: number): void {
    if (nowMs >= this.#dueMs) this.#mustAck = true;
  }

  /** Adds a SACK to the writer. */
  writeSack(writer: PacketWriter): void {
    const at = writer.reserve(ChunkType.sack, 0, this.#tsns.sackBytes);
    if (at !== undefined) this.#tsns.writeSack(writer.view, at, this.windowBytes);
    this.#mustAck = false;
    this.#unackedPackets = 0;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** The peer begins to count anew on these streams, or on all. */
  reset(streamIds: readonly number[]): void {
    this.#reassembly.reset(streamIds);
    this.#streams.reset(streamIds);
  }

  #parse({ flags, value }: SctpChunk, payload: Uint8Array): InboundFragment {
    const { isInterleaved } = this.#options;
    const isFirst = (flags & DataFlag.begin) !== 0;
    const last = isInterleaved ? value.getUint32(12) : 0;
    return {
      tsn: this.#tsns.unwrap(value.getUint32(0)),
      streamId: value.getUint16(4),
      isUnordered: (flags & DataFlag.unordered) !== 0,
      isFirst,
      isLast: (flags & DataFlag.end) !== 0,
      sequence: isInterleaved ? value.getUint32(8) : value.getUint16(6),
      fragmentNumber: isFirst ? 0 : last,
      payloadProtocol: isInterleaved ? last : value.getUint32(8),
      payload,
    };
  }

  #accept(fragment: InboundFragment): DataVerdict {
    const { streamId, isUnordered } = fragment;
    if (streamId >= this.#options.streams) return 'invalidStream';
    if (!isUnordered && !this.#streams.accepts(streamId)) return 'invalidStream';
    const message = this.#reassembly.add(fragment);
    const { maxMessageBytes } = this.#options;
    if (this.#reassembly.longestBytes > maxMessageBytes) return ErrorCause.protocolViolation;
    if (message !== undefined) this.#deliver(message);
    return 'ok';
  }

  #deliver(whole: WholeMessage): void {
    const { streamId, payloadProtocol, bytes, isUnordered, sequence } = whole;
    const message = { streamId, payloadProtocol, bytes };
    if (isUnordered) this.#streams.addUnordered(message);
    else this.#streams.addOrdered(sequence, message);
  }
}
