/**
 * Who controls, if both peers think that they do (RFC 8445 section 7.3.1.1).
 * @module
 */
import type { StunMessage } from '../stun/parseStun.ts';

/**
 * What a request means for our role: it fits, we have to switch, or the sender has to and gets an error.
 * The larger tie-breaker controls.
 */
export function settleRoles(
  request: StunMessage,
  controlling: boolean,
  tieBreaker: bigint,
): 'agreed' | 'switch' | 'refuse' {
  const theirs = controlling ? request.controlling : request.controlled;
  if (theirs === undefined) return 'agreed';
  return tieBreaker >= theirs === controlling ? 'refuse' : 'switch';
}
