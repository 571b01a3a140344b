/**
 * Interfaces that the server's classes implement, and the values that they take and give.
 *
 * Written by `npm run gen` from the descriptors; do not edit. Arguments are decoded: references are live objects,
 * and what has a default is always there.
 * @module
 */

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** Statistics of an element inside the pipeline. */
export interface ElementStats extends Stats {
  /** Name of this type, from which the wire form is made. */
  readonly __type__: 'ElementStats';
  /** Tells this type from the others of its family. */
  readonly type: 'element';
  /**
   * Time from the source to this element's input, per kind of media. Empty unless the pipeline measures
   * latencies.
   */
  readonly inputLatency: readonly MediaLatencyStat[];
}

/** Statistics of an endpoint. */
export interface EndpointStats extends Omit<ElementStats, '__type__' | 'type'> {
  /** Name of this type, from which the wire form is made. */
  readonly __type__: 'EndpointStats';
  /** Tells this type from the others of its family. */
  readonly type: 'endpoint';
  /**
   * Time from entering the pipeline to leaving it here, per kind of media. Empty unless the pipeline
   * measures latencies.
   */
  readonly E2ELatency: readonly MediaLatencyStat[];
}

/** Mean time that media of one kind take. */
export interface MediaLatencyStat {
  /** Name of the stretch measured. */
  readonly name: string;
  /** Kind of media. */
  readonly type: MediaType;
  /** Mean latency. Unit: ns. */
  readonly avg: number;
}

/** A certificate. Declared for completeness; no element produces it. */
export interface RTCCertificateStats extends RTCStats {
  /** Hash of the certificate, in hexadecimal. */
  readonly fingerprint: string;
  /** Hash function, such as sha-256. */
  readonly fingerprintAlgorithm: string;
  /** The certificate in DER, as base64 text. */
  readonly base64Certificate: string;
  /** Id of the statistics of the issuer's certificate. */
  readonly issuerCertificateId: string;
}

/** A codec in use. Declared for completeness; no element produces it. */
export interface RTCCodec extends RTCStats {
  /** RTP payload type. */
  readonly payloadType: number;
  /** Media type and encoding name, such as video/VP8. */
  readonly codec: string;
  /** Ticks of the RTP timestamp per second. Unit: Hz. */
  readonly clockRate: number;
  /** Audio channels. */
  readonly channels: number;
  /** Format parameters as in the SDP. */
  readonly parameters: string;
}

/** State of a data channel, as in W3C's RTCDataChannel. */
export type RTCDataChannelState = 'connecting' | 'open' | 'closing' | 'closed';

/** Statistics of one data channel. */
export interface RTCDataChannelStats extends RTCStats {
  /** Name of this type, from which the wire form is made. */
  readonly __type__: 'RTCDataChannelStats';
  /** Tells this type from the others of its family. */
  readonly type: 'datachannel';
  /** Name of the channel. */
  readonly label: string;
  /** Name of the protocol spoken on the channel. */
  readonly protocol: string;
  /** Number of the channel, its SCTP stream. */
  readonly datachannelid: number;
  /** State of the channel. */
  readonly state: RTCDataChannelState;
  /** Messages sent so far. */
  readonly messagesSent: number;
  /** Bytes of payload sent so far. Unit: bytes. */
  readonly bytesSent: number;
  /** Messages received so far. */
  readonly messagesReceived: number;
  /** Bytes of payload received so far. Unit: bytes. */
  readonly bytesReceived: number;
}

/** An ICE candidate. Declared for completeness; no element produces it. */
export interface RTCIceCandidateAttributes extends RTCStats {
  /** IP address. */
  readonly ipAddress: string;
  /** Port. */
  readonly portNumber: number;
  /** Transport protocol, udp or tcp. */
  readonly transport: string;
  /** Kind of candidate. */
  readonly candidateType: RTCStatsIceCandidateType;
  /** Priority (RFC 8445 section 5.1.2). */
  readonly priority: number;
  /** URL of the server that gave the address. */
  readonly addressSourceUrl: string;
}

/** A candidate pair. Declared for completeness; no element produces it. */
export interface RTCIceCandidatePairStats extends RTCStats {
  /** Id of the transport's statistics. */
  readonly transportId: string;
  /** Id of the statistics of our candidate. */
  readonly localCandidateId: string;
  /** Id of the statistics of the peer's candidate. */
  readonly remoteCandidateId: string;
  /** State of the pair's connectivity check. */
  readonly state: RTCStatsIceCandidatePairState;
  /** Priority of the pair (RFC 8445 section 6.1.2.3). */
  readonly priority: number;
  /** Whether the pair was nominated. */
  readonly nominated: boolean;
  /** Whether a check of ours was answered. */
  readonly writable: boolean;
  /** Whether a check of the peer arrived. */
  readonly readable: boolean;
  /** Bytes sent so far. Unit: bytes. */
  readonly bytesSent: number;
  /** Bytes received so far. Unit: bytes. */
  readonly bytesReceived: number;
  /** Time of a check to the peer and back. Unit: s. */
  readonly roundTripTime: number;
  /** Estimated capacity towards the peer. Unit: bit/s. */
  readonly availableOutgoingBitrate: number;
  /** Estimated capacity from the peer. Unit: bit/s. */
  readonly availableIncomingBitrate: number;
}

/** Statistics of an RTP stream that we receive. */
export interface RTCInboundRTPStreamStats extends RTCRTPStreamStats {
  /** Name of this type, from which the wire form is made. */
  readonly __type__: 'RTCInboundRTPStreamStats';
  /** Tells this type from the others of its family. */
  readonly type: 'inboundrtp';
  /** Packets received so far. Unit: packets. */
  readonly packetsReceived: number;
  /** Bytes received so far. Unit: bytes. */
  readonly bytesReceived: number;
  /** Variation of the packets' arrival (RFC 3550 section 6.4.1). Unit: s. */
  readonly jitter: number;
}

/** A media stream. Declared for completeness; no element produces it. */
export interface RTCMediaStreamStats extends RTCStats {
  /** Id of the stream. */
  readonly streamIdentifier: string;
  /** Ids of the statistics of its tracks. */
  readonly trackIds: readonly string[];
}

/** A media track. Declared for completeness; no element produces it. */
export interface RTCMediaStreamTrackStats extends RTCStats {
  /** Id of the track. */
  readonly trackIdentifier: string;
  /** Whether the track comes from the peer. */
  readonly remoteSource: boolean;
  /** Ids of the statistics of its RTP streams. */
  readonly ssrcIds: readonly string[];
  /** Width of the last frame. Unit: px. */
  readonly frameWidth: number;
  /** Height of the last frame. Unit: px. */
  readonly frameHeight: number;
  /** Frame rate of late. Unit: frames/s. */
  readonly framesPerSecond: number;
  /** Frames sent so far. Unit: frames. */
  readonly framesSent: number;
  /** Frames received so far. Unit: frames. */
  readonly framesReceived: number;
  /** Frames decoded so far. Unit: frames. */
  readonly framesDecoded: number;
  /** Frames dropped so far. Unit: frames. */
  readonly framesDropped: number;
  /** Frames found damaged so far. Unit: frames. */
  readonly framesCorrupted: number;
  /** Loudness between silence, 0, and full scale, 1. Unit: ratio. */
  readonly audioLevel: number;
  /** Echo return loss (ITU-T G.168). Unit: dB. */
  readonly echoReturnLoss: number;
  /** Echo return loss enhancement (ITU-T G.168). Unit: dB. */
  readonly echoReturnLossEnhancement: number;
}

/** Statistics of an RTP stream that we send. */
export interface RTCOutboundRTPStreamStats extends RTCRTPStreamStats {
  /** Name of this type, from which the wire form is made. */
  readonly __type__: 'RTCOutboundRTPStreamStats';
  /** Tells this type from the others of its family. */
  readonly type: 'outboundrtp';
  /** Packets sent so far. Unit: packets. */
  readonly packetsSent: number;
  /** Bytes sent so far. Unit: bytes. */
  readonly bytesSent: number;
  /** Bit rate that the sender aims at. Unit: bit/s. */
  readonly targetBitrate: number;
  /** Time to the peer and back, from RTCP reports. Unit: s. */
  readonly roundTripTime: number;
}

/** Statistics of a WebRTC session as a whole. */
export interface RTCPeerConnectionStats extends RTCStats {
  /** Name of this type, from which the wire form is made. */
  readonly __type__: 'RTCPeerConnectionStats';
  /** Tells this type from the others of its family. */
  readonly type: 'session';
  /** Data channels opened so far. */
  readonly dataChannelsOpened: number;
  /** Data channels closed so far. */
  readonly dataChannelsClosed: number;
}

/** What statistics of RTP streams in either direction have in common. */
export interface RTCRTPStreamStats extends RTCStats {
  /** Synchronization source of the stream, as a decimal number in text. */
  readonly ssrc: string;
  /** Id of the matching statistics of the other side. Empty if unknown. */
  readonly associateStatsId: string;
  /** Whether the figures were measured by the peer. */
  readonly isRemote: boolean;
  /** Id of the track's statistics. Empty if unknown. */
  readonly mediaTrackId: string;
  /** Id of the transport's statistics. Empty if unknown. */
  readonly transportId: string;
  /** Id of the codec's statistics. Empty if unknown. */
  readonly codecId: string;
  /** Full intra requests so far. */
  readonly firCount: number;
  /** Picture loss indications so far. */
  readonly pliCount: number;
  /** Negative acknowledgements so far. */
  readonly nackCount: number;
  /** Slice loss indications so far. */
  readonly sliCount: number;
  /** Last receiver estimated maximum bit rate. Unit: bit/s. */
  readonly remb: number;
  /** Packets lost so far. Unit: packets. */
  readonly packetsLost: number;
  /** Part of the packets lost in the last report interval. Unit: ratio. */
  readonly fractionLost: number;
}

/** What all statistics of real-time connections have in common. */
export interface RTCStats extends Stats {}

/** State of a candidate pair (RFC 8445 section 6.1.2.6). */
export type RTCStatsIceCandidatePairState =
  | 'frozen'
  | 'waiting'
  | 'inprogress'
  | 'failed'
  | 'succeeded'
  | 'cancelled';

/** Kind of an ICE candidate. */
export type RTCStatsIceCandidateType = 'host' | 'serverreflexive' | 'peerreflexive' | 'relayed';

/** A transport. Declared for completeness; no element produces it. */
export interface RTCTransportStats extends RTCStats {
  /** Bytes sent so far. Unit: bytes. */
  readonly bytesSent: number;
  /** Bytes received so far. Unit: bytes. */
  readonly bytesReceived: number;
  /** Id of the statistics of the separate RTCP transport, if any. */
  readonly rtcpTransportStatsId: string;
  /** Whether the transport is in use. */
  readonly activeConnection: boolean;
  /** Id of the statistics of the selected candidate pair. */
  readonly selectedCandidatePairId: string;
  /** Id of the statistics of our certificate. */
  readonly localCertificateId: string;
  /** Id of the statistics of the peer's certificate. */
  readonly remoteCertificateId: string;
}

/** What all statistics have in common. */
export interface Stats {
  /** Key of the entry in the map of statistics. */
  readonly id: string;
  /** Kind of statistics. */
  readonly type: StatsType;
  /**
   * When the figures were read, since 1970-01-01 UTC. A number here, while events carry text. Unit: unix
   * ms.
   */
  readonly timestampMillis: number;
}

/** Kind of statistics, which tells the fields of an entry. */
export type StatsType =
  | 'inboundrtp'
  | 'outboundrtp'
  | 'session'
  | 'datachannel'
  | 'track'
  | 'transport'
  | 'candidatepair'
  | 'localcandidate'
  | 'remotecandidate'
  | 'element'
  | 'endpoint';

/** Format wanted of audio. */
export interface AudioCaps {
  /** Codec to produce. */
  readonly codec: AudioCodec;
  /** Bit rate to produce. Unit: bit/s. */
  readonly bitrate: number;
}

/** Audio codec. RAW means uncompressed samples. */
export type AudioCodec = 'OPUS' | 'PCMU' | 'PCMA' | 'RAW';

/** A codec and its settings as in the server's configuration. No method takes it. */
export interface CodecConfiguration {
  /** Encoding name and clock rate, such as opus/48000/2. */
  readonly name?: string;
  /** Settings of the codec by name. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Whether the transports are up. */
export type ConnectionState = 'DISCONNECTED' | 'CONNECTED';

/** One connection between two elements. */
export interface ElementConnectionData {
  /** The element that gives the media. */
  readonly source: MediaElement;
  /** The element that receives them. */
  readonly sink: MediaElement;
  /** Kind of media connected. */
  readonly type: MediaType;
  /** Name of the output pad. */
  readonly sourceDescription: string;
  /** Name of the input pad. */
  readonly sinkDescription: string;
}

/** Kind of media that a GStreamer filter works on. */
export type FilterType = 'AUDIO' | 'AUTODETECT' | 'VIDEO';

/** A ratio of two whole numbers. */
export interface Fraction {
  /** Upper number. */
  readonly numerator: number;
  /** Lower number. */
  readonly denominator: number;
}

/** How much a drawn media graph shows. */
export type GstreamerDotDetails =
  | 'SHOW_MEDIA_TYPE'
  | 'SHOW_CAPS_DETAILS'
  | 'SHOW_NON_DEFAULT_PARAMS'
  | 'SHOW_STATES'
  | 'SHOW_FULL_PARAMS'
  | 'SHOW_ALL'
  | 'SHOW_VERBOSE';

/** Whether media pass. */
export type MediaFlowState = 'FLOWING' | 'NOT_FLOWING';

/** Whether media of the peer arrive, judged by its RTCP. */
export type MediaState = 'DISCONNECTED' | 'CONNECTED';

/** Whether media are decoded and encoded anew. */
export type MediaTranscodingState = 'TRANSCODING' | 'NOT_TRANSCODING';

/** Kind of media. */
export type MediaType = 'AUDIO' | 'DATA' | 'VIDEO';

/** A loaded module and what can be created from it. */
export interface ModuleInfo {
  /** Version of the module. */
  readonly version: string;
  /** Name of the module, such as core or chroma. */
  readonly name: string;
  /** When the module was built, as text. */
  readonly generationTime: string;
  /** Short names of the classes that can be created, sorted. */
  readonly factories: readonly string[];
}

/** Which kinds of media an offer contains. */
export interface OfferOptions {
  /** Whether to offer audio. Default: true. */
  readonly offerToReceiveAudio?: boolean;
  /** Whether to offer video. Default: true. */
  readonly offerToReceiveVideo?: boolean;
}

/** How the bit rate that we ask of a video sender follows losses. */
export interface RembParams {
  /** Packets over which the loss is averaged. Unit: packets. Default: 100. */
  readonly packetsRecvIntervalTop?: number;
  /** Growth per step while below the threshold. Unit: ratio. Default: 0.04. */
  readonly exponentialFactor?: number;
  /** Least growth per step above the threshold. Unit: bit/s. */
  readonly linealFactorMin?: number;
  /** Steps in which the bit rate climbs from the threshold to where it was. Unit: steps. Default: 30. */
  readonly linealFactorGrade?: number;
  /** What remains of the bit rate after too many losses. Unit: ratio. Default: 0.5. */
  readonly decrementFactor?: number;
  /**
   * Where growth turns from exponential to linear, as a part of the bit rate at the loss. Unit: ratio.
   * Default: 0.8.
   */
  readonly thresholdFactor?: number;
  /**
   * Loss below which the bit rate is held instead of lowered, in 256ths of the packets. Unit: 1/256.
   * Default: 12.
   */
  readonly upLosses?: number;
  /** Bit rate assumed until the first REMB of the peer arrives. Unit: bit/s. Default: 300000. */
  readonly rembOnConnect?: number;
}

/** What a server says about itself. */
export interface ServerInfo {
  /** Version of the API that the server speaks. */
  readonly version: string;
  /** Modules that are loaded. */
  readonly modules: readonly ModuleInfo[];
  /** Kind of server. */
  readonly type: ServerType;
  /** Names of the protocol features that clients may use. */
  readonly capabilities: readonly string[];
}

/** Kind of server. A media server is always KMS. */
export type ServerType = 'KMS' | 'KCS';

/** A named text attached to an object. */
export interface Tag {
  /** Name of the tag. */
  readonly key: string;
  /** Its text. */
  readonly value: string;
}

/** What a URI endpoint is doing. */
export type UriEndpointState = 'STOP' | 'START' | 'PAUSE';

/** Format wanted of video. */
export interface VideoCaps {
  /** Codec to produce. */
  readonly codec: VideoCodec;
  /** Frames per second, as a fraction. */
  readonly framerate: Fraction;
}

/** Video codec. RAW means uncompressed pictures. */
export type VideoCodec = 'H265' | 'AV1' | 'VP9' | 'VP8' | 'H264' | 'RAW';

/** Kind of key in a certificate. */
export type CertificateKeyType = 'RSA' | 'ECDSA';

/** Cipher and authentication of SRTP (RFC 4568 section 6.2). */
export type CryptoSuite =
  | 'AES_128_CM_HMAC_SHA1_32'
  | 'AES_128_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80';

/**
 * Priority mark of packets (RFC 2474, uses of RFC 8837). NO_VALUE takes the server's setting, NO_DSCP
 * sets none.
 */
export type DSCPValue =
  | 'NO_DSCP'
  | 'NO_VALUE'
  | 'AUDIO_VERYLOW'
  | 'AUDIO_LOW'
  | 'AUDIO_MEDIUM'
  | 'AUDIO_HIGH'
  | 'VIDEO_VERYLOW'
  | 'VIDEO_LOW'
  | 'VIDEO_MEDIUM'
  | 'VIDEO_MEDIUM_THROUGHPUT'
  | 'VIDEO_HIGH'
  | 'VIDEO_HIGH_THROUGHPUT'
  | 'DATA_VERYLOW'
  | 'DATA_LOW'
  | 'DATA_MEDIUM'
  | 'DATA_HIGH'
  | 'CHROME_HIGH'
  | 'CHROME_MEDIUM'
  | 'CHROME_LOW'
  | 'CHROME_VERYLOW'
  | 'CS0'
  | 'CS1'
  | 'CS2'
  | 'CS3'
  | 'CS4'
  | 'CS5'
  | 'CS6'
  | 'CS7'
  | 'AF11'
  | 'AF12'
  | 'AF13'
  | 'AF21'
  | 'AF22'
  | 'AF23'
  | 'AF31'
  | 'AF32'
  | 'AF33'
  | 'AF41'
  | 'AF42'
  | 'AF43'
  | 'EF'
  | 'VOICEADMIT'
  | 'LE';

/** DTLS state of one component. */
export interface DtlsConnection {
  /** Id of the stream. */
  readonly streamId: string;
  /** 1 for RTP, 2 for RTCP, as text. */
  readonly componentId: string;
  /** Id of the DTLS connection. */
  readonly connectionId: string;
  /** How far DTLS has come. */
  readonly state: DtlsConnectionState;
}

/** How far DTLS has come on a connection. */
export type DtlsConnectionState = 'NEW' | 'CLOSED' | 'FAILED' | 'CONNECTING' | 'CONNECTED';

/** What a recorder does about gaps in its input. FILL_IF_TRANSCODING is declared only. */
export type GapsFixMethod = 'NONE' | 'GENPTS' | 'FILL_IF_TRANSCODING';

/** An ICE candidate as browsers exchange it (RFC 8839). */
export interface IceCandidate {
  /** Text of the candidate, beginning with candidate: and without a=. */
  readonly candidate: string;
  /** Identification tag of the media section that it belongs to. */
  readonly sdpMid: string;
  /** Place of that media section in the SDP, from 0. */
  readonly sdpMLineIndex: number;
}

/** The two candidates between which media pass. */
export interface IceCandidatePair {
  /** Id of the ICE stream. */
  readonly streamId: string;
  /** 1 for RTP, 2 for RTCP (RFC 8445). */
  readonly componentId: number;
  /** Text of our candidate. */
  readonly localCandidate: string;
  /** Text of the peer's candidate. */
  readonly remoteCandidate: string;
}

/** How far ICE has come on a component. */
export type IceComponentState =
  | 'DISCONNECTED'
  | 'GATHERING'
  | 'CONNECTING'
  | 'CONNECTED'
  | 'READY'
  | 'FAILED';

/** ICE state of one component. */
export interface IceConnection {
  /** Id of the ICE stream. */
  readonly streamId: string;
  /** 1 for RTP, 2 for RTCP (RFC 8445). */
  readonly componentId: number;
  /** How far ICE has come. */
  readonly state: IceComponentState;
}

/** Container and kinds of media of a recording. */
export type MediaProfileSpecType =
  | 'WEBM'
  | 'MKV'
  | 'MP4'
  | 'WEBM_VIDEO_ONLY'
  | 'WEBM_AUDIO_ONLY'
  | 'MKV_VIDEO_ONLY'
  | 'MKV_AUDIO_ONLY'
  | 'MP4_VIDEO_ONLY'
  | 'MP4_AUDIO_ONLY'
  | 'JPEG_VIDEO_ONLY'
  | 'KURENTO_SPLIT_RECORDER'
  | 'FLV';

/**
 * Key for SRTP as exchanged in the SDP (RFC 4568). Give key or keyBase64; a random key is made if
 * neither is there.
 */
export interface SDES {
  /** Master key and salt as ASCII text: 30 characters for AES-128, 46 for AES-256. */
  readonly key?: string;
  /** Master key and salt in base64: 30 bytes for AES-128, 46 for AES-256. */
  readonly keyBase64?: string;
  /** Cipher suite. */
  readonly crypto?: CryptoSuite;
}

/** Length and seekable range of played media. */
export interface VideoInfo {
  /** Whether the position can be set. */
  readonly isSeekable: boolean;
  /** First place that can be sought. Unit: ms. */
  readonly seekableInit: number;
  /** Last place that can be sought. Unit: ms. */
  readonly seekableEnd: number;
  /** Length of the media. Unit: ms. */
  readonly duration: number;
}

/** A rectangle in the video. */
export interface ChromaWindowParam {
  /** Left edge, counted from the left of the frame, despite its name. Unit: px. */
  readonly topRightCornerX: number;
  /** Top edge, counted from the top of the frame. Unit: px. */
  readonly topRightCornerY: number;
  /** Width of the rectangle. Unit: px. */
  readonly width: number;
  /** Height of the rectangle. Unit: px. */
  readonly height: number;
}

/** A polygon in the video that is watched. */
export interface RegionOfInterest {
  /** Corners of the polygon in order. */
  readonly points: readonly RelativePoint[];
  /** Thresholds of the region. */
  readonly regionOfInterestConfig: RegionOfInterestConfig;
  /** Name of the region in events. */
  readonly id: string;
}

/** Thresholds of a watched region. Levels count from 0 to 3. */
export interface RegionOfInterestConfig {
  /** Occupancy from which the level is 1. Unit: %. Default: 10. */
  readonly occupancyLevelMin?: number;
  /** Occupancy from which the level is 2. Unit: %. Default: 35. */
  readonly occupancyLevelMed?: number;
  /** Occupancy from which the level is 3. Unit: %. Default: 65. */
  readonly occupancyLevelMax?: number;
  /** How long a new occupancy level must last before it is told. Unit: frames. Default: 5. */
  readonly occupancyNumFramesToEvent?: number;
  /** Fluidity from which the level is 1. Unit: %. Default: 10. */
  readonly fluidityLevelMin?: number;
  /** Fluidity from which the level is 2. Unit: %. Default: 35. */
  readonly fluidityLevelMed?: number;
  /** Fluidity from which the level is 3. Unit: %. Default: 65. */
  readonly fluidityLevelMax?: number;
  /** How long a new fluidity level must last before it is told. Unit: frames. Default: 5. */
  readonly fluidityNumFramesToEvent?: number;
  /** Whether to tell the direction of movement. Default: false. */
  readonly sendOpticalFlowEvent?: boolean;
  /** How long a new direction must last before it is told. Unit: frames. Default: 3. */
  readonly opticalFlowNumFramesToEvent?: number;
  /** How long nothing must move before the direction is forgotten. Unit: frames. Default: 3. */
  readonly opticalFlowNumFramesToReset?: number;
  /** Angle added to the direction told. Unit: degrees. Default: 0. */
  readonly opticalFlowAngleOffset?: number;
}

/** A point in the video, independent of its size. */
export interface RelativePoint {
  /** Distance from the left, as a part of the frame's width. Unit: ratio. */
  readonly x: number;
  /** Distance from the top, as a part of the frame's height. Unit: ratio. */
  readonly y: number;
}

/** A window on the picture that the pointer can enter. */
export interface PointerDetectorWindowMediaParam {
  /** Name of the window in events. */
  readonly id: string;
  /** Height of the window. Unit: px. */
  readonly height: number;
  /** Width of the window. Unit: px. */
  readonly width: number;
  /** Left edge, counted from the left of the frame, despite its name. Unit: px. */
  readonly upperRightX: number;
  /** Top edge, counted from the top of the frame. Unit: px. */
  readonly upperRightY: number;
  /** Picture shown while the pointer is inside: file path or http URL. */
  readonly activeImage?: string;
  /** How transparent the pictures are, from 0, solid, to 1. Unit: ratio. */
  readonly imageTransparency?: number;
  /** Picture shown while the pointer is outside: file path or http URL. */
  readonly image?: string;
}

/** A rectangle in the video. */
export interface PointerdetectorWindowParam {
  /** Left edge, counted from the left of the frame, despite its name. Unit: px. */
  readonly topRightCornerX: number;
  /** Top edge, counted from the top of the frame. Unit: px. */
  readonly topRightCornerY: number;
  /** Width of the rectangle. Unit: px. */
  readonly width: number;
  /** Height of the rectangle. Unit: px. */
  readonly height: number;
}

/** How still pictures are delivered. NONE delivers nothing. */
export type ImageDelivery = 'NONE' | 'GRPC';

/** File format of a still picture. */
export type ImageEncoding = 'PNG' | 'JPEG' | 'BMP' | 'PBM' | 'PPM';

/** The transports of the endpoint came up or went down. */
export interface ConnectionStateChangedEvent extends MediaEvent {
  /** Always `ConnectionStateChanged`. */
  readonly type: 'ConnectionStateChanged';
  /** State before. */
  readonly oldState: ConnectionState;
  /** State from now on. */
  readonly newState: ConnectionState;
}

/** The output of the element was connected; raised once per kind of media. */
export interface ElementConnectedEvent extends MediaEvent {
  /** Always `ElementConnected`. */
  readonly type: 'ElementConnected';
  /** The element that now receives the media. */
  readonly sink: MediaElement;
  /** Kind of media connected. */
  readonly mediaType: MediaType;
  /** Name of the output pad. */
  readonly sourceMediaDescription: string;
  /** Name of the input pad. */
  readonly sinkMediaDescription: string;
}

/** The output of the element was disconnected; raised once per kind of media. */
export interface ElementDisconnectedEvent extends MediaEvent {
  /** Always `ElementDisconnected`. */
  readonly type: 'ElementDisconnected';
  /** The element that no longer receives the media. */
  readonly sink: MediaElement;
  /** Kind of media disconnected. */
  readonly mediaType: MediaType;
  /** Name of the output pad. */
  readonly sourceMediaDescription: string;
  /** Name of the input pad. */
  readonly sinkMediaDescription: string;
}

/** Something went wrong in an object after the call that caused it was answered. */
export interface ErrorEvent extends RaiseBaseEvent {
  /** What happened, for people. */
  readonly description: string;
  /** Number of the error in the subsystem that found it. */
  readonly errorCode: number;
  /** Kind of error, such as RESOURCE_ERROR_OPEN, INVALID_URI or UNEXPECTED_ELEMENT_ERROR. */
  readonly type: string;
}

/** What most events carry beyond the common fields. */
export interface MediaEvent extends RaiseBaseEvent {
  /** Name of the event. */
  readonly type: string;
}

/** Media began or ceased to arrive at the element. */
export interface MediaFlowInStateChangedEvent extends MediaEvent {
  /** Always `MediaFlowInStateChanged`. */
  readonly type: 'MediaFlowInStateChanged';
  /** State from now on. */
  readonly state: MediaFlowState;
  /** Name of the input pad. */
  readonly padName: string;
  /** Kind of media. */
  readonly mediaType: MediaType;
}

/** Media began or ceased to leave the element. */
export interface MediaFlowOutStateChangedEvent extends MediaEvent {
  /** Always `MediaFlowOutStateChanged`. */
  readonly type: 'MediaFlowOutStateChanged';
  /** State from now on. */
  readonly state: MediaFlowState;
  /** Name of the output pad. */
  readonly padName: string;
  /** Kind of media. */
  readonly mediaType: MediaType;
}

/** The media session of the endpoint has begun: the SDP exchange is complete, or an upload started. */
export interface MediaSessionStartedEvent extends MediaEvent {
  /** Always `MediaSessionStarted`. */
  readonly type: 'MediaSessionStarted';
}

/** The media session of the endpoint is over. */
export interface MediaSessionTerminatedEvent extends MediaEvent {
  /** Always `MediaSessionTerminated`. */
  readonly type: 'MediaSessionTerminated';
}

/** RTCP of the peer began to arrive or ceased. */
export interface MediaStateChangedEvent extends MediaEvent {
  /** Always `MediaStateChanged`. */
  readonly type: 'MediaStateChanged';
  /** State before. */
  readonly oldState: MediaState;
  /** State from now on. */
  readonly newState: MediaState;
}

/** The element began to transcode, or found that it need not. */
export interface MediaTranscodingStateChangedEvent extends MediaEvent {
  /** Always `MediaTranscodingStateChanged`. */
  readonly type: 'MediaTranscodingStateChanged';
  /** State from now on. */
  readonly state: MediaTranscodingState;
  /** Name of the transcoding stage. */
  readonly binName: string;
  /** Kind of media. */
  readonly mediaType: MediaType;
}

/** An object was made on the server. */
export interface ObjectCreatedEvent extends RaiseBaseEvent {
  /** The new object. */
  readonly object: MediaObject;
}

/** An object was released on the server. */
export interface ObjectDestroyedEvent extends RaiseBaseEvent {
  /** Id that the object had. */
  readonly objectId: string;
}

/** What every event carries. */
export interface RaiseBaseEvent {
  /** The object that raised the event. */
  readonly source: MediaObject;
  /** When it was raised, in milliseconds since 1970-01-01 UTC, as a decimal number in text. */
  readonly timestampMillis: string;
  /** Tags of the source. Empty unless the source has sendTagsInEvents on. */
  readonly tags: readonly Tag[];
}

/** The player or recorder started, paused or stopped. */
export interface UriEndpointStateChangedEvent extends MediaEvent {
  /** Always `UriEndpointStateChanged`. */
  readonly type: 'UriEndpointStateChanged';
  /** State from now on. */
  readonly state: UriEndpointState;
}

/** A data channel was closed by either side. */
export interface DataChannelClosedEvent extends MediaEvent {
  /** Always `DataChannelClosed`. */
  readonly type: 'DataChannelClosed';
  /** Number of the channel. */
  readonly channelId: number;
}

/** A data channel is open, whichever side asked for it. */
export interface DataChannelOpenedEvent extends MediaEvent {
  /** Always `DataChannelOpened`. */
  readonly type: 'DataChannelOpened';
  /** Number of the channel. */
  readonly channelId: number;
}

/** DTLS moved on or failed on a connection. */
export interface DtlsConnectionStateChangeEvent extends MediaEvent {
  /** Always `DtlsConnectionStateChange`. */
  readonly type: 'DtlsConnectionStateChange';
  /** Id of the stream, as text. */
  readonly streamId: string;
  /** 1 for RTP, 2 for RTCP, as text. */
  readonly componentId: string;
  /** Id of the DTLS connection. */
  readonly connectionId: string;
  /** State from now on. */
  readonly state: DtlsConnectionState;
}

/** The source has no more media: the file was played or the upload is complete. */
export interface EndOfStreamEvent extends MediaEvent {
  /** Always `EndOfStream`. */
  readonly type: 'EndOfStream';
}

/** A candidate of ours was found and should be sent to the peer. */
export interface IceCandidateFoundEvent extends MediaEvent {
  /** Always `IceCandidateFound`. */
  readonly type: 'IceCandidateFound';
  /** The candidate, in the form that browsers take. */
  readonly candidate: IceCandidate;
}

/** ICE moved on or fell back on a component. */
export interface IceComponentStateChangedEvent extends MediaEvent {
  /** Always `IceComponentStateChanged`. */
  readonly type: 'IceComponentStateChanged';
  /** Number of the ICE stream. */
  readonly streamId: number;
  /** 1 for RTP, 2 for RTCP (RFC 8445). */
  readonly componentId: number;
  /** State from now on. */
  readonly state: IceComponentState;
}

/** All our candidates have been told. */
export interface IceGatheringDoneEvent extends MediaEvent {
  /** Always `IceGatheringDone`. */
  readonly type: 'IceGatheringDone';
}

/** ICE chose the pair of candidates that media take from now on. */
export interface NewCandidatePairSelectedEvent extends MediaEvent {
  /** Always `NewCandidatePairSelected`. */
  readonly type: 'NewCandidatePairSelected';
  /** The pair chosen. */
  readonly candidatePair: IceCandidatePair;
}

/** The SRTP key has nearly been used for as many packets as it may. */
export interface OnKeySoftLimitEvent extends MediaEvent {
  /** Always `OnKeySoftLimit`. */
  readonly type: 'OnKeySoftLimit';
  /** Kind of media that the key protects. */
  readonly mediaType: MediaType;
}

/** Recording holds. */
export interface PausedEvent extends MediaEvent {
  /** Always `Paused`. */
  readonly type: 'Paused';
}

/** Media are really being written, for the first time or after a pause. */
export interface RecordingEvent extends MediaEvent {
  /** Always `Recording`. */
  readonly type: 'Recording';
}

/** Recording has ended and the file is complete. */
export interface StoppedEvent extends MediaEvent {
  /** Always `Stopped`. */
  readonly type: 'Stopped';
}

/** A bar code or QR code was read. */
export interface CodeFoundEvent extends MediaEvent {
  /** Always `CodeFound`. */
  readonly type: 'CodeFound';
  /** Kind of code, such as QR-Code or EAN-13. */
  readonly codeType: string;
  /** Text of the code. */
  readonly value: string;
}

/** The people in a region move in another direction. */
export interface CrowdDetectorDirectionEvent extends MediaEvent {
  /** Always `CrowdDetectorDirection`. */
  readonly type: 'CrowdDetectorDirection';
  /** Direction of movement. Unit: degrees. */
  readonly directionAngle: number;
  /** Name of the region. */
  readonly roiId: string;
}

/** The movement in a region reached another level. */
export interface CrowdDetectorFluidityEvent extends MediaEvent {
  /** Always `CrowdDetectorFluidity`. */
  readonly type: 'CrowdDetectorFluidity';
  /** How much of the filled part stands still. Unit: %. */
  readonly fluidityPercentage: number;
  /** Level from 0 to 3. */
  readonly fluidityLevel: number;
  /** Name of the region. */
  readonly roiId: string;
}

/** The filling of a region reached another level. */
export interface CrowdDetectorOccupancyEvent extends MediaEvent {
  /** Always `CrowdDetectorOccupancy`. */
  readonly type: 'CrowdDetectorOccupancy';
  /** Part of the region that is filled. Unit: %. */
  readonly occupancyPercentage: number;
  /** Level from 0 to 3. */
  readonly occupancyLevel: number;
  /** Name of the region. */
  readonly roiId: string;
}

/** The number of markers of one kind in the picture changed. */
export interface MarkerCountEvent extends MediaEvent {
  /** Always `MarkerCount`. */
  readonly type: 'MarkerCount';
  /** Number of the marker. */
  readonly markerId: number;
  /** How many of them are visible now. */
  readonly markerCount: number;
  /** How many more, or fewer if negative, than before. */
  readonly markerCountDiff: number;
}

/** A number plate was read several times alike. */
export interface PlateDetectedEvent extends MediaEvent {
  /** Always `plate-detected`. */
  readonly type: 'plate-detected';
  /** Text of the plate. */
  readonly plate: string;
}

/** The pointer entered a window. */
export interface WindowInEvent extends MediaEvent {
  /** Always `WindowIn`. */
  readonly type: 'WindowIn';
  /** Id of the window. */
  readonly windowId: string;
}

/** The pointer left a window. */
export interface WindowOutEvent extends MediaEvent {
  /** Always `WindowOut`. */
  readonly type: 'WindowOut';
  /** Id of the window. */
  readonly windowId: string;
}

/** A still picture was taken. */
export interface SampleImageDeliveredEvent extends MediaEvent {
  /** Always `SampleImageDelivered`. */
  readonly type: 'SampleImageDelivered';
  /** Whether its receiver accepted it. */
  readonly delivered: boolean;
}

/** Every event that objects raise, by its name. */
export interface EventsByName {
  /** The transports of the endpoint came up or went down. */
  readonly ConnectionStateChanged: ConnectionStateChangedEvent;
  /** The output of the element was connected; raised once per kind of media. */
  readonly ElementConnected: ElementConnectedEvent;
  /** The output of the element was disconnected; raised once per kind of media. */
  readonly ElementDisconnected: ElementDisconnectedEvent;
  /** Something went wrong in an object after the call that caused it was answered. */
  readonly Error: ErrorEvent;
  /** Media began or ceased to arrive at the element. */
  readonly MediaFlowInStateChanged: MediaFlowInStateChangedEvent;
  /** Media began or ceased to leave the element. */
  readonly MediaFlowOutStateChanged: MediaFlowOutStateChangedEvent;
  /** The media session of the endpoint has begun: the SDP exchange is complete, or an upload started. */
  readonly MediaSessionStarted: MediaSessionStartedEvent;
  /** The media session of the endpoint is over. */
  readonly MediaSessionTerminated: MediaSessionTerminatedEvent;
  /** RTCP of the peer began to arrive or ceased. */
  readonly MediaStateChanged: MediaStateChangedEvent;
  /** The element began to transcode, or found that it need not. */
  readonly MediaTranscodingStateChanged: MediaTranscodingStateChangedEvent;
  /** An object was made on the server. */
  readonly ObjectCreated: ObjectCreatedEvent;
  /** An object was released on the server. */
  readonly ObjectDestroyed: ObjectDestroyedEvent;
  /** The player or recorder started, paused or stopped. */
  readonly UriEndpointStateChanged: UriEndpointStateChangedEvent;
  /** A data channel was closed by either side. */
  readonly DataChannelClosed: DataChannelClosedEvent;
  /** A data channel is open, whichever side asked for it. */
  readonly DataChannelOpened: DataChannelOpenedEvent;
  /** DTLS moved on or failed on a connection. */
  readonly DtlsConnectionStateChange: DtlsConnectionStateChangeEvent;
  /** The source has no more media: the file was played or the upload is complete. */
  readonly EndOfStream: EndOfStreamEvent;
  /** A candidate of ours was found and should be sent to the peer. */
  readonly IceCandidateFound: IceCandidateFoundEvent;
  /** ICE moved on or fell back on a component. */
  readonly IceComponentStateChanged: IceComponentStateChangedEvent;
  /** All our candidates have been told. */
  readonly IceGatheringDone: IceGatheringDoneEvent;
  /** ICE chose the pair of candidates that media take from now on. */
  readonly NewCandidatePairSelected: NewCandidatePairSelectedEvent;
  /** The SRTP key has nearly been used for as many packets as it may. */
  readonly OnKeySoftLimit: OnKeySoftLimitEvent;
  /** Recording holds. */
  readonly Paused: PausedEvent;
  /** Media are really being written, for the first time or after a pause. */
  readonly Recording: RecordingEvent;
  /** Recording has ended and the file is complete. */
  readonly Stopped: StoppedEvent;
  /** A bar code or QR code was read. */
  readonly CodeFound: CodeFoundEvent;
  /** The people in a region move in another direction. */
  readonly CrowdDetectorDirection: CrowdDetectorDirectionEvent;
  /** The movement in a region reached another level. */
  readonly CrowdDetectorFluidity: CrowdDetectorFluidityEvent;
  /** The filling of a region reached another level. */
  readonly CrowdDetectorOccupancy: CrowdDetectorOccupancyEvent;
  /** The number of markers of one kind in the picture changed. */
  readonly MarkerCount: MarkerCountEvent;
  /** A number plate was read several times alike. */
  readonly PlateDetected: PlateDetectedEvent;
  /** The pointer entered a window. */
  readonly WindowIn: WindowInEvent;
  /** The pointer left a window. */
  readonly WindowOut: WindowOutEvent;
  /** A still picture was taken. */
  readonly SampleImageDelivered: SampleImageDeliveredEvent;
}

/**
 * Root of everything that lives on the server: it has an id, a name, tags, a parent and children, and
 * raises events.
 */
export interface MediaObject {
  /** The pipeline this object belongs to; a pipeline answers with itself. Null for the server manager. */
  getMediaPipeline(): Awaitable<MediaPipeline | null>;
  /**
   * The owner: the pipeline of an element or hub, the hub of a port, null for a pipeline. Releasing the
   * owner releases this object.
   */
  getParent(): Awaitable<MediaObject | null>;
  /** The id under which any session can reach this object. It never changes. */
  getId(): Awaitable<string>;
  /**
   * The objects owned by this one: elements and hubs of a pipeline, ports of a hub. Asking for them
   * keeps them alive for the session.
   */
  getChildren(): Awaitable<readonly MediaObject[]>;
  /**
   * A label for people and logs, at first the id. It need not be unique and cannot be used to find the
   * object.
   */
  getName(): Awaitable<string>;
  /**
   * Sets: A label for people and logs, at first the id. It need not be unique and cannot be used to find
   * the object.
   */
  setName(params: { readonly name: string }): Awaitable<void>;
  /** Whether each event of this object carries its tags. Off unless set. Default: false. */
  getSendTagsInEvents(): Awaitable<boolean>;
  /** Sets: Whether each event of this object carries its tags. Off unless set. Default: false. */
  setSendTagsInEvents(params: { readonly sendTagsInEvents: boolean }): Awaitable<void>;
  /** When the object was made, in whole seconds since 1970-01-01 UTC. Unit: unix s. */
  getCreationTime(): Awaitable<number>;
  /** Attaches a tag to this object, or gives an existing one a new value. */
  addTag(params: {
    /** Name of the tag. */
    readonly key: string;
    /** Text to keep under that name. */
    readonly value: string;
  }): Awaitable<void>;
  /** Takes a tag off this object. A tag that is not there is no error. */
  removeTag(params: {
    /** Name of the tag. */
    readonly key: string;
  }): Awaitable<void>;
  /**
   * Reads the value of one tag.
   * @returns The value kept under that name.
   * @throws {KurentoError} MEDIA_OBJECT_TAG_KEY_NOT_FOUND
   */
  getTag(params: {
    /** Name of the tag. */
    readonly key: string;
  }): Awaitable<string>;
  /**
   * Lists every tag of this object.
   * @returns The tags, ordered by key.
   */
  getTags(): Awaitable<readonly Tag[]>;
}

/**
 * The server itself, as the one object with the id manager_ServerManager. It tells what runs here and
 * cannot be created.
 */
export interface ServerManager extends MediaObject {
  /** Version, kind and loaded modules of this server. */
  getInfo(): Awaitable<ServerInfo>;
  /** All pipelines of the server, whoever made them. Asking for them keeps them alive for the session. */
  getPipelines(): Awaitable<readonly MediaPipeline[]>;
  /** Ids of the sessions that the server knows. */
  getSessions(): Awaitable<readonly string[]>;
  /** Free JSON text from the server's configuration. */
  getMetadata(): Awaitable<string>;
  /**
   * Describes a module in Kurento's own description format.
   * @returns JSON text with the classes, types and events of the module.
   * @throws {KurentoError} UNDEFINED
   */
  getKmd(params: {
    /** Name of the module, such as core or chroma. */
    readonly moduleName: string;
  }): Awaitable<string>;
  /**
   * Counts the logical processors that this process may use, affinity masks included.
   * @returns Number of logical processors.
   */
  getCpuCount(): Awaitable<number>;
  /**
   * Measures processor load; the answer comes only after the interval has passed.
   * @returns Load of the server, averaged over the interval. Unit: %.
   */
  getUsedCpu(params: {
    /** How long to measure. Must be given, although a usual value is declared. Unit: ms. Default: 1000. */
    readonly interval: number;
  }): Awaitable<number>;
  /**
   * Measures the memory that the server holds in RAM.
   * @returns Resident size of the server. Unit: KiB.
   */
  getUsedMemory(): Awaitable<number>;
}

/** An endpoint whose life follows a media session that starts and may end. */
export interface SessionEndpoint extends Endpoint {}

/** A place where media of several elements meet. Elements do not connect to a hub but to its ports. */
export interface Hub extends MediaObject {
  /**
   * Draws the inner media graph of the hub.
   * @returns The graph as Graphviz text.
   */
  getGstreamerDot(params: {
    /** How much to show. Everything when left out. */
    readonly details?: GstreamerDotDetails;
  }): Awaitable<string>;
  /**
   * Writes the inner media graph into the directory named by GST_DEBUG_DUMP_DOT_DIR; does nothing when
   * that is unset.
   */
  dumpGstreamerDot(params: {
    /** How much to show. Everything when left out. */
    readonly details?: GstreamerDotDetails;
  }): Awaitable<void>;
}

/** An element that changes or analyses the media that pass through it. */
export interface Filter extends MediaElement {}

/** An element through which media enter or leave the pipeline. */
export interface Endpoint extends MediaElement {}

/** The plug of a hub: an element that carries media into the hub and the hub's result out of it. */
export interface HubPort extends MediaElement {}

/** Constructor parameters of `HubPort`. Opens a new port on a hub. */
export interface HubPortParams {
  /** The hub that gets the port and becomes its parent. */
  readonly hub: Hub;
}

/** Forwards everything unchanged. Serves as a fixed attachment point while sources are swapped. */
export interface PassThrough extends MediaElement {}

/** Constructor parameters of `PassThrough`. Makes a pass-through in a pipeline. */
export interface PassThroughParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** An endpoint that reads from or writes to a URI and can be started, paused and stopped. */
export interface UriEndpoint extends Endpoint {
  /** The URI as the client gave it, before any default directory is added. */
  getUri(): Awaitable<string>;
  /** Whether it runs, pauses or is stopped. It starts out stopped. */
  getState(): Awaitable<UriEndpointState>;
  /** Holds reading or writing at the current place. */
  pause(): Awaitable<void>;
  /** Ends reading or writing. A recorder finishes its file after this call has been answered. */
  stop(): Awaitable<void>;
}

/** Holds elements and hubs that may be connected with each other; releasing it releases them all. */
export interface MediaPipeline extends MediaObject {
  /**
   * Whether elements measure how long media take through them. Turn it on to find latencies in the
   * statistics. Default: false.
   */
  getLatencyStats(): Awaitable<boolean>;
  /**
   * Sets: Whether elements measure how long media take through them. Turn it on to find latencies in the
   * statistics. Default: false.
   */
  setLatencyStats(params: { readonly latencyStats: boolean }): Awaitable<void>;
  /**
   * Draws the media graph of the whole pipeline.
   * @returns The graph as Graphviz text.
   */
  getGstreamerDot(params: {
    /** How much to show. Everything when left out. */
    readonly details?: GstreamerDotDetails;
  }): Awaitable<string>;
  /**
   * Writes the media graph into the directory named by GST_DEBUG_DUMP_DOT_DIR; does nothing when that is
   * unset.
   */
  dumpGstreamerDot(params: {
    /** How much to show. Everything when left out. */
    readonly details?: GstreamerDotDetails;
  }): Awaitable<void>;
}

/** Constructor parameters of `MediaPipeline`. Makes an empty pipeline. */
export interface MediaPipelineParams {}

/** An endpoint that agrees on media by SDP offer and answer, once in its life. */
export interface SdpEndpoint extends SessionEndpoint {
  /**
   * Most audio that the peer should send, announced in the SDP. 0 means no limit. Set it before
   * negotiation. Unit: kbit/s.
   */
  getMaxAudioRecvBandwidth(): Awaitable<number>;
  /**
   * Sets: Most audio that the peer should send, announced in the SDP. 0 means no limit. Set it before
   * negotiation. Unit: kbit/s.
   */
  setMaxAudioRecvBandwidth(params: { readonly maxAudioRecvBandwidth: number }): Awaitable<void>;
  /**
   * Most video that the peer should send, announced in the SDP and as the ceiling of our REMB. 0 means
   * no limit. Unit: kbit/s.
   */
  getMaxVideoRecvBandwidth(): Awaitable<number>;
  /**
   * Sets: Most video that the peer should send, announced in the SDP and as the ceiling of our REMB. 0
   * means no limit. Unit: kbit/s.
   */
  setMaxVideoRecvBandwidth(params: { readonly maxVideoRecvBandwidth: number }): Awaitable<void>;
  /**
   * Starts the negotiation with an offer of our own. Possible once.
   * @returns The SDP offer to hand to the peer.
   * @throws {KurentoError} SDP_END_POINT_ALREADY_NEGOTIATED, SDP_END_POINT_GENERATE_OFFER_ERROR
   */
  generateOffer(params: {
    /** Which kinds of media to offer. All of them when left out. */
    readonly options?: OfferOptions;
  }): Awaitable<string>;
  /**
   * Takes the offer of the peer and agrees on media. Possible once.
   * @returns The SDP answer to hand to the peer.
   * @throws {KurentoError} SDP_PARSE_ERROR, SDP_END_POINT_ALREADY_NEGOTIATED,
   * SDP_END_POINT_PROCESS_OFFER_ERROR
   */
  processOffer(params: {
    /** SDP offer of the peer. */
    readonly offer: string;
  }): Awaitable<string>;
  /**
   * Takes the answer of the peer to our offer and completes the negotiation.
   * @returns The local SDP as finally agreed.
   * @throws {KurentoError} SDP_PARSE_ERROR, SDP_END_POINT_NOT_OFFER_GENERATED,
   * SDP_END_POINT_ANSWER_ALREADY_PROCCESED, SDP_END_POINT_PROCESS_ANSWER_ERROR
   */
  processAnswer(params: {
    /** SDP answer of the peer. */
    readonly answer: string;
  }): Awaitable<string>;
  /**
   * Reads our side of the negotiation, gathered candidates included.
   * @returns The local SDP.
   * @throws {KurentoError} SDP_END_POINT_NO_LOCAL_SDP_ERROR
   */
  getLocalSessionDescriptor(): Awaitable<string>;
  /**
   * Reads the peer's side of the negotiation.
   * @returns The SDP that the peer sent.
   * @throws {KurentoError} SDP_END_POINT_NO_REMOTE_SDP_ERROR
   */
  getRemoteSessionDescriptor(): Awaitable<string>;
}

/** What WebRTC and plain RTP endpoints share: bit rates, connection states and key frames. */
export interface BaseRtpEndpoint extends SdpEndpoint {
  /** Least video bit rate that we ask of the sender by REMB, however bad the network. Unit: kbit/s. */
  getMinVideoRecvBandwidth(): Awaitable<number>;
  /** Sets: Least video bit rate that we ask of the sender by REMB, however bad the network. Unit: kbit/s. */
  setMinVideoRecvBandwidth(params: { readonly minVideoRecvBandwidth: number }): Awaitable<void>;
  /** Least video bit rate that we send, whatever the peer's REMB says. 0 means no limit. Unit: kbit/s. */
  getMinVideoSendBandwidth(): Awaitable<number>;
  /**
   * Sets: Least video bit rate that we send, whatever the peer's REMB says. 0 means no limit. Unit:
   * kbit/s.
   */
  setMinVideoSendBandwidth(params: { readonly minVideoSendBandwidth: number }): Awaitable<void>;
  /**
   * Most video bit rate that we send, 500 unless set. Raise it for better pictures. 0 means no limit.
   * Unit: kbit/s.
   */
  getMaxVideoSendBandwidth(): Awaitable<number>;
  /**
   * Sets: Most video bit rate that we send, 500 unless set. Raise it for better pictures. 0 means no
   * limit. Unit: kbit/s.
   */
  setMaxVideoSendBandwidth(params: { readonly maxVideoSendBandwidth: number }): Awaitable<void>;
  /** Whether RTCP of the peer arrives. */
  getMediaState(): Awaitable<MediaState>;
  /** Whether the transports of all negotiated media are up. */
  getConnectionState(): Awaitable<ConnectionState>;
  /** Largest RTP packet that we make. Set it before negotiation. Unit: bytes. */
  getMtu(): Awaitable<number>;
  /** Sets: Largest RTP packet that we make. Set it before negotiation. Unit: bytes. */
  setMtu(params: { readonly mtu: number }): Awaitable<void>;
  /** How the bit rate asked of the sender follows losses. Set it before negotiation. */
  getRembParams(): Awaitable<RembParams>;
  /** Sets: How the bit rate asked of the sender follows losses. Set it before negotiation. */
  setRembParams(params: { readonly rembParams: RembParams }): Awaitable<void>;
  /**
   * Asks the source for a complete picture. Call it on the endpoint that sends video to a viewer.
   * @throws {KurentoError} MEDIA_OBJECT_OPERATION_NOT_SUPPORTED
   */
  requestKeyframe(): Awaitable<void>;
}

/** Anything in a pipeline that takes in or gives out media and can be connected with others. */
export interface MediaElement extends MediaObject {
  /** Bit rate at which an encoder starts when the output must be transcoded. Unit: bit/s. */
  getEncoderBitrate(): Awaitable<number>;
  /** Sets: Bit rate at which an encoder starts when the output must be transcoded. Unit: bit/s. */
  setEncoderBitrate(params: { readonly encoderBitrate: number }): Awaitable<void>;
  /** Bit rate below which an encoder never goes. 0 means no limit. Unit: bit/s. */
  getMinEncoderBitrate(): Awaitable<number>;
  /** Sets: Bit rate below which an encoder never goes. 0 means no limit. Unit: bit/s. */
  setMinEncoderBitrate(params: { readonly minEncoderBitrate: number }): Awaitable<void>;
  /** Bit rate above which an encoder never goes. 0 means no limit. Unit: bit/s. */
  getMaxEncoderBitrate(): Awaitable<number>;
  /** Sets: Bit rate above which an encoder never goes. 0 means no limit. Unit: bit/s. */
  setMaxEncoderBitrate(params: { readonly maxEncoderBitrate: number }): Awaitable<void>;
  /**
   * Lists the connections that feed this element.
   * @returns One entry per kind of media and source.
   */
  getSourceConnections(params: {
    /** Only connections of this kind. All kinds when left out. */
    readonly mediaType?: MediaType;
    /** Only connections into the pad of this name. All pads when left out. */
    readonly description?: string;
  }): Awaitable<readonly ElementConnectionData[]>;
  /**
   * Lists the connections that this element feeds.
   * @returns One entry per kind of media and sink.
   */
  getSinkConnections(params: {
    /** Only connections of this kind. All kinds when left out. */
    readonly mediaType?: MediaType;
    /** Only connections from the pad of this name. All pads when left out. */
    readonly description?: string;
  }): Awaitable<readonly ElementConnectionData[]>;
  /**
   * Sends the output of this element into another of the same pipeline. Replaces what fed that input
   * before.
   * @throws {KurentoError} CONNECT_ERROR
   */
  connect(params: {
    /** The element that shall receive the media. It may be this element itself. */
    readonly sink: MediaElement;
    /** Which kind to connect. Audio, video and data when left out. */
    readonly mediaType?: MediaType;
    /** Name of the output pad. The default pad when left out. */
    readonly sourceMediaDescription?: string;
    /** Name of the input pad. The default pad when left out. */
    readonly sinkMediaDescription?: string;
  }): Awaitable<void>;
  /**
   * Undoes a connection. A connection that is not there is no error.
   * @throws {KurentoError} CONNECT_ERROR
   */
  disconnect(params: {
    /** The element that shall no longer receive the media. */
    readonly sink: MediaElement;
    /** Which kind to disconnect. Audio, video and data when left out. */
    readonly mediaType?: MediaType;
    /** Name of the output pad. The default pad when left out. */
    readonly sourceMediaDescription?: string;
    /** Name of the input pad. The default pad when left out. */
    readonly sinkMediaDescription?: string;
  }): Awaitable<void>;
  /** Fixes the format of the audio that leaves this element, transcoding if it arrives in another. */
  setAudioFormat(params: {
    /** Codec and bit rate wanted. */
    readonly caps: AudioCaps;
  }): Awaitable<void>;
  /** Fixes the format of the video that leaves this element, transcoding if it arrives in another. */
  setVideoFormat(params: {
    /** Codec and frame rate wanted. */
    readonly caps: VideoCaps;
  }): Awaitable<void>;
  /**
   * Writes the inner media graph into the directory named by GST_DEBUG_DUMP_DOT_DIR; does nothing when
   * that is unset.
   */
  dumpGstreamerDot(params: {
    /** How much to show. Everything when left out. */
    readonly details?: GstreamerDotDetails;
  }): Awaitable<void>;
  /**
   * Draws the inner media graph of the element.
   * @returns The graph as Graphviz text.
   */
  getGstreamerDot(params: {
    /** How much to show. Everything when left out. */
    readonly details?: GstreamerDotDetails;
  }): Awaitable<string>;
  /**
   * Reads the statistics of this element.
   * @returns Statistics by their ids; each one's type tells which fields it has.
   */
  getStats(params: {
    /** Only statistics of this kind. All kinds when left out. */
    readonly mediaType?: MediaType;
  }): Awaitable<Readonly<Record<string, Stats>>>;
  /**
   * Tells whether media arrived at this element lately.
   * @returns True while media arrive.
   * @throws {KurentoError} MEDIA_OBJECT_ILLEGAL_PARAM_ERROR
   */
  isMediaFlowingIn(params: {
    /** Audio or video. */
    readonly mediaType: MediaType;
    /** Name of the input pad. Default: "default". */
    readonly sinkMediaDescription: string;
  }): Awaitable<boolean>;
  /**
   * Tells whether this element gave out media lately.
   * @returns True while media leave.
   * @throws {KurentoError} MEDIA_OBJECT_ILLEGAL_PARAM_ERROR
   */
  isMediaFlowingOut(params: {
    /** Audio or video. */
    readonly mediaType: MediaType;
    /** Name of the output pad. Default: "default". */
    readonly sourceMediaDescription: string;
  }): Awaitable<boolean>;
  /**
   * Tells whether the output of this element is decoded and encoded anew for some sink.
   * @returns True once a transcoder is at work.
   * @throws {KurentoError} MEDIA_OBJECT_ILLEGAL_PARAM_ERROR
   */
  isMediaTranscoding(params: {
    /** Audio or video. */
    readonly mediaType: MediaType;
    /** Name of the transcoding stage. Default: "default". */
    readonly binName: string;
  }): Awaitable<boolean>;
}

/**
 * A hub that lays the videos of its ports over each other, sizes and order being free, and mixes their
 * audio.
 */
export interface AlphaBlending extends Hub {
  /** Chooses the port whose video fixes the size of the output. */
  setMaster(params: {
    /** The port that becomes the master. */
    readonly source: HubPort;
    /** Layer of the master's video; higher ones cover lower ones. */
    readonly zOrder: number;
  }): Awaitable<void>;
  /** Places the video of a port in the output frame. */
  setPortProperties(params: {
    /** Left edge, as a part of the output's width. Unit: ratio. */
    readonly relativeX: number;
    /** Top edge, as a part of the output's height. Unit: ratio. */
    readonly relativeY: number;
    /** Layer; higher ones cover lower ones. */
    readonly zOrder: number;
    /** Width, as a part of the output's width. Unit: ratio. */
    readonly relativeWidth: number;
    /** Height, as a part of the output's height. Unit: ratio. */
    readonly relativeHeight: number;
    /** The port to place. */
    readonly port: HubPort;
  }): Awaitable<void>;
}

/** Constructor parameters of `AlphaBlending`. Makes an empty blending hub in a pipeline. */
export interface AlphaBlendingParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** A hub that shows the videos of all ports side by side in a grid. Each port hears all the others. */
export interface Composite extends Hub {}

/** Constructor parameters of `Composite`. Makes an empty grid hub in a pipeline. */
export interface CompositeParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Width of the output picture. Unit: px. Default: 800. */
  readonly width: number;
  /** Height of the output picture. Unit: px. Default: 600. */
  readonly height: number;
  /** Frame rate of the output. Unit: frames/s. Default: 15. */
  readonly framerate: number;
}

/** A hub that switches: each port can be told which other port to receive. */
export interface Dispatcher extends Hub {
  /**
   * Lets a port receive audio and video of another, in place of what it received before.
   * @throws {KurentoError} CONNECT_ERROR
   */
  connect(params: {
    /** The port whose media are forwarded. */
    readonly source: HubPort;
    /** The port that receives them. */
    readonly sink: HubPort;
  }): Awaitable<void>;
}

/** Constructor parameters of `Dispatcher`. Makes a switching hub in a pipeline. */
export interface DispatcherParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** A hub that forwards one chosen port to all ports. */
export interface DispatcherOneToMany extends Hub {
  /** Chooses the port that all others receive. */
  setSource(params: {
    /** The port whose media are forwarded. */
    readonly source: HubPort;
  }): Awaitable<void>;
  /** Stops forwarding until another source is chosen. */
  removeSource(): Awaitable<void>;
}

/** Constructor parameters of `DispatcherOneToMany`. Makes a one-to-many hub in a pipeline. */
export interface DispatcherOneToManyParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Takes in media that a client uploads by HTTP POST. */
export interface HttpPostEndpoint extends HttpEndpoint {}

/** Constructor parameters of `HttpPostEndpoint`. Opens an upload address in a pipeline. */
export interface HttpPostEndpointParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** How long no request may come before the session counts as ended. Unit: s. Default: 2. */
  readonly disconnectionTimeout: number;
  /** Whether to pass the upload on as it is coded instead of decoding it first. Default: false. */
  readonly useEncodedMedia: boolean;
}

/** An endpoint that exchanges media over HTTP. */
export interface HttpEndpoint extends SessionEndpoint {
  /**
   * Tells where clients reach this endpoint.
   * @returns The http URL.
   */
  getUrl(): Awaitable<string>;
}

/** A hub in which each port hears a mix of chosen ports and sees one of them. */
export interface Mixer extends Hub {
  /**
   * Adds the audio of a port to what another hears, or chooses the video that it sees.
   * @throws {KurentoError} CONNECT_ERROR, UNSUPPORTED_MEDIA_TYPE
   */
  connect(params: {
    /** Audio or video. Data cannot be mixed. */
    readonly media: MediaType;
    /** The port whose media are taken. */
    readonly source: HubPort;
    /** The port that gets them. */
    readonly sink: HubPort;
  }): Awaitable<void>;
  /**
   * Takes the audio of a port out of what another hears.
   * @throws {KurentoError} CONNECT_ERROR, UNSUPPORTED_MEDIA_TYPE
   */
  disconnect(params: {
    /** Audio; video cannot be taken away, only replaced. */
    readonly media: MediaType;
    /** The port whose audio is taken out. */
    readonly source: HubPort;
    /** The port that no longer hears it. */
    readonly sink: HubPort;
  }): Awaitable<void>;
}

/** Constructor parameters of `Mixer`. Makes a mixing hub in a pipeline. */
export interface MixerParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Plays a file or stream into the pipeline, at its own pace: file, http, https, rtsp and more. */
export interface PlayerEndpoint extends UriEndpoint {
  /** Length and seekable range of the video. Known once playing or paused. */
  getVideoInfo(): Awaitable<VideoInfo>;
  /** The player's private decoding graph as Graphviz text. */
  getElementGstreamerDot(): Awaitable<string>;
  /** The place in the media. Writing it seeks, if the media allow that. Unit: ms. */
  getPosition(): Awaitable<number>;
  /**
   * Sets: The place in the media. Writing it seeks, if the media allow that. Unit: ms.
   * @throws {KurentoError} PLAYER_SEEK_FAIL
   */
  setPosition(params: { readonly position: number }): Awaitable<void>;
  /** Starts playing, or goes on after a pause. */
  play(): Awaitable<void>;
}

/** Constructor parameters of `PlayerEndpoint`. Makes a player for one URI. Nothing is read before play. */
export interface PlayerEndpointParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** What to play. Without a scheme it is looked up in the server's media directory. */
  readonly uri: string;
  /**
   * Whether to pass media on as they are coded: cheap, but the sinks must take that codec as it is.
   * Default: false.
   */
  readonly useEncodedMedia: boolean;
  /** How much of a live stream to hold back against network jitter. Unit: ms. Default: 2000. */
  readonly networkCache: number;
}

/** Writes the media that reach it into a file or to a server. */
export interface RecorderEndpoint extends UriEndpoint {
  /** Starts recording, or goes on after a pause. Writing begins with the first media. */
  record(): Awaitable<void>;
  /** Stops recording and answers when the file is complete. */
  stopAndWait(): Awaitable<void>;
}

/**
 * Constructor parameters of `RecorderEndpoint`. Makes a recorder for one URI. Nothing is written
 * before record.
 */
export interface RecorderEndpointParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Where to write. Without a scheme it is put into the server's media directory. */
  readonly uri: string;
  /**
   * Container and kinds of media. Every kind of the profile must flow before anything is written.
   * Default: "WEBM".
   */
  readonly mediaProfile: MediaProfileSpecType;
  /** Whether to stop by itself when the source ends. Default: false. */
  readonly stopOnEndOfStream: boolean;
}

/** Exchanges media by RTP with a peer that knows no WebRTC, encrypted by SDES if wished. */
export interface RtpEndpoint extends BaseRtpEndpoint {}

/** Constructor parameters of `RtpEndpoint`. Makes an RTP endpoint in a pipeline. */
export interface RtpEndpointParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Key and cipher suite for SRTP. Plain RTP when left out or empty. Default: {}. */
  readonly crypto: SDES;
  /** Whether to announce an IPv6 address instead of an IPv4 one. Default: false. */
  readonly useIpv6: boolean;
}

/** Exchanges audio, video and data with a browser or another WebRTC peer. */
export interface WebRtcEndpoint extends BaseRtpEndpoint {
  /**
   * Names of the network interfaces to use for ICE, separated by commas. All when empty. Set it before
   * gathering.
   */
  getNetworkInterfaces(): Awaitable<string>;
  /**
   * Sets: Names of the network interfaces to use for ICE, separated by commas. All when empty. Set it
   * before gathering.
   */
  setNetworkInterfaces(params: { readonly networkInterfaces: string }): Awaitable<void>;
  /** Whether to gather TCP candidates too. Set it before gathering. */
  getIceTcp(): Awaitable<boolean>;
  /** Sets: Whether to gather TCP candidates too. Set it before gathering. */
  setIceTcp(params: { readonly iceTcp: boolean }): Awaitable<void>;
  /** Address of the STUN server, as an IP literal. Set it before gathering. */
  getStunServerAddress(): Awaitable<string>;
  /** Sets: Address of the STUN server, as an IP literal. Set it before gathering. */
  setStunServerAddress(params: { readonly stunServerAddress: string }): Awaitable<void>;
  /** UDP port of the STUN server, 3478 unless set. Set it before gathering. */
  getStunServerPort(): Awaitable<number>;
  /** Sets: UDP port of the STUN server, 3478 unless set. Set it before gathering. */
  setStunServerPort(params: { readonly stunServerPort: number }): Awaitable<void>;
  /**
   * TURN relay as user:password@address:port, with ?transport=udp, tcp or tls where needed. Set it
   * before gathering.
   */
  getTurnUrl(): Awaitable<string>;
  /**
   * Sets: TURN relay as user:password@address:port, with ?transport=udp, tcp or tls where needed. Set it
   * before gathering.
   */
  setTurnUrl(params: { readonly turnUrl: string }): Awaitable<void>;
  /** IPv4 address to announce in place of our own, for servers behind NAT. Set it before gathering. */
  getExternalIPv4(): Awaitable<string>;
  /** Sets: IPv4 address to announce in place of our own, for servers behind NAT. Set it before gathering. */
  setExternalIPv4(params: { readonly externalIPv4: string }): Awaitable<void>;
  /** IPv6 address to announce in place of our own. Set it before gathering. */
  getExternalIPv6(): Awaitable<string>;
  /** Sets: IPv6 address to announce in place of our own. Set it before gathering. */
  setExternalIPv6(params: { readonly externalIPv6: string }): Awaitable<void>;
  /** The candidate pair selected for each component. */
  getICECandidatePairs(): Awaitable<readonly IceCandidatePair[]>;
  /** The ICE state of each component. */
  getIceConnectionState(): Awaitable<readonly IceConnection[]>;
  /** The DTLS state of each component. */
  getDtlsConnectionState(): Awaitable<readonly DtlsConnection[]>;
  /**
   * Starts looking for our ICE candidates; each one found raises an event. Call it after the SDP
   * exchange has begun.
   * @throws {KurentoError} ICE_GATHER_CANDIDATES_ERROR
   */
  gatherCandidates(): Awaitable<void>;
  /**
   * Takes a candidate of the peer. It may come early; it is kept until it can be used.
   * @throws {KurentoError} ICE_ADD_CANDIDATE_ERROR
   */
  addIceCandidate(params: {
    /** The candidate as the peer's browser gave it. */
    readonly candidate: IceCandidate;
  }): Awaitable<void>;
  /**
   * Opens a data channel to the peer. Limit either the life or the repeats of a message, not both.
   * @throws {KurentoError} MEDIA_OBJECT_OPERATION_NOT_SUPPORTED, MEDIA_OBJECT_ILLEGAL_PARAM_ERROR,
   * UNEXPECTED_ERROR
   */
  createDataChannel(params: {
    /** Name that both sides see; need not be unique. Default: "". */
    readonly label: string;
    /** Whether messages arrive in the order sent. Default: true. */
    readonly ordered: boolean;
    /** How long a message may be repeated. -1 means for ever. Unit: ms. Default: -1. */
    readonly maxPacketLifeTime: number;
    /** How often a message may be repeated. -1 means for ever. Default: -1. */
    readonly maxRetransmits: number;
    /** Name of the protocol spoken on the channel. Default: "". */
    readonly protocol: string;
  }): Awaitable<void>;
  /**
   * Closes a data channel.
   * @throws {KurentoError} MEDIA_OBJECT_OPERATION_NOT_SUPPORTED
   */
  closeDataChannel(params: {
    /** Number of the channel, as in its DataChannelOpened event. */
    readonly channelId: number;
  }): Awaitable<void>;
}

/** Constructor parameters of `WebRtcEndpoint`. Makes a WebRTC endpoint in a pipeline. */
export interface WebRtcEndpointParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Whether it only receives: our SDP then says recvonly. Default: false. */
  readonly recvonly: boolean;
  /** Whether it only sends: our SDP then says sendonly. Default: false. */
  readonly sendonly: boolean;
  /** Whether to negotiate data channels. Default: false. */
  readonly useDataChannels: boolean;
  /** Kind of the certificate shown in the DTLS handshake. Default: "RSA". */
  readonly certificateKeyType: CertificateKeyType;
  /** Priority mark put on outgoing packets. Default: "NO_VALUE". */
  readonly qosDscp: DSCPValue;
}

/** Finds faces in the video and lays a picture over each. */
export interface FaceOverlayFilter extends Filter {
  /** Stops laying the picture over faces. */
  unsetOverlayedImage(): Awaitable<void>;
  /** Chooses the picture to lay over faces and its place relative to each face. */
  setOverlayedImage(params: {
    /** File path or http URL of the picture. */
    readonly uri: string;
    /** Shift to the right, as a part of the face's width. Unit: ratio. */
    readonly offsetXPercent: number;
    /** Shift downwards, as a part of the face's height. Negative for hats. Unit: ratio. */
    readonly offsetYPercent: number;
    /** Width of the picture, as a part of the face's width; 1 is as wide as the face. Unit: ratio. */
    readonly widthPercent: number;
    /** Height of the picture, as a part of the face's height; 1 is as high as the face. Unit: ratio. */
    readonly heightPercent: number;
  }): Awaitable<void>;
}

/** Constructor parameters of `FaceOverlayFilter`. Makes a face filter in a pipeline. */
export interface FaceOverlayFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Runs one GStreamer element on the media. */
export interface GStreamerFilter extends Filter {
  /** The text that the filter was made from. */
  getCommand(): Awaitable<string>;
  /**
   * Changes a property of the GStreamer element while it runs.
   * @throws {KurentoError} MARSHALL_ERROR, NOT_IMPLEMENTED
   */
  setElementProperty(params: {
    /** Name of the property. */
    readonly propertyName: string;
    /** New value as text, read according to the type of the property. */
    readonly propertyValue: string;
  }): Awaitable<void>;
}

/** Constructor parameters of `GStreamerFilter`. Makes a filter from a line of gst-launch text. */
export interface GStreamerFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Name and properties of one GStreamer element, such as videoflip method=horizontal-flip. */
  readonly command: string;
  /**
   * Which media go through the element; others pass by. Found out from the element when left out.
   * Default: "AUTODETECT".
   */
  readonly filterType: FilterType;
}

/** Lays pictures over the video. */
export interface ImageOverlayFilter extends Filter {
  /** Takes a picture off the video. */
  removeImage(params: {
    /** Name given to the picture when it was added. */
    readonly id: string;
  }): Awaitable<void>;
  /** Lays a picture over the video until it is removed. */
  addImage(params: {
    /** Name by which to remove the picture later. */
    readonly id: string;
    /** File path or http URL of the picture. */
    readonly uri: string;
    /** Left edge, as a part of the frame's width. Unit: ratio. */
    readonly offsetXPercent: number;
    /** Top edge, as a part of the frame's height. Unit: ratio. */
    readonly offsetYPercent: number;
    /** Width, as a part of the frame's width. Unit: ratio. */
    readonly widthPercent: number;
    /** Height, as a part of the frame's height. Unit: ratio. */
    readonly heightPercent: number;
    /** Whether the picture keeps its proportions. */
    readonly keepAspectRatio: boolean;
    /** Whether to centre the picture in the box given. */
    readonly center: boolean;
  }): Awaitable<void>;
}

/** Constructor parameters of `ImageOverlayFilter`. Makes a picture filter in a pipeline. */
export interface ImageOverlayFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Base of filters that analyse pictures with OpenCV. */
export interface OpenCVFilter extends Filter {}

/** Reads bar codes and QR codes in the video and raises an event for each. */
export interface ZBarFilter extends Filter {}

/** Constructor parameters of `ZBarFilter`. Makes a code reader in a pipeline. */
export interface ZBarFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Replaces a coloured background, as of a green screen, by a picture. */
export interface ChromaFilter extends Filter {
  /** Chooses the picture that replaces the background. */
  setBackground(params: {
    /** File path or http URL of the picture. */
    readonly uri: string;
  }): Awaitable<void>;
  /** Takes the replacing picture away, so that the video passes unchanged. */
  unsetBackground(): Awaitable<void>;
}

/**
 * Constructor parameters of `ChromaFilter`. Makes a chroma filter; it learns the colour during the
 * first seconds.
 */
export interface ChromaFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Part of the frame that shows only background while the colour is learnt. */
  readonly window: ChromaWindowParam;
  /** File path or http URL of the new background. None when empty. Default: "". */
  readonly backgroundImage: string;
}

/** Watches regions of the video and tells how full they are and how people move in them. */
export interface CrowdDetectorFilter extends Filter {
  /** Width to which pictures are scaled before they are analysed. Unit: px. Default: "320". */
  getProcessingWidth(): Awaitable<number>;
  /** Sets: Width to which pictures are scaled before they are analysed. Unit: px. Default: "320". */
  setProcessingWidth(params: { readonly processingWidth: number }): Awaitable<void>;
}

/** Constructor parameters of `CrowdDetectorFilter`. Makes a crowd watcher for some regions. */
export interface CrowdDetectorFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** The regions to watch; their ids must differ. */
  readonly rois: readonly RegionOfInterest[];
}

/** Writes the text that arrives as data over the video. */
export interface KmsShowData extends MediaElement {}

/** Constructor parameters of `KmsShowData`. Makes a text display in a pipeline. */
export interface KmsShowDataParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Reads QR codes in the video and sends their text as data. */
export interface KmsSendData extends MediaElement {}

/** Constructor parameters of `KmsSendData`. Makes a QR reader in a pipeline. */
export interface KmsSendDataParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Finds faces in the video and passes their places on with it. */
export interface KmsDetectFaces extends Filter {}

/** Constructor parameters of `KmsDetectFaces`. Makes a face finder in a pipeline. */
export interface KmsDetectFacesParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Draws the faces that KmsDetectFaces found into the video. */
export interface KmsShowFaces extends Filter {}

/** Constructor parameters of `KmsShowFaces`. Makes a face marker in a pipeline. */
export interface KmsShowFacesParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** A sample filter without OpenCV base: shows edges or grey pictures. */
export interface GStreamerExample extends Filter {
  /** Chooses what the filter shows. */
  setFilterType(params: {
    /** 0 shows edges, 1 shows grey. */
    readonly filterType: number;
  }): Awaitable<void>;
  /** Chooses how strong an edge must be to be shown. */
  setEdgeThreshold(params: {
    /** Difference in brightness, 125 unless set. Unit: brightness. */
    readonly edgeValue: number;
  }): Awaitable<void>;
}

/** Constructor parameters of `GStreamerExample`. Makes the sample filter in a pipeline. */
export interface GStreamerExampleParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Finds printed markers in the video and lays a picture or text over them in perspective. */
export interface ArMarkerdetector extends OpenCVFilter {
  /** Chooses whether found markers are outlined. */
  setShowDebugLevel(params: {
    /** 0 draws nothing extra; more draws outlines. */
    readonly showDebugLevel: number;
  }): Awaitable<void>;
  /**
   * Reads whether found markers are outlined.
   * @returns 0 if nothing extra is drawn.
   */
  getShowDebugLevel(): Awaitable<number>;
  /** Chooses the picture laid over markers. */
  setOverlayImage(params: {
    /** File path or http URL of the picture. */
    readonly overlayImage: string;
  }): Awaitable<void>;
  /**
   * Reads which picture is laid over markers.
   * @returns File path or http URL of the picture.
   */
  getOverlayImage(): Awaitable<string>;
  /** Chooses the text laid over markers. */
  setOverlayText(params: {
    /** The text. */
    readonly overlayText: string;
  }): Awaitable<void>;
  /**
   * Reads which text is laid over markers.
   * @returns The text.
   */
  getOverlayText(): Awaitable<string>;
  /** Chooses the size of what is laid over markers. */
  setOverlayScale(params: {
    /** Size relative to the marker. 0 or less counts as 1. Unit: ratio. */
    readonly overlayScale: number;
  }): Awaitable<void>;
  /**
   * Reads the size of what is laid over markers.
   * @returns Size relative to the marker. Unit: ratio.
   */
  getOverlayScale(): Awaitable<number>;
}

/** Constructor parameters of `ArMarkerdetector`. Makes a marker filter in a pipeline. */
export interface ArMarkerdetectorParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** A sample filter on the OpenCV base: shows edges or grey pictures. */
export interface OpenCVExample extends OpenCVFilter {
  /** Chooses what the filter shows. */
  setFilterType(params: {
    /** 0 shows edges, 1 shows grey. */
    readonly filterType: number;
  }): Awaitable<void>;
  /** Chooses how strong an edge must be to be shown. */
  setEdgeThreshold(params: {
    /** Difference in brightness, 125 unless set. Unit: brightness. */
    readonly edgeValue: number;
  }): Awaitable<void>;
}

/** Constructor parameters of `OpenCVExample`. Makes the sample filter in a pipeline. */
export interface OpenCVExampleParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/** Reads number plates of vehicles in the video. */
export interface PlateDetectorFilter extends Filter {
  /** Says how large plates are, which makes reading surer. */
  setPlateWidthPercentage(params: {
    /** Expected width of a plate, as a part of the frame's width. Unit: ratio. */
    readonly plateWidthPercentage: number;
  }): Awaitable<void>;
}

/** Constructor parameters of `PlateDetectorFilter`. Makes a plate reader in a pipeline. */
export interface PlateDetectorFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
}

/**
 * Follows a coloured pointer in the video and tells when it enters or leaves windows drawn on the
 * picture.
 */
export interface PointerDetectorFilter extends Filter {
  /** Draws one more window. */
  addWindow(params: {
    /** Place, size and look of the window. */
    readonly window: PointerDetectorWindowMediaParam;
  }): Awaitable<void>;
  /** Takes all windows away. */
  clearWindows(): Awaitable<void>;
  /** Learns the colour that is in the calibration box now and follows it from here on. */
  trackColorFromCalibrationRegion(): Awaitable<void>;
  /** Takes one window away. */
  removeWindow(params: {
    /** Id given to the window when it was added. */
    readonly windowId: string;
  }): Awaitable<void>;
}

/** Constructor parameters of `PointerDetectorFilter`. Makes a pointer filter with a calibration box. */
export interface PointerDetectorFilterParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Box into which the user holds the pointer for calibration. */
  readonly calibrationRegion: PointerdetectorWindowParam;
  /** Windows to draw from the start. Default: []. */
  readonly windows: readonly PointerDetectorWindowMediaParam[];
}

/** Takes a still picture out of the video from time to time and delivers it. */
export interface VideoSampler extends MediaElement {}

/** Constructor parameters of `VideoSampler`. Makes a sampler in a pipeline. */
export interface VideoSamplerParams {
  /** The pipeline it belongs to. */
  readonly mediaPipeline: MediaPipeline;
  /** Time between two pictures. Unit: ms. */
  readonly framePeriod: number;
  /** How pictures are delivered. Default: "NONE". */
  readonly imageDeliveryMethod: ImageDelivery;
  /** Height of the pictures. 0 keeps that of the video. Unit: px. Default: 0. */
  readonly height: number;
  /** Width of the pictures. 0 keeps that of the video. Unit: px. Default: 0. */
  readonly width: number;
  /** File format of the pictures. Default: "PNG". */
  readonly imageEncoding: ImageEncoding;
  /** Where pictures are delivered. Default: "". */
  readonly endpointUrl: string;
  /** Text sent along with each picture. Default: "". */
  readonly metadata: string;
}
