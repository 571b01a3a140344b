/**
 * VP8 payload descriptor. RFC 7741 section 4.2.
 *
 * ```text
 *       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |X|R|N|S|R| PID |
 *      +-+-+-+-+-+-+-+-+
 * X:   |I|L|T|K| RSV   |
 *      +-+-+-+-+-+-+-+-+
 * I:   |M| PictureID   |
 *      +-+-+-+-+-+-+-+-+
 * M:   |   PictureID   |
 *      +-+-+-+-+-+-+-+-+
 * L:   |   TL0PICIDX   |
 *      +-+-+-+-+-+-+-+-+
 * T/K: |TID|Y| KEYIDX  |
 *      +-+-+-+-+-+-+-+-+
 * ```
 *
 * Behind it, in the first packet of a frame, the payload header of section 4.3 whose lowest bit P is 0 for a key frame.
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import type { CodecDescriptor } from './CodecDescriptor.ts';

const extensionBit = 0x80;
const startOfPartitionBit = 0x10;
const partitionMask = 0x07;
const pictureIdBit = 0x80;
const tl0PicIdxBit = 0x40;
const temporalLayerBit = 0x20;
const keyIndexBit = 0x10;
const longPictureIdBit = 0x80;
const interFrameBit = 0x01;

/** The byte of I, L, T and K, or 0 without an extension (or without room for one). */
function extensionFlags(memory: PacketMemory, at: number, length: number): number {
  if (length < 2 || (memory.view.getUint8(at) & extensionBit) === 0) return 0;
  return memory.view.getUint8(at + 1);
}

/** Offset of the picture id, or -1 if there is none. */
export function vp8PictureIdOffset(memory: PacketMemory, at: number, length: number): number {
  if ((extensionFlags(memory, at, length) & pictureIdBit) === 0 || length < 3) return -1;
  const idLength = (memory.view.getUint8(at + 2) & longPictureIdBit) === 0 ? 1 : 2;
  return 2 + idLength <= length ? at + 2 : -1;
}

/** Offset behind the picture id: 2 or more from the start of an extended descriptor. May lie beyond the payload. */
function afterPictureId(memory: PacketMemory, at: number, length: number, flags: number): number {
  if ((flags & pictureIdBit) === 0) return at + 2;
  const isLong = length > 2 && (memory.view.getUint8(at + 2) & longPictureIdBit) !== 0;
  return at + (isLong ? 4 : 3);
}

/** Offset of TL0PICIDX, or -1 if there is none. */
export function vp8Tl0PicIdxOffset(memory: PacketMemory, at: number, length: number): number {
  const flags = extensionFlags(memory, at, length);
  if ((flags & tl0PicIdxBit) === 0) return -1;
  const offset = afterPictureId(memory, at, length, flags);
  return offset < at + length ? offset : -1;
}

/** Temporal layer index (TID), 0..3; 0 if the packet does not say. */
export function vp8TemporalLayer(memory: PacketMemory, at: number, length: number): number {
  const flags = extensionFlags(memory, at, length);
  if ((flags & temporalLayerBit) === 0) return 0;
  const offset = afterPictureId(memory, at, length, flags) + ((flags & tl0PicIdxBit) === 0 ? 0 : 1);
  return offset < at + length ? memory.view.getUint8(offset) >> 6 : 0;
}

/** Bytes of the descriptor, or -1 if it does not fit the payload or leaves nothing behind it. */
export function vp8DescriptorLength(memory: PacketMemory, at: number, length: number): number {
  if (length < 1) return -1;
  let descriptorLength = 1;
  if ((memory.view.getUint8(at) & extensionBit) !== 0) {
    if (length < 2) return -1;
    const flags = memory.view.getUint8(at + 1);
    descriptorLength = afterPictureId(memory, at, length, flags) - at;
    if ((flags & tl0PicIdxBit) !== 0) descriptorLength += 1;
    if ((flags & (temporalLayerBit | keyIndexBit)) !== 0) descriptorLength += 1;
  }
  return descriptorLength < length ? descriptorLength : -1;
}

/** Whether the packet is the first of a key frame: S = 1, PID = 0, P = 0. */
export function vp8IsKeyFrame(memory: PacketMemory, at: number, length: number): boolean {
  if (length < 1) return false;
  if ((memory.view.getUint8(at) & (startOfPartitionBit | partitionMask)) !== startOfPartitionBit)
    return false;
  const descriptorLength = vp8DescriptorLength(memory, at, length);
  return descriptorLength > 0 && (memory.view.getUint8(at + descriptorLength) & interFrameBit) === 0;
}

/** VP8. */
export const vp8: CodecDescriptor = {
  name: 'VP8',
  kind: 'video',
  clockRate: 90_000,
  isKeyFrame: vp8IsKeyFrame,
  pictureIdOffset: vp8PictureIdOffset,
  tl0PicIdxOffset: vp8Tl0PicIdxOffset,
  temporalLayer: vp8TemporalLayer,
};
