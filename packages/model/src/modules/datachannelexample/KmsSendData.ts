/**
 * Descriptor of the remote class `KmsSendData`.
 * @module
 */

/** What `KmsSendData` can do and tell, as data. */
export const KmsSendData = {
  name: 'KmsSendData',
  extends: 'MediaElement',
  doc: 'Reads QR codes in the video and sends their text as data.',
  create: {
    doc: 'Makes a QR reader in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
} as const;
