/**
 * H.265 payload structures. RFC 7798 section 4.4. Streams with DONL fields (sprop-max-don-diff > 0) are not expected.
 *
 * ```text
 * NAL unit header, 2 bytes          AP (type 48)                       FU (type 49)
 * +-+-----------+-----------+-----+ +--------+--------+-----+--------+ +--------+---------------+--
 * |F|   Type    |  LayerId  | TID | | header | size 16| NAL | size 16| | header | S|E|  FuType  | data
 * +-+-----------+-----------+-----+ +--------+--------+-----+--------+ +--------+---------------+--
 * ```
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import { type CodecDescriptor, noOffset } from './CodecDescriptor.ts';

const firstIrap = 16;
const lastIrap = 21;
const videoParameterSet = 32;
const sequenceParameterSet = 33;
const aggregationPacket = 48;
const fragmentationUnit = 49;
const fuStartBit = 0x80;
const fuTypeMask = 0x3f;

function typeOf(firstHeaderByte: number): number {
  return (firstHeaderByte >> 1) & 0x3f;
}

function startsKeyFrame(nalType: number): boolean {
  return (
    (nalType >= firstIrap && nalType <= lastIrap) ||
    nalType === videoParameterSet ||
    nalType === sequenceParameterSet
  );
}

/** Whether the packet holds a parameter set or the start of an IRAP picture (IDR, CRA, BLA). */
export function h265IsKeyFrame(memory: PacketMemory, at: number, length: number): boolean {
  if (length < 3) return false;
  const nalType = typeOf(memory.view.getUint8(at));
  if (nalType === fragmentationUnit) {
    const fuHeader = memory.view.getUint8(at + 2);
    return (fuHeader & fuStartBit) !== 0 && startsKeyFrame(fuHeader & fuTypeMask);
  }
  return nalType === aggregationPacket
    ? aggregationHasKeyFrame(memory, at + 2, at + length)
    : startsKeyFrame(nalType);
}

function aggregationHasKeyFrame(memory: PacketMemory, first: number, end: number): boolean {
  let cursor = first;
  while (cursor + 2 < end) {
    const size = memory.view.getUint16(cursor);
    if (startsKeyFrame(typeOf(memory.view.getUint8(cursor + 2)))) return true;
    cursor += 2 + size;
  }
  return false;
}

/** Temporal layer: nuh_temporal_id_plus1 - 1, 0..6. */
export function h265TemporalLayer(memory: PacketMemory, at: number, length: number): number {
  return length < 2 ? 0 : Math.max(0, (memory.view.getUint8(at + 1) & 7) - 1);
}

/** H.265. */
export const h265: CodecDescriptor = {
  name: 'H265',
  kind: 'video',
  clockRate: 90_000,
  isKeyFrame: h265IsKeyFrame,
  pictureIdOffset: noOffset,
  tl0PicIdxOffset: noOffset,
  temporalLayer: h265TemporalLayer,
};
