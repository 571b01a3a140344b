/**
 * Descriptor of the remote class `KmsShowData`.
 * @module
 */

/** What `KmsShowData` can do and tell, as data. */
export const KmsShowData = {
  name: 'KmsShowData',
  extends: 'MediaElement',
  doc: 'Writes the text that arrives as data over the video.',
  create: {
    doc: 'Makes a text display in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
} as const;
