/**
 * Descriptor of the remote class `Filter`.
 * @module
 */

/** What `Filter` can do and tell, as data. */
export const Filter = {
  name: 'Filter',
  extends: 'MediaElement',
  abstract: true,
  doc: 'An element that changes or analyses the media that pass through it.',
} as const;
