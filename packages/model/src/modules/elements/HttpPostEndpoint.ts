/**
 * Descriptor of the remote class `HttpPostEndpoint`.
 * @module
 */

/** What `HttpPostEndpoint` can do and tell, as data. */
export const HttpPostEndpoint = {
  name: 'HttpPostEndpoint',
  extends: 'HttpEndpoint',
  doc: 'Takes in media that a client uploads by HTTP POST.',
  create: {
    doc: 'Opens an upload address in a pipeline.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      disconnectionTimeout: {
        type: 'int',
        doc: 'How long no request may come before the session counts as ended.',
        unit: 's',
        optional: true,
        defaultValue: 2,
      },
      useEncodedMedia: {
        type: 'boolean',
        doc: 'Whether to pass the upload on as it is coded instead of decoding it first.',
        optional: true,
        defaultValue: false,
      },
    },
    errors: ['HTTP_END_POINT_REGISTRATION_ERROR'],
  },
  events: ['EndOfStream'],
} as const;
