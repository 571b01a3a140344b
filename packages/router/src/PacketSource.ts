/**
 * What a producer and its consumers know of each other.
 * @module
 */
import type { MediaKind, RtpCodec } from '@rivero/rtp';
import type { PacketBatch } from './PacketBatch.ts';

/** The side of a producer that its consumers see. */
export interface PacketSource {
  /** Audio or video. */
  readonly kind: MediaKind;
  /** Codecs that may arrive. */
  readonly codecs: readonly RtpCodec[];
  /** From now on `sink` gets every packet. */
  attach(sink: PacketSink): void;
  /** `sink` gets no more packets. */
  detach(sink: PacketSink): void;
  /** Asks the publisher for a key frame, as soon as throttling allows. */
  requestKeyFrame(nowMs: number): void;
  /** Describes the cached packet as the only one of `into`, as it was received. False if it is not there any more. */
  load(sequenceNumber: number, into: PacketBatch): boolean;
  /**
   * The source's RTP timestamp, clock ticks modulo 2^32, of the instant `nowMs`; undefined while it cannot be known.
   */
  timestampAt(nowMs: number): number | undefined;
}

/** The side of a consumer that its producer sees. */
export interface PacketSink {
  /** Bitrate that the viewer takes, bit/s; 0 if nothing limits it. */
  readonly availableBps: number;
  /**
   * Forwards the packets of `batch`. They are valid during the call only; picture ids in the packet memory may be
   * overwritten. `absSendTime` is `nowMs` as 24-bit 6.18 fixed-point seconds.
   */
  forward(source: PacketSource, batch: PacketBatch, nowMs: number, absSendTime: number): void;
  /** The source's sequence numbers and timestamps start over with the next packet. */
  sourceRestarted(source: PacketSource): void;
  /** The source sends no more; it is detached already. */
  sourceClosed(source: PacketSource): void;
}
