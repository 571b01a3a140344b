/**
 * Events of module `core`.
 * @module
 */

/** What every event carries. */
export const RaiseBase = {
  name: 'RaiseBase',
  doc: 'What every event carries.',
  fields: {
    source: { type: 'MediaObject', doc: 'The object that raised the event.' },
    timestampMillis: {
      type: 'String',
      doc: 'When it was raised, in milliseconds since 1970-01-01 UTC, as a decimal number in text.',
    },
    tags: { type: 'Tag[]', doc: 'Tags of the source. Empty unless the source has sendTagsInEvents on.' },
  },
} as const;

/** Something went wrong in an object after the call that caused it was answered. */
export const ErrorEvent = {
  name: 'Error',
  extends: 'RaiseBase',
  doc: 'Something went wrong in an object after the call that caused it was answered.',
  fields: {
    description: { type: 'String', doc: 'What happened, for people.' },
    errorCode: { type: 'int', doc: 'Number of the error in the subsystem that found it.', unit: 'code' },
    type: {
      type: 'String',
      doc: 'Kind of error, such as RESOURCE_ERROR_OPEN, INVALID_URI or UNEXPECTED_ELEMENT_ERROR.',
    },
  },
} as const;

/** The media session of the endpoint is over. */
export const MediaSessionTerminated = {
  name: 'MediaSessionTerminated',
  extends: 'Media',
  doc: 'The media session of the endpoint is over.',
} as const;

/** The media session of the endpoint has begun: the SDP exchange is complete, or an upload started. */
export const MediaSessionStarted = {
  name: 'MediaSessionStarted',
  extends: 'Media',
  doc: 'The media session of the endpoint has begun: the SDP exchange is complete, or an upload started.',
} as const;

/** What most events carry beyond the common fields. */
export const Media = {
  name: 'Media',
  extends: 'RaiseBase',
  doc: 'What most events carry beyond the common fields.',
  fields: {
    type: { type: 'String', doc: 'Name of the event.' },
  },
} as const;

/** An object was made on the server. */
export const ObjectCreated = {
  name: 'ObjectCreated',
  extends: 'RaiseBase',
  doc: 'An object was made on the server.',
  fields: {
    object: { type: 'MediaObject', doc: 'The new object.' },
  },
} as const;

/** An object was released on the server. */
export const ObjectDestroyed = {
  name: 'ObjectDestroyed',
  extends: 'RaiseBase',
  doc: 'An object was released on the server.',
  fields: {
    objectId: { type: 'String', doc: 'Id that the object had.' },
  },
} as const;

/** RTCP of the peer began to arrive or ceased. */
export const MediaStateChanged = {
  name: 'MediaStateChanged',
  extends: 'Media',
  doc: 'RTCP of the peer began to arrive or ceased.',
  fields: {
    oldState: { type: 'MediaState', doc: 'State before.' },
    newState: { type: 'MediaState', doc: 'State from now on.' },
  },
} as const;

/** The transports of the endpoint came up or went down. */
export const ConnectionStateChanged = {
  name: 'ConnectionStateChanged',
  extends: 'Media',
  doc: 'The transports of the endpoint came up or went down.',
  fields: {
    oldState: { type: 'ConnectionState', doc: 'State before.' },
    newState: { type: 'ConnectionState', doc: 'State from now on.' },
  },
} as const;

/** Media began or ceased to leave the element. */
export const MediaFlowOutStateChanged = {
  name: 'MediaFlowOutStateChanged',
  extends: 'Media',
  doc: 'Media began or ceased to leave the element.',
  fields: {
    state: { type: 'MediaFlowState', doc: 'State from now on.' },
    padName: { type: 'String', doc: 'Name of the output pad.' },
    mediaType: { type: 'MediaType', doc: 'Kind of media.' },
  },
} as const;

/** Media began or ceased to arrive at the element. */
export const MediaFlowInStateChanged = {
  name: 'MediaFlowInStateChanged',
  extends: 'Media',
  doc: 'Media began or ceased to arrive at the element.',
  fields: {
    state: { type: 'MediaFlowState', doc: 'State from now on.' },
    padName: { type: 'String', doc: 'Name of the input pad.' },
    mediaType: { type: 'MediaType', doc: 'Kind of media.' },
  },
} as const;

/** The element began to transcode, or found that it need not. */
export const MediaTranscodingStateChanged = {
  name: 'MediaTranscodingStateChanged',
  extends: 'Media',
  doc: 'The element began to transcode, or found that it need not.',
  fields: {
    state: { type: 'MediaTranscodingState', doc: 'State from now on.' },
    binName: { type: 'String', doc: 'Name of the transcoding stage.' },
    mediaType: { type: 'MediaType', doc: 'Kind of media.' },
  },
} as const;

/** The output of the element was connected; raised once per kind of media. */
export const ElementConnected = {
  name: 'ElementConnected',
  extends: 'Media',
  doc: 'The output of the element was connected; raised once per kind of media.',
  fields: {
    sink: { type: 'MediaElement', doc: 'The element that now receives the media.' },
    mediaType: { type: 'MediaType', doc: 'Kind of media connected.' },
    sourceMediaDescription: { type: 'String', doc: 'Name of the output pad.' },
    sinkMediaDescription: { type: 'String', doc: 'Name of the input pad.' },
  },
} as const;

/** The output of the element was disconnected; raised once per kind of media. */
export const ElementDisconnected = {
  name: 'ElementDisconnected',
  extends: 'Media',
  doc: 'The output of the element was disconnected; raised once per kind of media.',
  fields: {
    sink: { type: 'MediaElement', doc: 'The element that no longer receives the media.' },
    mediaType: { type: 'MediaType', doc: 'Kind of media disconnected.' },
    sourceMediaDescription: { type: 'String', doc: 'Name of the output pad.' },
    sinkMediaDescription: { type: 'String', doc: 'Name of the input pad.' },
  },
} as const;

/** The player or recorder started, paused or stopped. */
export const UriEndpointStateChanged = {
  name: 'UriEndpointStateChanged',
  extends: 'Media',
  doc: 'The player or recorder started, paused or stopped.',
  fields: {
    state: { type: 'UriEndpointState', doc: 'State from now on.' },
  },
} as const;
