/**
 * How long to wait for an answer (RFC 9260 section 6.3), and timers that do.
 * @module
 */

/**
 * Deviation from RFC 9260 section 16 (1 s, 1 s, 60 s): an association of data channels is one of a conversation, so it
 * asks again sooner, and after an outage at most 5 s pass until it finds out that the path is back.
 */
const INITIAL_MS = 500;
const MIN_MS = 250;
const MAX_MS = 5000;
/** What is always added to a round trip: longer than the delay of an acknowledgement, 200 ms. */
const MIN_MARGIN_MS = 220;

/** Smoothed round-trip time, and the timeout that follows from it. */
export class RetransmissionTimeout {
  #smoothedMs: number | undefined;
  #variationMs = 0;
  #timeoutMs = INITIAL_MS;

  /** The timeout, milliseconds. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** Smoothed round-trip time, milliseconds; undefined before the first measurement. */
  get roundTripMs(): number | undefined {
    return this.#smoothedMs;
  }

  /** Takes a measurement. The caller sees to Karn's rule: never of something that was sent twice. */
  measure(roundTripMs: number): void {
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = roundTripMs;
      this.#variationMs = roundTripMs / 2;
    } else {
      this.#variationMs += (Math.abs(this.#smoothedMs - roundTripMs) - this.#variationMs) / 4;
      this.#smoothedMs += (roundTripMs - this.#smoothedMs) / 8;
    }
    this.#timeoutMs = this.#measuredMs();
  }

  /** Doubles the timeout, because one has passed in vain. */
  backOff(): void {
    this.#timeoutMs = clamp(2 * this.#timeoutMs);
  }

  /**
   * Halves the timeout, because something was acknowledged.
   *
   * Deviation from RFC 9260 section 6.3, where it stays until the next measurement: what is sent again cannot be
   * measured, so that on a path with much loss it would stay long after the peer has answered.
   */
  recover(): void {
    this.#timeoutMs = Math.max(this.#measuredMs(), this.#timeoutMs / 2);
  }

  #measuredMs(): number {
    if (this.#smoothedMs === undefined) return INITIAL_MS;
    return clamp(this.#smoothedMs + Math.max(4 * this.#variationMs, MIN_MARGIN_MS));
  }
}

function clamp(timeoutMs: number): number {
  return Math.min(Math.max(timeoutMs, MIN_MS), MAX_MS);
}

/** A timer that waits twice as long each time. */
export class BackoffTimer {
  /** When it is due; Infinity while it does not run. */
  dueMs: number = Number.POSITIVE_INFINITY;
  /** How often it has been due since `start`. */
  expirations = 0;
  #timeoutMs = 0;

  /** Starts from the beginning. */
  start(nowMs: number, timeoutMs: number): void {
    this.expirations = 0;
    this.#timeoutMs = timeoutMs;
    this.dueMs = nowMs + timeoutMs;
  }

  /** Not due any more. */
  stop(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  /** True if it is due; then it runs on, with twice the timeout, 5 s at most. */
  takeDue(nowMs: number): boolean {
    if (nowMs < this.dueMs) return false;
    this.expirations++;
    this.#timeoutMs = clamp(2 * this.#timeoutMs);
    this.dueMs = nowMs + this.#timeoutMs;
    return true;
  }
}
