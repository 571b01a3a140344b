/**
 * What one viewer tells us about one stream: losses, round trip, wishes, bitrate.
 * @module
 */
import { ntpMiddle, ntpOfUnixMs, type ReportBlock, roundTripTimeMs } from '@rivero/rtp';

/** The viewer's last word on each, and how often it spoke. */
export class ViewerFeedback {
  #packetsLost = 0;
  #fractionLost = 0;
  #roundTripMs = 0;
  #rembBps = 0;

  /** NACK messages received. */
  nackCount = 0;
  /** Picture loss indications received. */
  pliCount = 0;
  /** Full intra requests received. */
  firCount = 0;

  /** Packets lost since the beginning; negative if more came than were sent. */
  get packetsLost(): number {
    return this.#packetsLost;
  }

  /** Share of packets lost in the last report, 0..1. */
  get fractionLost(): number {
    return this.#fractionLost;
  }

  /** Round-trip time of the last report, milliseconds; 0 until the first. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** Last REMB, bit/s; 0 before the first. */
  get rembBps(): number {
    return this.#rembBps;
  }

  /** What the viewer says it can take, bit/s. */
  receiveRemb(bitrateBps: number): void {
    this.#rembBps = bitrateBps;
  }

  /** A report block on our stream. RFC 3550 section 6.4.1. */
  receiveReport(report: ReportBlock, nowMs: number): void {
    this.#packetsLost = report.packetsLost;
    this.#fractionLost = report.fractionLost / 256;
    const arrival = ntpMiddle(ntpOfUnixMs(nowMs));
    const sampleMs = roundTripTimeMs(arrival, report.lastSenderReport, report.delaySinceLastSenderReport);
    if (sampleMs !== undefined) this.#roundTripMs = sampleMs;
  }
}
