/**
 * What an SCTP association tells its host.
 * @module
 */

/**
 * `new`, `connecting` (we have sent INIT), `connected`, `closing` (one side wants to end, and what was sent before is
 * still delivered), then `closed`, or `failed` if the peer does not answer or breaks the rules. The last two are the
 * end.
 */
export type SctpState = 'new' | 'connecting' | 'connected' | 'closing' | 'closed' | 'failed';

/**
 * Implemented by the host. Called from within the association's methods. The host may send, reset streams and close
 * from within these calls, but not from within `onSend`.
 */
export interface SctpListener {
  /** Send this packet as one record of DTLS (RFC 8261); its memory is used again after the call. */
  onSend(packet: Uint8Array): void;
  /** The state is another one. */
  onState(state: SctpState): void;
  /** A message has arrived; the bytes are the listener's. */
  onMessage(streamId: number, payloadProtocol: number, bytes: Uint8Array): void;
  /**
   * Streams begin anew: `outgoing` when the peer has answered our `resetStreams` (or its answer was no), `incoming`
   * when the peer has reset its own. An empty list, only with `incoming`, means all.
   */
  onStreamReset(direction: 'incoming' | 'outgoing', streamIds: readonly number[]): void;
  /** Bytes that wait on the stream have fallen to `setLowThreshold`; never told unless that was called. */
  onBufferedLow(streamId: number): void;
  /** A message was refused with `full`, and since then half of the buffer has become free. */
  onSendPossible(): void;
}
