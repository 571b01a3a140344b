/**
 * Descriptor of the remote class `SessionEndpoint`.
 * @module
 */

/** What `SessionEndpoint` can do and tell, as data. */
export const SessionEndpoint = {
  name: 'SessionEndpoint',
  extends: 'Endpoint',
  abstract: true,
  doc: 'An endpoint whose life follows a media session that starts and may end.',
  events: ['MediaSessionTerminated', 'MediaSessionStarted'],
} as const;
