/**
 * The outgoing packets of one consumer: first transmissions and retransmissions go through the same few lines, so that
 * a retransmission is the same packet, bit by bit.
 * @module
 */
import { absSendTimeOfMs, writePictureId } from '@rivero/rtp';
import { HeaderTemplate } from './HeaderTemplate.ts';
import type { PacketBatch } from './PacketBatch.ts';
import type { PacketSource } from './PacketSource.ts';
import type { ConsumeParameters } from './parameters.ts';
import { hasFeedback } from './RepairRequester.ts';
import { ResendBudget } from './ResendBudget.ts';
import { randomBits, type RouterContext } from './RouterContext.ts';
import type { OutboundStream, RtpOutlet } from './RtpOutlet.ts';
import { SendHistory } from './SendHistory.ts';
import { StreamContinuity } from './StreamContinuity.ts';

/** The same packet is not sent again before a round trip has passed, at least this. Milliseconds. */
const minResendIntervalMs = 10;

/** Rewrites packets for one SSRC and hands them to the outlet. */
export class ConsumerStream {
  readonly #context: RouterContext;
  readonly #stream: OutboundStream;
  readonly #header: HeaderTemplate;
  readonly #continuity: StreamContinuity;
  readonly #history: SendHistory | undefined;
  readonly #budget = new ResendBudget();
  #sentMs = 0;
  #packetsSent = 0;
  #bytesSent = 0;

  /** Opens the stream at `outlet`. Only video whose codecs allow `nack` is sent again. */
  constructor(parameters: ConsumeParameters, outlet: RtpOutlet, context: RouterContext) {
    this.#context = context;
    this.#stream = outlet.openStream(parameters.ssrc);
    this.#header = new HeaderTemplate(parameters.ssrc, parameters.mid, parameters.extensions);
    // 15 bits: RFC 3711 section 3.3.1, so that the first losses cannot hide a wrap from the receiver.
    this.#continuity = new StreamContinuity(randomBits(context.random, 15), randomBits(context.random, 32));
    const isRepaired = parameters.kind === 'video' && hasFeedback(parameters.codecs, 'nack');
    this.#history = isRepaired ? new SendHistory() : undefined;
  }

  /** Packets handed to the outlet, retransmissions included. */
  get packetsSent(): number {
    return this.#packetsSent;
  }

  /** Bytes of payload handed to the outlet, retransmissions included. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Our RTP timestamp, 0..2^32-1, for one of the present source. */
  timestamp(source: number): number {
    return this.#continuity.timestamp(source) >>> 0;
  }

  /** A new source starts with packet `first` of `batch`: the stream goes on without a jump. */
  start(batch: PacketBatch, first: number, clockRate: number, nowMs: number): void {
    this.#continuity.start(batch.numbersOf(first), nowMs - this.#sentMs, clockRate);
  }

  /**
   * Sends the packets of `batch` from `first` on. `payloadTypes` are ours for each of the source, -1 for none;
   * `absSendTime` is `nowMs` as 24-bit 6.18 fixed-point seconds.
   */
  forward(
    batch: PacketBatch,
    first: number,
    payloadTypes: Int8Array,
    nowMs: number,
    absSendTime: number,
  ): void {
    const packetsBefore = this.#packetsSent;
    const bytesBefore = this.#bytesSent;
    for (let i = first; i < batch.count; i++) {
      const payloadType = payloadTypes[batch.payloadType[i] ?? 0] ?? -1;
      if (payloadType >= 0) this.#forwardOne(batch, i, payloadType, absSendTime);
      // The number stays unused: a viewer who has not negotiated the codec sees a loss.
      else this.#context.counters.unmappedPayloadType += 1;
    }
    if (this.#packetsSent === packetsBefore) return;
    this.#sentMs = nowMs;
    this.#budget.earn(this.#bytesSent - bytesBefore);
  }

  /** Sends packets of `source` again, by our numbers. `roundTripMs` is that to the viewer. */
  resend(
    sequenceNumbers: readonly number[],
    source: PacketSource,
    payloadTypes: Int8Array,
    roundTripMs: number,
    nowMs: number,
  ): void {
    if (this.#history === undefined) return;
    const intervalMs = Math.max(minResendIntervalMs, roundTripMs);
    for (const sequenceNumber of sequenceNumbers) {
      if (!this.#continuity.covers(sequenceNumber)) continue;
      if (this.#load(sequenceNumber, source)) {
        this.#resendLoaded(sequenceNumber, payloadTypes, this.#history, intervalMs, nowMs);
      }
    }
  }

  /** Ends the stream. */
  close(): void {
    this.#stream.close();
  }

  #forwardOne(batch: PacketBatch, i: number, payloadType: number, absSendTime: number): void {
    const continuity = this.#continuity;
    const sequenceNumber = continuity.sequenceNumber(batch.sequenceNumber[i] ?? 0);
    if (!continuity.admit(sequenceNumber)) {
      this.#context.counters.tooLate += 1;
      return;
    }
    if (sequenceNumber === continuity.highest) {
      continuity.note(batch.timestamp[i] ?? 0, batch.pictureId[i] ?? -1, batch.tl0PicIdx[i] ?? -1);
    }
    if (this.#send(batch, i, payloadType, sequenceNumber, absSendTime)) {
      this.#history?.put(sequenceNumber, absSendTime);
    }
  }

  /** Writes header and picture id and hands the packet to the outlet. False if the outlet cannot take it. */
  #send(
    batch: PacketBatch,
    i: number,
    payloadType: number,
    sequenceNumber: number,
    absSendTime: number,
  ): boolean {
    const { memory, counters } = this.#context;
    const at = this.#stream.reserve();
    if (at < 0) {
      counters.outletFull += 1;
      return false;
    }
    const timestamp = this.#continuity.timestamp(batch.timestamp[i] ?? 0);
    const header = this.#header;
    const headerLength = header.write(
      memory,
      at,
      batch,
      i,
      payloadType,
      sequenceNumber,
      timestamp,
      absSendTime,
    );
    const pictureIdAt = batch.pictureIdAt[i] ?? -1;
    if (pictureIdAt >= 0) {
      writePictureId(memory, pictureIdAt, this.#continuity.pictureId(batch.pictureId[i] ?? 0));
    }
    const tl0PicIdxAt = batch.tl0PicIdxAt[i] ?? -1;
    if (tl0PicIdxAt >= 0) {
      memory.view.setUint8(tl0PicIdxAt, this.#continuity.tl0PicIdx(batch.tl0PicIdx[i] ?? 0));
    }
    const payloadLength = batch.payloadLength[i] ?? 0;
    this.#stream.commit(headerLength, batch.payloadAt[i] ?? 0, payloadLength);
    this.#packetsSent += 1;
    this.#bytesSent += payloadLength;
    return true;
  }

  /** Puts the cached packet into the scratch batch. */
  #load(sequenceNumber: number, source: PacketSource): boolean {
    const found = source.load(this.#continuity.sourceSequenceNumber(sequenceNumber), this.#context.scratch);
    if (!found) this.#context.counters.resendMissing += 1;
    return found;
  }

  /** Sends the packet in the scratch batch, exactly as the first time if there was one. */
  #resendLoaded(
    sequenceNumber: number,
    payloadTypes: Int8Array,
    history: SendHistory,
    intervalMs: number,
    nowMs: number,
  ): void {
    const { memory, counters, scratch } = this.#context;
    const payloadType = payloadTypes[scratch.payloadType[0] ?? 0] ?? -1;
    if (payloadType < 0) return;
    const allowed =
      history.takeResend(sequenceNumber, nowMs, intervalMs) &&
      this.#budget.spend(scratch.payloadLength[0] ?? 0);
    if (!allowed) {
      counters.resendRefused += 1;
      return;
    }
    const before = history.absSendTime(sequenceNumber);
    const absSendTime = before < 0 ? absSendTimeOfMs(nowMs) : before;
    if (!this.#send(scratch, 0, payloadType, sequenceNumber, absSendTime)) return;
    if (before < 0) history.put(sequenceNumber, absSendTime);
    counters.resent += 1;
    // Other viewers are served from the same copy.
    scratch.restore(memory, 0);
  }
}
