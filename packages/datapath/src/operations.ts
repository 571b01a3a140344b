/**
 * What control may ask of a router process, and what a router process tells control.
 *
 * Requests are few and coarse. Every id is chosen by control and unique within the router.
 *
 * ## Streams between router and media hosts
 *
 * After `listenForHosts` a router accepts connections on a unix stream socket. Control opens a host transport with the
 * ids of one stream, and then has a branch launched that connects: once for RTP, and once for RTCP if an id for it was
 * given. The first frame on a connection is the greeting: the stream id in UTF-8; every other frame is a packet, in the
 * framing of RFC 4571. RTP goes one way, RTCP goes both ways.
 *
 * `produce`, `consume`, `link` and so on work on a host transport as on any other: what a branch decodes is a consumer
 * (a *tap*), what it encodes is a producer. Key frames are asked for and bitrates are told by RTCP, both ways. A tap's
 * codecs need no `nack`, since a socket loses nothing: what the host reads too slowly is dropped here and would not be
 * read the second time either.
 *
 * `hostStreamConnected` tells that all connections are there; `hostStreamEnded` that one of them has ended, by which
 * the other one is ended too. The ids are used up then, the transport is still there for its statistics, and everything
 * linked to it is silent, until control closes it and opens another one.
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

/** Where media hosts connect. */
export interface ListenForHosts {
  /**
   * Absolute path of the socket, at most 107 bytes, in a folder that only the user of this process may enter. A socket
   * that a killed process has left there is replaced.
   */
  readonly path: string;
  /** Connections that may be open at once; more are refused. 1,000 when left out. */
  readonly mostConnections?: number;
  /** Time in which a connection has to greet, milliseconds. 5,000 when left out. */
  readonly greetingDeadlineMs?: number;
}

/** Opens a transport to a branch of a media host. */
export interface OpenHostTransport {
  /** Chosen by control; unique within the router. */
  readonly transportId: string;
  /** Greeting of the connection with RTP, 1 to 800 bytes of UTF-8, unique within the router. */
  readonly rtpStreamId: string;
  /** Greeting of the connection with RTCP, likewise; none when left out. */
  readonly rtcpStreamId?: string;
}

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
  /** Accepts connections of media hosts from now on. Once per router. */
  listenForHosts: { request: ListenForHosts; reply: undefined };
  /** Makes a transport to a branch that is about to connect. It has no limits of bandwidth. */
  openHostTransport: { request: OpenHostTransport; reply: undefined };
  /** Sets the limits of a transport. */
  setBandwidth: { request: SetBandwidth; reply: undefined };
  /** Ends a transport of either kind with all its streams; the peer is told. */
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
  /** Open transports of both kinds. */
  readonly transports: number;
  /** Open transports to media hosts. */
  readonly hostTransports: number;
  /** Open connections of media hosts. */
  readonly hostConnections: number;
  /** Open producers. */
  readonly producers: number;
  /** Open consumers. */
  readonly consumers: number;
  /** Bytes of packet memory handed out. */
  readonly memoryBytes: number;
  /** What was moved between peers and this router since the start. */
  readonly traffic: Traffic;
  /** What was moved between media hosts and this router since the start. */
  readonly hostTraffic: Traffic;
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

/** What a router process tells about its transports to media hosts. */
export interface HostStreamEvents {
  /** All connections of a host transport are there: media flows. */
  hostStreamConnected: { transportId: string };
  /** A connection has ended, and with it the stream: the branch was closed, or its host died. Told once. */
  hostStreamEnded: { transportId: string; reason: string };
  /**
   * What the viewers of an encoder's stream can take has changed by more than 5 %, bit/s. The host is told by REMB, too,
   * but GStreamer does not act on it: control sets the encoder's bitrate.
   */
  hostBitrateWished: { transportId: string; producerId: string; bitrateBps: number };
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
