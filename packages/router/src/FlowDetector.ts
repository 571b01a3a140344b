/**
 * Tells whether packets flow: yes from the first one on, no when a check finds none since the last check.
 * @module
 */

/** Time between two checks, milliseconds: that of Kurento. */
const flowCheckIntervalMs = 2000;

/** State of one stream. While nothing flows it needs no timer. */
export class FlowDetector {
  #flowing = false;
  #seen = false;
  #dueMs = Number.POSITIVE_INFINITY;

  /** Whether packets flow. */
  get flowing(): boolean {
    return this.#flowing;
  }

  /** When `check` wants to be called, milliseconds; `Infinity` while nothing flows. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Packets passed. True if that is news. */
  packets(nowMs: number): boolean {
    this.#seen = true;
    if (this.#flowing) return false;
    this.#flowing = true;
    this.#dueMs = nowMs + flowCheckIntervalMs;
    return true;
  }

  /** True if it is due and the flow has stopped. */
  check(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    const stopped = !this.#seen;
    this.#flowing = this.#seen;
    this.#seen = false;
    this.#dueMs = stopped ? Number.POSITIVE_INFINITY : nowMs + flowCheckIntervalMs;
    return stopped;
  }
}
