/**
 * ICE candidates in messages of pages.
 * @module
 */

/** An ICE candidate, as browsers and media servers name its parts. */
export interface Candidate {
  /** The candidate as in SDP (RFC 8839 section 5.1). */
  readonly candidate: string;
  /** Name of its media section. */
  readonly sdpMid: string;
  /** Index of its media section. */
  readonly sdpMLineIndex: number;
}

/** The candidate in a message of a page, or undefined if it is none. */
export function parseCandidate(value: unknown): Candidate | undefined {
  if (typeof value !== 'object' || value === null || !('candidate' in value)) return undefined;
  const { candidate } = value;
  const sdpMid = 'sdpMid' in value && typeof value.sdpMid === 'string' ? value.sdpMid : '';
  const sdpMLineIndex =
    'sdpMLineIndex' in value && Number.isInteger(value.sdpMLineIndex) ? Number(value.sdpMLineIndex) : 0;
  return typeof candidate === 'string' ? { candidate, sdpMid, sdpMLineIndex } : undefined;
}
