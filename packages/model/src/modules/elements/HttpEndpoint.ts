/**
 * Descriptor of the remote class `HttpEndpoint`.
 * @module
 */

/** What `HttpEndpoint` can do and tell, as data. */
export const HttpEndpoint = {
  name: 'HttpEndpoint',
  extends: 'SessionEndpoint',
  abstract: true,
  doc: 'An endpoint that exchanges media over HTTP.',
  methods: {
    getUrl: {
      doc: 'Tells where clients reach this endpoint.',
      returns: { type: 'String', doc: 'The http URL.' },
    },
  },
} as const;
