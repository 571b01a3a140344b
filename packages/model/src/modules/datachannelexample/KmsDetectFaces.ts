/**
 * Descriptor of the remote class `KmsDetectFaces`.
 * @module
 */

/** What `KmsDetectFaces` can do and tell, as data. */
export const KmsDetectFaces = {
  name: 'KmsDetectFaces',
  extends: 'Filter',
  doc: 'Finds faces in the video and passes their places on with it.',
  create: {
    doc: 'Makes a face finder in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
} as const;
