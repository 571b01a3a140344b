/**
 * Counts one incoming SSRC: sequence numbers, losses, jitter. RFC 3550 appendices A.1, A.3 and A.8.
 * @module
 */
import { sequenceDistance, timestampDistance } from '@rivero/rtp';

/** What `record` found out about a packet. */
export const SequenceVerdict = {
  /** Newer than all before. */
  newest: 0,
  /** Older than the newest, not seen before: reordered or retransmitted. */
  late: 1,
  /** Seen before; drop it. */
  duplicate: 2,
  /** Too far from the others to belong to them; drop it. */
  stray: 3,
  /** The sender started over: everything known about older packets is void. */
  restart: 4,
} as const;

/** Packets behind the newest that are still told apart. A power of two. */
export const receiveWindowSize = 1024;

// RFC 3550 appendix A.1: MAX_DROPOUT. A gap wider than that is taken for a restart.
const maxDropout = 3000;

/** Statistics of one SSRC. `record` each packet; `interval` once per report. */
export class ReceiveStatistics {
  readonly #window = new Int32Array(receiveWindowSize / 32);
  #started = false;
  #highest = 0;
  #cycles = 0;
  #base = 0;
  #suspect = -1;
  #received = 0;
  #priorExpected = 0;
  #priorReceived = 0;
  #fractionLost = 0;
  #lostBefore = 0;
  #transit = 0;
  #transitRate = 0;
  #jitter = 0;

  /** Newest sequence number; meaningful once `packetsReceived` is not 0. */
  get highest(): number {
    return this.#highest;
  }

  /** Newest sequence number with the count of its wraps in the upper 16 bits, modulo 2^32. */
  get extendedHighest(): number {
    return (this.#cycles * 0x1_0000 + this.#highest) >>> 0;
  }

  /** Packets without duplicates since the last restart. */
  get packetsReceived(): number {
    return this.#received;
  }

  /** Expected minus received packets, over all restarts. */
  get packetsLost(): number {
    return this.#started ? this.#lostBefore + Math.max(0, this.#expected() - this.#received) : 0;
  }

  /** Loss of the last interval in units of 1/256, 0..255. */
  get fractionLost(): number {
    return this.#fractionLost;
  }

  /** Interarrival jitter, ticks of the clock rate. */
  get jitter(): number {
    return this.#jitter;
  }

  /** Counts a packet and returns a `SequenceVerdict`. `clockRate` in Hz is that of its payload type. */
  record(sequenceNumber: number, timestamp: number, clockRate: number, nowMs: number): number {
    const verdict = this.#judge(sequenceNumber);
    if (verdict === SequenceVerdict.duplicate || verdict === SequenceVerdict.stray) return verdict;
    this.#received += 1;
    // A retransmission took a detour: it would count as jitter of the path.
    if (verdict === SequenceVerdict.newest) this.#updateJitter(timestamp, clockRate, nowMs);
    return verdict;
  }

  /** Whether the packet was received. False for what left the window. */
  hasReceived(sequenceNumber: number): boolean {
    const age = sequenceDistance(this.#highest, sequenceNumber);
    return age >= 0 && age < receiveWindowSize && this.#isMarked(sequenceNumber);
  }

  /** Ends a report interval: `fractionLost` is renewed. RFC 3550 appendix A.3. */
  interval(): void {
    if (!this.#started) return;
    const expected = this.#expected();
    const expectedInterval = expected - this.#priorExpected;
    const lostInterval = expectedInterval - (this.#received - this.#priorReceived);
    this.#priorExpected = expected;
    this.#priorReceived = this.#received;
    this.#fractionLost =
      expectedInterval <= 0 || lostInterval <= 0
        ? 0
        : Math.min(255, Math.floor((lostInterval * 256) / expectedInterval));
  }

  #judge(sequenceNumber: number): number {
    if (!this.#started) {
      this.#start(sequenceNumber);
      return SequenceVerdict.newest;
    }
    const distance = sequenceDistance(sequenceNumber, this.#highest);
    if (distance > 0 && distance < maxDropout) {
      this.#advance(distance);
      return SequenceVerdict.newest;
    }
    if (distance <= 0 && distance > -receiveWindowSize) return this.#late(sequenceNumber);
    // Two strays in a row are a sender that started over.
    if (sequenceNumber !== this.#suspect) {
      this.#suspect = (sequenceNumber + 1) & 0xffff;
      return SequenceVerdict.stray;
    }
    this.#lostBefore = this.packetsLost;
    this.#start(sequenceNumber);
    return SequenceVerdict.restart;
  }

  #start(sequenceNumber: number): void {
    this.#started = true;
    this.#highest = sequenceNumber;
    this.#base = sequenceNumber;
    this.#cycles = 0;
    this.#suspect = -1;
    this.#received = 0;
    this.#priorExpected = 0;
    this.#priorReceived = 0;
    this.#transitRate = 0;
    this.#window.fill(0);
    this.#mark(sequenceNumber);
  }

  #advance(distance: number): void {
    const previous = this.#highest;
    if (distance >= receiveWindowSize) this.#window.fill(0);
    else for (let i = 1; i <= distance; i++) this.#clear(previous + i);
    this.#highest = (previous + distance) & 0xffff;
    if (this.#highest < previous) this.#cycles += 1;
    this.#suspect = -1;
    this.#mark(this.#highest);
  }

  #late(sequenceNumber: number): number {
    if (this.#isMarked(sequenceNumber)) return SequenceVerdict.duplicate;
    this.#mark(sequenceNumber);
    // A packet from before the first one: it was expected after all.
    const extended = this.#extended(sequenceNumber);
    if (extended < this.#base) this.#base = extended;
    return SequenceVerdict.late;
  }

  #expected(): number {
    return this.#cycles * 0x1_0000 + this.#highest - this.#base + 1;
  }

  #extended(sequenceNumber: number): number {
    return this.#cycles * 0x1_0000 + this.#highest + sequenceDistance(sequenceNumber, this.#highest);
  }

  #updateJitter(timestamp: number, clockRate: number, nowMs: number): void {
    // Modulo 2^32 as the timestamp is: only differences of transit times count.
    const transit = (Math.round((nowMs * clockRate) / 1000) - timestamp) | 0;
    if (this.#transitRate === clockRate) {
      const difference = Math.abs(timestampDistance(transit, this.#transit));
      // A jump of more than ten seconds is a new clock, not the network.
      if (difference < clockRate * 10) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
    this.#transitRate = clockRate;
  }

  #isMarked(sequenceNumber: number): boolean {
    const bit = sequenceNumber & (receiveWindowSize - 1);
    return ((this.#window[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  #mark(sequenceNumber: number): void {
    const bit = sequenceNumber & (receiveWindowSize - 1);
    this.#window[bit >> 5] = (this.#window[bit >> 5] ?? 0) | (1 << (bit & 31));
  }

  #clear(sequenceNumber: number): void {
    const bit = sequenceNumber & (receiveWindowSize - 1);
    this.#window[bit >> 5] = (this.#window[bit >> 5] ?? 0) & ~(1 << (bit & 31));
  }
}
