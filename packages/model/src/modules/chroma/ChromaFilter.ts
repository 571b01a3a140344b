/**
 * Descriptor of the remote class `ChromaFilter`.
 * @module
 */

/** What `ChromaFilter` can do and tell, as data. */
export const ChromaFilter = {
  name: 'ChromaFilter',
  extends: 'Filter',
  doc: 'Replaces a coloured background, as of a green screen, by a picture.',
  create: {
    doc: 'Makes a chroma filter; it learns the colour during the first seconds.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      window: {
        type: 'WindowParam',
        doc: 'Part of the frame that shows only background while the colour is learnt.',
      },
      backgroundImage: {
        type: 'String',
        doc: 'File path or http URL of the new background. None when empty.',
        optional: true,
        defaultValue: '',
      },
    },
  },
  methods: {
    setBackground: {
      doc: 'Chooses the picture that replaces the background.',
      params: { uri: { type: 'String', doc: 'File path or http URL of the picture.' } },
    },
    unsetBackground: { doc: 'Takes the replacing picture away, so that the video passes unchanged.' },
  },
} as const;
