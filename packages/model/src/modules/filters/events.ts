/**
 * Events of module `filters`.
 * @module
 */

/** A bar code or QR code was read. */
export const CodeFound = {
  name: 'CodeFound',
  extends: 'Media',
  doc: 'A bar code or QR code was read.',
  fields: {
    codeType: { type: 'String', doc: 'Kind of code, such as QR-Code or EAN-13.' },
    value: { type: 'String', doc: 'Text of the code.' },
  },
} as const;
