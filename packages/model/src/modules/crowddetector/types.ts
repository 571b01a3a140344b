/**
 * Complex types of module `crowddetector`.
 * @module
 */

/** A point in the video, independent of its size. */
export const RelativePoint = {
  name: 'RelativePoint',
  kind: 'register',
  doc: 'A point in the video, independent of its size.',
  fields: {
    x: { type: 'float', doc: "Distance from the left, as a part of the frame's width.", unit: 'ratio' },
    y: { type: 'float', doc: "Distance from the top, as a part of the frame's height.", unit: 'ratio' },
  },
} as const;

/** Thresholds of a watched region. Levels count from 0 to 3. */
export const RegionOfInterestConfig = {
  name: 'RegionOfInterestConfig',
  kind: 'register',
  doc: 'Thresholds of a watched region. Levels count from 0 to 3.',
  fields: {
    occupancyLevelMin: {
      type: 'int',
      doc: 'Occupancy from which the level is 1.',
      unit: '%',
      optional: true,
      defaultValue: 10,
    },
    occupancyLevelMed: {
      type: 'int',
      doc: 'Occupancy from which the level is 2.',
      unit: '%',
      optional: true,
      defaultValue: 35,
    },
    occupancyLevelMax: {
      type: 'int',
      doc: 'Occupancy from which the level is 3.',
      unit: '%',
      optional: true,
      defaultValue: 65,
    },
    occupancyNumFramesToEvent: {
      type: 'int',
      doc: 'How long a new occupancy level must last before it is told.',
      unit: 'frames',
      optional: true,
      defaultValue: 5,
    },
    fluidityLevelMin: {
      type: 'int',
      doc: 'Fluidity from which the level is 1.',
      unit: '%',
      optional: true,
      defaultValue: 10,
    },
    fluidityLevelMed: {
      type: 'int',
      doc: 'Fluidity from which the level is 2.',
      unit: '%',
      optional: true,
      defaultValue: 35,
    },
    fluidityLevelMax: {
      type: 'int',
      doc: 'Fluidity from which the level is 3.',
      unit: '%',
      optional: true,
      defaultValue: 65,
    },
    fluidityNumFramesToEvent: {
      type: 'int',
      doc: 'How long a new fluidity level must last before it is told.',
      unit: 'frames',
      optional: true,
      defaultValue: 5,
    },
    sendOpticalFlowEvent: {
      type: 'boolean',
      doc: 'Whether to tell the direction of movement.',
      optional: true,
      defaultValue: false,
    },
    opticalFlowNumFramesToEvent: {
      type: 'int',
      doc: 'How long a new direction must last before it is told.',
      unit: 'frames',
      optional: true,
      defaultValue: 3,
    },
    opticalFlowNumFramesToReset: {
      type: 'int',
      doc: 'How long nothing must move before the direction is forgotten.',
      unit: 'frames',
      optional: true,
      defaultValue: 3,
    },
    opticalFlowAngleOffset: {
      type: 'int',
      doc: 'Angle added to the direction told.',
      unit: 'degrees',
      optional: true,
      defaultValue: 0,
    },
  },
} as const;

/** A polygon in the video that is watched. */
export const RegionOfInterest = {
  name: 'RegionOfInterest',
  kind: 'register',
  doc: 'A polygon in the video that is watched.',
  fields: {
    points: { type: 'RelativePoint[]', doc: 'Corners of the polygon in order.' },
    regionOfInterestConfig: { type: 'RegionOfInterestConfig', doc: 'Thresholds of the region.' },
    id: { type: 'String', doc: 'Name of the region in events.' },
  },
} as const;
