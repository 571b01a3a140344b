/**
 * How much video we ask a publisher to send: the receiver side of REMB as Kurento computes it.
 *
 * The message itself: draft-alvestrand-rmcat-remb-03. The algorithm is Kurento's own; its five steps are
 * numbered below as in our compatibility notes.
 * @module
 */
import type { RembParameters } from './parameters.ts';

/** What counts for each setting that the caller leaves out: Kurento's defaults. */
export const rembDefaults: RembParameters = {
  packetsRecvIntervalTop: 100,
  exponentialFactor: 0.04,
  linealFactorMin: 50,
  linealFactorGrade: 30,
  decrementFactor: 0.5,
  thresholdFactor: 0.8,
  upLosses: 12,
  rembOnConnect: 300_000,
};

/** Shortest time between two updates, milliseconds: REMB is sent no more often. */
const minRembIntervalMs = 200;

/** Bitrate below which we never ask a publisher to go, bit/s. */
export const minRembBps = 30_000;

const startBps = 2_000_000;

/** No estimate is higher, bit/s: a bound on what odd settings can lead to. */
const mostBps = 10_000_000_000;

/** The estimate of one session. Feed `update` at each report, send what `limited` returns. */
export class RembController {
  readonly #parameters: RembParameters;
  #updatedMs = -1;
  #started = false;
  #rembBps = startBps;
  #thresholdBps = startBps;
  #linearBps: number;
  #maxRateBps = 0;
  #averageRateBps = 0;
  #loss = 0;

  /** `parameters` replaces single defaults. */
  constructor(parameters: Partial<RembParameters> = {}) {
    this.#parameters = { ...rembDefaults, ...parameters };
    this.#linearBps = this.#parameters.linealFactorMin;
  }

  /** The estimate before the limits that hold when it is sent, bit/s. */
  get rembBps(): number {
    return this.#rembBps;
  }

  /** Averaged loss in units of 1/256, a whole number. */
  get loss(): number {
    return this.#loss;
  }

  /** Bitrate up to which the estimate grows exponentially, bit/s. */
  get thresholdBps(): number {
    return this.#thresholdBps;
  }

  /** Whether `update` would use what it is given: at the start and then every `minRembIntervalMs`. */
  isDue(nowMs: number): boolean {
    return this.#updatedMs < 0 || nowMs - this.#updatedMs >= minRembIntervalMs;
  }

  /**
   * Takes in what was received since the last update and returns true if the estimate was renewed.
   * `fractionLost` is that of the receiver report, 0..255; `packets` arrived since the last update;
   * `maxReceiveBps` is the configured ceiling, 0 for none. The first call only starts the clock.
   */
  update(
    nowMs: number,
    bytes: number,
    packets: number,
    fractionLost: number,
    maxReceiveBps: number,
  ): boolean {
    if (this.#updatedMs < 0) {
      this.#updatedMs = nowMs;
      return false;
    }
    if (!this.isDue(nowMs)) return false;
    const elapsedMs = nowMs - this.#updatedMs;
    this.#updatedMs = nowMs;
    const rateBps = Math.round((bytes * 8000) / elapsedMs);
    // A silent publisher says nothing about its path.
    if (!this.#started && rateBps === 0) return false;
    this.#takeRate(rateBps);
    this.#takeLoss(fractionLost, packets);
    if (this.#loss === 0) this.#grow();
    else this.#hold();
    if (maxReceiveBps > 0) this.#rembBps = Math.min(this.#rembBps, maxReceiveBps);
    this.#rembBps = bounded(this.#rembBps);
    this.#thresholdBps = bounded(this.#thresholdBps);
    this.#linearBps = bounded(this.#linearBps);
    return true;
  }

  /**
   * The bitrate to send, bit/s: the estimate, not above what the viewers take (`downstreamBps`, 0 for no limit),
   * not below `minReceiveBps` and 30 kbit/s. The floor wins.
   */
  limited(minReceiveBps: number, downstreamBps: number): number {
    const ceiling = downstreamBps > 0 ? Math.min(this.#rembBps, downstreamBps) : this.#rembBps;
    return Math.round(Math.max(ceiling, minReceiveBps, minRembBps));
  }

  /** Step 1. */
  #takeRate(rateBps: number): void {
    if (!this.#started) this.#rembBps = rateBps;
    this.#started = true;
    this.#maxRateBps = Math.max(this.#maxRateBps, rateBps);
    this.#averageRateBps = Math.floor((7 * this.#averageRateBps + rateBps) / 8);
  }

  /** Step 2. Whole numbers, or a single lost packet would keep the average above zero for ever. */
  #takeLoss(fractionLost: number, packets: number): void {
    const total = Math.max(this.#parameters.packetsRecvIntervalTop, packets, 1);
    this.#loss = Math.floor((this.#loss * (total - packets) + fractionLost * packets) / total);
  }

  /** Step 3. */
  #grow(): void {
    const base = Math.max(this.#rembBps, this.#maxRateBps);
    const candidate =
      base < this.#thresholdBps
        ? Math.floor(base * (1 + this.#parameters.exponentialFactor))
        : base + this.#linearBps;
    this.#rembBps = Math.max(this.#rembBps, Math.min(candidate, 2 * this.#maxRateBps));
  }

  /** Step 4. */
  #hold(): void {
    const { thresholdFactor, linealFactorMin, linealFactorGrade, upLosses, decrementFactor } =
      this.#parameters;
    const base = Math.max(this.#rembBps, this.#averageRateBps);
    this.#thresholdBps = Math.floor(base * thresholdFactor);
    this.#linearBps = Math.max(linealFactorMin, Math.floor((base - this.#thresholdBps) / linealFactorGrade));
    if (this.#loss < upLosses) {
      this.#rembBps = Math.min(this.#rembBps, this.#maxRateBps);
      return;
    }
    this.#rembBps = Math.floor(base * decrementFactor);
    this.#loss = 0;
    this.#maxRateBps = 0;
    this.#averageRateBps = 0;
  }
}

/** A bitrate that may be sent. Settings are any numbers: a grade of 0, say, makes a step that is none. */
function bounded(bps: number): number {
  return Number.isNaN(bps) ? 0 : Math.min(Math.max(bps, 0), mostBps);
}
