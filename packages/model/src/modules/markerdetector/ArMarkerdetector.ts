/**
 * Descriptor of the remote class `ArMarkerdetector`.
 * @module
 */

/** What `ArMarkerdetector` can do and tell, as data. */
export const ArMarkerdetector = {
  name: 'ArMarkerdetector',
  extends: 'OpenCVFilter',
  doc: 'Finds printed markers in the video and lays a picture or text over them in perspective.',
  create: {
    doc: 'Makes a marker filter in a pipeline.',
    params: { mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' } },
  },
  methods: {
    setShowDebugLevel: {
      doc: 'Chooses whether found markers are outlined.',
      params: {
        showDebugLevel: { type: 'int', doc: '0 draws nothing extra; more draws outlines.', unit: 'index' },
      },
    },
    getShowDebugLevel: {
      doc: 'Reads whether found markers are outlined.',
      returns: { type: 'int', doc: '0 if nothing extra is drawn.', unit: 'index' },
    },
    setOverlayImage: {
      doc: 'Chooses the picture laid over markers.',
      params: { overlayImage: { type: 'String', doc: 'File path or http URL of the picture.' } },
    },
    getOverlayImage: {
      doc: 'Reads which picture is laid over markers.',
      returns: { type: 'String', doc: 'File path or http URL of the picture.' },
    },
    setOverlayText: {
      doc: 'Chooses the text laid over markers.',
      params: { overlayText: { type: 'String', doc: 'The text.' } },
    },
    getOverlayText: {
      doc: 'Reads which text is laid over markers.',
      returns: { type: 'String', doc: 'The text.' },
    },
    setOverlayScale: {
      doc: 'Chooses the size of what is laid over markers.',
      params: {
        overlayScale: {
          type: 'float',
          doc: 'Size relative to the marker. 0 or less counts as 1.',
          unit: 'ratio',
        },
      },
    },
    getOverlayScale: {
      doc: 'Reads the size of what is laid over markers.',
      returns: { type: 'float', doc: 'Size relative to the marker.', unit: 'ratio' },
    },
  },
  events: ['MarkerCount'],
} as const;
