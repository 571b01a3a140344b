/**
 * Descriptor of the remote class `Composite`.
 * @module
 */

/** What `Composite` can do and tell, as data. */
export const Composite = {
  name: 'Composite',
  extends: 'Hub',
  doc: 'A hub that shows the videos of all ports side by side in a grid. Each port hears all the others.',
  create: {
    doc: 'Makes an empty grid hub in a pipeline.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      width: {
        type: 'int',
        doc: 'Width of the output picture.',
        unit: 'px',
        optional: true,
        defaultValue: 800,
      },
      height: {
        type: 'int',
        doc: 'Height of the output picture.',
        unit: 'px',
        optional: true,
        defaultValue: 600,
      },
      framerate: {
        type: 'int',
        doc: 'Frame rate of the output.',
        unit: 'frames/s',
        optional: true,
        defaultValue: 15,
      },
    },
  },
} as const;
