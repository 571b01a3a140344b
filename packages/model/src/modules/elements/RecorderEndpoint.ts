/**
 * Descriptor of the remote class `RecorderEndpoint`.
 * @module
 */

/** What `RecorderEndpoint` can do and tell, as data. */
export const RecorderEndpoint = {
  name: 'RecorderEndpoint',
  extends: 'UriEndpoint',
  doc: 'Writes the media that reach it into a file or to a server.',
  create: {
    doc: 'Makes a recorder for one URI. Nothing is written before record.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      uri: {
        type: 'String',
        doc: "Where to write. Without a scheme it is put into the server's media directory.",
      },
      mediaProfile: {
        type: 'MediaProfileSpecType',
        doc: 'Container and kinds of media. Every kind of the profile must flow before anything is written.',
        optional: true,
        defaultValue: 'WEBM',
      },
      stopOnEndOfStream: {
        type: 'boolean',
        doc: 'Whether to stop by itself when the source ends.',
        optional: true,
        defaultValue: false,
      },
    },
    errors: ['MEDIA_OBJECT_ILLEGAL_PARAM_ERROR'],
  },
  methods: {
    record: { doc: 'Starts recording, or goes on after a pause. Writing begins with the first media.' },
    stopAndWait: { doc: 'Stops recording and answers when the file is complete.' },
  },
  events: ['Recording', 'Paused', 'Stopped'],
} as const;
