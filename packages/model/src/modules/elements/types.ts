/**
 * Complex types of module `elements`.
 * @module
 */

/** Container and kinds of media of a recording. */
export const MediaProfileSpecType = {
  name: 'MediaProfileSpecType',
  kind: 'enum',
  doc: 'Container and kinds of media of a recording.',
  values: [
    'WEBM',
    'MKV',
    'MP4',
    'WEBM_VIDEO_ONLY',
    'WEBM_AUDIO_ONLY',
    'MKV_VIDEO_ONLY',
    'MKV_AUDIO_ONLY',
    'MP4_VIDEO_ONLY',
    'MP4_AUDIO_ONLY',
    'JPEG_VIDEO_ONLY',
    'KURENTO_SPLIT_RECORDER',
    'FLV',
  ],
} as const;

/** Length and seekable range of played media. */
export const VideoInfo = {
  name: 'VideoInfo',
  kind: 'register',
  doc: 'Length and seekable range of played media.',
  fields: {
    isSeekable: { type: 'boolean', doc: 'Whether the position can be set.' },
    seekableInit: { type: 'int64', doc: 'First place that can be sought.', unit: 'ms' },
    seekableEnd: { type: 'int64', doc: 'Last place that can be sought.', unit: 'ms' },
    duration: { type: 'int64', doc: 'Length of the media.', unit: 'ms' },
  },
} as const;

/** What a recorder does about gaps in its input. FILL_IF_TRANSCODING is declared only. */
export const GapsFixMethod = {
  name: 'GapsFixMethod',
  kind: 'enum',
  doc: 'What a recorder does about gaps in its input. FILL_IF_TRANSCODING is declared only.',
  values: ['NONE', 'GENPTS', 'FILL_IF_TRANSCODING'],
} as const;

/** Cipher and authentication of SRTP (RFC 4568 section 6.2). */
export const CryptoSuite = {
  name: 'CryptoSuite',
  kind: 'enum',
  doc: 'Cipher and authentication of SRTP (RFC 4568 section 6.2).',
  values: [
    'AES_128_CM_HMAC_SHA1_32',
    'AES_128_CM_HMAC_SHA1_80',
    'AES_256_CM_HMAC_SHA1_32',
    'AES_256_CM_HMAC_SHA1_80',
  ],
} as const;

/** Key for SRTP as exchanged in the SDP (RFC 4568). Give key or keyBase64; a random key is made if neither is there. */
export const SDES = {
  name: 'SDES',
  kind: 'register',
  doc: 'Key for SRTP as exchanged in the SDP (RFC 4568). Give key or keyBase64; a random key is made if neither is there.',
  fields: {
    key: {
      type: 'String',
      doc: 'Master key and salt as ASCII text: 30 characters for AES-128, 46 for AES-256.',
      optional: true,
    },
    keyBase64: {
      type: 'String',
      doc: 'Master key and salt in base64: 30 bytes for AES-128, 46 for AES-256.',
      optional: true,
    },
    crypto: { type: 'CryptoSuite', doc: 'Cipher suite.', optional: true },
  },
} as const;

/** An ICE candidate as browsers exchange it (RFC 8839). */
export const IceCandidate = {
  name: 'IceCandidate',
  kind: 'register',
  doc: 'An ICE candidate as browsers exchange it (RFC 8839).',
  fields: {
    candidate: { type: 'String', doc: 'Text of the candidate, beginning with candidate: and without a=.' },
    sdpMid: { type: 'String', doc: 'Identification tag of the media section that it belongs to.' },
    sdpMLineIndex: { type: 'int', doc: 'Place of that media section in the SDP, from 0.', unit: 'index' },
  },
} as const;

/** How far ICE has come on a component. */
export const IceComponentState = {
  name: 'IceComponentState',
  kind: 'enum',
  doc: 'How far ICE has come on a component.',
  values: ['DISCONNECTED', 'GATHERING', 'CONNECTING', 'CONNECTED', 'READY', 'FAILED'],
} as const;

/** How far DTLS has come on a connection. */
export const DtlsConnectionState = {
  name: 'DtlsConnectionState',
  kind: 'enum',
  doc: 'How far DTLS has come on a connection.',
  values: ['NEW', 'CLOSED', 'FAILED', 'CONNECTING', 'CONNECTED'],
} as const;

/** The two candidates between which media pass. */
export const IceCandidatePair = {
  name: 'IceCandidatePair',
  kind: 'register',
  doc: 'The two candidates between which media pass.',
  fields: {
    streamId: { type: 'String', doc: 'Id of the ICE stream.' },
    componentId: { type: 'int', doc: '1 for RTP, 2 for RTCP (RFC 8445).', unit: 'id' },
    localCandidate: { type: 'String', doc: 'Text of our candidate.' },
    remoteCandidate: { type: 'String', doc: "Text of the peer's candidate." },
  },
} as const;

/** ICE state of one component. */
export const IceConnection = {
  name: 'IceConnection',
  kind: 'register',
  doc: 'ICE state of one component.',
  fields: {
    streamId: { type: 'String', doc: 'Id of the ICE stream.' },
    componentId: { type: 'int', doc: '1 for RTP, 2 for RTCP (RFC 8445).', unit: 'id' },
    state: { type: 'IceComponentState', doc: 'How far ICE has come.' },
  },
} as const;

/** DTLS state of one component. */
export const DtlsConnection = {
  name: 'DtlsConnection',
  kind: 'register',
  doc: 'DTLS state of one component.',
  fields: {
    streamId: { type: 'String', doc: 'Id of the stream.' },
    componentId: { type: 'String', doc: '1 for RTP, 2 for RTCP, as text.' },
    connectionId: { type: 'String', doc: 'Id of the DTLS connection.' },
    state: { type: 'DtlsConnectionState', doc: 'How far DTLS has come.' },
  },
} as const;

/** Kind of key in a certificate. */
export const CertificateKeyType = {
  name: 'CertificateKeyType',
  kind: 'enum',
  doc: 'Kind of key in a certificate.',
  values: ['RSA', 'ECDSA'],
} as const;

/** Priority mark of packets (RFC 2474, uses of RFC 8837). NO_VALUE takes the server's setting, NO_DSCP sets none. */
export const DSCPValue = {
  name: 'DSCPValue',
  kind: 'enum',
  doc: "Priority mark of packets (RFC 2474, uses of RFC 8837). NO_VALUE takes the server's setting, NO_DSCP sets none.",
  values: [
    'NO_DSCP',
    'NO_VALUE',
    'AUDIO_VERYLOW',
    'AUDIO_LOW',
    'AUDIO_MEDIUM',
    'AUDIO_HIGH',
    'VIDEO_VERYLOW',
    'VIDEO_LOW',
    'VIDEO_MEDIUM',
    'VIDEO_MEDIUM_THROUGHPUT',
    'VIDEO_HIGH',
    'VIDEO_HIGH_THROUGHPUT',
    'DATA_VERYLOW',
    'DATA_LOW',
    'DATA_MEDIUM',
    'DATA_HIGH',
    'CHROME_HIGH',
    'CHROME_MEDIUM',
    'CHROME_LOW',
    'CHROME_VERYLOW',
    'CS0',
    'CS1',
    'CS2',
    'CS3',
    'CS4',
    'CS5',
    'CS6',
    'CS7',
    'AF11',
    'AF12',
    'AF13',
    'AF21',
    'AF22',
    'AF23',
    'AF31',
    'AF32',
    'AF33',
    'AF41',
    'AF42',
    'AF43',
    'EF',
    'VOICEADMIT',
    'LE',
  ],
} as const;
