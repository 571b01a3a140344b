/**
 * Keeps the list of packets that a publisher has to send again. RFC 4585 section 6.2.1.
 * @module
 */
import { sequenceDistance } from '@rivero/rtp';

/** A packet is missing when it is late by this time and two packets: as in Galene's rtpreader.go. Milliseconds. */
const nackDelayMs = 20;

/** A packet that only one other has overtaken is asked for after this time: the stream may have paused. */
const nackQuietDelayMs = 100;

/** How often we ask for one packet. */
export const maxNackTries = 10;

/** Missing packets that are kept track of; beyond, only a key frame helps. */
export const maxMissingPackets = 256;

const overtakenPackets = 2;
const initialRoundTripMs = 100;
const minRetryMs = 20;
const maxRetryMs = 500;

/** Missing packets of one SSRC, oldest first, with the time at which each is to be asked for. */
export class NackGenerator {
  readonly #sequenceNumbers = new Uint16Array(maxMissingPackets);
  readonly #detectedMs = new Float64Array(maxMissingPackets);
  readonly #dueMs = new Float64Array(maxMissingPackets);
  readonly #sentMs = new Float64Array(maxMissingPackets);
  readonly #tries = new Uint8Array(maxMissingPackets);
  #count = 0;
  #nextMs = Number.POSITIVE_INFINITY;
  #roundTripMs = initialRoundTripMs;
  #hopeless = 0;

  /** Packets that are missing now. */
  get count(): number {
    return this.#count;
  }

  /** When `collect` wants to be called, milliseconds; `Infinity` if nothing is missing. Never late, may be early. */
  get nextMs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#nextMs;
  }

  /** Smoothed time from a request to its packet, milliseconds. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** Packets that were given up so far, for which only a key frame helps. */
  get hopelessCount(): number {
    return this.#hopeless;
  }

  /** A packet newer than all before arrived; what lies between it and `previous`, the newest until now, is missing. */
  advance(previous: number, sequenceNumber: number, nowMs: number): void {
    const last = this.#count - 1;
    // The newest missing packet has now been overtaken by a second one: the short delay counts.
    if (last >= 0) this.#hurry(last);
    const gap = sequenceDistance(sequenceNumber, previous) - 1;
    if (gap <= 0) return;
    if (this.#count + gap > maxMissingPackets) {
      this.#hopeless += this.#count + gap;
      this.clear();
      return;
    }
    for (let i = 1; i <= gap; i++) {
      const overtaken = gap - i + 1 >= overtakenPackets;
      this.#add((previous + i) & 0xffff, nowMs, overtaken ? nackDelayMs : nackQuietDelayMs);
    }
  }

  /** A packet older than the newest arrived: reordered or retransmitted. */
  received(sequenceNumber: number, nowMs: number): void {
    for (let i = 0; i < this.#count; i++) {
      if (this.#sequenceNumbers[i] !== sequenceNumber) continue;
      // After one try only, or the answer could belong to an earlier request (Karn's rule, RFC 6298 section 3).
      if (this.#tries[i] === 1) this.#measure(nowMs - (this.#sentMs[i] ?? nowMs));
      this.#remove(i);
      return;
    }
  }

  /**
   * Writes the sequence numbers to ask for now to `into`, in rising order, and returns how many.
   * They count as asked for. `into` holds `maxMissingPackets`.
   */
  collect(nowMs: number, into: Uint16Array): number {
    const retryMs = Math.min(maxRetryMs, Math.max(minRetryMs, this.#roundTripMs * 1.5));
    let found = 0;
    let kept = 0;
    this.#nextMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#count; i++) {
      const due = (this.#dueMs[i] ?? 0) <= nowMs;
      if (due && (this.#tries[i] ?? 0) >= maxNackTries) {
        this.#hopeless += 1;
        continue;
      }
      this.#move(i, kept);
      if (due) {
        into[found++] = this.#sequenceNumbers[kept] ?? 0;
        this.#tries[kept] = (this.#tries[kept] ?? 0) + 1;
        this.#sentMs[kept] = nowMs;
        this.#dueMs[kept] = nowMs + retryMs;
      }
      this.#nextMs = Math.min(this.#nextMs, this.#dueMs[kept] ?? 0);
      kept += 1;
    }
    this.#count = kept;
    return found;
  }

  /** Forgets what is missing, for instance because the sender started over or nobody listens. */
  clear(): void {
    this.#count = 0;
    this.#nextMs = Number.POSITIVE_INFINITY;
  }

  #add(sequenceNumber: number, nowMs: number, delayMs: number): void {
    const i = this.#count++;
    this.#sequenceNumbers[i] = sequenceNumber;
    this.#detectedMs[i] = nowMs;
    this.#dueMs[i] = nowMs + delayMs;
    this.#tries[i] = 0;
    this.#nextMs = Math.min(this.#nextMs, nowMs + delayMs);
  }

  #hurry(i: number): void {
    if (this.#tries[i] !== 0) return;
    const dueMs = Math.min(this.#dueMs[i] ?? 0, (this.#detectedMs[i] ?? 0) + nackDelayMs);
    this.#dueMs[i] = dueMs;
    this.#nextMs = Math.min(this.#nextMs, dueMs);
  }

  #measure(sampleMs: number): void {
    if (sampleMs <= 0) return;
    this.#roundTripMs += (Math.min(sampleMs, maxRetryMs) - this.#roundTripMs) / 8;
  }

  #remove(index: number): void {
    for (let i = index + 1; i < this.#count; i++) this.#move(i, i - 1);
    this.#count -= 1;
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    this.#sequenceNumbers[to] = this.#sequenceNumbers[from] ?? 0;
    this.#detectedMs[to] = this.#detectedMs[from] ?? 0;
    this.#dueMs[to] = this.#dueMs[from] ?? 0;
    this.#sentMs[to] = this.#sentMs[from] ?? 0;
    this.#tries[to] = this.#tries[from] ?? 0;
  }
}
