/**
 * Makes one continuous stream out of several sources: sequence numbers, timestamps and picture ids go on where the
 * last source stopped, so that the viewer's decoder sees no jump.
 *
 * Within one source every number is shifted by a constant, so the source's own gaps and order stay visible.
 * @module
 */
import { sequenceDistance } from '@rivero/rtp';
import { sendHistorySize } from './SendHistory.ts';

/** Numbers at which a source starts, as received. -1 for picture numbers that its packets do not carry. */
export interface SourceStart {
  /** Sequence number of the first packet that is forwarded. */
  readonly sequenceNumber: number;
  /** Its timestamp, clock ticks. */
  readonly timestamp: number;
  /** Its picture id, or -1. */
  readonly pictureId: number;
  /** Its TL0PICIDX, or -1. */
  readonly tl0PicIdx: number;
}

/** The shifts that hold for the present source, and the newest numbers sent. */
export class StreamContinuity {
  #started = false;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #pictureIdOffset = 0;
  #tl0PicIdxOffset = 0;
  #highest: number;
  #lowest = 0;
  #timestamp: number;
  #pictureId = -1;
  #tl0PicIdx = -1;

  /** The stream starts one after `sequenceNumber` (16 bits) and at `timestamp` (32 bits): hand in random numbers. */
  constructor(sequenceNumber: number, timestamp: number) {
    this.#highest = sequenceNumber & 0xffff;
    this.#timestamp = timestamp | 0;
  }

  /** Newest sequence number sent. */
  get highest(): number {
    return this.#highest;
  }

  /**
   * A new source starts. `elapsedMs` since the last packet was sent becomes time on the new source's clock of
   * `clockRate` Hz; at least one tick, so that the first frame is not taken for part of the last one.
   */
  start(source: SourceStart, elapsedMs: number, clockRate: number): void {
    const first = (this.#highest + 1) & 0xffff;
    const ticks = this.#started ? Math.max(1, Math.round((elapsedMs * clockRate) / 1000)) : 0;
    this.#sequenceOffset = (first - source.sequenceNumber) & 0xffff;
    this.#timestampOffset = (this.#timestamp + ticks - source.timestamp) | 0;
    if (this.#pictureId >= 0 && source.pictureId >= 0) {
      this.#pictureIdOffset = this.#pictureId + 1 - source.pictureId;
    }
    if (this.#tl0PicIdx >= 0 && source.tl0PicIdx >= 0) {
      this.#tl0PicIdxOffset = this.#tl0PicIdx + 1 - source.tl0PicIdx;
    }
    this.#lowest = first;
    this.#started = true;
  }

  /** Our sequence number for one of the source. */
  sequenceNumber(source: number): number {
    return (source + this.#sequenceOffset) & 0xffff;
  }

  /** The source's sequence number for one of ours. */
  sourceSequenceNumber(sequenceNumber: number): number {
    return (sequenceNumber - this.#sequenceOffset) & 0xffff;
  }

  /** Our timestamp, 32 bits as a signed number, for one of the source. */
  timestamp(source: number): number {
    return (source + this.#timestampOffset) | 0;
  }

  /** Our picture id, 15 bits, for one of the source. */
  pictureId(source: number): number {
    return (source + this.#pictureIdOffset) & 0x7fff;
  }

  /** Our TL0PICIDX, 8 bits, for one of the source. */
  tl0PicIdx(source: number): number {
    return (source + this.#tl0PicIdxOffset) & 0xff;
  }

  /** Whether a number of ours belongs to the present source and is still remembered. */
  covers(sequenceNumber: number): boolean {
    return (
      this.#started &&
      sequenceDistance(sequenceNumber, this.#lowest) >= 0 &&
      sequenceDistance(this.#highest, sequenceNumber) >= 0
    );
  }

  /**
   * Takes note of one of our numbers before it is sent. True if it is the newest, or one that a late packet may still
   * have; false if the packet is older than the start of the source, or so old that the history has forgotten it.
   */
  admit(sequenceNumber: number): boolean {
    if (sequenceDistance(sequenceNumber, this.#highest) <= 0) {
      return sequenceDistance(sequenceNumber, this.#lowest) >= 0;
    }
    this.#highest = sequenceNumber;
    if (sequenceDistance(sequenceNumber, this.#lowest) >= sendHistorySize) {
      this.#lowest = (sequenceNumber - sendHistorySize + 1) & 0xffff;
    }
    return true;
  }

  /** Takes note of the other numbers of the source's packet that was just admitted as the newest; -1 for none. */
  note(timestamp: number, pictureId: number, tl0PicIdx: number): void {
    this.#timestamp = this.timestamp(timestamp);
    if (pictureId >= 0) this.#pictureId = this.pictureId(pictureId);
    if (tl0PicIdx >= 0) this.#tl0PicIdx = this.tl0PicIdx(tl0PicIdx);
  }
}
