/**
 * Asks one publisher for what is missing: single packets by NACK, a whole picture by PLI or FIR.
 * RFC 4585 sections 6.2.1 and 6.3.1, RFC 5104 section 4.3.1.
 * @module
 */
import type { RtcpPacket, RtpCodec } from '@rivero/rtp';
import { KeyFrameRequester } from './KeyFrameRequester.ts';
import { maxMissingPackets, NackGenerator } from './NackGenerator.ts';
import type { RouterCounters } from './RouterContext.ts';

/** Who sends the requests. */
export interface RepairListener {
  /** Our SSRC in feedback messages. */
  readonly localSsrc: number;
  /** Sends a feedback message to the publisher at once. */
  onFeedback(packet: RtcpPacket): void;
  /** `handleTimeout` wants to be called at `dueMs` at the latest. */
  onDeadline(dueMs: number): void;
}

/** The requests for one stream. What the codecs' `rtcp-fb` do not allow is not asked. */
export class RepairRequester {
  readonly #listener: RepairListener;
  readonly #counters: RouterCounters;
  readonly #usesNack: boolean;
  readonly #message: 'pli' | 'fir' | undefined;
  readonly #nack = new NackGenerator();
  readonly #nacked = new Uint16Array(maxMissingPackets);
  readonly #keyFrames = new KeyFrameRequester();
  #nackCount = 0;
  #pliCount = 0;
  #firCount = 0;
  #firNumber = 0;

  /** `codecs` are those of a video stream; for audio hand in none. */
  constructor(codecs: readonly RtpCodec[], listener: RepairListener, counters: RouterCounters) {
    this.#listener = listener;
    this.#counters = counters;
    this.#usesNack = hasFeedback(codecs, 'nack');
    this.#message = keyFrameMessage(codecs);
  }

  /** When `handleTimeout` wants to be called, milliseconds; `Infinity` if nothing is missing. */
  get dueMs(): number {
    return Math.min(this.#nack.nextMs, this.#keyFrames.dueMs);
  }

  /** NACK messages sent. */
  get nackCount(): number {
    return this.#nackCount;
  }

  /** Picture loss indications sent. */
  get pliCount(): number {
    return this.#pliCount;
  }

  /** Full intra requests sent. */
  get firCount(): number {
    return this.#firCount;
  }

  /** The newest packet of stream `ssrc` arrived; `previous` was the newest before it. */
  advance(ssrc: number, previous: number, sequenceNumber: number, nowMs: number): void {
    if (!this.#usesNack) return;
    const hopeless = this.#nack.hopelessCount;
    this.#nack.advance(previous, sequenceNumber, nowMs);
    if (this.#nack.count > 0) this.#listener.onDeadline(this.#nack.nextMs);
    this.#giveUp(this.#nack.hopelessCount - hopeless, ssrc, nowMs);
  }

  /** A packet older than the newest arrived. */
  received(sequenceNumber: number, nowMs: number): void {
    if (this.#nack.count > 0) this.#nack.received(sequenceNumber, nowMs);
  }

  /** A key frame arrived. */
  keyFrameReceived(): void {
    this.#keyFrames.fulfil();
  }

  /** Asks stream `ssrc` for a key frame, now or when throttling allows. */
  requestKeyFrame(ssrc: number, nowMs: number): void {
    if (this.#message === undefined) return;
    this.#keyFrames.request(nowMs);
    this.#sendKeyFrameRequest(ssrc, nowMs);
    this.#listener.onDeadline(this.#keyFrames.dueMs);
  }

  /** Sends what is due for stream `ssrc`. */
  handleTimeout(ssrc: number, nowMs: number): void {
    if (this.#nack.nextMs <= nowMs) this.#sendNack(ssrc, nowMs);
    this.#sendKeyFrameRequest(ssrc, nowMs);
  }

  /** Nothing is missing any more. */
  clear(): void {
    this.#nack.clear();
    this.#keyFrames.fulfil();
  }

  #sendNack(mediaSsrc: number, nowMs: number): void {
    const hopeless = this.#nack.hopelessCount;
    const count = this.#nack.collect(nowMs, this.#nacked);
    this.#giveUp(this.#nack.hopelessCount - hopeless, mediaSsrc, nowMs);
    if (count === 0) return;
    this.#nackCount += 1;
    const sequenceNumbers = [...this.#nacked.subarray(0, count)];
    this.#listener.onFeedback({
      type: 'nack',
      senderSsrc: this.#listener.localSsrc,
      mediaSsrc,
      sequenceNumbers,
    });
  }

  #giveUp(packets: number, ssrc: number, nowMs: number): void {
    if (packets === 0) return;
    this.#counters.nackHopeless += packets;
    this.requestKeyFrame(ssrc, nowMs);
  }

  #sendKeyFrameRequest(ssrc: number, nowMs: number): void {
    if (!this.#keyFrames.take(nowMs)) return;
    const senderSsrc = this.#listener.localSsrc;
    if (this.#message === 'pli') {
      this.#pliCount += 1;
      this.#listener.onFeedback({ type: 'pli', senderSsrc, mediaSsrc: ssrc });
    } else {
      this.#firCount += 1;
      this.#firNumber = (this.#firNumber + 1) & 0xff;
      this.#listener.onFeedback({
        type: 'fir',
        senderSsrc,
        entries: [{ ssrc, commandNumber: this.#firNumber }],
      });
    }
  }
}

/** Whether any of the codecs allows a feedback message, named as in `a=rtcp-fb`. */
export function hasFeedback(codecs: readonly RtpCodec[], feedback: string): boolean {
  return codecs.some((codec) => codec.feedback.includes(feedback));
}

/** How this publisher wants to be asked for a key frame; PLI where both are possible. */
function keyFrameMessage(codecs: readonly RtpCodec[]): 'pli' | 'fir' | undefined {
  if (hasFeedback(codecs, 'nack pli')) return 'pli';
  return hasFeedback(codecs, 'ccm fir') ? 'fir' : undefined;
}
