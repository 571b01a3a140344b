/**
 * How often something may happen: a rate on average, and a burst now and then.
 * @module
 */

/**
 * A bucket that holds `burst` tokens and gets `perSecond` of them every second; what happens takes one.
 *
 * Token bucket as in RFC 2697 section 3, with tokens instead of bytes and without the second bucket.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledMs: number;

  /** Makes a full bucket at the time `nowMs`, milliseconds. */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = Math.max(1, burst);
    this.#tokens = this.#burst;
    this.#filledMs = nowMs;
  }

  /** Takes a token at the time `nowMs`, milliseconds; false if there is none. */
  take(nowMs: number): boolean {
    // A clock that was set back brings nothing, and takes nothing.
    const elapsedMs = Math.max(0, nowMs - this.#filledMs);
    this.#filledMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs * this.#perSecond) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
