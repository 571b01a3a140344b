/**
 * Descriptor of the remote class `AlphaBlending`.
 * @module
 */

/** What `AlphaBlending` can do and tell, as data. */
export const AlphaBlending = {
  name: 'AlphaBlending',
  extends: 'Hub',
  doc: 'A hub that lays the videos of its ports over each other, sizes and order being free, and mixes their audio.',
  create: {
    doc: 'Makes an empty blending hub in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    setMaster: {
      doc: 'Chooses the port whose video fixes the size of the output.',
      params: {
        source: { type: 'HubPort', doc: 'The port that becomes the master.' },
        zOrder: {
          type: 'int',
          doc: "Layer of the master's video; higher ones cover lower ones.",
          unit: 'index',
        },
      },
    },
    setPortProperties: {
      doc: 'Places the video of a port in the output frame.',
      params: {
        relativeX: { type: 'float', doc: "Left edge, as a part of the output's width.", unit: 'ratio' },
        relativeY: { type: 'float', doc: "Top edge, as a part of the output's height.", unit: 'ratio' },
        zOrder: { type: 'int', doc: 'Layer; higher ones cover lower ones.', unit: 'index' },
        relativeWidth: { type: 'float', doc: "Width, as a part of the output's width.", unit: 'ratio' },
        relativeHeight: { type: 'float', doc: "Height, as a part of the output's height.", unit: 'ratio' },
        port: { type: 'HubPort', doc: 'The port to place.' },
      },
    },
  },
} as const;
