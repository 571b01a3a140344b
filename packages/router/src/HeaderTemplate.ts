/**
 * Lays out the RTP headers of one outgoing SSRC. RFC 3550 section 5.1, RFC 8285 section 4.2.
 *
 * Everything that stays the same is prepared, so that a header costs a few writes of 32 bits:
 *
 * ```text
 * | V P X CC M PT  sequence number |
 * | timestamp                      |
 * | SSRC                           |
 * | CSRCs, if the source has any   |
 * | 0xBEDE           | words       |  if any extension was negotiated
 * | id 2 | abs-send-time (24)      |
 * | id 0 | level | 0 | 0           |  zeros when the source packet has no level
 * | id n | mid ... padding         |
 * ```
 * @module
 */
import { type HeaderExtensionIds, midBytes, type PacketMemory, rtpFixedHeaderLength } from '@rivero/rtp';
import type { PacketBatch } from './PacketBatch.ts';

const oneByteProfile = 0xbede;
const extensionBit = 1 << 28;

/** Writes headers for one SSRC. Headers without CSRCs all have the same length. */
export class HeaderTemplate {
  readonly #ssrc: number;
  readonly #absSendTimeHead: number;
  readonly #audioLevelHead: number;
  readonly #midWords: Int32Array;
  readonly #extensionHead: number;
  readonly #firstBits: number;

  /** A mid that does not fit a one-byte element (16 ASCII characters) is left out. */
  constructor(ssrc: number, mid: string, ids: HeaderExtensionIds) {
    this.#ssrc = ssrc | 0;
    this.#absSendTimeHead = ids.absSendTime === undefined ? 0 : ((ids.absSendTime << 4) | 2) << 24;
    this.#audioLevelHead = ids.audioLevel === undefined ? 0 : (ids.audioLevel << 4) << 24;
    this.#midWords = midWords(mid, ids.mid ?? 0);
    const words =
      (this.#absSendTimeHead === 0 ? 0 : 1) + (this.#audioLevelHead === 0 ? 0 : 1) + this.#midWords.length;
    this.#extensionHead = words === 0 ? 0 : (oneByteProfile << 16) | words;
    this.#firstBits = words === 0 ? 0 : extensionBit;
  }

  /**
   * Writes the header of packet `i` of `batch` at `at` and returns its length, bytes. `payloadType`,
   * `sequenceNumber` (0..65535) and `timestamp` are those of this stream; `absSendTime` is used if negotiated.
   */
  write(
    memory: PacketMemory,
    at: number,
    batch: PacketBatch,
    i: number,
    payloadType: number,
    sequenceNumber: number,
    timestamp: number,
    absSendTime: number,
  ): number {
    const { view } = memory;
    const bits = (batch.headerBits[i] ?? 0) | this.#firstBits | (payloadType << 16) | sequenceNumber;
    view.setInt32(at, bits);
    view.setInt32(at + 4, timestamp);
    view.setInt32(at + 8, this.#ssrc);
    let cursor = at + rtpFixedHeaderLength;
    const csrcCount = batch.csrcCount[i] ?? 0;
    const csrcAt = batch.csrcAt[i] ?? 0;
    for (let n = 0; n < csrcCount; n++, cursor += 4) view.setInt32(cursor, view.getInt32(csrcAt + 4 * n));
    if (this.#extensionHead === 0) return cursor - at;
    return this.#writeExtensions(view, cursor, absSendTime, batch.audioLevel[i] ?? -1) - at;
  }

  #writeExtensions(view: DataView, at: number, absSendTime: number, audioLevel: number): number {
    let cursor = at;
    view.setInt32(cursor, this.#extensionHead);
    cursor += 4;
    if (this.#absSendTimeHead !== 0) {
      view.setInt32(cursor, this.#absSendTimeHead | absSendTime);
      cursor += 4;
    }
    if (this.#audioLevelHead !== 0) {
      view.setInt32(cursor, audioLevel < 0 ? 0 : this.#audioLevelHead | (audioLevel << 16));
      cursor += 4;
    }
    for (let n = 0; n < this.#midWords.length; n++, cursor += 4)
      view.setInt32(cursor, this.#midWords[n] ?? 0);
    return cursor;
  }
}

/** The mid element, padded with zero bytes to whole words; empty if `id` is 0 or the mid does not fit. */
function midWords(mid: string, id: number): Int32Array {
  const data = id === 0 ? undefined : midBytes(mid);
  if (data === undefined) return new Int32Array(0);
  const words = new Int32Array(Math.ceil((1 + data.length) / 4));
  const view = new DataView(new ArrayBuffer(4 * words.length));
  view.setUint8(0, (id << 4) | (data.length - 1));
  data.forEach((byte, i) => view.setUint8(1 + i, byte));
  for (let n = 0; n < words.length; n++) words[n] = view.getInt32(4 * n);
  return words;
}
