/**
 * Comparison of authentication codes.
 * @module
 */

/**
 * True if `length` bytes of `a` from `aOffset` equal those of `b` from `bOffset`.
 * The time taken does not depend on the content. Bytes past the end of an array never match.
 */
export function constantTimeEqual(
  a: Uint8Array,
  aOffset: number,
  b: Uint8Array,
  bOffset: number,
  length: number,
): boolean {
  if (aOffset + length > a.length || bOffset + length > b.length) return false;
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= (a[aOffset + i] ?? 0) ^ (b[bOffset + i] ?? 0);
  return difference === 0;
}
