/**
 * Descriptor of the remote class `ImageOverlayFilter`.
 * @module
 */

/** What `ImageOverlayFilter` can do and tell, as data. */
export const ImageOverlayFilter = {
  name: 'ImageOverlayFilter',
  extends: 'Filter',
  doc: 'Lays pictures over the video.',
  create: {
    doc: 'Makes a picture filter in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    removeImage: {
      doc: 'Takes a picture off the video.',
      params: { id: { type: 'String', doc: 'Name given to the picture when it was added.' } },
    },
    addImage: {
      doc: 'Lays a picture over the video until it is removed.',
      params: {
        id: { type: 'String', doc: 'Name by which to remove the picture later.' },
        uri: { type: 'String', doc: 'File path or http URL of the picture.' },
        offsetXPercent: { type: 'float', doc: "Left edge, as a part of the frame's width.", unit: 'ratio' },
        offsetYPercent: { type: 'float', doc: "Top edge, as a part of the frame's height.", unit: 'ratio' },
        widthPercent: { type: 'float', doc: "Width, as a part of the frame's width.", unit: 'ratio' },
        heightPercent: { type: 'float', doc: "Height, as a part of the frame's height.", unit: 'ratio' },
        keepAspectRatio: { type: 'boolean', doc: 'Whether the picture keeps its proportions.' },
        center: { type: 'boolean', doc: 'Whether to centre the picture in the box given.' },
      },
    },
  },
} as const;
