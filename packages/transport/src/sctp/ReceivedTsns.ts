/**
 * Which TSNs have arrived, as SACK tells it (RFC 9260 section 3.3.4).
 * @module
 */
import { unwrap32 } from './serialNumber.ts';

/** Gap blocks that a SACK may have: as many fit into a packet with room to spare. What needs more is dropped. */
const MAX_RANGES = 200;
/** Duplicates that one SACK tells of; further ones are left out. */
const MAX_DUPLICATES = 16;
/** Gap blocks have 16-bit offsets. */
const MAX_OFFSET = 0xffff;

interface Range {
  readonly first: number;
  readonly last: number;
}

/** The TSNs received, as a cumulative one and ranges behind it. */
export class ReceivedTsns {
  /** All TSNs up to this one, not wrapped, have arrived or need not arrive. */
  cumulativeTsn: number;
  readonly #ranges: Range[] = [];
  readonly #duplicates: number[] = [];

  /** `initialTsn` is the first to arrive. */
  constructor(initialTsn: number) {
    this.cumulativeTsn = initialTsn - 1;
  }

  /** True if TSNs are missing in front of others. */
  get hasGaps(): boolean {
    return this.#ranges.length > 0;
  }

  /** The TSN on the wire, not wrapped. */
  unwrap(wireTsn: number): number {
    return unwrap32(wireTsn, this.cumulativeTsn);
  }

  /** True if the TSN has arrived before; then it is noted as a duplicate. */
  isDuplicate(tsn: number): boolean {
    const isKnown =
      tsn <= this.cumulativeTsn || this.#ranges.some(({ first, last }) => tsn >= first && tsn <= last);
    if (isKnown && this.#duplicates.length < MAX_DUPLICATES) this.#duplicates.push(tsn);
    return isKnown;
  }

  /** Notes a TSN that has not arrived before. False, and it is not noted, if there is no room for it. */
  add(tsn: number): boolean {
    if (tsn === this.cumulativeTsn + 1) {
      this.skipTo(tsn);
      return true;
    }
    if (tsn - this.cumulativeTsn > MAX_OFFSET) return false;
    const i = this.#position(tsn);
    const before = this.#ranges[i - 1];
    const behind = this.#ranges[i];
    const first = before?.last === tsn - 1 ? before.first : tsn;
    const last = behind?.first === tsn + 1 ? behind.last : tsn;
    const start = first < tsn ? i - 1 : i;
    const end = last > tsn ? i + 1 : i;
    if (start === end && this.#ranges.length === MAX_RANGES) return false;
    this.#ranges.splice(start, end - start, { first, last });
    return true;
  }

  /** All TSNs up to this one count as arrived. Does nothing if they do already. */
  skipTo(tsn: number): void {
    if (tsn <= this.cumulativeTsn) return;
    this.cumulativeTsn = tsn;
    const ranges = this.#ranges;
    for (let range = ranges[0]; range !== undefined; range = ranges[0]) {
      if (range.first > this.cumulativeTsn + 1) return;
      this.cumulativeTsn = Math.max(this.cumulativeTsn, range.last);
      ranges.shift();
    }
  }

  /** Bytes of a SACK's value. */
  get sackBytes(): number {
    return 12 + 4 * this.#ranges.length + 4 * this.#duplicates.length;
  }

  /** Writes the value of a SACK, `sackBytes` long, and forgets the duplicates. */
  writeSack(view: DataView, at: number, windowBytes: number): void {
    view.setUint32(at, this.cumulativeTsn);
    view.setUint32(at + 4, windowBytes);
    view.setUint16(at + 8, this.#ranges.length);
    view.setUint16(at + 10, this.#duplicates.length);
    let next = at + 12;
    for (const { first, last } of this.#ranges) {
      view.setUint16(next, first - this.cumulativeTsn);
      view.setUint16(next + 2, last - this.cumulativeTsn);
      next += 4;
    }
    for (const tsn of this.#duplicates.splice(0)) {
      view.setUint32(next, tsn);
      next += 4;
    }
  }

  /** How many ranges begin before this TSN. Most chunks belong at the end. */
  #position(tsn: number): number {
    let i = this.#ranges.length;
    while (i > 0 && (this.#ranges[i - 1]?.first ?? 0) > tsn) i--;
    return i;
  }
}
