/**
 * Measures the bitrate of the last second in constant memory.
 * @module
 */

const bucketMs = 100;
const bucketCount = 10;

/** Bytes of the last second in ten buckets. */
export class RateMeter {
  readonly #buckets = new Float64Array(bucketCount);
  #newest = -1;

  /** Counts `sizeBytes` at `nowMs`. Time must not run backwards; if it does, the newest bucket takes it. */
  add(sizeBytes: number, nowMs: number): void {
    const index = this.#advance(nowMs);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + sizeBytes;
  }

  /** Bits counted during the last second. */
  bitrateBps(nowMs: number): number {
    this.#advance(nowMs);
    let bytes = 0;
    for (const bucket of this.#buckets) bytes += bucket;
    return bytes * 8;
  }

  /** Empties the buckets that `nowMs` has left behind; returns the index of the current one. */
  #advance(nowMs: number): number {
    const bucket = Math.floor(nowMs / bucketMs);
    if (bucket > this.#newest) {
      const steps = Math.min(bucketCount, bucket - this.#newest);
      for (let i = 0; i < steps; i++) this.#buckets[(bucket - i) % bucketCount] = 0;
      this.#newest = bucket;
    }
    return this.#newest % bucketCount;
  }
}
