/**
 * Events of module `crowddetector`.
 * @module
 */

/** The movement in a region reached another level. */
export const CrowdDetectorFluidity = {
  name: 'CrowdDetectorFluidity',
  extends: 'Media',
  doc: 'The movement in a region reached another level.',
  fields: {
    fluidityPercentage: { type: 'float', doc: 'How much of the filled part stands still.', unit: '%' },
    fluidityLevel: { type: 'int', doc: 'Level from 0 to 3.', unit: 'index' },
    roiId: { type: 'String', doc: 'Name of the region.' },
  },
} as const;

/** The filling of a region reached another level. */
export const CrowdDetectorOccupancy = {
  name: 'CrowdDetectorOccupancy',
  extends: 'Media',
  doc: 'The filling of a region reached another level.',
  fields: {
    occupancyPercentage: { type: 'float', doc: 'Part of the region that is filled.', unit: '%' },
    occupancyLevel: { type: 'int', doc: 'Level from 0 to 3.', unit: 'index' },
    roiId: { type: 'String', doc: 'Name of the region.' },
  },
} as const;

/** The people in a region move in another direction. */
export const CrowdDetectorDirection = {
  name: 'CrowdDetectorDirection',
  extends: 'Media',
  doc: 'The people in a region move in another direction.',
  fields: {
    directionAngle: { type: 'float', doc: 'Direction of movement.', unit: 'degrees' },
    roiId: { type: 'String', doc: 'Name of the region.' },
  },
} as const;
