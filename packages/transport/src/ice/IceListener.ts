/**
 * What an ICE agent tells its host.
 * @module
 */
import type { Candidate } from './Candidate.ts';
import type { TransportAddress } from './TransportAddress.ts';

/**
 * States in Kurento's words. The usual order is DISCONNECTED, GATHERING (a local candidate is known), CONNECTING
 * (checks run), CONNECTED (a pair is selected), READY (no checks are left). Consent lost: DISCONNECTED, then FAILED.
 * FAILED is not the end: a check that succeeds leads to CONNECTED.
 */
export type IceState = 'DISCONNECTED' | 'GATHERING' | 'CONNECTING' | 'CONNECTED' | 'READY' | 'FAILED';

/** The pair that packets are sent over. */
export interface SelectedPair {
  /** Our candidate, as the peer sees it. */
  readonly local: Candidate;
  /** The peer's candidate. */
  readonly remote: Candidate;
  /** The host's number of the socket to send through. */
  readonly socket: number;
  /** Where to send to. */
  readonly remoteAddress: TransportAddress;
}

/** Implemented by the host. Called from within the agent's methods; must not call the agent back. */
export interface IceListener {
  /** Send this datagram at once; it must not be changed or kept. */
  onSend(socket: number, remote: TransportAddress, datagram: Uint8Array): void;
  /** The state is another one. */
  onStateChange(state: IceState): void;
  /** A pair other than before is selected. Comes before CONNECTED. */
  onSelectedPair(pair: SelectedPair): void;
  /**
   * The peer has shown at this address that it knows our password, or has answered a check there: accept DTLS and SRTP
   * from it. Send only to the selected pair: whether the peer can be reached at this address may not be known yet.
   * False refuses: this check stays without an answer and the pair is not selected. The next one asks again.
   */
  onAddressValidated(socket: number, remote: TransportAddress): boolean;
  /** Accept nothing but STUN from this address any more. */
  onAddressExpired(socket: number, remote: TransportAddress): void;
}
