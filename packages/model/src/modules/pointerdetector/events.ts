/**
 * Events of module `pointerdetector`.
 * @module
 */

/** The pointer left a window. */
export const WindowOut = {
  name: 'WindowOut',
  extends: 'Media',
  doc: 'The pointer left a window.',
  fields: {
    windowId: { type: 'String', doc: 'Id of the window.' },
  },
} as const;

/** The pointer entered a window. */
export const WindowIn = {
  name: 'WindowIn',
  extends: 'Media',
  doc: 'The pointer entered a window.',
  fields: {
    windowId: { type: 'String', doc: 'Id of the window.' },
  },
} as const;
