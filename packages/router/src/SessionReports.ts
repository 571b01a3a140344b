/**
 * Builds the regular RTCP of one session: one compound with sender and receiver reports, names and REMB.
 * RFC 3550 section 6.1.
 * @module
 */
import type { ReportBlock, RtcpPacket, SourceDescription } from '@rivero/rtp';
import type { Consumer } from './Consumer.ts';
import type { Producer } from './Producer.ts';
import type { BandwidthLimits } from './parameters.ts';
import { RembController } from './RembController.ts';

/** Time between two reports, milliseconds, before chance adds up to as much again: 500 to 1000 ms. */
export const minReportIntervalMs = 500;

/** Who reports: our SSRC when no consumer is there to report, and its name. */
export interface Reporter {
  /** SSRC of receiver reports and feedback. */
  readonly ssrc: number;
  /** Canonical name. RFC 3550 section 6.5.1. */
  readonly cname: string;
}

/** The names of the reporter and of all consumers. RFC 3550 section 6.5. */
export function sourceDescription(reporter: Reporter, consumers: Iterable<Consumer>): SourceDescription {
  const chunks = [...consumers].map(({ ssrc, cname }) => ({ ssrc, cname }));
  if (!chunks.some((chunk) => chunk.ssrc === reporter.ssrc)) chunks.unshift(reporter);
  return { type: 'sourceDescription', chunks };
}

/** Reports and REMB of one session. */
export class SessionReports {
  #remb = new RembController();
  #rembProducer: Producer | undefined;
  #bytes = 0;
  #packets = 0;

  /** Starts the REMB estimate anew with other settings. To be called before media flows. */
  configure(limits: BandwidthLimits): void {
    this.#remb = new RembController(limits.remb);
  }

  /** The packets of the next compound, in order; empty if there is nothing to say. */
  build(
    nowMs: number,
    reporter: Reporter,
    producers: Iterable<Producer>,
    consumers: readonly Consumer[],
    limits: BandwidthLimits,
  ): RtcpPacket[] {
    const received = [...producers].filter((producer) => producer.packetsReceived > 0);
    const blocks = received
      .map((producer) => producer.reportBlock(nowMs))
      .filter((block) => block !== undefined);
    const packets = reports(nowMs, reporter, blocks, consumers);
    const remb = this.#rembPacket(nowMs, reporter, received, blocks, limits);
    if (packets.length === 0) return [];
    packets.push(sourceDescription(reporter, consumers));
    if (remb !== undefined) packets.push(remb);
    return packets;
  }

  /** Packets began to flow: from here on the rate of the video that REMB is about is measured. */
  start(nowMs: number, producers: Iterable<Producer>): void {
    if (this.#rembProducer === undefined) this.#choose(nowMs, [...producers]);
  }

  /** One video stream takes part, as in Kurento: the first that flows, as long as it flows. */
  #choose(nowMs: number, producers: readonly Producer[]): Producer | undefined {
    const present = producers.find((candidate) => candidate === this.#rembProducer);
    if (present?.flowing === true) return present;
    const producer = producers.find(({ usesRemb, flowing }) => usesRemb && flowing);
    if (producer === undefined || producer === this.#rembProducer) return producer;
    this.#rembProducer = producer;
    this.#remb.update(nowMs, 0, 0, 0, 0);
    this.#mark(producer);
    return producer;
  }

  /** What was received until now is not counted again. */
  #mark(producer: Producer): void {
    this.#bytes = producer.bytesReceived;
    this.#packets = producer.packetsReceived;
  }

  #rembPacket(
    nowMs: number,
    reporter: Reporter,
    producers: readonly Producer[],
    blocks: readonly ReportBlock[],
    limits: BandwidthLimits,
  ): RtcpPacket | undefined {
    const producer = this.#choose(nowMs, producers);
    if (producer === undefined || !this.#remb.isDue(nowMs)) return undefined;
    const bytes = producer.bytesReceived - this.#bytes;
    const packets = producer.packetsReceived - this.#packets;
    const fractionLost = blocks.find(({ ssrc }) => ssrc === producer.ssrc)?.fractionLost ?? 0;
    this.#mark(producer);
    if (!this.#remb.update(nowMs, bytes, packets, fractionLost, limits.maxVideoReceiveBps)) return undefined;
    const bitrateBps = this.#remb.limited(limits.minVideoReceiveBps, producer.downstreamBps);
    producer.rembBps = bitrateBps;
    return { type: 'remb', senderSsrc: reporter.ssrc, bitrateBps, ssrcs: [producer.ssrc] };
  }
}

/** A sender report of each flowing consumer; the first of them, or else a receiver report, carries the blocks. */
function reports(
  nowMs: number,
  reporter: Reporter,
  blocks: readonly ReportBlock[],
  consumers: readonly Consumer[],
): RtcpPacket[] {
  const packets: RtcpPacket[] = [];
  for (const consumer of consumers) {
    const report = consumer.senderReport(nowMs, packets.length === 0 ? blocks : []);
    if (report !== undefined) packets.push(report);
  }
  if (packets.length === 0 && blocks.length > 0) {
    packets.push({ type: 'receiverReport', ssrc: reporter.ssrc, reports: blocks });
  }
  return packets;
}
