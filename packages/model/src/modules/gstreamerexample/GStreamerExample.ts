/**
 * Descriptor of the remote class `GStreamerExample`.
 * @module
 */

/** What `GStreamerExample` can do and tell, as data. */
export const GStreamerExample = {
  name: 'GStreamerExample',
  extends: 'Filter',
  doc: 'A sample filter without OpenCV base: shows edges or grey pictures.',
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
