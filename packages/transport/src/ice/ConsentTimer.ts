/**
 * When to ask the peer whether it still wants to hear from us (RFC 7675).
 * @module
 */
import type { RandomBytes } from '../crypto.ts';

/** RFC 7675 section 5.1: 5 s, randomised to 0.8..1.2 of that. */
const MIN_INTERVAL_MS = 4000;
const INTERVAL_SPREAD_MS = 2000;
/** RFC 7675 section 5.1: without an answer, consent ends after 30 s. */
const CONSENT_MS = 30_000;

/** Times of the selected pair's consent checks. */
export class ConsentTimer {
  readonly #randomBytes: RandomBytes;
  #expiresMs = Number.POSITIVE_INFINITY;
  #nextCheckMs = Number.POSITIVE_INFINITY;

  /** Not running. */
  constructor(randomBytes: RandomBytes) {
    this.#randomBytes = randomBytes;
  }

  /** Starts, or starts again, with consent given now: the check of the pair has just succeeded. */
  start(nowMs: number): void {
    this.#expiresMs = nowMs + CONSENT_MS;
    this.#nextCheckMs = nowMs + this.#interval();
  }

  /** Notes an answer of the peer. */
  confirm(nowMs: number): void {
    if (this.#expiresMs !== Number.POSITIVE_INFINITY) this.#expiresMs = nowMs + CONSENT_MS;
  }

  /** Ends the timers. */
  stop(): void {
    this.#expiresMs = Number.POSITIVE_INFINITY;
    this.#nextCheckMs = Number.POSITIVE_INFINITY;
  }

  /** What is due: a check (then the next one is planned), the end of consent, or nothing. */
  takeDue(nowMs: number): 'check' | 'expired' | undefined {
    if (nowMs >= this.#expiresMs) return 'expired';
    if (nowMs < this.#nextCheckMs) return undefined;
    this.#nextCheckMs = nowMs + this.#interval();
    return 'check';
  }

  /** When `takeDue` will return something, or Infinity. */
  nextTimeoutMs(): number {
    return Math.min(this.#expiresMs, this.#nextCheckMs);
  }

  #interval(): number {
    return MIN_INTERVAL_MS + (INTERVAL_SPREAD_MS * (this.#randomBytes(1)[0] ?? 0)) / 255;
  }
}
