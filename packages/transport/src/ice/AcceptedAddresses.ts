/**
 * The remote addresses from which the host is to accept DTLS and SRTP.
 * @module
 */
import type { CandidatePair } from './CandidatePair.ts';
import type { ConnectivityChecks } from './ConnectivityChecks.ts';
import type { IceListener } from './IceListener.ts';

/** Tells the host once about each address, and once when it ends. */
export class AcceptedAddresses {
  readonly #listener: IceListener;
  readonly #checks: ConnectivityChecks;
  readonly #pairs = new Set<CandidatePair>();

  /** None at first. Pairs that the host refuses are no longer checked by `checks`. */
  constructor(listener: IceListener, checks: ConnectivityChecks) {
    this.#listener = listener;
    this.#checks = checks;
  }

  /**
   * The peer has proved itself on this pair. False if the host refuses: then nothing on the pair may be answered or
   * count, so that it works for neither side.
   */
  accept(pair: CandidatePair): boolean {
    if (this.#pairs.has(pair)) return true;
    if (this.#listener.onAddressValidated(pair.local.socket, pair.remote.address)) {
      this.#pairs.add(pair);
      return true;
    }
    this.#checks.abandon(pair);
    return false;
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
