/**
 * A browser that watches, in virtual time: asks for what is missing, reports, and checks what it gets.
 * @module
 */
import assert from 'node:assert/strict';
import {
  ntpMiddle,
  ntpShortOfMs,
  packetMemoryOf,
  parseRtcp,
  type RtcpPacket,
  SequenceExtender,
  serializeRtcp,
} from '@rivero/rtp';
import { type ReceivedPacket, readPacket } from './streams.ts';

const viewerSsrc = 0x7777;
const nackDelayMs = 10;
const nackRetryMs = 120;
const giveUpMs = 3000;

export class Viewer {
  readonly #ssrc: number;
  readonly #send: (packet: Uint8Array, nowMs: number) => void;
  readonly #extender = new SequenceExtender();
  readonly #missing = new Map<number, { sinceMs: number; sentMs: number }>();
  /** First arrival of each packet by extended sequence number. */
  readonly packets = new Map<number, ReceivedPacket>();
  readonly arrivalMs = new Map<number, number>();
  readonly rtcp: { packet: RtcpPacket; atMs: number }[] = [];
  #first: number | undefined;
  #nextReportMs = 700;
  #duplicates = 0;
  rembBps = 0;

  constructor(ssrc: number, send: (packet: Uint8Array, nowMs: number) => void) {
    this.#ssrc = ssrc;
    this.#send = send;
  }

  /** Packets that arrived more than once. Each was identical to the first. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** In order of extended sequence numbers. */
  get inOrder(): ReceivedPacket[] {
    return [...this.packets.entries()].sort(([a], [b]) => a - b).map(([, packet]) => packet);
  }

  /** Extended numbers between first and last that never came. */
  get holes(): number[] {
    const numbers = [...this.packets.keys()].sort((a, b) => a - b);
    const holes: number[] = [];
    for (let n = numbers[0] ?? 0; n < (numbers.at(-1) ?? 0); n++) if (!this.packets.has(n)) holes.push(n);
    return holes;
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    const type = bytes[1] ?? 0;
    if (type >= 200 && type <= 206) {
      for (const packet of parseRtcp(packetMemoryOf(bytes), 0, bytes.length))
        this.rtcp.push({ packet, atMs: nowMs });
    } else {
      this.#receiveRtp(readPacket(bytes), nowMs);
    }
  }

  tick(nowMs: number): void {
    const wanted: number[] = [];
    for (const [number, state] of this.#missing) {
      if (nowMs - state.sinceMs > giveUpMs) this.#missing.delete(number);
      else if (nowMs - state.sinceMs >= nackDelayMs && nowMs - state.sentMs >= nackRetryMs) {
        state.sentMs = nowMs;
        wanted.push(number & 0xffff);
      }
    }
    if (wanted.length > 0)
      this.#say(
        { type: 'nack', senderSsrc: viewerSsrc, mediaSsrc: this.#ssrc, sequenceNumbers: wanted },
        nowMs,
      );
    if (this.#nextReportMs <= nowMs) {
      this.#report(nowMs);
      this.#nextReportMs += 1000;
    }
  }

  requestKeyFrame(nowMs: number): void {
    this.#say({ type: 'pli', senderSsrc: viewerSsrc, mediaSsrc: this.#ssrc }, nowMs);
  }

  #receiveRtp(packet: ReceivedPacket, nowMs: number): void {
    assert.equal(packet.ssrc, this.#ssrc);
    const before = this.#extender.highest;
    const number = this.#extender.extend(packet.sequenceNumber);
    const known = this.packets.get(number);
    if (known !== undefined) {
      // A second plaintext under the same sequence number would break SRTP.
      assert.deepEqual(packet.bytes, known.bytes);
      this.#duplicates += 1;
      return;
    }
    this.packets.set(number, packet);
    this.arrivalMs.set(number, nowMs);
    this.#missing.delete(number);
    this.#first ??= number;
    // The very first packet may come behind later ones: what lies between is missing too.
    const [from, until] =
      number < this.#first ? [number + 1, this.#first] : [Math.max(before + 1, this.#first), number];
    this.#first = Math.min(this.#first, number);
    for (let n = from; n < until; n++) {
      if (!this.packets.has(n)) this.#missing.set(n, { sinceMs: nowMs, sentMs: Number.NEGATIVE_INFINITY });
    }
  }

  #report(nowMs: number): void {
    const last = this.rtcp.findLast(({ packet }) => packet.type === 'senderReport');
    const lastReport = last?.packet.type === 'senderReport' ? last.packet : undefined;
    const report = {
      ssrc: this.#ssrc,
      fractionLost: 26,
      packetsLost: 5,
      highestSequenceNumber: Math.max(0, this.#extender.highest),
      jitter: 0,
      lastSenderReport: lastReport === undefined ? 0 : ntpMiddle(lastReport.ntp),
      delaySinceLastSenderReport: last === undefined ? 0 : ntpShortOfMs(nowMs - last.atMs),
    };
    this.#say({ type: 'receiverReport', ssrc: viewerSsrc, reports: [report] }, nowMs);
    if (this.rembBps > 0) {
      this.#say(
        { type: 'remb', senderSsrc: viewerSsrc, bitrateBps: this.rembBps, ssrcs: [this.#ssrc] },
        nowMs,
      );
    }
  }

  #say(packet: RtcpPacket, nowMs: number): void {
    this.#send(serializeRtcp(viewerSsrc, [packet]), nowMs);
  }
}
