/**
 * Statistics of module `core`: what `MediaElement.getStats` answers with.
 * @module
 */

/** Kind of statistics, which tells the fields of an entry. */
export const StatsType = {
  name: 'StatsType',
  kind: 'enum',
  doc: 'Kind of statistics, which tells the fields of an entry.',
  values: [
    'inboundrtp',
    'outboundrtp',
    'session',
    'datachannel',
    'track',
    'transport',
    'candidatepair',
    'localcandidate',
    'remotecandidate',
    'element',
    'endpoint',
  ],
} as const;

/** Mean time that media of one kind take. */
export const MediaLatencyStat = {
  name: 'MediaLatencyStat',
  kind: 'register',
  doc: 'Mean time that media of one kind take.',
  fields: {
    name: { type: 'String', doc: 'Name of the stretch measured.' },
    type: { type: 'MediaType', doc: 'Kind of media.' },
    avg: { type: 'double', doc: 'Mean latency.', unit: 'ns' },
  },
} as const;

/** What all statistics have in common. */
export const Stats = {
  name: 'Stats',
  kind: 'register',
  doc: 'What all statistics have in common.',
  fields: {
    id: { type: 'String', doc: 'Key of the entry in the map of statistics.' },
    type: { type: 'StatsType', doc: 'Kind of statistics.' },
    timestampMillis: {
      type: 'int64',
      doc: 'When the figures were read, since 1970-01-01 UTC. A number here, while events carry text.',
      unit: 'unix ms',
    },
  },
} as const;

/** Statistics of an element inside the pipeline. */
export const ElementStats = {
  name: 'ElementStats',
  kind: 'register',
  extends: 'Stats',
  doc: 'Statistics of an element inside the pipeline.',
  literals: { type: 'element' },
  fields: {
    inputLatency: {
      type: 'MediaLatencyStat[]',
      doc: "Time from the source to this element's input, per kind of media. Empty unless the pipeline measures latencies.",
    },
  },
} as const;

/** Statistics of an endpoint. */
export const EndpointStats = {
  name: 'EndpointStats',
  kind: 'register',
  extends: 'ElementStats',
  doc: 'Statistics of an endpoint.',
  literals: { type: 'endpoint' },
  fields: {
    E2ELatency: {
      type: 'MediaLatencyStat[]',
      doc: 'Time from entering the pipeline to leaving it here, per kind of media. Empty unless the pipeline measures latencies.',
    },
  },
} as const;

/** What all statistics of real-time connections have in common. */
export const RTCStats = {
  name: 'RTCStats',
  kind: 'register',
  extends: 'Stats',
  doc: 'What all statistics of real-time connections have in common.',
  fields: {},
} as const;

/** What statistics of RTP streams in either direction have in common. */
export const RTCRTPStreamStats = {
  name: 'RTCRTPStreamStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'What statistics of RTP streams in either direction have in common.',
  fields: {
    ssrc: { type: 'String', doc: 'Synchronization source of the stream, as a decimal number in text.' },
    associateStatsId: {
      type: 'String',
      doc: 'Id of the matching statistics of the other side. Empty if unknown.',
    },
    isRemote: { type: 'boolean', doc: 'Whether the figures were measured by the peer.' },
    mediaTrackId: { type: 'String', doc: "Id of the track's statistics. Empty if unknown." },
    transportId: { type: 'String', doc: "Id of the transport's statistics. Empty if unknown." },
    codecId: { type: 'String', doc: "Id of the codec's statistics. Empty if unknown." },
    firCount: { type: 'int64', doc: 'Full intra requests so far.', unit: 'count' },
    pliCount: { type: 'int64', doc: 'Picture loss indications so far.', unit: 'count' },
    nackCount: { type: 'int64', doc: 'Negative acknowledgements so far.', unit: 'count' },
    sliCount: { type: 'int64', doc: 'Slice loss indications so far.', unit: 'count' },
    remb: { type: 'int64', doc: 'Last receiver estimated maximum bit rate.', unit: 'bit/s' },
    packetsLost: { type: 'int64', doc: 'Packets lost so far.', unit: 'packets' },
    fractionLost: {
      type: 'double',
      doc: 'Part of the packets lost in the last report interval.',
      unit: 'ratio',
    },
  },
} as const;

/** A codec in use. Declared for completeness; no element produces it. */
export const RTCCodec = {
  name: 'RTCCodec',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'A codec in use. Declared for completeness; no element produces it.',
  fields: {
    payloadType: { type: 'int64', doc: 'RTP payload type.', unit: 'id' },
    codec: { type: 'String', doc: 'Media type and encoding name, such as video/VP8.' },
    clockRate: { type: 'int64', doc: 'Ticks of the RTP timestamp per second.', unit: 'Hz' },
    channels: { type: 'int64', doc: 'Audio channels.', unit: 'count' },
    parameters: { type: 'String', doc: 'Format parameters as in the SDP.' },
  },
} as const;

/** Statistics of an RTP stream that we receive. */
export const RTCInboundRTPStreamStats = {
  name: 'RTCInboundRTPStreamStats',
  kind: 'register',
  extends: 'RTCRTPStreamStats',
  doc: 'Statistics of an RTP stream that we receive.',
  literals: { type: 'inboundrtp' },
  fields: {
    packetsReceived: { type: 'int64', doc: 'Packets received so far.', unit: 'packets' },
    bytesReceived: { type: 'int64', doc: 'Bytes received so far.', unit: 'bytes' },
    jitter: { type: 'double', doc: "Variation of the packets' arrival (RFC 3550 section 6.4.1).", unit: 's' },
  },
} as const;

/** Statistics of an RTP stream that we send. */
export const RTCOutboundRTPStreamStats = {
  name: 'RTCOutboundRTPStreamStats',
  kind: 'register',
  extends: 'RTCRTPStreamStats',
  doc: 'Statistics of an RTP stream that we send.',
  literals: { type: 'outboundrtp' },
  fields: {
    packetsSent: { type: 'int64', doc: 'Packets sent so far.', unit: 'packets' },
    bytesSent: { type: 'int64', doc: 'Bytes sent so far.', unit: 'bytes' },
    targetBitrate: { type: 'double', doc: 'Bit rate that the sender aims at.', unit: 'bit/s' },
    roundTripTime: { type: 'double', doc: 'Time to the peer and back, from RTCP reports.', unit: 's' },
  },
} as const;

/** Statistics of a WebRTC session as a whole. */
export const RTCPeerConnectionStats = {
  name: 'RTCPeerConnectionStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'Statistics of a WebRTC session as a whole.',
  literals: { type: 'session' },
  fields: {
    dataChannelsOpened: { type: 'int64', doc: 'Data channels opened so far.', unit: 'count' },
    dataChannelsClosed: { type: 'int64', doc: 'Data channels closed so far.', unit: 'count' },
  },
} as const;

/** A media stream. Declared for completeness; no element produces it. */
export const RTCMediaStreamStats = {
  name: 'RTCMediaStreamStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'A media stream. Declared for completeness; no element produces it.',
  fields: {
    streamIdentifier: { type: 'String', doc: 'Id of the stream.' },
    trackIds: { type: 'String[]', doc: 'Ids of the statistics of its tracks.' },
  },
} as const;

/** A media track. Declared for completeness; no element produces it. */
export const RTCMediaStreamTrackStats = {
  name: 'RTCMediaStreamTrackStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'A media track. Declared for completeness; no element produces it.',
  fields: {
    trackIdentifier: { type: 'String', doc: 'Id of the track.' },
    remoteSource: { type: 'boolean', doc: 'Whether the track comes from the peer.' },
    ssrcIds: { type: 'String[]', doc: 'Ids of the statistics of its RTP streams.' },
    frameWidth: { type: 'int64', doc: 'Width of the last frame.', unit: 'px' },
    frameHeight: { type: 'int64', doc: 'Height of the last frame.', unit: 'px' },
    framesPerSecond: { type: 'double', doc: 'Frame rate of late.', unit: 'frames/s' },
    framesSent: { type: 'int64', doc: 'Frames sent so far.', unit: 'frames' },
    framesReceived: { type: 'int64', doc: 'Frames received so far.', unit: 'frames' },
    framesDecoded: { type: 'int64', doc: 'Frames decoded so far.', unit: 'frames' },
    framesDropped: { type: 'int64', doc: 'Frames dropped so far.', unit: 'frames' },
    framesCorrupted: { type: 'int64', doc: 'Frames found damaged so far.', unit: 'frames' },
    audioLevel: { type: 'double', doc: 'Loudness between silence, 0, and full scale, 1.', unit: 'ratio' },
    echoReturnLoss: { type: 'double', doc: 'Echo return loss (ITU-T G.168).', unit: 'dB' },
    echoReturnLossEnhancement: {
      type: 'double',
      doc: 'Echo return loss enhancement (ITU-T G.168).',
      unit: 'dB',
    },
  },
} as const;

/** State of a data channel, as in W3C's RTCDataChannel. */
export const RTCDataChannelState = {
  name: 'RTCDataChannelState',
  kind: 'enum',
  doc: "State of a data channel, as in W3C's RTCDataChannel.",
  values: ['connecting', 'open', 'closing', 'closed'],
} as const;

/** Statistics of one data channel. */
export const RTCDataChannelStats = {
  name: 'RTCDataChannelStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'Statistics of one data channel.',
  literals: { type: 'datachannel' },
  fields: {
    label: { type: 'String', doc: 'Name of the channel.' },
    protocol: { type: 'String', doc: 'Name of the protocol spoken on the channel.' },
    datachannelid: { type: 'int64', doc: 'Number of the channel, its SCTP stream.', unit: 'id' },
    state: { type: 'RTCDataChannelState', doc: 'State of the channel.' },
    messagesSent: { type: 'int64', doc: 'Messages sent so far.', unit: 'count' },
    bytesSent: { type: 'int64', doc: 'Bytes of payload sent so far.', unit: 'bytes' },
    messagesReceived: { type: 'int64', doc: 'Messages received so far.', unit: 'count' },
    bytesReceived: { type: 'int64', doc: 'Bytes of payload received so far.', unit: 'bytes' },
  },
} as const;

/** A transport. Declared for completeness; no element produces it. */
export const RTCTransportStats = {
  name: 'RTCTransportStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'A transport. Declared for completeness; no element produces it.',
  fields: {
    bytesSent: { type: 'int64', doc: 'Bytes sent so far.', unit: 'bytes' },
    bytesReceived: { type: 'int64', doc: 'Bytes received so far.', unit: 'bytes' },
    rtcpTransportStatsId: {
      type: 'String',
      doc: 'Id of the statistics of the separate RTCP transport, if any.',
    },
    activeConnection: { type: 'boolean', doc: 'Whether the transport is in use.' },
    selectedCandidatePairId: { type: 'String', doc: 'Id of the statistics of the selected candidate pair.' },
    localCertificateId: { type: 'String', doc: 'Id of the statistics of our certificate.' },
    remoteCertificateId: { type: 'String', doc: "Id of the statistics of the peer's certificate." },
  },
} as const;

/** Kind of an ICE candidate. */
export const RTCStatsIceCandidateType = {
  name: 'RTCStatsIceCandidateType',
  kind: 'enum',
  doc: 'Kind of an ICE candidate.',
  values: ['host', 'serverreflexive', 'peerreflexive', 'relayed'],
} as const;

/** An ICE candidate. Declared for completeness; no element produces it. */
export const RTCIceCandidateAttributes = {
  name: 'RTCIceCandidateAttributes',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'An ICE candidate. Declared for completeness; no element produces it.',
  fields: {
    ipAddress: { type: 'String', doc: 'IP address.' },
    portNumber: { type: 'int64', doc: 'Port.', unit: 'port' },
    transport: { type: 'String', doc: 'Transport protocol, udp or tcp.' },
    candidateType: { type: 'RTCStatsIceCandidateType', doc: 'Kind of candidate.' },
    priority: { type: 'int64', doc: 'Priority (RFC 8445 section 5.1.2).', unit: 'priority' },
    addressSourceUrl: { type: 'String', doc: 'URL of the server that gave the address.' },
  },
} as const;

/** State of a candidate pair (RFC 8445 section 6.1.2.6). */
export const RTCStatsIceCandidatePairState = {
  name: 'RTCStatsIceCandidatePairState',
  kind: 'enum',
  doc: 'State of a candidate pair (RFC 8445 section 6.1.2.6).',
  values: ['frozen', 'waiting', 'inprogress', 'failed', 'succeeded', 'cancelled'],
} as const;

/** A candidate pair. Declared for completeness; no element produces it. */
export const RTCIceCandidatePairStats = {
  name: 'RTCIceCandidatePairStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'A candidate pair. Declared for completeness; no element produces it.',
  fields: {
    transportId: { type: 'String', doc: "Id of the transport's statistics." },
    localCandidateId: { type: 'String', doc: 'Id of the statistics of our candidate.' },
    remoteCandidateId: { type: 'String', doc: "Id of the statistics of the peer's candidate." },
    state: { type: 'RTCStatsIceCandidatePairState', doc: "State of the pair's connectivity check." },
    priority: { type: 'int64', doc: 'Priority of the pair (RFC 8445 section 6.1.2.3).', unit: 'priority' },
    nominated: { type: 'boolean', doc: 'Whether the pair was nominated.' },
    writable: { type: 'boolean', doc: 'Whether a check of ours was answered.' },
    readable: { type: 'boolean', doc: 'Whether a check of the peer arrived.' },
    bytesSent: { type: 'int64', doc: 'Bytes sent so far.', unit: 'bytes' },
    bytesReceived: { type: 'int64', doc: 'Bytes received so far.', unit: 'bytes' },
    roundTripTime: { type: 'double', doc: 'Time of a check to the peer and back.', unit: 's' },
    availableOutgoingBitrate: { type: 'double', doc: 'Estimated capacity towards the peer.', unit: 'bit/s' },
    availableIncomingBitrate: { type: 'double', doc: 'Estimated capacity from the peer.', unit: 'bit/s' },
  },
} as const;

/** A certificate. Declared for completeness; no element produces it. */
export const RTCCertificateStats = {
  name: 'RTCCertificateStats',
  kind: 'register',
  extends: 'RTCStats',
  doc: 'A certificate. Declared for completeness; no element produces it.',
  fields: {
    fingerprint: { type: 'String', doc: 'Hash of the certificate, in hexadecimal.' },
    fingerprintAlgorithm: { type: 'String', doc: 'Hash function, such as sha-256.' },
    base64Certificate: { type: 'String', doc: 'The certificate in DER, as base64 text.' },
    issuerCertificateId: { type: 'String', doc: "Id of the statistics of the issuer's certificate." },
  },
} as const;
