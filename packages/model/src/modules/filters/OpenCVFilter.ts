/**
 * Descriptor of the remote class `OpenCVFilter`.
 * @module
 */

/** What `OpenCVFilter` can do and tell, as data. */
export const OpenCVFilter = {
  name: 'OpenCVFilter',
  extends: 'Filter',
  abstract: true,
  doc: 'Base of filters that analyse pictures with OpenCV.',
} as const;
