/**
 * How often what dies is started again.
 * @module
 */

/** Losses within `windowMs` after which nothing is started again by itself. */
const most = 5;
/** Milliseconds. */
const windowMs = 60_000;

/** Counts losses, so that media which kills its host is not fed to one host after the other. */
export class LossLimit {
  #lossesMs: number[] = [];

  /** Notes a loss; false if there were too many lately. */
  admit(nowMs: number): boolean {
    this.#lossesMs = this.#lossesMs.filter((atMs) => nowMs - atMs < windowMs);
    if (this.#lossesMs.length >= most) return false;
    this.#lossesMs.push(nowMs);
    return true;
  }
}
