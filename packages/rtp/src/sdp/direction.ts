/**
 * Directions of media sections and their arithmetic. RFC 3264 section 6.1.
 * @module
 */

/** Direction of a media section, from the point of view of the side that writes it. */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Whether a side with this direction sends. */
export function sends(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** Whether a side with this direction receives. */
function receives(direction: MediaDirection): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

function directionOf(send: boolean, receive: boolean): MediaDirection {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** The same direction from the point of view of the other side. */
export function reverseDirection(direction: MediaDirection): MediaDirection {
  return directionOf(receives(direction), sends(direction));
}

/** What both `a` and `b` allow. */
export function intersectDirections(a: MediaDirection, b: MediaDirection): MediaDirection {
  return directionOf(sends(a) && sends(b), receives(a) && receives(b));
}
