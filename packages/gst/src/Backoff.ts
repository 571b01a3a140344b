/**
 * Delays between attempts that keep failing.
 * @module
 */

const firstDelayMs = 100;
const longestDelayMs = 10_000;
/** After this long without a failure the next one counts as the first, milliseconds. */
const forgottenAfterMs = 30_000;

/** After a failure the next attempt may be made at once; after that the delay doubles, up to ten seconds. */
export class Backoff {
  #failures = 0;
  #lastFailureMs = 0;

  /** How long to wait before the next attempt, milliseconds. */
  delayMs(nowMs: number): number {
    if (this.#failures < 2) return 0;
    const delayMs = Math.min(firstDelayMs * 2 ** (this.#failures - 2), longestDelayMs);
    return Math.max(0, this.#lastFailureMs + delayMs - nowMs);
  }

  /** An attempt failed, or what it made did. */
  failed(nowMs: number): void {
    if (nowMs - this.#lastFailureMs > forgottenAfterMs) this.#failures = 0;
    this.#failures++;
    this.#lastFailureMs = nowMs;
  }
}
