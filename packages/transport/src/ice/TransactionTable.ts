/**
 * Requests that wait for their responses (RFC 8489 section 6.2.1).
 * @module
 */
import type { CandidatePair } from './CandidatePair.ts';

/** RFC 8445 section 14.3: at least 500 ms, doubled with every attempt. */
const INITIAL_RTO_MS = 500;
/** Rc of RFC 8489 section 6.2.1. */
const CHECK_ATTEMPTS = 7;
/** Rm of RFC 8489 section 6.2.1: how many initial timeouts to wait after the last attempt. */
const LAST_WAIT_FACTOR = 16;
/** A pair that is nominated has just answered, so it is given up sooner: 15.5 s after the start. */
const NOMINATION_ATTEMPTS = 5;
/** RFC 7675 section 5.1: consent checks are not repeated. Their responses count for this long. */
const CONSENT_LIFETIME_MS = 10_000;

/** Time from a check to giving it up, milliseconds: 31.5 s of attempts and 8 s of patience. */
export const CHECK_LIFETIME_MS: number = (2 ** (CHECK_ATTEMPTS - 1) - 1 + LAST_WAIT_FACTOR) * INITIAL_RTO_MS;

/** What a request is for. */
export type TransactionPurpose = 'check' | 'nomination' | 'consent';

/** A request under way. */
export interface Transaction {
  /** The pair that it checks. */
  readonly pair: CandidatePair;
  /** What it is for. */
  readonly purpose: TransactionPurpose;
  /** The role that it claims. */
  readonly controlling: boolean;
  /** 12 bytes. */
  readonly id: Uint8Array;
  /** The message. */
  readonly datagram: Uint8Array;
}

interface Timed extends Transaction {
  attempts: number;
  timeoutMs: number;
  dueMs: number;
}

/** Keeps transactions by id, and their timers. */
export class TransactionTable {
  readonly #transactions = new Map<string, Timed>();

  /** Notes that a request is sent now. */
  start(transaction: Transaction, nowMs: number): void {
    const timeoutMs = transaction.purpose === 'consent' ? CONSENT_LIFETIME_MS : INITIAL_RTO_MS;
    this.#transactions.set(key(transaction.id), {
      ...transaction,
      attempts: 1,
      timeoutMs,
      dueMs: nowMs + timeoutMs,
    });
  }

  /** The transaction with an id, which is over then, or undefined. */
  take(id: Uint8Array): Transaction | undefined {
    const transaction = this.#transactions.get(key(id));
    if (transaction !== undefined) this.#transactions.delete(key(id));
    return transaction;
  }

  /**
   * The running check of a pair in a role, with its timer started again, or undefined. The caller sends it anew,
   * instead of starting one more (which RFC 8445 section 7.3.1.4 describes), so that there is never more than one.
   */
  restart(pair: CandidatePair, controlling: boolean, nowMs: number): Transaction | undefined {
    const running = [...this.#transactions.values()].find(
      (item) => item.pair === pair && item.purpose === 'check' && item.controlling === controlling,
    );
    if (running === undefined) return undefined;
    running.attempts = 1;
    running.timeoutMs = INITIAL_RTO_MS;
    running.dueMs = nowMs + INITIAL_RTO_MS;
    return running;
  }

  /** Forgets the transactions of a pair, or those for one purpose. */
  cancel(pair: CandidatePair, purpose?: TransactionPurpose): void {
    for (const [id, transaction] of this.#transactions) {
      if (transaction.pair === pair && (purpose ?? transaction.purpose) === transaction.purpose) {
        this.#transactions.delete(id);
      }
    }
  }

  /** Repeats requests whose time has come, and gives up those that have been repeated often enough. */
  handleTimeout(nowMs: number, send: (item: Transaction) => void, giveUp: (item: Transaction) => void): void {
    for (const [id, transaction] of this.#transactions) {
      if (transaction.dueMs > nowMs) continue;
      if (transaction.attempts >= maxAttempts(transaction.purpose)) {
        this.#transactions.delete(id);
        giveUp(transaction);
      } else {
        transaction.attempts++;
        transaction.timeoutMs *= 2;
        transaction.dueMs = nowMs + waitMs(transaction);
        send(transaction);
      }
    }
  }

  /** When `handleTimeout` is due, or Infinity. */
  nextTimeoutMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const transaction of this.#transactions.values()) next = Math.min(next, transaction.dueMs);
    return next;
  }

  /** Forgets all transactions. */
  clear(): void {
    this.#transactions.clear();
  }
}

function maxAttempts(purpose: TransactionPurpose): number {
  if (purpose === 'consent') return 1;
  return purpose === 'check' ? CHECK_ATTEMPTS : NOMINATION_ATTEMPTS;
}

function waitMs(transaction: Timed): number {
  const isLast = transaction.purpose === 'check' && transaction.attempts === CHECK_ATTEMPTS;
  return isLast ? LAST_WAIT_FACTOR * INITIAL_RTO_MS : transaction.timeoutMs;
}

function key(id: Uint8Array): string {
  return String.fromCharCode(...id);
}
