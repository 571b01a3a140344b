/**
 * VP9 payload descriptor. RFC 9628 section 4.2.
 *
 * ```text
 *       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |I|P|L|F|B|E|V|Z|
 *      +-+-+-+-+-+-+-+-+
 * I:   |M| PICTURE ID  |
 *      +-+-+-+-+-+-+-+-+
 * M:   | EXTENDED PID  |
 *      +-+-+-+-+-+-+-+-+
 * L:   | TID |U| SID |D|
 *      +-+-+-+-+-+-+-+-+
 * L,F=0|   TL0PICIDX   |
 *      +-+-+-+-+-+-+-+-+
 * ```
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import type { CodecDescriptor } from './CodecDescriptor.ts';

const pictureIdBit = 0x80;
const interPredictedBit = 0x40;
const layerIndicesBit = 0x20;
const flexibleModeBit = 0x10;
const startOfFrameBit = 0x08;
const longPictureIdBit = 0x80;

/** Offset of the picture id, or -1 if there is none. */
export function vp9PictureIdOffset(memory: PacketMemory, at: number, length: number): number {
  if (length < 2 || (memory.view.getUint8(at) & pictureIdBit) === 0) return -1;
  const idLength = (memory.view.getUint8(at + 1) & longPictureIdBit) === 0 ? 1 : 2;
  return 1 + idLength <= length ? at + 1 : -1;
}

/** Offset of the byte of layer indices, or -1 if there is none. */
function layerIndicesOffset(memory: PacketMemory, at: number, length: number): number {
  if (length < 2) return -1;
  const flags = memory.view.getUint8(at);
  if ((flags & layerIndicesBit) === 0) return -1;
  let offset = at + 1;
  if ((flags & pictureIdBit) !== 0) {
    offset += (memory.view.getUint8(at + 1) & longPictureIdBit) === 0 ? 1 : 2;
  }
  return offset < at + length ? offset : -1;
}

/** Offset of TL0PICIDX, or -1 if there is none (always so in flexible mode). */
export function vp9Tl0PicIdxOffset(memory: PacketMemory, at: number, length: number): number {
  const layers = layerIndicesOffset(memory, at, length);
  if (layers < 0 || (memory.view.getUint8(at) & flexibleModeBit) !== 0) return -1;
  return layers + 1 < at + length ? layers + 1 : -1;
}

/** Temporal layer (TID), 0..7; 0 if the packet does not say. */
export function vp9TemporalLayer(memory: PacketMemory, at: number, length: number): number {
  const layers = layerIndicesOffset(memory, at, length);
  return layers < 0 ? 0 : memory.view.getUint8(layers) >> 5;
}

/** Spatial layer (SID), 0..7; 0 if the packet does not say. */
export function vp9SpatialLayer(memory: PacketMemory, at: number, length: number): number {
  const layers = layerIndicesOffset(memory, at, length);
  return layers < 0 ? 0 : (memory.view.getUint8(layers) >> 1) & 7;
}

/**
 * Whether the packet is the first of a key picture: start of a frame (B = 1), not predicted from an earlier picture
 * (P = 0), lowest spatial layer (the higher ones of a key picture need that one).
 */
export function vp9IsKeyFrame(memory: PacketMemory, at: number, length: number): boolean {
  if (length < 2) return false;
  const flags = memory.view.getUint8(at);
  if ((flags & (startOfFrameBit | interPredictedBit)) !== startOfFrameBit) return false;
  return vp9SpatialLayer(memory, at, length) === 0;
}

/** VP9. */
export const vp9: CodecDescriptor = {
  name: 'VP9',
  kind: 'video',
  clockRate: 90_000,
  isKeyFrame: vp9IsKeyFrame,
  pictureIdOffset: vp9PictureIdOffset,
  tl0PicIdxOffset: vp9Tl0PicIdxOffset,
  temporalLayer: vp9TemporalLayer,
};
