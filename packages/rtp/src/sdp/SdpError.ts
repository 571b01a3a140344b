/**
 * What can go wrong in SDP negotiation, by Kurento's names.
 * @module
 */

/** Kurento's names of SDP errors (40201 to 40210), misspelling included: they are the wire format. */
export type SdpErrorType =
  | 'SDP_PARSE_ERROR'
  | 'SDP_END_POINT_NO_LOCAL_SDP_ERROR'
  | 'SDP_END_POINT_NO_REMOTE_SDP_ERROR'
  | 'SDP_END_POINT_GENERATE_OFFER_ERROR'
  | 'SDP_END_POINT_PROCESS_OFFER_ERROR'
  | 'SDP_END_POINT_PROCESS_ANSWER_ERROR'
  | 'SDP_END_POINT_ALREADY_NEGOTIATED'
  | 'SDP_END_POINT_NOT_OFFER_GENERATED'
  | 'SDP_END_POINT_ANSWER_ALREADY_PROCCESED';

/** The caller's description cannot be used, or the calls came in the wrong order. */
export class SdpError extends Error {
  override readonly name = 'SdpError';
  /** Which error it is; Kurento's numeric code follows from it. */
  readonly type: SdpErrorType;

  /** `message` is for people: sentence case, no full stop, with the offending value. */
  constructor(type: SdpErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }
}
