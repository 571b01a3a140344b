/**
 * The 48-bit packet index of SRTP, kept as roll-over counter and sequence number.
 * @module
 */

/** Half of the sequence number space. */
const HALF = 0x8000;

/** Follows the sequence numbers of one SSRC and tells which roll-over counter each of them belongs to. */
export class SequenceIndex {
  #rolloverCounter = 0;
  #highest = -1;

  /**
   * The roll-over counter of `sequenceNumber`, guessed from the highest so far: RFC 3711 section 3.3.1 and appendix A.
   * Numbers up to 2^15 behind are taken for late ones. 0 for the first packet.
   * -1 for a number that lies before the first packet's roll-over, which no sender can have used.
   */
  estimateRollover(sequenceNumber: number): number {
    if (this.#highest < HALF) {
      const isLate = this.#highest >= 0 && sequenceNumber - this.#highest > HALF;
      return isLate ? this.#rolloverCounter - 1 : this.#rolloverCounter;
    }
    return this.#highest - HALF > sequenceNumber ? this.#rolloverCounter + 1 : this.#rolloverCounter;
  }

  /** How far this index is ahead of the highest so far, in packets; zero or negative if it is not ahead. */
  distance(sequenceNumber: number, rolloverCounter: number): number {
    if (this.#highest < 0) return 0x10000;
    return (rolloverCounter - this.#rolloverCounter) * 0x10000 + sequenceNumber - this.#highest;
  }

  /** Makes this index the highest. Call it only for an index that is ahead. */
  advance(sequenceNumber: number, rolloverCounter: number): void {
    this.#highest = sequenceNumber;
    this.#rolloverCounter = rolloverCounter;
  }
}
