/**
 * H.264 payload structures and format parameters. RFC 6184 sections 5.3 to 5.8 and 8.1.
 *
 * ```text
 * NAL unit header   STAP-A (type 24)                     FU-A (type 28)
 * +---------------+ +--------+--------+-----+--------+-- +--------------+---------------+--
 * |F|NRI|  Type   | | header | size 16| NAL | size 16|   | FU indicator | S|E|R|  Type  | data
 * +---------------+ +--------+--------+-----+--------+-- +--------------+---------------+--
 * ```
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import { baseLayer, type CodecDescriptor, noOffset } from './CodecDescriptor.ts';

const typeMask = 0x1f;
const idrSlice = 5;
const sequenceParameterSet = 7;
const stapA = 24;
const fuA = 28;
const fuStartBit = 0x80;

function startsKeyFrame(nalType: number): boolean {
  return nalType === idrSlice || nalType === sequenceParameterSet;
}

/**
 * Whether the packet holds a sequence parameter set or the start of an IDR picture: alone, in a STAP-A or as the first
 * fragment. An encoder that sends parameter sets in packets of their own gives two such packets per key frame.
 */
export function h264IsKeyFrame(memory: PacketMemory, at: number, length: number): boolean {
  if (length < 2) return false;
  const nalType = memory.view.getUint8(at) & typeMask;
  if (nalType === fuA) {
    const fuHeader = memory.view.getUint8(at + 1);
    return (fuHeader & fuStartBit) !== 0 && startsKeyFrame(fuHeader & typeMask);
  }
  return nalType === stapA ? stapHasKeyFrame(memory, at + 1, at + length) : startsKeyFrame(nalType);
}

function stapHasKeyFrame(memory: PacketMemory, first: number, end: number): boolean {
  let cursor = first;
  while (cursor + 2 < end) {
    const size = memory.view.getUint16(cursor);
    if (startsKeyFrame(memory.view.getUint8(cursor + 2) & typeMask)) return true;
    cursor += 2 + size;
  }
  return false;
}

/** H.264. */
export const h264: CodecDescriptor = {
  name: 'H264',
  kind: 'video',
  clockRate: 90_000,
  isKeyFrame: h264IsKeyFrame,
  pictureIdOffset: noOffset,
  tl0PicIdxOffset: noOffset,
  temporalLayer: baseLayer,
};

/** Profiles that a profile-level-id can name. */
export type H264Profile =
  | 'constrained-baseline'
  | 'baseline'
  | 'extended'
  | 'main'
  | 'constrained-high'
  | 'high'
  | 'high-10'
  | 'high-422'
  | 'high-444-predictive'
  | 'high-10-intra'
  | 'high-422-intra'
  | 'high-444-intra'
  | 'cavlc-444-intra';

/** What a profile-level-id says. */
export interface H264ProfileLevel {
  /** Profile by name. */
  readonly profile: H264Profile;
  /** level_idc: ten times the level (31 = level 3.1); 9 for level 1b. */
  readonly level: number;
}

/** profile_idc, mask over profile_iop, value under the mask, profile: RFC 6184 section 8.1, table 5. First match wins. */
const profiles: readonly (readonly [number, number, number, H264Profile])[] = [
  [0x42, 0x4f, 0x40, 'constrained-baseline'],
  [0x4d, 0x8f, 0x80, 'constrained-baseline'],
  [0x58, 0xcf, 0xc0, 'constrained-baseline'],
  [0x42, 0x4f, 0x00, 'baseline'],
  [0x58, 0xcf, 0x80, 'baseline'],
  [0x4d, 0xaf, 0x00, 'main'],
  [0x58, 0xcf, 0x00, 'extended'],
  [0x64, 0xff, 0x00, 'high'],
  // Not in the table but sent by browsers: constraint_set4 and 5, ITU-T H.264 section A.2.4.2.
  [0x64, 0xff, 0x0c, 'constrained-high'],
  [0x6e, 0xff, 0x00, 'high-10'],
  [0x7a, 0xff, 0x00, 'high-422'],
  [0xf4, 0xff, 0x00, 'high-444-predictive'],
  [0x6e, 0xff, 0x10, 'high-10-intra'],
  [0x7a, 0xff, 0x10, 'high-422-intra'],
  [0xf4, 0xff, 0x10, 'high-444-intra'],
  [0x2c, 0xff, 0x10, 'cavlc-444-intra'],
];

// RFC 6184 section 8.1: what a missing profile-level-id means (Baseline, level 1).
const defaultProfileLevelId = '42000a';
const constraintSet3 = 0x10;
const level11 = 11;
const level1b = 9;

/** The profile and level of six hexadecimal digits (missing: Baseline level 1), or undefined if they name none. */
export function parseProfileLevelId(text: string = defaultProfileLevelId): H264ProfileLevel | undefined {
  if (!/^[0-9a-fA-F]{6}$/.test(text)) return undefined;
  const idc = Number.parseInt(text.slice(0, 2), 16);
  const iop = Number.parseInt(text.slice(2, 4), 16);
  const level = Number.parseInt(text.slice(4, 6), 16);
  const found = profiles.find(([profileIdc, mask, value]) => profileIdc === idc && (iop & mask) === value);
  if (found === undefined) return undefined;
  // Level 1b of the baseline, main and extended profiles is level_idc 11 with constraint_set3.
  const is1b = level === level11 && (iop & constraintSet3) !== 0 && [0x42, 0x4d, 0x58].includes(idc);
  return { profile: found[3], level: is1b ? level1b : level };
}
