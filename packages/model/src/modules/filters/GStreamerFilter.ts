/**
 * Descriptor of the remote class `GStreamerFilter`.
 * @module
 */

/** What `GStreamerFilter` can do and tell, as data. */
export const GStreamerFilter = {
  name: 'GStreamerFilter',
  extends: 'Filter',
  doc: 'Runs one GStreamer element on the media.',
  create: {
    doc: 'Makes a filter from a line of gst-launch text.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      command: {
        type: 'String',
        doc: 'Name and properties of one GStreamer element, such as videoflip method=horizontal-flip.',
      },
      filterType: {
        type: 'FilterType',
        doc: 'Which media go through the element; others pass by. Found out from the element when left out.',
        optional: true,
        defaultValue: 'AUTODETECT',
      },
    },
    errors: ['MARSHALL_ERROR'],
  },
  properties: {
    command: { type: 'String', doc: 'The text that the filter was made from.', readOnly: true },
  },
  methods: {
    setElementProperty: {
      doc: 'Changes a property of the GStreamer element while it runs.',
      params: {
        propertyName: { type: 'String', doc: 'Name of the property.' },
        propertyValue: {
          type: 'String',
          doc: 'New value as text, read according to the type of the property.',
        },
      },
      errors: ['MARSHALL_ERROR', 'NOT_IMPLEMENTED'],
    },
  },
} as const;
