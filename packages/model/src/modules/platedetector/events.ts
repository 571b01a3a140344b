/**
 * Events of module `platedetector`.
 * @module
 */

/** A number plate was read several times alike. */
export const PlateDetected = {
  name: 'PlateDetected',
  extends: 'Media',
  doc: 'A number plate was read several times alike.',
  wireType: 'plate-detected',
  fields: {
    plate: { type: 'String', doc: 'Text of the plate.' },
  },
} as const;
