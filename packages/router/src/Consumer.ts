/**
 * One stream that leaves the router: rewrites its producer's packets for one viewer, and repairs what the viewer lost.
 * @module
 */
import { type MediaKind, ntpOfUnixMs, type ReportBlock, type SenderReport } from '@rivero/rtp';
import { ConsumerStream } from './ConsumerStream.ts';
import { FlowDetector } from './FlowDetector.ts';
import type { PacketBatch } from './PacketBatch.ts';
import type { PacketSink, PacketSource } from './PacketSource.ts';
import { payloadTypeMap } from './payloadTypeMap.ts';
import type { BandwidthLimits, ConsumeParameters, ConsumerStats } from './parameters.ts';
import { RateMeter } from './RateMeter.ts';
import { rembDefaults } from './RembController.ts';
import { hasFeedback } from './RepairRequester.ts';
import type { RouterContext } from './RouterContext.ts';
import type { RtpOutlet } from './RtpOutlet.ts';
import { ViewerFeedback } from './ViewerFeedback.ts';

/** The session of a consumer, as the consumer sees it. */
export interface ConsumerListener {
  /** Limits of the session, bit/s. */
  readonly bandwidth: BandwidthLimits;
  /** `handleTimeout` wants to be called at `dueMs` at the latest. */
  onDeadline(dueMs: number): void;
  /** Packets begin to flow. */
  onActivity(nowMs: number): void;
}

/** While the new source has not sent a key frame the old one goes on, at most this long. Milliseconds. */
const switchPatienceMs = 2000;

// How long a round trip takes before the viewer's first report.
const assumedRoundTripMs = 50;

/** A source with the payload types under which its packets go out; -1 for those that the viewer does not know. */
interface Link {
  readonly source: PacketSource;
  readonly payloadTypes: Int8Array;
  readonly sinceMs: number;
}

/**
 * A consumer. It forwards from `#current`; after a switch `#next` waits for a key frame and then takes over.
 * While it is not active (no keys, or paused) it is detached from both, so that it costs nothing.
 */
export class Consumer implements PacketSink {
  readonly #context: RouterContext;
  readonly #listener: ConsumerListener;
  readonly #parameters: ConsumeParameters;
  readonly #stream: ConsumerStream;
  readonly #feedback = new ViewerFeedback();
  readonly #flow = new FlowDetector();
  readonly #rate = new RateMeter();
  readonly #usesRemb: boolean;
  #current: Link | undefined;
  #next: Link | undefined;
  #synchronized = false;
  #ready = false;
  #paused = false;

  /** Opens its stream at `outlet`. */
  constructor(
    parameters: ConsumeParameters,
    outlet: RtpOutlet,
    context: RouterContext,
    listener: ConsumerListener,
  ) {
    this.#parameters = parameters;
    this.#context = context;
    this.#listener = listener;
    this.#stream = new ConsumerStream(parameters, outlet, context);
    this.#usesRemb = parameters.kind === 'video' && hasFeedback(parameters.codecs, 'goog-remb');
  }

  /** Id given to `consume`. */
  get id(): string {
    return this.#parameters.consumerId;
  }

  /** Audio or video. */
  get kind(): MediaKind {
    return this.#parameters.kind;
  }

  /** Our synchronization source. */
  get ssrc(): number {
    return this.#parameters.ssrc;
  }

  /** Canonical name for SDES. */
  get cname(): string {
    return this.#parameters.cname;
  }

  /** Whether packets flow. */
  get flowing(): boolean {
    return this.#flow.flowing;
  }

  /** When `handleTimeout` wants to be called, milliseconds; `Infinity` if there is nothing to wait for. */
  get dueMs(): number {
    const switchMs =
      this.#next === undefined ? Number.POSITIVE_INFINITY : this.#next.sinceMs + switchPatienceMs;
    return Math.min(this.#flow.dueMs, switchMs);
  }

  /** See `PacketSink.availableBps`: the viewer's REMB, or what is assumed before the first, within the limits. */
  get availableBps(): number {
    if (this.kind !== 'video') return 0;
    const { minVideoSendBps, maxVideoSendBps, remb } = this.#listener.bandwidth;
    if (!this.#usesRemb) return maxVideoSendBps;
    const assumedBps = remb?.rembOnConnect ?? rembDefaults.rembOnConnect;
    const wishedBps = this.#feedback.rembBps > 0 ? this.#feedback.rembBps : assumedBps;
    if (wishedBps === 0) return maxVideoSendBps;
    const raisedBps = Math.max(wishedBps, minVideoSendBps);
    return maxVideoSendBps > 0 ? Math.min(raisedBps, maxVideoSendBps) : raisedBps;
  }

  /** Joins the stream to `source`, or to none. With video the old source goes on until the new one's key frame. */
  link(source: PacketSource | undefined, nowMs: number): void {
    if (source !== undefined && source === this.#next?.source) return;
    this.#detach(this.#next);
    this.#next = undefined;
    if (source === this.#current?.source) return;
    if (source === undefined) this.#replaceCurrent(undefined);
    else this.#linkTo(source, nowMs);
  }

  /** Keys exist now: from here on packets can be sent. */
  setReady(nowMs: number): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#activate(nowMs);
  }

  /** Stops forwarding until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#synchronized = false;
    this.#detach(this.#current);
    this.#detach(this.#next);
  }

  /** Forwards again, from the next key frame on. */
  resume(nowMs: number): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#activate(nowMs);
  }

  /** Asks its source for a key frame; the one that is waited for, if there are two. */
  requestKeyFrame(nowMs: number): void {
    (this.#next ?? this.#current)?.source.requestKeyFrame(nowMs);
  }

  /** See `PacketSink.forward`. */
  forward(source: PacketSource, batch: PacketBatch, nowMs: number, absSendTime: number): void {
    let first = 0;
    if (!this.#synchronized || source !== this.#current?.source) {
      first = this.#synchronize(source, batch, nowMs);
      if (first < 0) return;
    }
    const payloadTypes = this.#current?.payloadTypes;
    if (payloadTypes === undefined) return;
    const bytesBefore = this.#stream.bytesSent;
    this.#stream.forward(batch, first, payloadTypes, nowMs, absSendTime);
    const bytes = this.#stream.bytesSent - bytesBefore;
    if (bytes > 0) this.#noteSent(bytes, nowMs);
  }

  /** See `PacketSink.sourceRestarted`. */
  sourceRestarted(source: PacketSource): void {
    if (source === this.#current?.source) this.#synchronized = false;
  }

  /** See `PacketSink.sourceClosed`. */
  sourceClosed(source: PacketSource): void {
    if (source === this.#next?.source) this.#next = undefined;
    if (source === this.#current?.source) this.#replaceCurrent(undefined);
  }

  /** Sends again what the viewer misses. Numbers are ours. RFC 4585 section 6.2.1. */
  receiveNack(sequenceNumbers: readonly number[], nowMs: number): void {
    this.#feedback.nackCount += 1;
    if (this.#current === undefined || !this.#synchronized || !this.#isActive) return;
    const { source, payloadTypes } = this.#current;
    const bytesBefore = this.#stream.bytesSent;
    const roundTripMs = this.#feedback.roundTripMs || assumedRoundTripMs;
    this.#stream.resend(sequenceNumbers, source, payloadTypes, roundTripMs, nowMs);
    this.#rate.add(this.#stream.bytesSent - bytesBefore, nowMs);
  }

  /** The viewer lost its picture. RFC 4585 section 6.3.1. */
  receivePli(nowMs: number): void {
    this.#feedback.pliCount += 1;
    this.requestKeyFrame(nowMs);
  }

  /** The viewer wants a key frame. RFC 5104 section 4.3.1. */
  receiveFir(nowMs: number): void {
    this.#feedback.firCount += 1;
    this.requestKeyFrame(nowMs);
  }

  /** What the viewer says it can take, bit/s. */
  receiveRemb(bitrateBps: number): void {
    this.#feedback.receiveRemb(bitrateBps);
  }

  /** The viewer's report on this stream. RFC 3550 section 6.4.1. */
  receiveReport(report: ReportBlock, nowMs: number): void {
    this.#feedback.receiveReport(report, nowMs);
  }

  /** Its sender report, or undefined while nothing flows or the source's clock is unknown. RFC 3550 section 6.4.1. */
  senderReport(nowMs: number, reports: readonly ReportBlock[]): SenderReport | undefined {
    if (!this.#flow.flowing || !this.#synchronized) return undefined;
    const timestamp = this.#current?.source.timestampAt(nowMs);
    if (timestamp === undefined) return undefined;
    return {
      type: 'senderReport',
      ssrc: this.ssrc,
      ntp: ntpOfUnixMs(nowMs),
      rtpTimestamp: this.#stream.timestamp(timestamp),
      packetCount: this.#stream.packetsSent >>> 0,
      octetCount: this.#stream.bytesSent >>> 0,
      reports,
    };
  }

  /** Does what is due: the flow check, the end of a switch that takes too long. */
  handleTimeout(nowMs: number): void {
    if (this.#flow.check(nowMs)) this.#context.listener.onConsumerFlow(this.id, false);
    if (this.#next === undefined || nowMs < this.#next.sinceMs + switchPatienceMs) return;
    const next = this.#next;
    this.#next = undefined;
    this.#replaceCurrent(next);
  }

  /** Counters for `getStats`. */
  stats(nowMs: number): ConsumerStats {
    return {
      consumerId: this.id,
      kind: this.kind,
      ssrc: this.ssrc,
      packetsSent: this.#stream.packetsSent,
      bytesSent: this.#stream.bytesSent,
      packetsLost: this.#feedback.packetsLost,
      fractionLost: this.#feedback.fractionLost,
      roundTripTimeSeconds: this.#feedback.roundTripMs / 1000,
      nackCount: this.#feedback.nackCount,
      pliCount: this.#feedback.pliCount,
      firCount: this.#feedback.firCount,
      rembBps: this.#feedback.rembBps,
      targetBitrateBps: this.#rate.bitrateBps(nowMs),
    };
  }

  /** Ends the stream. The session says BYE. */
  close(): void {
    this.#detach(this.#next);
    this.#next = undefined;
    this.#replaceCurrent(undefined);
    this.#stream.close();
  }

  get #isActive(): boolean {
    return this.#ready && !this.#paused;
  }

  #linkTo(source: PacketSource, nowMs: number): void {
    const payloadTypes = payloadTypeMap(source.codecs, this.#parameters.codecs);
    const link: Link = { source, payloadTypes, sinceMs: nowMs };
    if (this.#isActive && this.#synchronized && this.kind === 'video') {
      this.#next = link;
      this.#listener.onDeadline(this.dueMs);
    } else {
      this.#replaceCurrent(link);
    }
    if (this.#isActive) this.#attach(link, nowMs);
  }

  #replaceCurrent(link: Link | undefined): void {
    this.#detach(this.#current);
    this.#current = link;
    this.#synchronized = false;
  }

  #activate(nowMs: number): void {
    if (!this.#isActive) return;
    if (this.#current !== undefined) this.#attach(this.#current, nowMs);
    if (this.#next !== undefined) this.#attach(this.#next, nowMs);
  }

  #attach(link: Link, nowMs: number): void {
    link.source.attach(this);
    if (this.kind === 'video') link.source.requestKeyFrame(nowMs);
  }

  #detach(link: Link | undefined): void {
    link?.source.detach(this);
  }

  /** Index of the first packet of `batch` with which the viewer can start, or -1. From it on `source` is current. */
  #synchronize(source: PacketSource, batch: PacketBatch, nowMs: number): number {
    const isNext = source === this.#next?.source;
    const link = isNext ? this.#next : this.#current;
    if (link === undefined || link.source !== source) return -1;
    const first = firstKeyFrame(batch, link.payloadTypes);
    if (first < 0) return -1;
    if (isNext) {
      this.#next = undefined;
      this.#replaceCurrent(link);
    }
    const clockRate = clockRateOf(source, batch.payloadType[first] ?? 0);
    this.#stream.start(batch, first, clockRate, nowMs);
    this.#synchronized = true;
    return first;
  }

  #noteSent(sizeBytes: number, nowMs: number): void {
    this.#rate.add(sizeBytes, nowMs);
    if (!this.#flow.packets(nowMs)) return;
    this.#context.listener.onConsumerFlow(this.id, true);
    this.#listener.onActivity(nowMs);
    this.#listener.onDeadline(this.#flow.dueMs);
  }
}

/** Index of the first packet that starts a key frame of a codec the viewer knows, or -1. Audio: any such packet. */
function firstKeyFrame(batch: PacketBatch, payloadTypes: Int8Array): number {
  for (let i = 0; i < batch.count; i++) {
    if (batch.isKeyFrame[i] === 1 && (payloadTypes[batch.payloadType[i] ?? 0] ?? -1) >= 0) return i;
  }
  return -1;
}

function clockRateOf(source: PacketSource, payloadType: number): number {
  return source.codecs.find((codec) => codec.payloadType === payloadType)?.clockRate ?? 0;
}
