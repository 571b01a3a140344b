/**
 * Complex types of module `chroma`.
 * @module
 */

/** A rectangle in the video. */
export const WindowParam = {
  name: 'WindowParam',
  kind: 'register',
  doc: 'A rectangle in the video.',
  fields: {
    topRightCornerX: {
      type: 'int',
      doc: 'Left edge, counted from the left of the frame, despite its name.',
      unit: 'px',
    },
    topRightCornerY: { type: 'int', doc: 'Top edge, counted from the top of the frame.', unit: 'px' },
    width: { type: 'int', doc: 'Width of the rectangle.', unit: 'px' },
    height: { type: 'int', doc: 'Height of the rectangle.', unit: 'px' },
  },
} as const;
