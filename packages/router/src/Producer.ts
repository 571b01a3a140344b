/**
 * One stream that enters the router: counts it, has its losses repaired, and hands it to its consumers.
 * @module
 */
import {
  absSendTimeOfMs,
  type CodecDescriptor,
  type MediaKind,
  type NtpTime,
  ntpMiddle,
  ntpShortOfMs,
  type ReportBlock,
  type RtpCodec,
  type SenderReport,
  timestampDistance,
  unixMsOfNtp,
} from '@rivero/rtp';
import { descriptorsOf } from './codecDescriptors.ts';
import { FlowDetector } from './FlowDetector.ts';
import { PacketBatch } from './PacketBatch.ts';
import { PacketCache, videoCacheBytes } from './PacketCache.ts';
import type { PacketSink, PacketSource } from './PacketSource.ts';
import type { ProduceParameters, ProducerStats } from './parameters.ts';
import { ReceiveStatistics, SequenceVerdict } from './ReceiveStatistics.ts';
import { hasFeedback, type RepairListener, RepairRequester } from './RepairRequester.ts';
import type { Flushable, RouterContext } from './RouterContext.ts';
import type { SenderClock } from './SenderClock.ts';

/** The session of a producer, as the producer sees it. */
export interface ProducerListener extends RepairListener {
  /** Packets begin to flow. */
  onActivity(nowMs: number): void;
}

/** After this silence of the first SSRC another one may take its place, milliseconds. */
const ssrcTakeoverMs = 1000;

/** Without a sender report the timestamps of arriving packets must do, after this time. Milliseconds. */
const senderReportPatienceMs = 5000;

/** Timestamps that go back further begin a new timeline, as after a seek of a player; B-frames go back less. Milliseconds. */
const newTimelineMs = 500;

// Codecs that come and go inside an audio stream and are not worth an event.
const passingCodecs: ReadonlySet<string> = new Set(['TELEPHONE-EVENT', 'CN']);

/** A producer. Without consumers it only counts and reports: no NACK, no cache, no key-frame requests. */
export class Producer implements PacketSource, Flushable {
  readonly #context: RouterContext;
  readonly #listener: ProducerListener;
  readonly #clock: SenderClock;
  readonly #parameters: ProduceParameters;
  readonly #descriptors: (CodecDescriptor | undefined)[];
  readonly #clockRates = new Int32Array(128);
  readonly #repairs: RepairRequester;
  readonly #audioLevelId: number;
  readonly #sinks: PacketSink[] = [];
  readonly #batch = new PacketBatch();
  readonly #cache: PacketCache | undefined;
  readonly #flow = new FlowDetector();
  #statistics = new ReceiveStatistics();
  #ssrc = 0;
  #dirty = false;
  #isFresh = false;
  #codecName = '';
  #clockRate = 0;
  #packets = 0;
  #bytes = 0;
  #lostBefore = 0;
  #firstMs = -1;
  #lastMs = 0;
  #lastTimestamp = 0;
  #senderReport: { ntp: NtpTime; rtpTimestamp: number; arrivalMs: number } | undefined;

  /** Last REMB sent for this producer, bit/s; 0 before the first. Set by the session. */
  rembBps = 0;

  /** `clock` is shared by all producers of one publisher. */
  constructor(
    parameters: ProduceParameters,
    context: RouterContext,
    clock: SenderClock,
    listener: ProducerListener,
  ) {
    this.#parameters = parameters;
    this.#context = context;
    this.#clock = clock;
    this.#listener = listener;
    this.#descriptors = descriptorsOf(parameters);
    for (const codec of parameters.codecs) this.#clockRates[codec.payloadType] = codec.clockRate;
    const isVideo = parameters.kind === 'video';
    this.#repairs = new RepairRequester(isVideo ? parameters.codecs : [], listener, context.counters);
    this.#cache = isVideo ? new PacketCache(context.memory, context.regions, videoCacheBytes) : undefined;
    this.#audioLevelId = parameters.extensions.audioLevel ?? 0;
  }

  /** Id given to `produce`. */
  get id(): string {
    return this.#parameters.producerId;
  }

  /** Audio or video. */
  get kind(): MediaKind {
    return this.#parameters.kind;
  }

  /** Media section of the stream. */
  get mid(): string {
    return this.#parameters.mid;
  }

  /** Codecs that may arrive. */
  get codecs(): readonly RtpCodec[] {
    return this.#parameters.codecs;
  }

  /** Synchronization source of the stream; before its first packet the first one announced, or 0. */
  get ssrc(): number {
    return this.#ssrc === 0 ? (this.#parameters.ssrcs[0] ?? 0) : this.#ssrc;
  }

  /** Whether packets flow. */
  get flowing(): boolean {
    return this.#flow.flowing;
  }

  /** When `handleTimeout` wants to be called, milliseconds; `Infinity` if there is nothing to wait for. */
  get dueMs(): number {
    return Math.min(this.#flow.dueMs, this.#repairs.dueMs);
  }

  /** Whether a REMB means something to the publisher. */
  get usesRemb(): boolean {
    return this.kind === 'video' && hasFeedback(this.#parameters.codecs, 'goog-remb');
  }

  /** Packets received since the beginning. */
  get packetsReceived(): number {
    return this.#packets;
  }

  /** Bytes of payload received since the beginning. */
  get bytesReceived(): number {
    return this.#bytes;
  }

  /** Bytes of packet memory held. */
  get memoryBytes(): number {
    return this.#cache?.memoryBytes ?? 0;
  }

  /** The smallest bitrate that any of its consumers can take, bit/s; 0 if nothing limits it. */
  get downstreamBps(): number {
    let smallest = 0;
    for (const { availableBps } of this.#sinks) {
      if (availableBps > 0 && (smallest === 0 || availableBps < smallest)) smallest = availableBps;
    }
    return smallest;
  }

  /** Takes a decrypted packet of SSRC `ssrc`, whose header was accepted. It must stay in place until the flush. */
  receive(at: number, length: number, headerLength: number, ssrc: number, nowMs: number): void {
    const { memory, counters } = this.#context;
    const payloadType = memory.view.getUint8(at + 1) & 0x7f;
    const codec = this.#descriptors[payloadType];
    if (codec === undefined) {
      counters.unknownPayloadType += 1;
      return;
    }
    if (ssrc !== this.#ssrc && !this.#takeOver(ssrc, nowMs)) {
      counters.secondSsrc += 1;
      return;
    }
    const sequenceNumber = memory.view.getUint16(at + 2);
    const timestamp = memory.view.getUint32(at + 4);
    const clockRate = this.#clockRates[payloadType] ?? 0;
    const isFirst = this.#statistics.packetsReceived === 0;
    const previous = this.#statistics.highest;
    const verdict = this.#statistics.record(sequenceNumber, timestamp, clockRate, nowMs);
    if (!this.#isWanted(verdict)) return;
    if (this.#beginsAnew(verdict, timestamp, clockRate)) this.#startOver(nowMs);
    this.#packets += 1;
    this.#bytes += length - headerLength;
    if (verdict === SequenceVerdict.late) this.#repairs.received(sequenceNumber, nowMs);
    else this.#noteNewest(codec.name, clockRate, timestamp, nowMs);
    if (this.#flow.packets(nowMs)) this.#flowStarted(nowMs);
    if (this.#sinks.length === 0) {
      this.#isFresh = false;
      return;
    }
    if (verdict === SequenceVerdict.newest && !isFirst) {
      this.#repairs.advance(ssrc, previous, sequenceNumber, nowMs);
    }
    this.#keep(at, length, headerLength, codec, nowMs);
  }

  /** Forwards what was received since the last flush to every consumer in turn. */
  flush(nowMs: number, absSendTime: number): void {
    this.#dirty = false;
    this.#forward(nowMs, absSendTime);
  }

  /** Does what is due: NACKs, key-frame requests, the flow check. */
  handleTimeout(nowMs: number): void {
    if (this.#flow.check(nowMs)) this.#context.listener.onProducerFlow(this.id, false, this.#codecName);
    this.#repairs.handleTimeout(this.ssrc, nowMs);
  }

  /** Takes the publisher's sender report. */
  receiveSenderReport(report: SenderReport, nowMs: number): void {
    this.#senderReport = { ntp: report.ntp, rtpTimestamp: report.rtpTimestamp, arrivalMs: nowMs };
    this.#clock.report(unixMsOfNtp(report.ntp), nowMs);
  }

  /** Ends a report interval; its report block, or undefined before the first packet. RFC 3550 section 6.4.1. */
  reportBlock(nowMs: number): ReportBlock | undefined {
    if (this.#packets === 0) return undefined;
    this.#statistics.interval();
    const last = this.#senderReport;
    return {
      ssrc: this.#ssrc,
      fractionLost: this.#statistics.fractionLost,
      packetsLost: this.#packetsLost(),
      highestSequenceNumber: this.#statistics.extendedHighest,
      jitter: Math.floor(this.#statistics.jitter),
      lastSenderReport: last === undefined ? 0 : ntpMiddle(last.ntp),
      delaySinceLastSenderReport: last === undefined ? 0 : ntpShortOfMs(nowMs - last.arrivalMs),
    };
  }

  /** See `PacketSource.attach`. */
  attach(sink: PacketSink): void {
    if (!this.#sinks.includes(sink)) this.#sinks.push(sink);
  }

  /** See `PacketSource.detach`. Without consumers the cache gives its memory back. */
  detach(sink: PacketSink): void {
    const index = this.#sinks.indexOf(sink);
    if (index < 0) return;
    this.#sinks.splice(index, 1);
    if (this.#sinks.length === 0) this.#rest();
  }

  /** See `PacketSource.requestKeyFrame`. Nothing happens while the SSRC is unknown: a stream starts with a key frame. */
  requestKeyFrame(nowMs: number): void {
    if (this.ssrc !== 0 && this.#sinks.length > 0) this.#repairs.requestKeyFrame(this.ssrc, nowMs);
  }

  /** See `PacketSource.load`. */
  load(sequenceNumber: number, into: PacketBatch): boolean {
    const slot = this.#cache?.find(sequenceNumber) ?? -1;
    if (this.#cache === undefined || slot < 0) return false;
    const at = this.#cache.at(slot);
    const codec = this.#descriptors[this.#context.memory.view.getUint8(at + 1) & 0x7f];
    if (codec === undefined) return false;
    into.clear();
    into.add(
      this.#context.memory,
      at,
      this.#cache.length(slot),
      this.#cache.headerLength(slot),
      codec,
      this.#audioLevelId,
    );
    return true;
  }

  /** See `PacketSource.timestampAt`. */
  timestampAt(nowMs: number): number | undefined {
    const senderMs = this.#clock.at(nowMs);
    if (this.#senderReport !== undefined && senderMs !== undefined) {
      const elapsedMs = senderMs - unixMsOfNtp(this.#senderReport.ntp);
      return this.#senderReport.rtpTimestamp + Math.round((elapsedMs * this.#clockRate) / 1000);
    }
    if (this.#firstMs < 0 || nowMs - this.#firstMs < senderReportPatienceMs) return undefined;
    return this.#lastTimestamp + Math.round(((nowMs - this.#lastMs) * this.#clockRate) / 1000);
  }

  /** Counters for `getStats`. */
  stats(): ProducerStats {
    return {
      producerId: this.id,
      kind: this.kind,
      ssrc: this.ssrc,
      packetsReceived: this.#packets,
      bytesReceived: this.#bytes,
      packetsLost: this.#packetsLost(),
      fractionLost: this.#statistics.fractionLost / 256,
      jitterSeconds: this.#clockRate === 0 ? 0 : this.#statistics.jitter / this.#clockRate,
      nackCount: this.#repairs.nackCount,
      pliCount: this.#repairs.pliCount,
      firCount: this.#repairs.firCount,
      rembBps: this.rembBps,
    };
  }

  /** Ends the stream: its consumers are told, its memory is given back. */
  close(): void {
    for (const sink of this.#sinks.splice(0)) sink.sourceClosed(this);
    this.#rest();
  }

  #packetsLost(): number {
    return this.#lostBefore + this.#statistics.packetsLost;
  }

  /** Whether the stream now has SSRC `ssrc`. */
  #takeOver(ssrc: number, nowMs: number): boolean {
    const isFirst = this.#ssrc === 0;
    if (!isFirst && nowMs - this.#lastMs < ssrcTakeoverMs) return false;
    this.#ssrc = ssrc;
    if (isFirst) return true;
    this.#lostBefore += this.#statistics.packetsLost;
    this.#statistics = new ReceiveStatistics();
    this.#startOver(nowMs);
    return true;
  }

  #isWanted(verdict: number): boolean {
    const { counters } = this.#context;
    if (verdict === SequenceVerdict.duplicate) counters.duplicate += 1;
    if (verdict === SequenceVerdict.stray) counters.stray += 1;
    return verdict !== SequenceVerdict.duplicate && verdict !== SequenceVerdict.stray;
  }

  /** Whether the sender started over, or the newest packet lies so far before the last one that it is on a new timeline. */
  #beginsAnew(verdict: number, timestamp: number, clockRate: number): boolean {
    if (verdict === SequenceVerdict.newest) {
      if (this.#firstMs < 0 || clockRate !== this.#clockRate) return false;
      if (timestampDistance(timestamp, this.#lastTimestamp) * 1000 >= -newTimelineMs * clockRate)
        return false;
    } else if (verdict !== SequenceVerdict.restart) return false;
    this.#context.counters.restart += 1;
    return true;
  }

  /** Sequence numbers or timestamps begin anew with the packet that just arrived. */
  #startOver(nowMs: number): void {
    this.#forward(nowMs, absSendTimeOfMs(nowMs));
    // It was about timestamps that nobody sends any more.
    this.#senderReport = undefined;
    this.#firstMs = -1;
    this.#repairs.clear();
    this.#cache?.clear();
    for (const sink of this.#sinks) sink.sourceRestarted(this);
    this.#isFresh = true;
  }

  #noteNewest(codecName: string, clockRate: number, timestamp: number, nowMs: number): void {
    if (this.#firstMs < 0) this.#firstMs = nowMs;
    this.#lastMs = nowMs;
    // An event has the timestamp at which it began (RFC 4733 section 2.2.1), however long it lasts.
    if (passingCodecs.has(codecName) && this.#codecName !== '') return;
    this.#lastTimestamp = timestamp;
    if (codecName === this.#codecName) return;
    this.#codecName = codecName;
    this.#clockRate = clockRate;
    if (this.#flow.flowing) this.#context.listener.onProducerFlow(this.id, true, codecName);
  }

  /** Puts the packet into cache and batch. */
  #keep(at: number, length: number, headerLength: number, codec: CodecDescriptor, nowMs: number): void {
    const { memory, counters } = this.#context;
    const i = this.#batch.add(memory, at, length, headerLength, codec, this.#audioLevelId);
    const sequenceNumber = this.#batch.sequenceNumber[i] ?? 0;
    if (this.#cache?.store(sequenceNumber, at, length, headerLength) === false) counters.cacheFull += 1;
    if (this.#batch.isKeyFrame[i] === 1) this.#repairs.keyFrameReceived();
    // Whoever waits for this stream need not wait for the publisher's next regular key frame.
    else if (this.#isFresh) this.requestKeyFrame(nowMs);
    this.#isFresh = false;
    if (this.#batch.isFull) {
      this.#forward(nowMs, absSendTimeOfMs(nowMs));
    } else if (!this.#dirty) {
      this.#dirty = true;
      this.#context.markDirty(this);
    }
  }

  #forward(nowMs: number, absSendTime: number): void {
    if (this.#batch.count === 0) return;
    for (const sink of this.#sinks) sink.forward(this, this.#batch, nowMs, absSendTime);
    this.#batch.clear();
  }

  #flowStarted(nowMs: number): void {
    this.#context.listener.onProducerFlow(this.id, true, this.#codecName);
    this.#listener.onActivity(nowMs);
    this.#listener.onDeadline(this.#flow.dueMs);
    this.#isFresh = true;
  }

  /** Nobody listens: everything that serves only listeners ends. */
  #rest(): void {
    this.#batch.clear();
    this.#cache?.clear();
    this.#repairs.clear();
  }
}
