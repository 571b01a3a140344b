/**
 * Complex types of module `pointerdetector`.
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

/** A window on the picture that the pointer can enter. */
export const PointerDetectorWindowMediaParam = {
  name: 'PointerDetectorWindowMediaParam',
  kind: 'register',
  doc: 'A window on the picture that the pointer can enter.',
  fields: {
    id: { type: 'String', doc: 'Name of the window in events.' },
    height: { type: 'int', doc: 'Height of the window.', unit: 'px' },
    width: { type: 'int', doc: 'Width of the window.', unit: 'px' },
    upperRightX: {
      type: 'int',
      doc: 'Left edge, counted from the left of the frame, despite its name.',
      unit: 'px',
    },
    upperRightY: { type: 'int', doc: 'Top edge, counted from the top of the frame.', unit: 'px' },
    activeImage: {
      type: 'String',
      doc: 'Picture shown while the pointer is inside: file path or http URL.',
      optional: true,
    },
    imageTransparency: {
      type: 'float',
      doc: 'How transparent the pictures are, from 0, solid, to 1.',
      unit: 'ratio',
      optional: true,
    },
    image: {
      type: 'String',
      doc: 'Picture shown while the pointer is outside: file path or http URL.',
      optional: true,
    },
  },
} as const;
