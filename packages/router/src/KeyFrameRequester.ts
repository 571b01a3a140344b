/**
 * Decides when to ask a publisher for a key frame, so that a hundred viewers cost one request.
 * @module
 */

/** Shortest time between two requests to one publisher, milliseconds. */
const keyFrameRequestIntervalMs = 500;

/** After this time without a key frame the request is believed lost and repeated, milliseconds. */
const keyFrameRetryMs = 1000;

/** Requests without an answer after which we wait for the next wish of a viewer. */
export const maxKeyFrameRequests = 10;

/**
 * Joins the wishes of all viewers of one producer. A wish inside the interval is kept and becomes one trailing
 * request; a key frame fulfils every wish made before it.
 */
export class KeyFrameRequester {
  #sentMs = Number.NEGATIVE_INFINITY;
  #dueMs = Number.POSITIVE_INFINITY;
  #unanswered = 0;

  /** When `take` wants to be called, milliseconds; `Infinity` if no wish is open. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** A viewer wishes a key frame. Call `take` next. */
  request(nowMs: number): void {
    // A new wish may try again what was given up.
    if (this.#unanswered >= maxKeyFrameRequests) this.#unanswered = 0;
    this.#dueMs = Math.min(this.#dueMs, Math.max(nowMs, this.#sentMs + keyFrameRequestIntervalMs));
  }

  /** True if a request is to be sent now; it then counts as sent. */
  take(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.#sentMs = nowMs;
    this.#unanswered += 1;
    this.#dueMs = this.#unanswered < maxKeyFrameRequests ? nowMs + keyFrameRetryMs : Number.POSITIVE_INFINITY;
    return true;
  }

  /** A key frame arrived: nothing is open any more. */
  fulfil(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#unanswered = 0;
  }
}
