/**
 * Descriptor of the remote class `FaceOverlayFilter`.
 * @module
 */

/** What `FaceOverlayFilter` can do and tell, as data. */
export const FaceOverlayFilter = {
  name: 'FaceOverlayFilter',
  extends: 'Filter',
  doc: 'Finds faces in the video and lays a picture over each.',
  create: {
    doc: 'Makes a face filter in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    unsetOverlayedImage: { doc: 'Stops laying the picture over faces.' },
    setOverlayedImage: {
      doc: 'Chooses the picture to lay over faces and its place relative to each face.',
      params: {
        uri: { type: 'String', doc: 'File path or http URL of the picture.' },
        offsetXPercent: {
          type: 'float',
          doc: "Shift to the right, as a part of the face's width.",
          unit: 'ratio',
        },
        offsetYPercent: {
          type: 'float',
          doc: "Shift downwards, as a part of the face's height. Negative for hats.",
          unit: 'ratio',
        },
        widthPercent: {
          type: 'float',
          doc: "Width of the picture, as a part of the face's width; 1 is as wide as the face.",
          unit: 'ratio',
        },
        heightPercent: {
          type: 'float',
          doc: "Height of the picture, as a part of the face's height; 1 is as high as the face.",
          unit: 'ratio',
        },
      },
    },
  },
} as const;
