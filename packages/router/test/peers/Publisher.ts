/**
 * A browser's camera in virtual time: 30 VP8 frames a second, repaired on NACK, a key frame on PLI or FIR.
 * @module
 */
import { ntpOfUnixMs, packetMemoryOf, parseRtcp, type RtcpPacket, serializeRtcp } from '@rivero/rtp';
import { rtpPacket, vp8Payload } from './streams.ts';

export interface PublisherOptions {
  readonly ssrc: number;
  /** Upper 8 bits of the tags that mark its packets. */
  readonly name: number;
  readonly firstSequenceNumber: number;
  readonly firstTimestamp?: number;
  readonly firstPictureId?: number;
  readonly packetsPerFrame?: number;
  /** Its wall clock minus the router's, milliseconds. */
  readonly clockOffsetMs?: number;
  readonly packetBytes?: number;
}

const frameMs = 1000 / 30;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #send: (packet: Uint8Array, nowMs: number) => void;
  readonly #history = new Map<number, Uint8Array>();
  /** Every packet by tag, as first sent. */
  readonly sent = new Map<number, { packet: Uint8Array; atMs: number }>();
  readonly received: RtcpPacket[] = [];
  #frame = 0;
  #packets = 0;
  #bytes = 0;
  #nextFrameMs = 0;
  #nextReportMs = 500;
  #keyFrameWanted = true;
  keyFrames = 0;
  running = true;
  /** Timestamps lie this much further back, as after a seek of a player; set it while it runs. Milliseconds. */
  behindMs = 0;

  constructor(options: PublisherOptions, send: (packet: Uint8Array, nowMs: number) => void) {
    this.#options = options;
    this.#send = send;
  }

  /** RTCP packets of one type that it received. */
  count(type: RtcpPacket['type']): number {
    return this.received.filter((packet) => packet.type === type).length;
  }

  tick(nowMs: number): void {
    if (!this.running) return;
    while (this.#nextFrameMs <= nowMs) {
      this.#sendFrame(nowMs);
      this.#nextFrameMs += frameMs;
    }
    if (this.#nextReportMs <= nowMs) {
      this.#sendReport(nowMs);
      this.#nextReportMs += 1000;
    }
  }

  /** RTP timestamp at `nowMs`. */
  timestampAt(nowMs: number): number {
    return ((this.#options.firstTimestamp ?? 0) + Math.round((nowMs - this.behindMs) * 90)) >>> 0;
  }

  receiveRtcp(bytes: Uint8Array, nowMs: number): void {
    for (const packet of parseRtcp(packetMemoryOf(bytes), 0, bytes.length)) {
      this.received.push(packet);
      if (packet.type === 'pli' || packet.type === 'fir') this.#keyFrameWanted = true;
      if (packet.type !== 'nack') continue;
      for (const sequenceNumber of packet.sequenceNumbers) {
        const again = this.#history.get(sequenceNumber);
        if (again !== undefined) this.#send(again, nowMs);
      }
    }
  }

  #sendFrame(nowMs: number): void {
    const keyFrame = this.#keyFrameWanted;
    this.#keyFrameWanted = false;
    if (keyFrame) this.keyFrames += 1;
    const count = (this.#options.packetsPerFrame ?? 3) * (keyFrame ? 2 : 1);
    for (let i = 0; i < count; i++) {
      const tag = ((this.#options.name << 24) | this.#packets) >>> 0;
      const packet = rtpPacket({
        ssrc: this.#options.ssrc,
        sequenceNumber: (this.#options.firstSequenceNumber + this.#packets) & 0xffff,
        timestamp: this.timestampAt(nowMs),
        marker: i === count - 1,
        payload: vp8Payload({
          keyFrame,
          first: i === 0,
          pictureId: ((this.#options.firstPictureId ?? 0) + this.#frame) & 0x7fff,
          tl0PicIdx: this.#frame & 0xff,
          tag,
          size: this.#options.packetBytes ?? 200,
        }),
      });
      this.#packets += 1;
      this.#bytes += packet.length - 12;
      this.sent.set(tag, { packet, atMs: nowMs });
      this.#history.set(new DataView(packet.buffer).getUint16(2), packet);
      this.#send(packet, nowMs);
    }
    this.#frame += 1;
  }

  #sendReport(nowMs: number): void {
    const { ssrc, clockOffsetMs } = this.#options;
    const report = serializeRtcp(ssrc, [
      {
        type: 'senderReport',
        ssrc,
        ntp: ntpOfUnixMs(nowMs + (clockOffsetMs ?? 0)),
        rtpTimestamp: this.timestampAt(nowMs),
        packetCount: this.#packets,
        octetCount: this.#bytes,
        reports: [],
      },
    ]);
    this.#send(report, nowMs);
  }
}
