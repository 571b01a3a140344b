/**
 * Events of module `markerdetector`.
 * @module
 */

/** The number of markers of one kind in the picture changed. */
export const MarkerCount = {
  name: 'MarkerCount',
  extends: 'Media',
  doc: 'The number of markers of one kind in the picture changed.',
  fields: {
    markerId: { type: 'int', doc: 'Number of the marker.', unit: 'id' },
    markerCount: { type: 'int', doc: 'How many of them are visible now.', unit: 'count' },
    markerCountDiff: { type: 'int', doc: 'How many more, or fewer if negative, than before.', unit: 'count' },
  },
} as const;
