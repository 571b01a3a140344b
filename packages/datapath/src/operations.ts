/**
 * What control may ask of a router process, and what a router process tells control.
 *
 * Requests are few and coarse. Every id is chosen by control and unique within the router.
 * @module
 */
import type { HeaderExtensionIds, MediaKind, RtpCodec } from '@rivero/rtp';
import type { CertificateKeyType, Fingerprint } from '@rivero/transport';

/** Opens a transport: its ufrag is from now on known on the UDP port. */
export interface OpenTransport {
  readonly transportId: string;
  /** Our ICE credentials (RFC 8445 section 5.3), chosen by control so that SDP needs no round trip. */
  readonly iceUfrag: string;
  readonly icePassword: string;
  /** True for the offerer (RFC 8445 section 6.1.1); changes by itself on a role conflict. */
  readonly iceControlling: boolean;
  readonly certificateKeyType: CertificateKeyType;
  /** DSCP number for outgoing packets, or undefined for none. */
  readonly dscp?: number;
}

/** The remote description, once known. */
export interface ConnectTransport {
  readonly transportId: string;
  readonly remoteUfrag: string;
  readonly remotePassword: string;
  /** `a=ice-lite` is in the remote description; false when left out. */
  readonly remoteIceLite?: boolean;
  readonly dtlsRole: 'client' | 'server';
  /** Fingerprints of the remote description; at least one. */
  readonly remoteFingerprints: readonly Fingerprint[];
}

/** A stream that enters the router. */
export interface Produce {
  readonly transportId: string;
  readonly producerId: string;
  readonly kind: MediaKind;
  readonly mid: string;
  /** Receivable codecs, most wanted first. */
  readonly codecs: readonly RtpCodec[];
  /** SSRCs announced by `a=ssrc`; may be empty, then mid or payload type decides. */
  readonly ssrcs: readonly number[];
  readonly extensions: HeaderExtensionIds;
}

/** A stream that leaves the router. It stays silent until it is linked to a producer. */
export interface Consume {
  readonly transportId: string;
  readonly consumerId: string;
  readonly kind: MediaKind;
  readonly mid: string;
  /** Codecs that the remote accepts, most wanted first. */
  readonly codecs: readonly RtpCodec[];
  /** Our SSRC, as announced in our SDP. */
  readonly ssrc: number;
  readonly cname: string;
  readonly extensions: HeaderExtensionIds;
}

/** Limits of spec 3.9, bit/s; 0 means none. */
export interface SetBandwidth {
  readonly transportId: string;
  /** Floor and ceiling of the REMB that we send. */
  readonly minVideoReceiveBps: number;
  readonly maxVideoReceiveBps: number;
  /** Clamp applied to a REMB that we receive. */
  readonly minVideoSendBps: number;
  readonly maxVideoSendBps: number;
  /** RembParams of the Kurento API, all optional. */
  readonly remb?: Partial<Readonly<Record<RembParameter, number>>>;
}

/** Names of Kurento's RembParams. */
export type RembParameter =
  | 'packetsRecvIntervalTop'
  | 'exponentialFactor'
  | 'linealFactorMin'
  | 'linealFactorGrade'
  | 'decrementFactor'
  | 'thresholdFactor'
  | 'upLosses'
  | 'rembOnConnect';

/** Counters of one incoming SSRC. */
export interface ProducerStats {
  readonly producerId: string;
  readonly kind: MediaKind;
  readonly ssrc: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  readonly packetsLost: number;
  /** Share of packets lost in the last report interval, 0..1. */
  readonly fractionLost: number;
  /** Interarrival jitter, seconds (RFC 3550 section 6.4.1). */
  readonly jitterSeconds: number;
  /** Feedback that we sent. */
  readonly nackCount: number;
  readonly pliCount: number;
  readonly firCount: number;
  /** Last REMB that we sent, bit/s; 0 before the first. */
  readonly rembBps: number;
}

/** Counters of one outgoing SSRC. */
export interface ConsumerStats {
  readonly consumerId: string;
  readonly kind: MediaKind;
  readonly ssrc: number;
  readonly packetsSent: number;
  readonly bytesSent: number;
  /** As reported by the viewer. */
  readonly packetsLost: number;
  readonly fractionLost: number;
  /** Seconds; 0 until the first report. */
  readonly roundTripTimeSeconds: number;
  /** Feedback that we received. */
  readonly nackCount: number;
  readonly pliCount: number;
  readonly firCount: number;
  /** Last REMB of the viewer, bit/s; 0 before the first. */
  readonly rembBps: number;
  /** Bits sent during the last second. */
  readonly targetBitrateBps: number;
}

/** Statistics of one transport. */
export interface TransportStats {
  readonly producers: readonly ProducerStats[];
  readonly consumers: readonly ConsumerStats[];
}

/** Request and reply of each operation. */
export interface RouterOperations {
  openTransport: { request: OpenTransport; reply: undefined };
  /** Host candidates of the named interfaces (empty: all), as `candidate:` strings without the leading `a=`. */
  gatherCandidates: {
    request: { transportId: string; interfaces: readonly string[] };
    reply: { candidates: string[] };
  };
  connectTransport: { request: ConnectTransport; reply: undefined };
  /** `accepted` is false when the text is not a candidate that we can use; that is not an error. */
  addCandidate: { request: { transportId: string; candidate: string }; reply: { accepted: boolean } };
  setBandwidth: { request: SetBandwidth; reply: undefined };
  closeTransport: { request: { transportId: string }; reply: undefined };
  produce: { request: Produce; reply: undefined };
  consume: { request: Consume; reply: undefined };
  /** Joins a consumer to a producer, or to none. The picture changes at the next key frame, which is asked for. */
  link: { request: { consumerId: string; producerId: string | null }; reply: undefined };
  /** Asks the source of this consumer for a key frame. */
  requestKeyFrame: { request: { consumerId: string }; reply: undefined };
  stats: { request: { transportId: string }; reply: TransportStats };
  /** Everything that this process holds, for people and leak tests. */
  dump: { request: Record<string, never>; reply: RouterDump };
}

/** Counts of what a router process holds. */
export interface RouterDump {
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
  /** Bytes of packet memory handed out. */
  readonly memoryBytes: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** States of spec 3.7. */
export type IceComponentState =
  | 'DISCONNECTED'
  | 'GATHERING'
  | 'CONNECTING'
  | 'CONNECTED'
  | 'READY'
  | 'FAILED';
/** States of spec 3.8. */
export type DtlsConnectionState = 'NEW' | 'CLOSED' | 'FAILED' | 'CONNECTING' | 'CONNECTED';

/** What a router process tells by itself. */
export interface RouterEvents {
  iceStateChanged: { transportId: string; state: IceComponentState };
  /** A newly nominated pair, as `candidate:` strings. */
  candidatePairSelected: { transportId: string; localCandidate: string; remoteCandidate: string };
  dtlsStateChanged: { transportId: string; state: DtlsConnectionState };
  /** RTCP of the remote is seen, or ended by BYE or silence. */
  mediaStateChanged: { transportId: string; connected: boolean };
  /** First packet of a producer, or silence for two seconds. `codec` is that of the packets seen. */
  producerFlowChanged: { producerId: string; flowing: boolean; codec: string };
  /** First packet sent by a consumer, or silence for two seconds. */
  consumerFlowChanged: { consumerId: string; flowing: boolean };
}

/** First message of a router process: it accepts operations. */
export interface RouterReady {
  /** UDP port in use. */
  readonly udpPort: number;
  readonly fingerprints: Readonly<Record<CertificateKeyType, Fingerprint>>;
  /** What carries the packets: our batch sockets, or the portable fallback. */
  readonly datapath: 'batch' | 'dgram';
  /** Sentences for the operator, for instance that the kernel caps socket buffers. */
  readonly warnings: readonly string[];
}
