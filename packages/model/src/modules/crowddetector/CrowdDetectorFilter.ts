/**
 * Descriptor of the remote class `CrowdDetectorFilter`.
 * @module
 */

/** What `CrowdDetectorFilter` can do and tell, as data. */
export const CrowdDetectorFilter = {
  name: 'CrowdDetectorFilter',
  extends: 'Filter',
  doc: 'Watches regions of the video and tells how full they are and how people move in them.',
  create: {
    doc: 'Makes a crowd watcher for some regions.',
    params: {
      mediaPipeline: { type: 'MediaPipeline', doc: 'The pipeline it belongs to.' },
      rois: { type: 'RegionOfInterest[]', doc: 'The regions to watch; their ids must differ.' },
    },
    errors: ['MEDIA_OBJECT_ILLEGAL_PARAM_ERROR'],
  },
  properties: {
    processingWidth: {
      type: 'int',
      doc: 'Width to which pictures are scaled before they are analysed.',
      unit: 'px',
      defaultValue: '320',
    },
  },
  events: ['CrowdDetectorFluidity', 'CrowdDetectorOccupancy', 'CrowdDetectorDirection'],
} as const;
