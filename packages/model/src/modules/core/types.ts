/**
 * Complex types of module `core`.
 * @module
 */

/** What a URI endpoint is doing. */
export const UriEndpointState = {
  name: 'UriEndpointState',
  kind: 'enum',
  doc: 'What a URI endpoint is doing.',
  values: ['STOP', 'START', 'PAUSE'],
} as const;

/** What a server says about itself. */
export const ServerInfo = {
  name: 'ServerInfo',
  kind: 'register',
  doc: 'What a server says about itself.',
  fields: {
    version: { type: 'String', doc: 'Version of the API that the server speaks.' },
    modules: { type: 'ModuleInfo[]', doc: 'Modules that are loaded.' },
    type: { type: 'ServerType', doc: 'Kind of server.' },
    capabilities: { type: 'String[]', doc: 'Names of the protocol features that clients may use.' },
  },
} as const;

/** Kind of server. A media server is always KMS. */
export const ServerType = {
  name: 'ServerType',
  kind: 'enum',
  doc: 'Kind of server. A media server is always KMS.',
  values: ['KMS', 'KCS'],
} as const;

/** How much a drawn media graph shows. */
export const GstreamerDotDetails = {
  name: 'GstreamerDotDetails',
  kind: 'enum',
  doc: 'How much a drawn media graph shows.',
  values: [
    'SHOW_MEDIA_TYPE',
    'SHOW_CAPS_DETAILS',
    'SHOW_NON_DEFAULT_PARAMS',
    'SHOW_STATES',
    'SHOW_FULL_PARAMS',
    'SHOW_ALL',
    'SHOW_VERBOSE',
  ],
} as const;

/** A loaded module and what can be created from it. */
export const ModuleInfo = {
  name: 'ModuleInfo',
  kind: 'register',
  doc: 'A loaded module and what can be created from it.',
  fields: {
    version: { type: 'String', doc: 'Version of the module.' },
    name: { type: 'String', doc: 'Name of the module, such as core or chroma.' },
    generationTime: { type: 'String', doc: 'When the module was built, as text.' },
    factories: { type: 'String[]', doc: 'Short names of the classes that can be created, sorted.' },
  },
} as const;

/** Whether media of the peer arrive, judged by its RTCP. */
export const MediaState = {
  name: 'MediaState',
  kind: 'enum',
  doc: 'Whether media of the peer arrive, judged by its RTCP.',
  values: ['DISCONNECTED', 'CONNECTED'],
} as const;

/** Whether media pass. */
export const MediaFlowState = {
  name: 'MediaFlowState',
  kind: 'enum',
  doc: 'Whether media pass.',
  values: ['FLOWING', 'NOT_FLOWING'],
} as const;

/** Whether media are decoded and encoded anew. */
export const MediaTranscodingState = {
  name: 'MediaTranscodingState',
  kind: 'enum',
  doc: 'Whether media are decoded and encoded anew.',
  values: ['TRANSCODING', 'NOT_TRANSCODING'],
} as const;

/** Whether the transports are up. */
export const ConnectionState = {
  name: 'ConnectionState',
  kind: 'enum',
  doc: 'Whether the transports are up.',
  values: ['DISCONNECTED', 'CONNECTED'],
} as const;

/** Kind of media. */
export const MediaType = {
  name: 'MediaType',
  kind: 'enum',
  doc: 'Kind of media.',
  values: ['AUDIO', 'DATA', 'VIDEO'],
} as const;

/** Kind of media that a GStreamer filter works on. */
export const FilterType = {
  name: 'FilterType',
  kind: 'enum',
  doc: 'Kind of media that a GStreamer filter works on.',
  values: ['AUDIO', 'AUTODETECT', 'VIDEO'],
} as const;

/** Video codec. RAW means uncompressed pictures. */
export const VideoCodec = {
  name: 'VideoCodec',
  kind: 'enum',
  doc: 'Video codec. RAW means uncompressed pictures.',
  values: ['H265', 'AV1', 'VP9', 'VP8', 'H264', 'RAW'],
} as const;

/** Audio codec. RAW means uncompressed samples. */
export const AudioCodec = {
  name: 'AudioCodec',
  kind: 'enum',
  doc: 'Audio codec. RAW means uncompressed samples.',
  values: ['OPUS', 'PCMU', 'PCMA', 'RAW'],
} as const;

/** A ratio of two whole numbers. */
export const Fraction = {
  name: 'Fraction',
  kind: 'register',
  doc: 'A ratio of two whole numbers.',
  fields: {
    numerator: { type: 'int', doc: 'Upper number.', unit: 'count' },
    denominator: { type: 'int', doc: 'Lower number.', unit: 'count' },
  },
} as const;

/** Format wanted of audio. */
export const AudioCaps = {
  name: 'AudioCaps',
  kind: 'register',
  doc: 'Format wanted of audio.',
  fields: {
    codec: { type: 'AudioCodec', doc: 'Codec to produce.' },
    bitrate: { type: 'int', doc: 'Bit rate to produce.', unit: 'bit/s' },
  },
} as const;

/** Format wanted of video. */
export const VideoCaps = {
  name: 'VideoCaps',
  kind: 'register',
  doc: 'Format wanted of video.',
  fields: {
    codec: { type: 'VideoCodec', doc: 'Codec to produce.' },
    framerate: { type: 'Fraction', doc: 'Frames per second, as a fraction.' },
  },
} as const;

/** One connection between two elements. */
export const ElementConnectionData = {
  name: 'ElementConnectionData',
  kind: 'register',
  doc: 'One connection between two elements.',
  fields: {
    source: { type: 'MediaElement', doc: 'The element that gives the media.' },
    sink: { type: 'MediaElement', doc: 'The element that receives them.' },
    type: { type: 'MediaType', doc: 'Kind of media connected.' },
    sourceDescription: { type: 'String', doc: 'Name of the output pad.' },
    sinkDescription: { type: 'String', doc: 'Name of the input pad.' },
  },
} as const;

/** A named text attached to an object. */
export const Tag = {
  name: 'Tag',
  kind: 'register',
  doc: 'A named text attached to an object.',
  fields: {
    key: { type: 'String', doc: 'Name of the tag.' },
    value: { type: 'String', doc: 'Its text.' },
  },
} as const;

/** A codec and its settings as in the server's configuration. No method takes it. */
export const CodecConfiguration = {
  name: 'CodecConfiguration',
  kind: 'register',
  doc: "A codec and its settings as in the server's configuration. No method takes it.",
  fields: {
    name: { type: 'String', doc: 'Encoding name and clock rate, such as opus/48000/2.', optional: true },
    properties: { type: 'String<>', doc: 'Settings of the codec by name.', optional: true },
  },
} as const;

/** How the bit rate that we ask of a video sender follows losses. */
export const RembParams = {
  name: 'RembParams',
  kind: 'register',
  doc: 'How the bit rate that we ask of a video sender follows losses.',
  fields: {
    packetsRecvIntervalTop: {
      type: 'int',
      doc: 'Packets over which the loss is averaged.',
      unit: 'packets',
      optional: true,
      defaultValue: 100,
    },
    exponentialFactor: {
      type: 'float',
      doc: 'Growth per step while below the threshold.',
      unit: 'ratio',
      optional: true,
      defaultValue: 0.04,
    },
    linealFactorMin: {
      type: 'int',
      doc: 'Least growth per step above the threshold.',
      unit: 'bit/s',
      optional: true,
    },
    linealFactorGrade: {
      type: 'float',
      doc: 'Steps in which the bit rate climbs from the threshold to where it was.',
      unit: 'steps',
      optional: true,
      defaultValue: 30,
    },
    decrementFactor: {
      type: 'float',
      doc: 'What remains of the bit rate after too many losses.',
      unit: 'ratio',
      optional: true,
      defaultValue: 0.5,
    },
    thresholdFactor: {
      type: 'float',
      doc: 'Where growth turns from exponential to linear, as a part of the bit rate at the loss.',
      unit: 'ratio',
      optional: true,
      defaultValue: 0.8,
    },
    upLosses: {
      type: 'int',
      doc: 'Loss below which the bit rate is held instead of lowered, in 256ths of the packets.',
      unit: '1/256',
      optional: true,
      defaultValue: 12,
    },
    rembOnConnect: {
      type: 'int',
      doc: 'Bit rate assumed until the first REMB of the peer arrives.',
      unit: 'bit/s',
      optional: true,
      defaultValue: 300000,
    },
  },
} as const;

/** Which kinds of media an offer contains. */
export const OfferOptions = {
  name: 'OfferOptions',
  kind: 'register',
  doc: 'Which kinds of media an offer contains.',
  fields: {
    offerToReceiveAudio: {
      type: 'boolean',
      doc: 'Whether to offer audio.',
      optional: true,
      defaultValue: true,
    },
    offerToReceiveVideo: {
      type: 'boolean',
      doc: 'Whether to offer video.',
      optional: true,
      defaultValue: true,
    },
  },
} as const;
