/**
 * Arithmetic on RTP sequence numbers (16 bits) and timestamps (32 bits), which wrap.
 * @module
 */

/**
 * The signed distance from sequence number `b` to `a`: positive if `a` is newer. In -32768..32767.
 *
 * RFC 1982 section 3.2 (serial number arithmetic), SERIAL_BITS = 16.
 */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/**
 * The signed distance from timestamp `b` to `a`, clock ticks: positive if `a` is newer. In -2^31..2^31-1.
 *
 * RFC 1982 section 3.2 (serial number arithmetic), SERIAL_BITS = 32.
 */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}

/**
 * Extends 16-bit sequence numbers to a count that does not wrap. RFC 3550 appendix A.1.
 *
 * A packet older than the very first one gets a number below the first, which may be negative.
 */
export class SequenceExtender {
  #highest = -1;
  #started = false;

  /** The highest extended sequence number so far; -1 before the first. */
  get highest(): number {
    return this.#highest;
  }

  /** The extended number of `sequenceNumber`: the one nearest to the highest seen so far. */
  extend(sequenceNumber: number): number {
    if (!this.#started) {
      this.#started = true;
      this.#highest = sequenceNumber;
      return sequenceNumber;
    }
    const extended = this.#highest + sequenceDistance(sequenceNumber, this.#highest & 0xffff);
    if (extended > this.#highest) this.#highest = extended;
    return extended;
  }

  /** Forgets everything: the next number starts anew. */
  reset(): void {
    this.#started = false;
    this.#highest = -1;
  }
}

/**
 * Extends 32-bit RTP timestamps to a count of clock ticks that does not wrap.
 *
 * A timestamp older than the very first one gets a number below the first, which may be negative.
 */
export class TimestampExtender {
  #highest = 0;
  #started = false;

  /** The extended timestamp, clock ticks: the one nearest to the highest seen so far. */
  extend(timestamp: number): number {
    if (!this.#started) {
      this.#started = true;
      this.#highest = timestamp;
      return timestamp;
    }
    // `highest` may exceed 32 bits; `>>> 0` takes it modulo 2^32 (exact up to 2^53).
    const extended = this.#highest + timestampDistance(timestamp, this.#highest >>> 0);
    if (extended > this.#highest) this.#highest = extended;
    return extended;
  }

  /** Forgets everything: the next timestamp starts anew. */
  reset(): void {
    this.#started = false;
    this.#highest = 0;
  }
}
