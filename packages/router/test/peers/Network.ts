/**
 * One direction of a bad network in virtual time: delay, jitter (so reordering), loss, duplication.
 * @module
 */

export interface NetworkConditions {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
}

export const goodNetwork: NetworkConditions = {
  delayMs: 10,
  jitterMs: 0,
  lossPercent: 0,
  duplicatePercent: 0,
};

export class Network {
  readonly #conditions: NetworkConditions;
  readonly #random: () => number;
  #inFlight: { dueMs: number; packet: Uint8Array }[] = [];
  lost = 0;

  constructor(conditions: NetworkConditions, random: () => number) {
    this.#conditions = conditions;
    this.#random = random;
  }

  send(packet: Uint8Array, nowMs: number): void {
    if (this.#random() * 100 < this.#conditions.lossPercent) {
      this.lost += 1;
      return;
    }
    this.#fly(packet, nowMs);
    if (this.#random() * 100 < this.#conditions.duplicatePercent) this.#fly(packet, nowMs);
  }

  /** What arrives until `nowMs`, in order of arrival. */
  deliver(nowMs: number): Uint8Array[] {
    const arrived = this.#inFlight.filter(({ dueMs }) => dueMs <= nowMs);
    if (arrived.length === 0) return [];
    this.#inFlight = this.#inFlight.filter(({ dueMs }) => dueMs > nowMs);
    arrived.sort((a, b) => a.dueMs - b.dueMs);
    return arrived.map(({ packet }) => packet);
  }

  #fly(packet: Uint8Array, nowMs: number): void {
    this.#inFlight.push({
      dueMs: nowMs + this.#conditions.delayMs + this.#random() * this.#conditions.jitterMs,
      packet,
    });
  }
}
