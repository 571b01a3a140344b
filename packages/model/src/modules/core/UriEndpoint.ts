/**
 * Descriptor of the remote class `UriEndpoint`.
 * @module
 */

/** What `UriEndpoint` can do and tell, as data. */
export const UriEndpoint = {
  name: 'UriEndpoint',
  extends: 'Endpoint',
  abstract: true,
  doc: 'An endpoint that reads from or writes to a URI and can be started, paused and stopped.',
  properties: {
    uri: {
      type: 'String',
      doc: 'The URI as the client gave it, before any default directory is added.',
      final: true,
    },
    state: {
      type: 'UriEndpointState',
      doc: 'Whether it runs, pauses or is stopped. It starts out stopped.',
      readOnly: true,
    },
  },
  methods: {
    pause: { doc: 'Holds reading or writing at the current place.' },
    stop: { doc: 'Ends reading or writing. A recorder finishes its file after this call has been answered.' },
  },
  events: ['UriEndpointStateChanged'],
} as const;
