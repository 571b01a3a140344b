/**
 * Descriptor of the remote class `OpenCVExample`.
 * @module
 */

/** What `OpenCVExample` can do and tell, as data. */
export const OpenCVExample = {
  name: 'OpenCVExample',
  extends: 'OpenCVFilter',
  doc: 'A sample filter on the OpenCV base: shows edges or grey pictures.',
  create: {
    doc: 'Makes the sample filter in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    setFilterType: {
      doc: 'Chooses what the filter shows.',
      params: { filterType: { type: 'int', doc: '0 shows edges, 1 shows grey.', unit: 'index' } },
    },
    setEdgeThreshold: {
      doc: 'Chooses how strong an edge must be to be shown.',
      params: {
        edgeValue: { type: 'int', doc: 'Difference in brightness, 125 unless set.', unit: 'brightness' },
      },
    },
  },
} as const;
