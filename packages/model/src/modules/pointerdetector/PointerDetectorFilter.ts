/**
 * Descriptor of the remote class `PointerDetectorFilter`.
 * @module
 */

/** What `PointerDetectorFilter` can do and tell, as data. */
export const PointerDetectorFilter = {
  name: 'PointerDetectorFilter',
  extends: 'Filter',
  doc: 'Follows a coloured pointer in the video and tells when it enters or leaves windows drawn on the picture.',
  create: {
    doc: 'Makes a pointer filter with a calibration box.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      calibrationRegion: {
        type: 'WindowParam',
        doc: 'Box into which the user holds the pointer for calibration.',
      },
      windows: {
        type: 'PointerDetectorWindowMediaParam[]',
        doc: 'Windows to draw from the start.',
        optional: true,
        defaultValue: [],
      },
    },
  },
  methods: {
    addWindow: {
      doc: 'Draws one more window.',
      params: {
        window: { type: 'PointerDetectorWindowMediaParam', doc: 'Place, size and look of the window.' },
      },
    },
    clearWindows: { doc: 'Takes all windows away.' },
    trackColorFromCalibrationRegion: {
      doc: 'Learns the colour that is in the calibration box now and follows it from here on.',
    },
    removeWindow: {
      doc: 'Takes one window away.',
      params: { windowId: { type: 'String', doc: 'Id given to the window when it was added.' } },
    },
  },
  events: ['WindowIn', 'WindowOut'],
} as const;
