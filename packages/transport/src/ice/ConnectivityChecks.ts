/**
 * Sends an agent's own checks, one at a time, and repeats them (RFC 8445 sections 6.1.4 and 7.2).
 * @module
 */
import type { BindingMessages } from './BindingMessages.ts';
import { candidatePriority } from './Candidate.ts';
import type { CandidatePair } from './CandidatePair.ts';
import type { CheckList } from './CheckList.ts';
import type { IceListener } from './IceListener.ts';
import { type Transaction, type TransactionPurpose, TransactionTable } from './TransactionTable.ts';

/** Ta: time between two new checks, RFC 8445 section 14.2. */
const CHECK_INTERVAL_MS = 50;

/** The pace of the checks, and the requests under way. */
export class ConnectivityChecks {
  readonly #messages: BindingMessages;
  readonly #list: CheckList;
  readonly #listener: IceListener;
  readonly #transactions = new TransactionTable();
  #nextCheckMs = 0;

  /** Sends through `listener`, with the credentials of `messages`, for the pairs of `list`. */
  constructor(messages: BindingMessages, list: CheckList, listener: IceListener) {
    this.#messages = messages;
    this.#list = list;
    this.#listener = listener;
  }

  /** Sends the next check if it is time. True if it did. */
  checkNext(controlling: boolean, nowMs: number): boolean {
    if (!this.#messages.hasRemote || nowMs < this.#nextCheckMs) return false;
    const pair = this.#list.takeNext(controlling);
    if (pair === undefined) return false;
    this.#nextCheckMs = nowMs + CHECK_INTERVAL_MS;
    const running = this.#transactions.restart(pair, controlling, nowMs);
    if (running === undefined) {
      this.#transactions.cancel(pair, 'check');
      this.start(pair, 'check', controlling, nowMs);
    } else this.#send(running);
    pair.state = 'inProgress';
    return true;
  }

  /** Sends a request on a pair at once. Nothing happens before the peer's credentials are known. */
  start(pair: CandidatePair, purpose: TransactionPurpose, controlling: boolean, nowMs: number): void {
    const localPreference = (pair.local.candidate.priority >>> 8) & 0xffff;
    // RFC 8445 section 7.1.1: the priority that a candidate learnt from this check would have.
    const priority = candidatePriority('prflx', localPreference);
    // The nomination is repeated with every consent check, so that a peer to which we appear under a new address follows.
    const useCandidate = controlling && purpose !== 'check';
    const request = this.#messages.request(controlling, priority, useCandidate);
    if (request === undefined) return;
    const transaction = { pair, purpose, controlling, ...request };
    this.#transactions.start(transaction, nowMs);
    this.#send(transaction);
  }

  /** The request that a response answers; it is over then. Undefined if there is none. */
  take(transactionId: Uint8Array): Transaction | undefined {
    return this.#transactions.take(transactionId);
  }

  /** Forgets the requests of a pair, or those for one purpose. */
  cancel(pair: CandidatePair, purpose?: TransactionPurpose): void {
    this.#transactions.cancel(pair, purpose);
  }

  /** This pair has failed: no more checks, unless the peer gives rise to one. */
  abandon(pair: CandidatePair): void {
    pair.state = 'failed';
    pair.nominateOnSuccess = false;
    this.#list.untrigger(pair);
    this.cancel(pair);
  }

  /** RFC 8445 section 8.1.2: no more checks of other pairs, except those that the peer has nominated too. */
  leaveOthersAside(selected: CandidatePair): void {
    for (const pair of this.#list.pairs()) {
      if (pair === selected || !pair.pending || pair.nominateOnSuccess) continue;
      pair.state = 'frozen';
      this.#list.untrigger(pair);
      this.cancel(pair);
    }
  }

  /** Checks all pairs from the beginning. */
  restartAll(): void {
    this.cancelAll();
    for (const pair of this.#list.pairs()) {
      this.#list.untrigger(pair);
      pair.state = 'waiting';
      pair.nominateOnSuccess = false;
    }
  }

  /** Forgets all requests. */
  cancelAll(): void {
    this.#transactions.clear();
  }

  /** Repeats what has had no response, and calls `giveUp` for what has had none for long. */
  handleTimeout(nowMs: number, giveUp: (transaction: Transaction) => void): void {
    this.#transactions.handleTimeout(nowMs, (transaction) => this.#send(transaction), giveUp);
  }

  /** When `handleTimeout` or `checkNext` is due, or Infinity. */
  nextTimeoutMs(): number {
    const next = this.#transactions.nextTimeoutMs();
    return this.#messages.hasRemote && this.#list.hasWaiting ? Math.min(next, this.#nextCheckMs) : next;
  }

  #send({ pair, datagram }: Transaction): void {
    this.#listener.onSend(pair.local.socket, pair.remote.address, datagram);
  }
}
