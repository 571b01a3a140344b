/**
 * Events of module `videosampler`.
 * @module
 */

/** A still picture was taken. */
export const SampleImageDelivered = {
  name: 'SampleImageDelivered',
  extends: 'Media',
  doc: 'A still picture was taken.',
  fields: {
    delivered: { type: 'boolean', doc: 'Whether its receiver accepted it.' },
  },
} as const;
