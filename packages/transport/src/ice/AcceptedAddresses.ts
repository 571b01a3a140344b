/**
 * The remote addresses from which the host is to accept DTLS and SRTP.
 * @module
 */
import type { CandidatePair } from './CandidatePair.ts';
import type { IceListener } from './IceListener.ts';

/** Tells the host once about each address, and once when it ends. */
export class AcceptedAddresses {
  readonly #listener: IceListener;
  readonly #pairs = new Set<CandidatePair>();

  /** None at first. */
  constructor(listener: IceListener) {
    this.#listener = listener;
  }

  /** The peer has proved itself on this pair. */
  accept(pair: CandidatePair): void {
    if (this.#pairs.has(pair)) return;
    this.#pairs.add(pair);
    this.#listener.onAddressValidated(pair.local.socket, pair.remote.address);
  }

  /** The pair is given up. */
  expire(pair: CandidatePair): void {
    if (this.#pairs.delete(pair)) this.#listener.onAddressExpired(pair.local.socket, pair.remote.address);
  }

  /** All pairs are given up. */
  expireAll(): void {
    for (const pair of this.#pairs) this.expire(pair);
  }
}
