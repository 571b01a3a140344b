/**
 * Chunks that were sent and are not yet acknowledged by a cumulative TSN.
 * @module
 */
import type { Fragment, OutgoingMessage } from './SendQueue.ts';
import { DataFlag } from './sctpFormat.ts';
import { unwrap32 } from './serialNumber.ts';

/** RFC 9260 section 7.2.4. */
const MISSES_FOR_FAST_RETRANSMIT = 3;

/** A chunk that was sent. */
export interface SentChunk extends Fragment {
  /** Its TSN, not wrapped. */
  readonly tsn: number;
  /**
   * `flying`: on its way. `lost`: to be sent again. `acked`: acknowledged by a gap block, which the peer may take back.
   * `abandoned`: not to be sent again, whether it has arrived or not.
   */
  state: 'flying' | 'lost' | 'acked' | 'abandoned';
  /** SACKs that suggested that it is missing. */
  misses: number;
  /** How often it was sent. */
  transmissions: number;
  /** When it was sent last. */
  sentMs: number;
  /** True once it was sent again by fast retransmit, which is done once. */
  isFastRetransmitted: boolean;
}

/** What an acknowledgement has changed. */
export interface AckResult {
  /** Bytes acknowledged for the first time. */
  readonly ackedBytes: number;
  /** True if the cumulative TSN has advanced. */
  readonly isAdvanced: boolean;
  /** True if chunks are to be retransmitted fast. */
  readonly hasLoss: boolean;
  /** When the newest chunk that was sent once and is acknowledged by this was sent, with its TSN; or undefined. */
  readonly sample: { readonly tsn: number; readonly sentMs: number } | undefined;
}

/** A stream that FORWARD TSN tells of: the peer need not wait for messages up to this one. */
interface SkippedMessage {
  /** Stream identifier. */
  readonly streamId: number;
  /** True for unordered messages, which only I-FORWARD-TSN tells of. */
  readonly isUnordered: boolean;
  /** SSN or MID, not wrapped. */
  readonly sequence: number;
}

/** What FORWARD TSN says. */
export interface SkippedChunks {
  /** The peer's new cumulative TSN, not wrapped. */
  readonly tsn: number;
  /** Of each stream the last message. */
  readonly messages: readonly SkippedMessage[];
}

/** The retransmission queue. TSNs in it follow each other without gap. */
export class OutstandingChunks {
  readonly #chunks: SentChunk[] = [];
  readonly #abandonRest: (message: OutgoingMessage) => boolean;
  #cumulativeTsn: number;
  #flyingBytes = 0;
  #heldBytes = 0;
  #lostCount = 0;
  /** No chunk before this TSN is lost. */
  #firstLostTsn = Number.POSITIVE_INFINITY;
  #abandonedCount = 0;
  #gapAckedCount = 0;
  /** False if the peer does not know FORWARD TSN: then every message is reliable. */
  canAbandon = false;

  /** `abandonRest` removes what was not sent yet of a message, and says whether there was anything. */
  constructor(initialTsn: number, abandonRest: (message: OutgoingMessage) => boolean) {
    this.#cumulativeTsn = initialTsn - 1;
    this.#abandonRest = abandonRest;
  }

  /** The last TSN that was acknowledged with all before it, not wrapped. */
  get cumulativeTsn(): number {
    return this.#cumulativeTsn;
  }

  /** The TSN that the next chunk gets, not wrapped. */
  get nextTsn(): number {
    return this.#cumulativeTsn + 1 + this.#chunks.length;
  }

  /** Bytes on their way. */
  get flyingBytes(): number {
    return this.#flyingBytes;
  }

  /** Bytes that are kept because they may have to be sent again. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** True if no chunk waits for acknowledgement. */
  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** How many chunks are to be sent again. */
  get lostCount(): number {
    return this.#lostCount;
  }

  /** Adds a fragment that is sent now. */
  add(fragment: Fragment, nowMs: number): SentChunk {
    const { message, flags, fragmentNumber, payload } = fragment;
    const chunk: SentChunk = {
      message,
      flags,
      fragmentNumber,
      payload,
      tsn: this.nextTsn,
      state: 'flying',
      misses: 0,
      transmissions: 1,
      sentMs: nowMs,
      isFastRetransmitted: false,
    };
    if (fragmentNumber === 0) message.firstTsn = chunk.tsn;
    message.lastTsn = chunk.tsn;
    this.#chunks.push(chunk);
    this.#flyingBytes += payload.length;
    this.#heldBytes += payload.length;
    return chunk;
  }

  /** The first chunk that is to be sent again and still worth it at `nowMs`. */
  nextLost(nowMs: number): SentChunk | undefined {
    if (this.#lostCount === 0) return undefined;
    for (let i = this.#indexOf(this.#firstLostTsn); i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i];
      if (chunk?.state !== 'lost' || this.#abandonIfDue(chunk, nowMs)) continue;
      this.#firstLostTsn = chunk.tsn;
      return chunk;
    }
    return undefined;
  }

  /** Notes that a lost chunk was sent again. */
  markSent(chunk: SentChunk, nowMs: number): void {
    this.#setState(chunk, 'flying');
    chunk.transmissions++;
    chunk.misses = 0;
    chunk.sentMs = nowMs;
  }

  /** Gives up everything on its way, because the timer has run out. */
  loseAll(nowMs: number): void {
    for (const chunk of this.#chunks) {
      if (chunk.state !== 'flying') continue;
      this.#setState(chunk, 'lost');
      chunk.misses = 0;
      this.#abandonIfDue(chunk, nowMs);
    }
  }

  /**
   * Takes an acknowledgement: a cumulative TSN as it is on the wire, and gap blocks (pairs of 16-bit offsets), all of
   * them in `gaps`. `isRecovering` tells fast recovery. Undefined if it is old, or acknowledges what was never sent.
   */
  acknowledge(
    wireTsn: number,
    gaps: DataView | undefined,
    isRecovering: boolean,
    nowMs: number,
  ): AckResult | undefined {
    const tsn = unwrap32(wireTsn, this.#cumulativeTsn);
    if (tsn < this.#cumulativeTsn || tsn >= this.nextTsn) return undefined;
    const tally = { ackedBytes: 0, highestTsn: -1, sample: undefined as AckResult['sample'] };
    const count = tsn - this.#cumulativeTsn;
    const isAdvanced = count > 0;
    for (const chunk of this.#chunks.splice(0, count)) {
      tallyAck(chunk, tally);
      this.#count(chunk, -1);
      this.#heldBytes -= chunk.payload.length;
    }
    this.#cumulativeTsn = tsn;
    let hasLoss = false;
    if (gaps !== undefined && gaps.byteLength > 0) {
      const last = this.#acknowledgeGaps(gaps, tally);
      const limit = isRecovering && isAdvanced ? last : tally.highestTsn;
      hasLoss = this.#countMisses(limit, nowMs);
    } else this.#takeBack(0);
    return { ackedBytes: tally.ackedBytes, isAdvanced, hasLoss, sample: tally.sample };
  }

  /** What the peer need not wait for any more, if there is any: abandoned chunks behind the cumulative TSN. */
  skipped(maxMessages: number): SkippedChunks | undefined {
    if (this.#abandonedCount === 0) return undefined;
    let tsn = this.#cumulativeTsn;
    const messages = new Map<number, SkippedMessage>();
    for (const { state, message, tsn: chunkTsn } of this.#chunks) {
      if (state !== 'abandoned') break;
      const { isUnordered, sequence } = message;
      const streamId = message.stream.id;
      const key = streamId * 2 + Number(isUnordered);
      if (!messages.has(key) && messages.size === maxMessages) break;
      messages.set(key, { streamId, isUnordered, sequence });
      tsn = chunkTsn;
    }
    return tsn === this.#cumulativeTsn ? undefined : { tsn, messages: [...messages.values()] };
  }

  /** Drops everything. */
  clear(): void {
    this.#chunks.length = 0;
    this.#flyingBytes = 0;
    this.#heldBytes = 0;
    this.#lostCount = 0;
    this.#abandonedCount = 0;
    this.#gapAckedCount = 0;
  }

  /** Returns the last TSN that the gap blocks name. Blocks out of order, or of what was never sent, are left out. */
  #acknowledgeGaps(gaps: DataView, tally: Tally): number {
    let done = 0;
    for (let at = 0; at + 4 <= gaps.byteLength; at += 4) {
      const start = gaps.getUint16(at);
      const end = gaps.getUint16(at + 2);
      if (start <= done || end < start || end > this.#chunks.length) break;
      this.#takeBackBetween(done, start - 1);
      for (let offset = start; offset <= end; offset++) {
        const chunk = this.#chunks[offset - 1];
        if (chunk === undefined) continue;
        tallyAck(chunk, tally);
        if (chunk.state !== 'abandoned') this.#setState(chunk, 'acked');
      }
      done = end;
    }
    this.#takeBack(done);
    return this.#cumulativeTsn + done;
  }

  #takeBack(offset: number): void {
    this.#takeBackBetween(offset, this.#chunks.length);
  }

  /** The peer has dropped what it had acknowledged with a gap block (RFC 9260 section 6.2.1): it is on its way again. */
  #takeBackBetween(from: number, to: number): void {
    for (let i = from; i < to && this.#gapAckedCount > 0; i++) {
      const chunk = this.#chunks[i];
      if (chunk?.state === 'acked') this.#setState(chunk, 'flying');
    }
  }

  /** RFC 9260 section 7.2.4: chunks below `limit` that are not acknowledged are missing once more. */
  #countMisses(limit: number, nowMs: number): boolean {
    let hasLoss = false;
    for (const chunk of this.#chunks) {
      if (chunk.tsn >= limit) break;
      if (chunk.state !== 'flying' || ++chunk.misses < MISSES_FOR_FAST_RETRANSMIT) continue;
      if (chunk.isFastRetransmitted) continue;
      chunk.isFastRetransmitted = true;
      this.#setState(chunk, 'lost');
      this.#abandonIfDue(chunk, nowMs);
      hasLoss = true;
    }
    return hasLoss;
  }

  /** Abandons the message of a lost chunk if it must not, or need not, be sent again (RFC 3758 section 3.5 A). */
  #abandonIfDue(chunk: SentChunk, nowMs: number): boolean {
    const { message } = chunk;
    if (!this.canAbandon) return false;
    if (chunk.transmissions <= message.maxRetransmits && nowMs < message.expiresMs) return false;
    this.#abandon(message, nowMs);
    return true;
  }

  #abandon(message: OutgoingMessage, nowMs: number): void {
    message.isAbandoned = true;
    if (this.#abandonRest(message)) {
      // What was sent may be acknowledged already. So that there is a TSN to tell the peer of, the end gets one.
      const flags = DataFlag.end | (message.isUnordered ? DataFlag.unordered : 0);
      this.add(
        { message, flags, fragmentNumber: message.fragments, payload: message.bytes.subarray(0, 0) },
        nowMs,
      );
    }
    for (let i = this.#indexOf(message.firstTsn); i <= this.#indexOf(message.lastTsn); i++) {
      const other = this.#chunks[i];
      if (other?.message === message) this.#setState(other, 'abandoned');
    }
  }

  /** Place of a chunk in the queue; 0 for what has left it. */
  #indexOf(tsn: number): number {
    return Math.max(0, tsn - this.#cumulativeTsn - 1);
  }

  #setState(chunk: SentChunk, state: SentChunk['state']): void {
    if (chunk.state === state) return;
    this.#count(chunk, -1);
    chunk.state = state;
    if (state === 'lost') this.#firstLostTsn = Math.min(this.#firstLostTsn, chunk.tsn);
    this.#count(chunk, 1);
  }

  #count({ state, payload }: SentChunk, sign: 1 | -1): void {
    if (state === 'flying') this.#flyingBytes += sign * payload.length;
    else if (state === 'lost') this.#lostCount += sign;
    else if (state === 'abandoned') this.#abandonedCount += sign;
    else this.#gapAckedCount += sign;
  }
}

interface Tally {
  ackedBytes: number;
  highestTsn: number;
  sample: AckResult['sample'];
}

/** Counts what is acknowledged now and was not before. */
function tallyAck(chunk: SentChunk, tally: Tally): void {
  if (chunk.state !== 'flying' && chunk.state !== 'lost') return;
  tally.ackedBytes += chunk.payload.length;
  tally.highestTsn = chunk.tsn;
  if (chunk.transmissions === 1) tally.sample = { tsn: chunk.tsn, sentMs: chunk.sentMs };
}
