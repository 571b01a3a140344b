/**
 * Descriptor of the remote class `PlateDetectorFilter`.
 * @module
 */

/** What `PlateDetectorFilter` can do and tell, as data. */
export const PlateDetectorFilter = {
  name: 'PlateDetectorFilter',
  extends: 'Filter',
  doc: 'Reads number plates of vehicles in the video.',
  create: {
    doc: 'Makes a plate reader in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    setPlateWidthPercentage: {
      doc: 'Says how large plates are, which makes reading surer.',
      params: {
        plateWidthPercentage: {
          type: 'float',
          doc: "Expected width of a plate, as a part of the frame's width.",
          unit: 'ratio',
        },
      },
    },
  },
  events: ['PlateDetected'],
} as const;
