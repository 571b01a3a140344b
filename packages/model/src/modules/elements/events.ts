/**
 * Events of module `elements`.
 * @module
 */

/** The source has no more media: the file was played or the upload is complete. */
export const EndOfStream = {
  name: 'EndOfStream',
  extends: 'Media',
  doc: 'The source has no more media: the file was played or the upload is complete.',
} as const;

/** Media are really being written, for the first time or after a pause. */
export const Recording = {
  name: 'Recording',
  extends: 'Media',
  doc: 'Media are really being written, for the first time or after a pause.',
} as const;

/** Recording holds. */
export const Paused = {
  name: 'Paused',
  extends: 'Media',
  doc: 'Recording holds.',
} as const;

/** Recording has ended and the file is complete. */
export const Stopped = {
  name: 'Stopped',
  extends: 'Media',
  doc: 'Recording has ended and the file is complete.',
} as const;

/** The SRTP key has nearly been used for as many packets as it may. */
export const OnKeySoftLimit = {
  name: 'OnKeySoftLimit',
  extends: 'Media',
  doc: 'The SRTP key has nearly been used for as many packets as it may.',
  fields: {
    mediaType: { type: 'MediaType', doc: 'Kind of media that the key protects.' },
  },
} as const;

/** A candidate of ours was found and should be sent to the peer. */
export const IceCandidateFound = {
  name: 'IceCandidateFound',
  extends: 'Media',
  doc: 'A candidate of ours was found and should be sent to the peer.',
  fields: {
    candidate: { type: 'IceCandidate', doc: 'The candidate, in the form that browsers take.' },
  },
} as const;

/** All our candidates have been told. */
export const IceGatheringDone = {
  name: 'IceGatheringDone',
  extends: 'Media',
  doc: 'All our candidates have been told.',
} as const;

/** ICE moved on or fell back on a component. */
export const IceComponentStateChanged = {
  name: 'IceComponentStateChanged',
  extends: 'Media',
  doc: 'ICE moved on or fell back on a component.',
  fields: {
    streamId: { type: 'int', doc: 'Number of the ICE stream.', unit: 'id' },
    componentId: { type: 'int', doc: '1 for RTP, 2 for RTCP (RFC 8445).', unit: 'id' },
    state: { type: 'IceComponentState', doc: 'State from now on.' },
  },
} as const;

/** DTLS moved on or failed on a connection. */
export const DtlsConnectionStateChange = {
  name: 'DtlsConnectionStateChange',
  extends: 'Media',
  doc: 'DTLS moved on or failed on a connection.',
  fields: {
    streamId: { type: 'String', doc: 'Id of the stream, as text.' },
    componentId: { type: 'String', doc: '1 for RTP, 2 for RTCP, as text.' },
    connectionId: { type: 'String', doc: 'Id of the DTLS connection.' },
    state: { type: 'DtlsConnectionState', doc: 'State from now on.' },
  },
} as const;

/** A data channel is open, whichever side asked for it. */
export const DataChannelOpened = {
  name: 'DataChannelOpened',
  extends: 'Media',
  doc: 'A data channel is open, whichever side asked for it.',
  fields: {
    channelId: { type: 'int', doc: 'Number of the channel.', unit: 'id' },
  },
} as const;

/** A data channel was closed by either side. */
export const DataChannelClosed = {
  name: 'DataChannelClosed',
  extends: 'Media',
  doc: 'A data channel was closed by either side.',
  fields: {
    channelId: { type: 'int', doc: 'Number of the channel.', unit: 'id' },
  },
} as const;

/** ICE chose the pair of candidates that media take from now on. */
export const NewCandidatePairSelected = {
  name: 'NewCandidatePairSelected',
  extends: 'Media',
  doc: 'ICE chose the pair of candidates that media take from now on.',
  fields: {
    candidatePair: { type: 'IceCandidatePair', doc: 'The pair chosen.' },
  },
} as const;
