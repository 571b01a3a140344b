/**
 * What the caller of a media host did wrong, or can act on.
 * @module
 */

/**
 * Why an operation was refused.
 *
 * `INVALID_REQUEST`: malformed or out of bounds. `NOT_FOUND`: no such branch, part, element or pad.
 * `LAUNCH_FAILED`: the launch text is wrong. `MISSING_FACTORY`: it names an element that is not installed.
 * `PROPERTY_REFUSED`: no such property, or a value that it does not take. `LINK_FAILED`: pads do not fit.
 * `STATE_REFUSED`: an element did not go to the state asked for. `SOCKET_FAILED`: nobody listens on a socket.
 * `HOST_GONE`: the process ended before it answered. `FAILED`: anything else, which is a bug.
 */
export type HostErrorType =
  | 'INVALID_REQUEST'
  | 'NOT_FOUND'
  | 'LAUNCH_FAILED'
  | 'MISSING_FACTORY'
  | 'PROPERTY_REFUSED'
  | 'LINK_FAILED'
  | 'STATE_REFUSED'
  | 'SOCKET_FAILED'
  | 'HOST_GONE'
  | 'FAILED';

/** A refused operation of a media host. Anything else thrown is a bug. */
export class HostError extends Error {
  override readonly name = 'HostError';
  /** Why. */
  readonly type: HostErrorType;

  /** An error with its reason and a text for people. */
  constructor(type: HostErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }
}
