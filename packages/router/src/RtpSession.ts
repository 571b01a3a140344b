/**
 * The RTP side of one transport: its producers, its consumers, and the RTCP between them and the remote.
 * @module
 */
import { parseRtcp, type ReportBlock, type RtcpPacket, rtpHeaderLength, serializeRtcp } from '@rivero/rtp';
import { Consumer, type ConsumerListener } from './Consumer.ts';
import { MediaStateDetector } from './MediaStateDetector.ts';
import { Producer, type ProducerListener } from './Producer.ts';
import {
  type BandwidthLimits,
  type ConsumeParameters,
  defaultBandwidthLimits,
  type ProduceParameters,
  type SessionStats,
} from './parameters.ts';
import { randomBits, type RouterContext } from './RouterContext.ts';
import type { RtpOutlet } from './RtpOutlet.ts';
import { SenderClock } from './SenderClock.ts';
import { minReportIntervalMs, type Reporter, SessionReports, sourceDescription } from './SessionReports.ts';
import { SsrcTable } from './SsrcTable.ts';

/** The router of a session, as the session sees it. */
export interface SessionListener {
  /** `handleTimeout` wants to be called at `dueMs` at the latest. */
  onDeadline(dueMs: number): void;
  /** Refuses the id of a new producer or consumer. @throws {RangeError} if it is taken. */
  assertNewId(id: string): void;
  /** The session has a new producer, findable by its id. */
  onProducer(producer: Producer): void;
  /** The session has a new consumer, findable by its id. */
  onConsumer(consumer: Consumer): void;
  /** The producer or consumer is closed. */
  onClosed(part: Producer | Consumer): void;
  /** The session is closed, with everything in it. */
  onSessionClosed(session: RtpSession): void;
}

/** A session. Get one from `Router.openSession`. */
export class RtpSession implements ProducerListener, ConsumerListener {
  readonly #id: string;
  readonly #outlet: RtpOutlet;
  readonly #context: RouterContext;
  readonly #listener: SessionListener;
  readonly #producers = new SsrcTable<Producer>();
  readonly #producersById = new Map<string, Producer>();
  readonly #consumers: Consumer[] = [];
  readonly #clock = new SenderClock();
  readonly #mediaState = new MediaStateDetector();
  readonly #reports = new SessionReports();
  readonly #reporter: Reporter;
  readonly #endedSsrcs = new Set<number>();
  #bandwidth = defaultBandwidthLimits;
  #ready = false;
  #closed = false;
  #reportMs = Number.POSITIVE_INFINITY;
  #deadlineMs = Number.POSITIVE_INFINITY;

  /** For the router. */
  constructor(id: string, outlet: RtpOutlet, context: RouterContext, listener: SessionListener) {
    this.#id = id;
    this.#outlet = outlet;
    this.#context = context;
    this.#listener = listener;
    const { random } = context;
    this.#reporter = { ssrc: randomBits(random, 32), cname: randomBits(random, 32).toString(36) };
  }

  /** Id given to `openSession`. */
  get id(): string {
    return this.#id;
  }

  /** See `RepairListener.localSsrc`: that of the first consumer, else one that nobody sends with. */
  get localSsrc(): number {
    return this.#consumers[0]?.ssrc ?? this.#reporter.ssrc;
  }

  /** See `ConsumerListener.bandwidth`. */
  get bandwidth(): BandwidthLimits {
    return this.#bandwidth;
  }

  /** When `handleTimeout` wants to be called, milliseconds; `Infinity` if there is nothing to wait for. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Bytes of packet memory held. */
  get memoryBytes(): number {
    let bytes = 0;
    for (const producer of this.#producersById.values()) bytes += producer.memoryBytes;
    return bytes;
  }

  /** Lets a stream in. @throws {TypeError} if the session is closed. @throws {RangeError} if the id is taken. */
  produce(parameters: ProduceParameters): void {
    this.#assertOpen();
    this.#listener.assertNewId(parameters.producerId);
    const producer = new Producer(parameters, this.#context, this.#clock, this);
    this.#listener.onProducer(producer);
    this.#producers.add(parameters, producer);
    this.#producersById.set(parameters.producerId, producer);
  }

  /**
   * Prepares a stream to the remote; `Router.link` joins it to a producer.
   * @throws {TypeError} if the session is closed. @throws {RangeError} if the id is taken.
   */
  consume(parameters: ConsumeParameters, nowMs: number): void {
    this.#assertOpen();
    this.#listener.assertNewId(parameters.consumerId);
    const consumer = new Consumer(parameters, this.#outlet, this.#context, this);
    this.#listener.onConsumer(consumer);
    this.#consumers.push(consumer);
    if (this.#ready) consumer.setReady(nowMs);
  }

  /** Ends a producer; its consumers fall silent. Unknown ids are ignored. */
  closeProducer(producerId: string): void {
    const producer = this.#producersById.get(producerId);
    if (producer === undefined) return;
    this.#producersById.delete(producerId);
    this.#producers.remove(producer);
    producer.close();
    this.#listener.onClosed(producer);
  }

  /** Ends a consumer and says BYE for it. Unknown ids are ignored. */
  closeConsumer(consumerId: string): void {
    const index = this.#consumers.findIndex(({ id }) => id === consumerId);
    const [consumer] = index < 0 ? [] : this.#consumers.splice(index, 1);
    if (consumer === undefined) return;
    consumer.close();
    this.#listener.onClosed(consumer);
    this.#sendGoodbye([consumer]);
  }

  /** Stops forwarding to a consumer until `resumeConsumer`; it then costs nothing. Unknown ids are ignored. */
  pauseConsumer(consumerId: string): void {
    this.#consumers.find(({ id }) => id === consumerId)?.pause();
  }

  /** Forwards to it again; video starts at the next key frame, which is asked for. Unknown ids are ignored. */
  resumeConsumer(consumerId: string, nowMs: number): void {
    this.#consumers.find(({ id }) => id === consumerId)?.resume(nowMs);
  }

  /** Sets the limits. The REMB settings count only if they come before the first media. */
  setBandwidth(limits: BandwidthLimits): void {
    this.#bandwidth = limits;
    const started = [...this.#producersById.values()].some(({ packetsReceived }) => packetsReceived > 0);
    if (!started) this.#reports.configure(limits);
  }

  /** The outlet has keys now. Consumers forward nothing before. */
  outletReady(nowMs: number): void {
    this.#ready = true;
    for (const consumer of this.#consumers) consumer.setReady(nowMs);
  }

  /**
   * Takes the decrypted RTP packet of `length` bytes at `at`, which must stay in place until the next flush of the
   * router. `headerLength` is that of `rtpHeaderLength`; hand in -1 if it is not known yet.
   */
  receiveRtp(at: number, length: number, headerLength: number, nowMs: number): void {
    const { memory, counters } = this.#context;
    const header = headerLength < 0 ? rtpHeaderLength(memory, at, length) : headerLength;
    if (header < 0) {
      counters.malformedRtp += 1;
      return;
    }
    this.#mediaState.heard(nowMs);
    const ssrc = memory.view.getUint32(at + 8);
    const producer = this.#producers.find(memory, at, header, ssrc);
    if (producer === undefined) counters.unknownSsrc += 1;
    else producer.receive(at, length, header, ssrc, nowMs);
  }

  /** Takes a decrypted compound RTCP packet; it need not stay in place. */
  receiveRtcp(at: number, length: number, nowMs: number): void {
    const packets = parseRtcp(this.#context.memory, at, length);
    if (packets.length === 0) {
      this.#context.counters.malformedRtcp += 1;
      return;
    }
    const isGoodbye = packets.some(({ type }) => type === 'goodbye');
    if (!isGoodbye && this.#mediaState.report(nowMs)) {
      this.#context.listener.onMediaState(this.#id, true);
      this.onDeadline(this.#mediaState.dueMs);
    }
    for (const packet of packets) this.#receive(packet, nowMs);
  }

  /** See `RepairListener.onFeedback`. RFC 4585 section 3.1: behind an empty report and the names. */
  onFeedback(packet: RtcpPacket): void {
    const reporter = { ...this.#reporter, ssrc: this.localSsrc };
    this.#outlet.sendRtcp(serializeRtcp(reporter.ssrc, [this.#names(), packet]));
  }

  /** See `RepairListener.onDeadline`. */
  onDeadline(dueMs: number): void {
    if (dueMs >= this.#deadlineMs) return;
    this.#deadlineMs = dueMs;
    this.#listener.onDeadline(dueMs);
  }

  /** See `ProducerListener.onActivity`: reports begin. */
  onActivity(nowMs: number): void {
    this.#reports.start(nowMs, this.#producersById.values());
    if (this.#reportMs === Number.POSITIVE_INFINITY) this.#scheduleReport(nowMs);
  }

  /** Does what is due. */
  handleTimeout(nowMs: number): void {
    if (nowMs < this.#deadlineMs) return;
    for (const producer of this.#producersById.values()) producer.handleTimeout(nowMs);
    for (const consumer of this.#consumers) consumer.handleTimeout(nowMs);
    if (this.#mediaState.check(nowMs)) this.#context.listener.onMediaState(this.#id, false);
    if (this.#reportMs <= nowMs) this.#sendReports(nowMs);
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.onDeadline(this.#earliest());
  }

  /** Statistics of all its streams. */
  stats(nowMs: number): SessionStats {
    return {
      producers: [...this.#producersById.values()].map((producer) => producer.stats()),
      consumers: this.#consumers.map((consumer) => consumer.stats(nowMs)),
    };
  }

  /** Ends all its streams and says BYE. Closing twice is harmless. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const producerId of this.#producersById.keys()) this.closeProducer(producerId);
    const consumers = this.#consumers.splice(0);
    for (const consumer of consumers) {
      consumer.close();
      this.#listener.onClosed(consumer);
    }
    this.#sendGoodbye(consumers);
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#listener.onSessionClosed(this);
  }

  #assertOpen(): void {
    if (this.#closed) throw new TypeError(`Session '${this.#id}' is closed`);
  }

  #names(): RtcpPacket {
    return sourceDescription({ ...this.#reporter, ssrc: this.localSsrc }, this.#consumers);
  }

  #receive(packet: RtcpPacket, nowMs: number): void {
    switch (packet.type) {
      case 'senderReport':
        this.#producers.bySsrc(packet.ssrc)?.receiveSenderReport(packet, nowMs);
        this.#receiveReports(packet.reports, nowMs);
        break;
      case 'receiverReport':
        this.#receiveReports(packet.reports, nowMs);
        break;
      case 'goodbye':
        this.#receiveGoodbye(packet.ssrcs);
        break;
      case 'sourceDescription':
        break;
      default:
        this.#receiveFeedback(packet, nowMs);
    }
  }

  #receiveFeedback(packet: RtcpPacket, nowMs: number): void {
    switch (packet.type) {
      case 'nack':
        this.#consumer(packet.mediaSsrc)?.receiveNack(packet.sequenceNumbers, nowMs);
        break;
      case 'pli':
        this.#consumer(packet.mediaSsrc)?.receivePli(nowMs);
        break;
      case 'fir':
        for (const { ssrc } of packet.entries) this.#consumer(ssrc)?.receiveFir(nowMs);
        break;
      case 'remb':
        this.#receiveRemb(packet.bitrateBps, packet.ssrcs);
        break;
    }
  }

  #consumer(ssrc: number): Consumer | undefined {
    return this.#consumers.find((consumer) => consumer.ssrc === ssrc);
  }

  #receiveReports(reports: readonly ReportBlock[], nowMs: number): void {
    for (const report of reports) this.#consumer(report.ssrc)?.receiveReport(report, nowMs);
  }

  /** A REMB that names no stream of ours is meant for all of them. */
  #receiveRemb(bitrateBps: number, ssrcs: readonly number[]): void {
    const named = this.#consumers.filter(({ ssrc }) => ssrcs.includes(ssrc));
    for (const consumer of named.length > 0 ? named : this.#consumers) consumer.receiveRemb(bitrateBps);
  }

  /** The remote is gone when all that it sent has ended; a viewer that sends nothing is gone with its first BYE. */
  #receiveGoodbye(ssrcs: readonly number[]): void {
    const sending = [...this.#producersById.values()].filter(({ packetsReceived }) => packetsReceived > 0);
    for (const { ssrc } of sending) if (ssrcs.includes(ssrc)) this.#endedSsrcs.add(ssrc);
    if (!sending.every(({ ssrc }) => this.#endedSsrcs.has(ssrc))) return;
    this.#endedSsrcs.clear();
    if (this.#mediaState.goodbye()) this.#context.listener.onMediaState(this.#id, false);
  }

  #sendGoodbye(consumers: readonly Consumer[]): void {
    if (consumers.length === 0 || !this.#ready) return;
    const names = sourceDescription(this.#reporter, consumers);
    const ssrcs = consumers.map(({ ssrc }) => ssrc);
    this.#outlet.sendRtcp(serializeRtcp(this.#reporter.ssrc, [names, { type: 'goodbye', ssrcs }]));
  }

  /** RFC 3550 section 6.2: reports at random times, so that a thousand sessions do not speak at once. */
  #scheduleReport(nowMs: number): void {
    this.#reportMs = nowMs + minReportIntervalMs * (1 + this.#context.random());
    this.onDeadline(this.#reportMs);
  }

  /** Reports go on as long as anything flows; the next flow starts them again. */
  #sendReports(nowMs: number): void {
    const producers = [...this.#producersById.values()];
    const reporter = { ...this.#reporter, ssrc: this.localSsrc };
    const packets = this.#reports.build(nowMs, reporter, producers, this.#consumers, this.#bandwidth);
    if (packets.length > 0) this.#outlet.sendRtcp(serializeRtcp(reporter.ssrc, packets));
    const flowing = producers.some((part) => part.flowing) || this.#consumers.some((part) => part.flowing);
    this.#reportMs = Number.POSITIVE_INFINITY;
    if (flowing) this.#scheduleReport(nowMs);
  }

  #earliest(): number {
    let dueMs = Math.min(this.#reportMs, this.#mediaState.dueMs);
    for (const producer of this.#producersById.values()) dueMs = Math.min(dueMs, producer.dueMs);
    for (const consumer of this.#consumers) dueMs = Math.min(dueMs, consumer.dueMs);
    return dueMs;
  }
}
