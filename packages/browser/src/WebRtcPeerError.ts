/**
 * What can go wrong in a `WebRtcPeer`, as codes that a page can act on.
 * @module
 */

/**
 * Why a peer failed.
 *
 * - `PERMISSION_DENIED`: the user, or the page's policy, refused the camera, microphone or screen.
 * - `DEVICE_NOT_FOUND`: there is no camera or microphone of the wanted kind.
 * - `DEVICE_IN_USE`: another program holds the device, or the hardware failed.
 * - `CONSTRAINTS_NOT_MET`: no device can do what the constraints demand.
 * - `INSECURE_CONTEXT`: the page is neither https nor localhost, so browsers offer no devices.
 * - `NOT_SUPPORTED`: this browser lacks the function.
 * - `WRONG_STATE`: the call came too early or too late; the message says which.
 * - `SDP_REJECTED`: the browser refused a session description.
 * - `CANDIDATE_REJECTED`: the browser refused a remote ICE candidate.
 * - `DISPOSED`: the peer was disposed before or during the call.
 */
export type WebRtcPeerErrorCode =
  | 'PERMISSION_DENIED'
  | 'DEVICE_NOT_FOUND'
  | 'DEVICE_IN_USE'
  | 'CONSTRAINTS_NOT_MET'
  | 'INSECURE_CONTEXT'
  | 'NOT_SUPPORTED'
  | 'WRONG_STATE'
  | 'SDP_REJECTED'
  | 'CANDIDATE_REJECTED'
  | 'DISPOSED';

/** A failure of a `WebRtcPeer`; `code` says what a page can do about it. */
export class WebRtcPeerError extends Error {
  /** Always `WebRtcPeerError`. */
  override readonly name = 'WebRtcPeerError';

  /** What went wrong. */
  readonly code: WebRtcPeerErrorCode;

  /** Makes an error; `options.cause` is the browser's own. */
  constructor(code: WebRtcPeerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Names of `DOMException`s that opening devices can raise: Media Capture and Streams section 10.2. */
const deviceErrors: ReadonlyMap<string, readonly [WebRtcPeerErrorCode, string]> = new Map([
  [
    'NotAllowedError',
    ['PERMISSION_DENIED', 'Permission to use the camera, microphone or screen was refused'],
  ],
  ['SecurityError', ['PERMISSION_DENIED', 'The page is not allowed to use the camera, microphone or screen']],
  ['NotFoundError', ['DEVICE_NOT_FOUND', 'No camera or microphone of the wanted kind was found']],
  [
    'NotReadableError',
    ['DEVICE_IN_USE', 'The camera or microphone cannot be read; another program may hold it'],
  ],
  ['AbortError', ['DEVICE_IN_USE', 'The camera or microphone could not be started']],
  ['OverconstrainedError', ['CONSTRAINTS_NOT_MET', 'No device satisfies the constraints']],
  ['TypeError', ['CONSTRAINTS_NOT_MET', 'The constraints ask for neither audio nor video']],
]);

/** The peer's error for what a browser raised while opening devices. */
export function deviceError(cause: unknown): WebRtcPeerError {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  const [code, message] = deviceErrors.get(name) ?? [
    'NOT_SUPPORTED',
    'The browser could not open the devices',
  ];
  return new WebRtcPeerError(code, message, { cause });
}
