/**
 * Serial numbers (RFC 1982) that do not wrap: TSN, SSN, MID and the sequence numbers of requests.
 * @module
 */

/** The number nearest to `reference` that has `wire` as its lowest 32 bits. */
export function unwrap32(wire: number, reference: number): number {
  return reference + ((wire - reference) | 0);
}

/** The number nearest to `reference` that has `wire` as its lowest 16 bits. */
export function unwrap16(wire: number, reference: number): number {
  return reference + (((wire - reference) << 16) >> 16);
}
