/**
 * Descriptor of the remote class `PlayerEndpoint`.
 * @module
 */

/** What `PlayerEndpoint` can do and tell, as data. */
export const PlayerEndpoint = {
  name: 'PlayerEndpoint',
  extends: 'UriEndpoint',
  doc: 'Plays a file or stream into the pipeline, at its own pace: file, http, https, rtsp and more.',
  create: {
    doc: 'Makes a player for one URI. Nothing is read before play.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      uri: {
        type: 'String',
        doc: "What to play. Without a scheme it is looked up in the server's media directory.",
      },
      useEncodedMedia: {
        type: 'boolean',
        doc: 'Whether to pass media on as they are coded: cheap, but the sinks must take that codec as it is.',
        optional: true,
        defaultValue: false,
      },
      networkCache: {
        type: 'int',
        doc: 'How much of a live stream to hold back against network jitter.',
        unit: 'ms',
        optional: true,
        defaultValue: 2000,
      },
    },
  },
  properties: {
    videoInfo: {
      type: 'VideoInfo',
      doc: 'Length and seekable range of the video. Known once playing or paused.',
      readOnly: true,
    },
    elementGstreamerDot: {
      type: 'String',
      doc: "The player's private decoding graph as Graphviz text.",
      readOnly: true,
    },
    position: {
      type: 'int64',
      doc: 'The place in the media. Writing it seeks, if the media allow that.',
      unit: 'ms',
      setterErrors: ['PLAYER_SEEK_FAIL'],
    },
  },
  methods: {
    play: { doc: 'Starts playing, or goes on after a pause.' },
  },
  events: ['EndOfStream'],
} as const;
