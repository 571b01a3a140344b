/**
 * Remembers which of the latest packets were received (RFC 3711 section 3.3.2).
 * @module
 */
import { SrtpError } from './SrtpError.ts';

/** A ring of bits, one for each of the latest indexes, at the position of the index's lowest bits. */
export class ReplayWindow {
  readonly #bits: Uint32Array;
  readonly #size: number;

  /** `size` packets long: a power of two, at least 64 (RFC 3711 section 3.3.2). */
  constructor(size: number) {
    this.#size = size;
    this.#bits = new Uint32Array(size >>> 5);
  }

  /**
   * 0 if an index may be accepted, else `SrtpError.replayed` or `SrtpError.tooOld`.
   * `distance` is the index minus the highest accepted one.
   */
  check(index: number, distance: number): number {
    if (distance > 0) return 0;
    if (distance <= -this.#size) return SrtpError.tooOld;
    const position = index & (this.#size - 1);
    return ((this.#bits[position >>> 5] ?? 0) >>> (position & 31)) & 1 ? SrtpError.replayed : 0;
  }

  /** Notes an index as received. Only for authentic packets that `check` has let pass. */
  accept(index: number, distance: number): void {
    const mask = this.#size - 1;
    const bits = this.#bits;
    if (distance >= this.#size) bits.fill(0);
    else {
      for (let i = distance - 1; i > 0; i--) {
        const skipped = (index - i) & mask;
        bits[skipped >>> 5] = (bits[skipped >>> 5] ?? 0) & ~(1 << (skipped & 31));
      }
    }
    const position = index & mask;
    bits[position >>> 5] = (bits[position >>> 5] ?? 0) | (1 << (position & 31));
  }
}
