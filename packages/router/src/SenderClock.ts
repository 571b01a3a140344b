/**
 * Relates the wall clock of a publisher to ours. Audio and video of one publisher share it, so that the sender
 * reports of our own streams keep lips and voice together. RFC 3550 section 6.4.1.
 * @module
 */

// A larger jump is a new clock, not drift.
const maxDriftMs = 1000;

/** The difference between two clocks, smoothed over sender reports. */
export class SenderClock {
  #differenceMs = 0;
  #known = false;

  /** A sender report with wall-clock time `senderMs` arrived at `nowMs`. Both in milliseconds. */
  report(senderMs: number, nowMs: number): void {
    const sample = nowMs - senderMs;
    const jump = Math.abs(sample - this.#differenceMs) > maxDriftMs;
    this.#differenceMs =
      this.#known && !jump ? this.#differenceMs + (sample - this.#differenceMs) / 16 : sample;
    this.#known = true;
  }

  /** The publisher's wall-clock time at our `nowMs`, milliseconds; undefined before the first report. */
  at(nowMs: number): number | undefined {
    return this.#known ? nowMs - this.#differenceMs : undefined;
  }
}
