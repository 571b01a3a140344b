/**
 * Descriptor of the remote class `VideoSampler`.
 * @module
 */

/** What `VideoSampler` can do and tell, as data. */
export const VideoSampler = {
  name: 'VideoSampler',
  extends: 'MediaElement',
  doc: 'Takes a still picture out of the video from time to time and delivers it.',
  create: {
    doc: 'Makes a sampler in a pipeline.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      framePeriod: { type: 'int', doc: 'Time between two pictures.', unit: 'ms' },
      imageDeliveryMethod: {
        type: 'ImageDelivery',
        doc: 'How pictures are delivered.',
        optional: true,
        defaultValue: 'NONE',
      },
      height: {
        type: 'int',
        doc: 'Height of the pictures. 0 keeps that of the video.',
        unit: 'px',
        optional: true,
        defaultValue: 0,
      },
      width: {
        type: 'int',
        doc: 'Width of the pictures. 0 keeps that of the video.',
        unit: 'px',
        optional: true,
        defaultValue: 0,
      },
      imageEncoding: {
        type: 'ImageEncoding',
        doc: 'File format of the pictures.',
        optional: true,
        defaultValue: 'PNG',
      },
      endpointUrl: { type: 'String', doc: 'Where pictures are delivered.', optional: true, defaultValue: '' },
      metadata: {
        type: 'String',
        doc: 'Text sent along with each picture.',
        optional: true,
        defaultValue: '',
      },
    },
  },
  events: ['SampleImageDelivered'],
} as const;
