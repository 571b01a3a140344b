/**
 * What is known about the packets received since the last flush, found out once for all consumers.
 * @module
 */
import {
  type CodecDescriptor,
  findHeaderExtension,
  type PacketMemory,
  readAudioLevel,
  readPictureId,
  readVoiceActivity,
  rtpFixedHeaderLength,
  writePictureId,
} from '@rivero/rtp';
import type { SourceStart } from './StreamContinuity.ts';

/** Packets of one producer that are forwarded in one go. */
const maxBatchPackets = 64;

const paddingBit = 0x20;
const versionAndPaddingMask = 0xe0;
const csrcCountMask = 0x0f;

/**
 * Packets as parallel arrays: index `i` of each belongs to packet `i`. Only `add` and `clear` write to them.
 * The packets themselves lie in the packet memory and are valid until the flush.
 */
export class PacketBatch {
  /** Packets in the batch. */
  count = 0;
  /** Offset of each payload in the packet memory. */
  readonly payloadAt: Int32Array = new Int32Array(maxBatchPackets);
  /** Bytes of each payload, padding included. */
  readonly payloadLength: Int32Array = new Int32Array(maxBatchPackets);
  /** Sequence number, as received. */
  readonly sequenceNumber: Uint16Array = new Uint16Array(maxBatchPackets);
  /** Timestamp, clock ticks, as received; the 32 bits as a signed number. */
  readonly timestamp: Int32Array = new Int32Array(maxBatchPackets);
  /** Payload type, as received. */
  readonly payloadType: Uint8Array = new Uint8Array(maxBatchPackets);
  /** First 32 bits of the header with version, P, CC and M; zero where X, payload type and number go. */
  readonly headerBits: Int32Array = new Int32Array(maxBatchPackets);
  /** Offset of the contributing sources in the packet memory. */
  readonly csrcAt: Int32Array = new Int32Array(maxBatchPackets);
  /** Contributing sources, 0..15. */
  readonly csrcCount: Uint8Array = new Uint8Array(maxBatchPackets);
  /** 1 if a decoder can start at this packet. */
  readonly isKeyFrame: Uint8Array = new Uint8Array(maxBatchPackets);
  /** The byte of the audio-level extension (RFC 6464), or -1. */
  readonly audioLevel: Int16Array = new Int16Array(maxBatchPackets);
  /** Offset of the picture id in the packet memory, or -1. */
  readonly pictureIdAt: Int32Array = new Int32Array(maxBatchPackets);
  /** Picture id, as received, or -1. */
  readonly pictureId: Int16Array = new Int16Array(maxBatchPackets);
  /** Offset of TL0PICIDX in the packet memory, or -1. */
  readonly tl0PicIdxAt: Int32Array = new Int32Array(maxBatchPackets);
  /** TL0PICIDX, as received, or -1. */
  readonly tl0PicIdx: Int16Array = new Int16Array(maxBatchPackets);

  /** Whether no packet fits any more. */
  get isFull(): boolean {
    return this.count === maxBatchPackets;
  }

  /** Forgets all packets. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Describes the packet of `length` bytes at `at`, whose header `rtpHeaderLength` has accepted, and returns its
   * index. The batch must not be full. `audioLevelId` is the id of that extension, 0 for none.
   */
  add(
    memory: PacketMemory,
    at: number,
    length: number,
    headerLength: number,
    codec: CodecDescriptor,
    audioLevelId: number,
  ): number {
    const i = this.count++;
    const { view } = memory;
    const first = view.getUint8(at);
    const second = view.getUint8(at + 1);
    this.payloadAt[i] = at + headerLength;
    this.payloadLength[i] = length - headerLength;
    this.sequenceNumber[i] = view.getUint16(at + 2);
    this.timestamp[i] = view.getInt32(at + 4);
    this.payloadType[i] = second & 0x7f;
    this.headerBits[i] = ((first & (versionAndPaddingMask | csrcCountMask)) << 24) | ((second & 0x80) << 16);
    this.csrcAt[i] = at + rtpFixedHeaderLength;
    this.csrcCount[i] = first & csrcCountMask;
    this.audioLevel[i] = audioLevelId === 0 ? -1 : audioLevelByte(memory, at, headerLength, audioLevelId);
    const padding = (first & paddingBit) === 0 ? 0 : view.getUint8(at + length - 1);
    this.#describePayload(memory, i, length - headerLength - padding, codec);
    return i;
  }

  /** The numbers of packet `i`, for a consumer that starts with it. */
  numbersOf(i: number): SourceStart {
    return {
      sequenceNumber: this.sequenceNumber[i] ?? 0,
      timestamp: this.timestamp[i] ?? 0,
      pictureId: this.pictureId[i] ?? -1,
      tl0PicIdx: this.tl0PicIdx[i] ?? -1,
    };
  }

  /** Writes the received picture id and TL0PICIDX of packet `i` back over those of a consumer. */
  restore(memory: PacketMemory, i: number): void {
    const pictureIdAt = this.pictureIdAt[i] ?? -1;
    if (pictureIdAt >= 0) writePictureId(memory, pictureIdAt, this.pictureId[i] ?? 0);
    const tl0PicIdxAt = this.tl0PicIdxAt[i] ?? -1;
    if (tl0PicIdxAt >= 0) memory.view.setUint8(tl0PicIdxAt, this.tl0PicIdx[i] ?? 0);
  }

  #describePayload(memory: PacketMemory, i: number, length: number, codec: CodecDescriptor): void {
    const at = this.payloadAt[i] ?? 0;
    this.isKeyFrame[i] = length > 0 && codec.isKeyFrame(memory, at, length) ? 1 : 0;
    const pictureIdAt = codec.pictureIdOffset(memory, at, length);
    this.pictureIdAt[i] = pictureIdAt;
    this.pictureId[i] = pictureIdAt < 0 ? -1 : readPictureId(memory, pictureIdAt);
    const tl0PicIdxAt = codec.tl0PicIdxOffset(memory, at, length);
    this.tl0PicIdxAt[i] = tl0PicIdxAt;
    this.tl0PicIdx[i] = tl0PicIdxAt < 0 ? -1 : memory.view.getUint8(tl0PicIdxAt);
  }
}

function audioLevelByte(memory: PacketMemory, at: number, headerLength: number, id: number): number {
  const dataAt = findHeaderExtension(memory, at, headerLength, id);
  if (dataAt < 0) return -1;
  return (readVoiceActivity(memory, dataAt) ? 0x80 : 0) | readAudioLevel(memory, dataAt);
}
