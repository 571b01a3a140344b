/**
 * AV1 aggregation header. "RTP Payload Format For AV1" version 1.0, section 4.4. The dependency descriptor is not read.
 *
 * ```text
 *  0 1 2 3 4 5 6 7      then OBU elements; each but the last of W has its length in front (leb128),
 * +-+-+-+-+-+-+-+-+     with W = 0 every one has. Z: the first continues one of the packet before.
 * |Z|Y| W |N|-|-|-|     N: first packet of a coded video sequence.
 * +-+-+-+-+-+-+-+-+
 * ```
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import { baseLayer, type CodecDescriptor, noOffset } from './CodecDescriptor.ts';

const continuationBit = 0x80;
const newSequenceBit = 0x08;
const obuSequenceHeader = 1;
// AV1 specification section 4.10.5: a leb128 number has at most 8 bytes; sizes of a packet need 3.
const maxLeb128Bytes = 3;

/**
 * Whether the packet begins a coded video sequence, hence a key frame: the N bit, or an OBU sequence header for
 * payloaders that forget N.
 */
export function av1IsKeyFrame(memory: PacketMemory, at: number, length: number): boolean {
  if (length < 2) return false;
  const header = memory.view.getUint8(at);
  if ((header & continuationBit) !== 0) return false;
  return (header & newSequenceBit) !== 0 || hasSequenceHeader(memory, at + 1, at + length, (header >> 4) & 3);
}

function hasSequenceHeader(memory: PacketMemory, first: number, end: number, elementCount: number): boolean {
  let cursor = first;
  for (let i = 1; cursor < end; i++) {
    let size = end - cursor;
    if (i !== elementCount) {
      size = 0;
      let digit = 0;
      let byte = 0x80;
      while ((byte & 0x80) !== 0) {
        if (cursor >= end || digit === maxLeb128Bytes) return false;
        byte = memory.view.getUint8(cursor++);
        size |= (byte & 0x7f) << (7 * digit++);
      }
    }
    if (size > 0 && cursor < end && ((memory.view.getUint8(cursor) >> 3) & 0x0f) === obuSequenceHeader)
      return true;
    cursor += size;
  }
  return false;
}

/** AV1. */
export const av1: CodecDescriptor = {
  name: 'AV1',
  kind: 'video',
  clockRate: 90_000,
  isKeyFrame: av1IsKeyFrame,
  pictureIdOffset: noOffset,
  tl0PicIdxOffset: noOffset,
  temporalLayer: baseLayer,
};
