/**
 * What the host tells the router about a stream, and what it may ask back: parameters and statistics.
 * @module
 */
import type { HeaderExtensionIds, MediaKind, RtpCodec } from '@rivero/rtp';

/** A stream that enters the router. */
export interface ProduceParameters {
  /** Unique within the router; chosen by the caller. */
  readonly producerId: string;
  /** Audio or video. Only video has key frames, NACK and REMB. */
  readonly kind: MediaKind;
  /** Media section, RFC 9143; finds the producer of a packet whose SSRC was not announced. */
  readonly mid: string;
  /** Receivable codecs, most wanted first. */
  readonly codecs: readonly RtpCodec[];
  /** SSRCs announced by `a=ssrc`; may be empty, then mid or payload type decides. */
  readonly ssrcs: readonly number[];
  /** Header extensions of the incoming packets. */
  readonly extensions: HeaderExtensionIds;
}

/** A stream that leaves the router. It stays silent until it is linked to a producer. */
export interface ConsumeParameters {
  /** Unique within the router; chosen by the caller. */
  readonly consumerId: string;
  /** Audio or video. */
  readonly kind: MediaKind;
  /** Media section, RFC 9143; sent in each packet when the extension was negotiated. */
  readonly mid: string;
  /** Codecs that the viewer accepts, most wanted first. */
  readonly codecs: readonly RtpCodec[];
  /** Our SSRC, as announced in our SDP. */
  readonly ssrc: number;
  /** Canonical name for SDES, RFC 3550 section 6.5.1. */
  readonly cname: string;
  /** Header extensions of the outgoing packets. */
  readonly extensions: HeaderExtensionIds;
}

/** Settings of the REMB algorithm, all optional; `rembDefaults` says what counts when one is left out. */
export interface RembParameters {
  /** Packets over which the loss is averaged, at least. */
  readonly packetsRecvIntervalTop: number;
  /** Growth per update while the estimate is below the threshold, a factor minus one. */
  readonly exponentialFactor: number;
  /** Smallest growth per update above the threshold, bit/s. */
  readonly linealFactorMin: number;
  /** Updates needed to climb from the threshold back to the bitrate at which loss began. */
  readonly linealFactorGrade: number;
  /** What is kept of the estimate when the loss is heavy, 0..1. */
  readonly decrementFactor: number;
  /** Share of the bitrate at which loss began that becomes the threshold, 0..1. */
  readonly thresholdFactor: number;
  /** Loss from which the estimate is cut, units of 1/256. */
  readonly upLosses: number;
  /** Bitrate that a viewer is believed to take before its first REMB, bit/s. */
  readonly rembOnConnect: number;
}

/** Limits of one session, bit/s; 0 means none. */
export interface BandwidthLimits {
  /** Floor of the REMB that we send. */
  readonly minVideoReceiveBps: number;
  /** Ceiling of the REMB that we send. */
  readonly maxVideoReceiveBps: number;
  /** Floor of a REMB that we receive. */
  readonly minVideoSendBps: number;
  /** Ceiling of a REMB that we receive. */
  readonly maxVideoSendBps: number;
  /** Settings that differ from `rembDefaults`. */
  readonly remb?: Partial<RembParameters>;
}

/** Limits of a session to which nobody has set any: what Kurento starts with. */
export const defaultBandwidthLimits: BandwidthLimits = {
  minVideoReceiveBps: 0,
  maxVideoReceiveBps: 0,
  minVideoSendBps: 100_000,
  maxVideoSendBps: 500_000,
};

/** Counters of one incoming stream. */
export interface ProducerStats {
  /** Id given to `produce`. */
  readonly producerId: string;
  /** Audio or video. */
  readonly kind: MediaKind;
  /** Synchronization source of the packets; 0 before the first. */
  readonly ssrc: number;
  /** Packets, retransmitted ones included, duplicates not. */
  readonly packetsReceived: number;
  /** Bytes of payload, padding included. */
  readonly bytesReceived: number;
  /** Expected minus received packets; RFC 3550 section 6.4.1. */
  readonly packetsLost: number;
  /** Share of packets lost in the last report interval, 0..1. */
  readonly fractionLost: number;
  /** Interarrival jitter, seconds (RFC 3550 section 6.4.1). */
  readonly jitterSeconds: number;
  /** NACK packets that we sent. */
  readonly nackCount: number;
  /** Picture loss indications that we sent. */
  readonly pliCount: number;
  /** Full intra requests that we sent. */
  readonly firCount: number;
  /** Last REMB that we sent, bit/s; 0 before the first. */
  readonly rembBps: number;
}

/** Counters of one outgoing stream. */
export interface ConsumerStats {
  /** Id given to `consume`. */
  readonly consumerId: string;
  /** Audio or video. */
  readonly kind: MediaKind;
  /** Our synchronization source. */
  readonly ssrc: number;
  /** Packets handed to the outlet, retransmissions included. */
  readonly packetsSent: number;
  /** Bytes of payload handed to the outlet, padding and retransmissions included. */
  readonly bytesSent: number;
  /** As reported by the viewer. */
  readonly packetsLost: number;
  /** Share of packets lost in the viewer's last report, 0..1. */
  readonly fractionLost: number;
  /** Seconds; 0 until the first report. */
  readonly roundTripTimeSeconds: number;
  /** NACK packets that we received. */
  readonly nackCount: number;
  /** Picture loss indications that we received. */
  readonly pliCount: number;
  /** Full intra requests that we received. */
  readonly firCount: number;
  /** Last REMB of the viewer, bit/s, before any clamp; 0 before the first. */
  readonly rembBps: number;
  /** Bits sent during the last second. */
  readonly targetBitrateBps: number;
}

/** Statistics of one session. */
export interface SessionStats {
  /** One entry for each producer. */
  readonly producers: readonly ProducerStats[];
  /** One entry for each consumer. */
  readonly consumers: readonly ConsumerStats[];
}
