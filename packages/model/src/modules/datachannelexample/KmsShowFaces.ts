/**
 * Descriptor of the remote class `KmsShowFaces`.
 * @module
 */

/** What `KmsShowFaces` can do and tell, as data. */
export const KmsShowFaces = {
  name: 'KmsShowFaces',
  extends: 'Filter',
  doc: 'Draws the faces that KmsDetectFaces found into the video.',
  create: {
    doc: 'Makes a face marker in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
} as const;
