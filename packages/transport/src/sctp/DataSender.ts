/**
 * The sending half of an association: what to send when, and again (RFC 9260 sections 6 and 7, RFC 3758).
 * @module
 */
import { CongestionWindow } from './CongestionWindow.ts';
import { type AckResult, OutstandingChunks, type SentChunk } from './OutstandingChunks.ts';
import type { PacketWriter } from './PacketWriter.ts';
import type { RetransmissionTimeout } from './RetransmissionTimeout.ts';
import { SendQueue } from './SendQueue.ts';
import {
  CHUNK_HEADER_BYTES,
  ChunkType,
  DATA_FIELDS_BYTES,
  DataFlag,
  I_DATA_FIELDS_BYTES,
  PACKET_HEADER_BYTES,
} from './sctpFormat.ts';

/** RFC 9260 section 6.1 rule D: packets with new data per event, so that a SACK for many does not cause a burst. */
const MAX_BURST_PACKETS = 4;
/** Streams in one FORWARD TSN: what fits into a packet of 576 bytes. */
const MAX_SKIPPED_STREAMS = 64;

/** What the sender is told when the association begins. */
export interface DataSenderOptions {
  /** TSN of the first chunk. */
  readonly initialTsn: number;
  /** The peer's receive window, bytes. */
  readonly receiveWindowBytes: number;
  /** Largest packet, bytes. */
  readonly maxPacketBytes: number;
  /** The peer knows FORWARD TSN. */
  readonly canAbandon: boolean;
  /** I-DATA is used. */
  readonly isInterleaved: boolean;
}

/** Sends the messages of a queue, and again until they are acknowledged. */
export class DataSender {
  /** How often the retransmission timer has run out since the peer last acknowledged something. */
  errors = 0;
  /** Chunks sent again so far. */
  retransmittedChunks = 0;
  readonly #queue: SendQueue;
  readonly #timeout: RetransmissionTimeout;
  readonly #outstanding: OutstandingChunks;
  readonly #window: CongestionWindow;
  readonly #isInterleaved: boolean;
  readonly #maxPayloadBytes: number;
  #peerWindowBytes: number;
  #dueMs = Number.POSITIVE_INFINITY;
  #lastSentMs: number | undefined;
  /** In fast recovery: the last TSN that was sent when it began. */
  #recoveryTsn: number | undefined;
  #mayRetransmitFast = false;
  #mustForward = false;
  /** Round trips are measured of chunks from this TSN on: one measurement per round trip. */
  #nextMeasuredTsn = 0;

  /** Takes over a queue that may have been filled before. */
  constructor(queue: SendQueue, timeout: RetransmissionTimeout, options: DataSenderOptions) {
    this.#queue = queue;
    this.#timeout = timeout;
    this.#isInterleaved = options.isInterleaved;
    queue.isInterleaved = options.isInterleaved;
    this.#outstanding = new OutstandingChunks(options.initialTsn, (message) => queue.abandon(message));
    this.#outstanding.canAbandon = options.canAbandon;
    const fields = options.isInterleaved ? I_DATA_FIELDS_BYTES : DATA_FIELDS_BYTES;
    this.#maxPayloadBytes = options.maxPacketBytes - PACKET_HEADER_BYTES - CHUNK_HEADER_BYTES - fields;
    this.#window = new CongestionWindow(this.#maxPayloadBytes);
    this.#peerWindowBytes = options.receiveWindowBytes;
  }

  /** Bytes that are kept because they may have to be sent again. */
  get heldBytes(): number {
    return this.#outstanding.heldBytes;
  }

  /** The TSN of the last chunk that was sent, not wrapped. */
  get lastTsn(): number {
    return this.#outstanding.nextTsn - 1;
  }

  /** True if everything that was sent is acknowledged. */
  get isIdle(): boolean {
    return this.#outstanding.isEmpty;
  }

  /** Bytes that may be on their way by the congestion window. */
  get congestionWindowBytes(): number {
    return this.#window.windowBytes;
  }

  /** When `handleTimeout` is due; Infinity if not. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Takes the value of a SACK chunk. False if it is malformed or says nothing new. */
  handleSack(value: DataView, nowMs: number): boolean {
    if (value.byteLength < 12) return false;
    const gapBytes = 4 * value.getUint16(8);
    if (12 + gapBytes > value.byteLength) return false;
    const gaps = new DataView(value.buffer, value.byteOffset + 12, gapBytes);
    return this.#acknowledge(value.getUint32(0), gaps, value.getUint32(4), nowMs);
  }

  /** Takes the cumulative TSN of a SHUTDOWN chunk. */
  handleCumulativeTsn(wireTsn: number, nowMs: number): void {
    this.#acknowledge(wireTsn, undefined, undefined, nowMs);
  }

  /** Adds chunks to the writer as far as the windows allow. */
  fill(writer: PacketWriter, nowMs: number): void {
    this.#ageWindow(nowMs);
    this.#retransmit(writer, nowMs);
    if (this.#mustForward) this.#writeForwardTsn(writer);
    this.#sendNew(writer, nowMs);
    if (this.#outstanding.isEmpty) this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** RFC 9260 section 6.3.3. Returns true if the timer was due. */
  handleTimeout(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.errors++;
    this.#timeout.backOff();
    this.#window.shrinkOnTimeout();
    this.#recoveryTsn = undefined;
    this.#outstanding.loseAll(nowMs);
    this.#mustForward = true;
    this.#restartTimer(nowMs);
    return true;
  }

  /** Drops everything. */
  close(): void {
    this.#outstanding.clear();
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  #acknowledge(
    tsn: number,
    gaps: DataView | undefined,
    windowBytes: number | undefined,
    nowMs: number,
  ): boolean {
    const flyingBytes = this.#outstanding.flyingBytes;
    const isRecovering = this.#recoveryTsn !== undefined;
    const result = this.#outstanding.acknowledge(tsn, gaps, isRecovering, nowMs);
    if (result === undefined) return false;
    if (windowBytes !== undefined) this.#peerWindowBytes = windowBytes;
    // A peer with a closed window answers probes like this; that is no error (section 6.1 rule A).
    if (result.isAdvanced || result.ackedBytes > 0 || windowBytes === 0) this.errors = 0;
    if (result.isAdvanced) this.#timeout.recover();
    this.#measure(result, nowMs);
    this.#followWindow(result, flyingBytes);
    if (result.isAdvanced) this.#restartTimer(nowMs);
    this.#mustForward = true;
    return true;
  }

  #measure({ sample }: AckResult, nowMs: number): void {
    if (sample === undefined || sample.tsn < this.#nextMeasuredTsn) return;
    this.#timeout.measure(nowMs - sample.sentMs);
    this.#nextMeasuredTsn = this.#outstanding.nextTsn;
  }

  #followWindow({ isAdvanced, ackedBytes, hasLoss }: AckResult, flyingBytes: number): void {
    const { cumulativeTsn } = this.#outstanding;
    if (this.#recoveryTsn !== undefined && cumulativeTsn >= this.#recoveryTsn) this.#recoveryTsn = undefined;
    if (isAdvanced && this.#recoveryTsn === undefined) this.#window.grow(ackedBytes, flyingBytes);
    if (this.#outstanding.isEmpty) this.#window.clearPartial();
    if (!hasLoss) return;
    this.#mayRetransmitFast = true;
    if (this.#recoveryTsn !== undefined) return;
    this.#window.shrinkOnLoss();
    this.#recoveryTsn = this.lastTsn;
  }

  #restartTimer(nowMs: number): void {
    this.#dueMs = this.#outstanding.isEmpty ? Number.POSITIVE_INFINITY : nowMs + this.#timeout.timeoutMs;
  }

  #ageWindow(nowMs: number): void {
    if (this.#lastSentMs === undefined || !this.#outstanding.isEmpty || this.#queue.isEmpty) return;
    const timeouts = Math.floor((nowMs - this.#lastSentMs) / this.#timeout.timeoutMs);
    if (timeouts > 0) this.#window.shrinkOnIdle(timeouts);
  }

  #retransmit(writer: PacketWriter, nowMs: number): void {
    let isExempt = this.#mayRetransmitFast;
    this.#mayRetransmitFast = false;
    // Looking for them may abandon messages that have expired.
    if (this.#outstanding.lostCount > 0) this.#mustForward = true;
    for (;;) {
      const chunk = this.#outstanding.nextLost(nowMs);
      if (chunk === undefined) return;
      const size = this.#fieldsBytes() + chunk.payload.length;
      // Fast retransmit sends one packet, whatever the window says (section 7.2.4).
      if (isExempt && size > writer.roomBytes && !writer.isEmpty) {
        writer.flush();
        isExempt = false;
      }
      if (!isExempt && !this.#maySend(chunk.payload.length)) return;
      this.#outstanding.markSent(chunk, nowMs);
      this.retransmittedChunks++;
      if (chunk.tsn === this.#outstanding.cumulativeTsn + 1) this.#restartTimer(nowMs);
      this.#write(writer, chunk, nowMs);
    }
  }

  #sendNew(writer: PacketWriter, nowMs: number): void {
    const lastAllowed = writer.sentPackets + MAX_BURST_PACKETS;
    while (!this.#queue.isEmpty && this.#outstanding.lostCount === 0) {
      if (!this.#maySend(this.#maxPayloadBytes)) return;
      if (this.#isNewPacketBetter(writer)) writer.flush();
      if (writer.sentPackets >= lastAllowed) return;
      const maxBytes = Math.min(writer.roomBytes - this.#fieldsBytes(), this.#maxPayloadBytes);
      const fragment = this.#queue.next(maxBytes, nowMs);
      if (fragment === undefined) return;
      this.#write(writer, this.#outstanding.add(fragment, nowMs), nowMs);
    }
  }

  /** What fits into a packet is not cut to fill another one; what does not is not begun at the very end of one. */
  #isNewPacketBetter(writer: PacketWriter): boolean {
    const room = writer.roomBytes - this.#fieldsBytes();
    const { nextBytes } = this.#queue;
    if (writer.isEmpty || room >= nextBytes) return false;
    return nextBytes <= this.#maxPayloadBytes || room < this.#maxPayloadBytes / 3;
  }

  /** RFC 9260 section 6.1 rules A and B; the peer's window may always be probed with one chunk. */
  #maySend(bytes: number): boolean {
    const { flyingBytes } = this.#outstanding;
    if (flyingBytes === 0) return true;
    return flyingBytes < this.#window.windowBytes && flyingBytes + bytes <= this.#peerWindowBytes;
  }

  #fieldsBytes(): number {
    return this.#isInterleaved ? I_DATA_FIELDS_BYTES : DATA_FIELDS_BYTES;
  }

  #write(writer: PacketWriter, chunk: SentChunk, nowMs: number): void {
    const { message, payload, fragmentNumber } = chunk;
    const type = this.#isInterleaved ? ChunkType.iData : ChunkType.data;
    const length = this.#fieldsBytes() + payload.length;
    // RFC 9260 section 3.3.1: what is sent again is to be acknowledged at once.
    const urgency = chunk.transmissions > 1 ? DataFlag.immediate : 0;
    const at = writer.reserve(type, chunk.flags | urgency, length);
    this.#lastSentMs = nowMs;
    if (this.#dueMs === Number.POSITIVE_INFINITY) this.#dueMs = nowMs + this.#timeout.timeoutMs;
    if (at === undefined) return;
    const { view } = writer;
    view.setUint32(at, chunk.tsn);
    view.setUint16(at + 4, message.stream.id);
    if (this.#isInterleaved) {
      const isFirst = (chunk.flags & DataFlag.begin) !== 0;
      view.setUint16(at + 6, 0);
      view.setUint32(at + 8, message.sequence);
      view.setUint32(at + 12, isFirst ? message.payloadProtocol : fragmentNumber);
    } else {
      view.setUint16(at + 6, message.sequence);
      view.setUint32(at + 8, message.payloadProtocol);
    }
    writer.bytes.set(payload, at + this.#fieldsBytes());
  }

  /** RFC 3758 section 3.5 C, RFC 8260 section 2.3.1. */
  #writeForwardTsn(writer: PacketWriter): void {
    this.#mustForward = false;
    const skipped = this.#outstanding.skipped(MAX_SKIPPED_STREAMS);
    if (skipped === undefined) return;
    const isInterleaved = this.#isInterleaved;
    const messages = skipped.messages.filter(({ isUnordered }) => isInterleaved || !isUnordered);
    const entryBytes = isInterleaved ? 8 : 4;
    const type = isInterleaved ? ChunkType.iForwardTsn : ChunkType.forwardTsn;
    const at = writer.reserve(type, 0, 4 + entryBytes * messages.length);
    if (at === undefined) return;
    const { view } = writer;
    view.setUint32(at, skipped.tsn);
    for (const [i, { streamId, isUnordered, sequence }] of messages.entries()) {
      const entry = at + 4 + entryBytes * i;
      view.setUint16(entry, streamId);
      view.setUint16(entry + 2, isInterleaved ? Number(isUnordered) : sequence);
      if (isInterleaved) view.setUint32(entry + 4, sequence);
    }
  }
}
