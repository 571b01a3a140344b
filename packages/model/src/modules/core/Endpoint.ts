/**
 * Descriptor of the remote class `Endpoint`.
 * @module
 */

/** What `Endpoint` can do and tell, as data. */
export const Endpoint = {
  name: 'Endpoint',
  extends: 'MediaElement',
  abstract: true,
  doc: 'An element through which media enter or leave the pipeline.',
} as const;
