/**
 * What the router asks of a codec's payload, so that it need not know codecs by name.
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import type { MediaKind } from '../RtpCodec.ts';

/** Reads something out of the payload of `length` bytes at `at`, padding excluded. Must not throw, whatever the bytes. */
export type PayloadReader<T> = (memory: PacketMemory, at: number, length: number) => T;

/** Facts about one codec and the readers of its RTP payload. */
export interface CodecDescriptor {
  /** Canonical name in upper case, as in `RtpCodec.name`. */
  readonly name: string;
  /** Audio or video. */
  readonly kind: MediaKind;
  /** Usual RTP clock rate, Hz. */
  readonly clockRate: number;
  /** Whether this packet begins something that can be decoded without what came before. Audio: always. */
  readonly isKeyFrame: PayloadReader<boolean>;
  /**
   * Offset in the memory of the picture id, or -1 if there is none. If the top bit of that byte is set the id has
   * 15 bits in two bytes, else 7 bits in one. Read and write it with `readPictureId` and `writePictureId`.
   */
  readonly pictureIdOffset: PayloadReader<number>;
  /** Offset in the memory of the 8-bit TL0PICIDX, or -1 if there is none. */
  readonly tl0PicIdxOffset: PayloadReader<number>;
  /** Temporal layer, 0 for the base and for packets that do not say. */
  readonly temporalLayer: PayloadReader<number>;
}

/** For codecs without picture ids: always -1. */
export const noOffset: PayloadReader<number> = () => -1;
/** For codecs without temporal layers: always 0. */
export const baseLayer: PayloadReader<number> = () => 0;
/** For audio: every packet can be decoded. */
export const alwaysKeyFrame: PayloadReader<boolean> = () => true;

/** The picture id at `offset`: 15 bits or 7, see `isLongPictureId`. */
export function readPictureId(memory: PacketMemory, offset: number): number {
  return isLongPictureId(memory, offset)
    ? memory.view.getUint16(offset) & 0x7fff
    : memory.view.getUint8(offset);
}

/** Whether the picture id at `offset` has 15 bits (the M bit) instead of 7. */
export function isLongPictureId(memory: PacketMemory, offset: number): boolean {
  return (memory.view.getUint8(offset) & 0x80) !== 0;
}

/** Writes the low bits of `pictureId` at `offset` in the width that stands there. */
export function writePictureId(memory: PacketMemory, offset: number, pictureId: number): void {
  if (isLongPictureId(memory, offset)) memory.view.setUint16(offset, 0x8000 | (pictureId & 0x7fff));
  else memory.view.setUint8(offset, pictureId & 0x7f);
}
