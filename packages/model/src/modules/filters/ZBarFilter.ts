/**
 * Descriptor of the remote class `ZBarFilter`.
 * @module
 */

/** What `ZBarFilter` can do and tell, as data. */
export const ZBarFilter = {
  name: 'ZBarFilter',
  extends: 'Filter',
  doc: 'Reads bar codes and QR codes in the video and raises an event for each.',
  create: {
    doc: 'Makes a code reader in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  events: ['CodeFound'],
} as const;
