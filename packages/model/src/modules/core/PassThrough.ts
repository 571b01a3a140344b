/**
 * Descriptor of the remote class `PassThrough`.
 * @module
 */

/** What `PassThrough` can do and tell, as data. */
export const PassThrough = {
  name: 'PassThrough',
  extends: 'MediaElement',
  doc: 'Forwards everything unchanged. Serves as a fixed attachment point while sources are swapped.',
  create: {
    doc: 'Makes a pass-through in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
} as const;
