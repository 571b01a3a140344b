/**
 * What control may ask of a router process, and what a router process tells control.
 *
 * Requests are few and coarse. Every id is chosen by control and unique within the router.
 * @module
 */
import type { BandwidthLimits, ConsumeParameters, ProduceParameters, SessionStats } from '@rivero/router';
import type { CertificateKeyType, Fingerprint } from '@rivero/transport';
import type { Traffic } from './Traffic.ts';

/** Opens a transport: its ufrag is from now on known on the UDP port. */
export interface OpenTransport {
  /** Chosen by control; unique within the router. */
  readonly transportId: string;
  /** Our ICE credentials (RFC 8445 section 5.3), chosen by control so that SDP needs no round trip. */
  readonly iceUfrag: string;
  /** Our `a=ice-pwd`. */
  readonly icePassword: string;
  /** True for the offerer (RFC 8445 section 6.1.1); changes by itself on a role conflict. */
  readonly iceControlling: boolean;
  /** Which certificate to show. */
  readonly certificateKeyType: CertificateKeyType;
  /** DSCP number for outgoing packets, or undefined for none. */
  readonly dscp?: number;
}

/** The remote description, once known. */
export interface ConnectTransport {
  /** Chosen by control; unique within the router. */
  readonly transportId: string;
  /** The peer's `a=ice-ufrag`. */
  readonly remoteUfrag: string;
  /** The peer's `a=ice-pwd`. */
  readonly remotePassword: string;
  /** `a=ice-lite` is in the remote description; false when left out. */
  readonly remoteIceLite?: boolean;
  /** Our role: the client is `a=setup:active`. */
  readonly dtlsRole: 'client' | 'server';
  /** Fingerprints of the remote description; at least one. */
  readonly remoteFingerprints: readonly Fingerprint[];
}

/** A stream that enters the router. */
export interface Produce extends ProduceParameters {
  /** Chosen by control; unique within the router. */
  readonly transportId: string;
}

/** A stream that leaves the router. It stays silent until it is linked to a producer. */
export interface Consume extends ConsumeParameters {
  /** Chosen by control; unique within the router. */
  readonly transportId: string;
}

/** Limits of spec 3.9. */
export interface SetBandwidth extends BandwidthLimits {
  /** Chosen by control; unique within the router. */
  readonly transportId: string;
}

/** Statistics of one transport. */
export type TransportStats = SessionStats;

/** Request and reply of each operation. */
export interface RouterOperations {
  /** Makes a transport, without candidates. */
  openTransport: { request: OpenTransport; reply: undefined };
  /** Host candidates of the named interfaces (empty: all), as `candidate:` strings without the leading `a=`. */
  gatherCandidates: {
    request: { transportId: string; interfaces: readonly string[] };
    reply: { candidates: string[] };
  };
  /** Tells the remote description; checks and DTLS begin. */
  connectTransport: { request: ConnectTransport; reply: undefined };
  /**
   * `accepted` is false when the text is not a candidate that we can use; that is not an error. A host name is
   * accepted before it is looked up.
   */
  addCandidate: { request: { transportId: string; candidate: string }; reply: { accepted: boolean } };
  /** Sets the limits of a transport. */
  setBandwidth: { request: SetBandwidth; reply: undefined };
  /** Ends a transport with all its streams; the peer is told. */
  closeTransport: { request: { transportId: string }; reply: undefined };
  /** Lets a stream in. */
  produce: { request: Produce; reply: undefined };
  /** Prepares a stream to the remote. */
  consume: { request: Consume; reply: undefined };
  /** Joins a consumer to a producer, or to none. The picture changes at the next key frame, which is asked for. */
  link: { request: { consumerId: string; producerId: string | null }; reply: undefined };
  /** Asks the source of this consumer for a key frame. */
  requestKeyFrame: { request: { consumerId: string }; reply: undefined };
  /** Counters of all streams of a transport. */
  stats: { request: { transportId: string }; reply: TransportStats };
  /** Everything that this process holds, for people and leak tests. */
  dump: { request: Record<string, never>; reply: RouterDump };
}

/** Counts of what a router process holds. */
export interface RouterDump {
  /** Open transports. */
  readonly transports: number;
  /** Open producers. */
  readonly producers: number;
  /** Open consumers. */
  readonly consumers: number;
  /** Bytes of packet memory handed out. */
  readonly memoryBytes: number;
  /** What was moved since the start. */
  readonly traffic: Traffic;
  /** What was dropped or could not be done, and why. */
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
  /** The ICE agent of a transport is in another state. */
  iceStateChanged: { transportId: string; state: IceComponentState };
  /** A newly nominated pair, as `candidate:` strings. */
  candidatePairSelected: { transportId: string; localCandidate: string; remoteCandidate: string };
  /** The DTLS association of a transport is in another state. */
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
  /** SHA-256 fingerprints of the certificates. */
  readonly fingerprints: Readonly<Record<CertificateKeyType, Fingerprint>>;
  /** What carries the packets: our batch sockets, or the portable fallback. */
  readonly datapath: 'batch' | 'dgram';
  /** Sentences for the operator, for instance that the kernel caps socket buffers. */
  readonly warnings: readonly string[];
}
