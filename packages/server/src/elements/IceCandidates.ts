/**
 * The candidates of one endpoint: remote ones that wait for a transport, local ones for the SDP.
 * @module
 */
import { KurentoError } from '@rivero/model';

/** More than a browser with many interfaces sends; further ones are refused. */
const maxWaiting = 256;

/** Holds candidates until somebody can use them. */
export class IceCandidates {
  #waiting: string[] | undefined = [];
  /** Our own candidates, announced so far. */
  readonly local: string[] = [];
  /** True once gathering is done. */
  complete = false;
  #gathering = false;

  /**
   * Keeps a remote candidate for later, and says whether it did: false once `takeWaiting` was called.
   *
   * @throws {KurentoError} `ICE_ADD_CANDIDATE_ERROR` if too many wait.
   */
  keep(candidate: string): boolean {
    if (!this.#waiting) return false;
    if (this.#waiting.length >= maxWaiting) {
      throw new KurentoError('ICE_ADD_CANDIDATE_ERROR', `More than ${maxWaiting} candidates before the SDP`);
    }
    this.#waiting.push(candidate);
    return true;
  }

  /** The remote candidates that waited; later ones are not kept any more. */
  takeWaiting(): readonly string[] {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    return waiting;
  }

  /** True at the first call: gathering is to be done once. */
  beginGathering(): boolean {
    const first = !this.#gathering;
    this.#gathering = true;
    return first;
  }
}
