/**
 * Tells whether the remote takes part: yes when its RTCP is seen, no after BYE or silence. Kurento's MediaState.
 * @module
 */

/** Silence, of RTP and RTCP, after which the remote is believed gone. Milliseconds. */
const mediaTimeoutMs = 10_000;

/** State of one session. */
export class MediaStateDetector {
  #connected = false;
  #heardMs = 0;
  #dueMs = Number.POSITIVE_INFINITY;

  /** Whether the remote takes part. */
  get connected(): boolean {
    return this.#connected;
  }

  /** When `check` wants to be called, milliseconds; `Infinity` while not connected. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** A packet of the remote arrived. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** RTCP of the remote arrived. True if that is news. */
  report(nowMs: number): boolean {
    this.heard(nowMs);
    if (this.#connected) return false;
    this.#connected = true;
    this.#dueMs = nowMs + mediaTimeoutMs;
    return true;
  }

  /** All that the remote sent was ended by BYE. True if that is news. */
  goodbye(): boolean {
    const news = this.#connected;
    this.#connected = false;
    this.#dueMs = Number.POSITIVE_INFINITY;
    return news;
  }

  /** True if it is due and the remote has fallen silent. */
  check(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.#dueMs = this.#heardMs + mediaTimeoutMs;
    return nowMs >= this.#dueMs && this.goodbye();
  }
}
