/**
 * RTP header extensions in one-byte and two-byte form. RFC 8285 section 4.
 *
 * ```text
 * one-byte block (profile 0xBEDE)          two-byte block (profile 0x100x)
 *  0 1 2 3 4 5 6 7                          0                   1
 * +-+-+-+-+-+-+-+-+                         0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * |  ID   | len-1 | data ...               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * +-+-+-+-+-+-+-+-+                         |      ID       |      len      | data ...
 * ```
 *
 * A zero byte is padding. In one-byte form ID 15 ends the block.
 *
 * To rewrite a header: `copyRtpHeader`, `openHeaderExtensions`, then any of `copyMappedExtensions`,
 * `putHeaderExtension`, `putAbsSendTime`, and at last `closeHeaderExtensions`.
 * @module
 */
import type { PacketMemory } from './PacketMemory.ts';
import { readHasExtension, rtpHeaderLengthWithoutExtension, writeHasExtension } from './RtpHeader.ts';

const oneByteProfile = 0xbede;
const twoByteProfile = 0x1000;
// RFC 8285 section 4.3: the low four bits of the two-byte profile are application bits.
const twoByteProfileMask = 0xfff0;
const endOfBlockId = 15;

/** Bytes of the largest element that fits the one-byte form. */
export const maxOneByteElementLength = 16;

/** Byte offset of the first element, or -1 if there is no extension block of a form that we know. */
function firstElement(memory: PacketMemory, at: number): number {
  if (!readHasExtension(memory, at)) return -1;
  const block = at + rtpHeaderLengthWithoutExtension(memory, at);
  const profile = memory.view.getUint16(block);
  const known = profile === oneByteProfile || (profile & twoByteProfileMask) === twoByteProfile;
  return known ? block + 4 : -1;
}

/** Whether the block in front of `firstElementAt` has one-byte form. */
function isOneByteBlock(memory: PacketMemory, firstElementAt: number): boolean {
  return memory.view.getUint16(firstElementAt - 4) === oneByteProfile;
}

/**
 * Offset of the data of extension `id` in the header of `headerLength` bytes at `at`, or -1 if it has none.
 * Its length: `headerExtensionLength`. The data lies wholly inside the header.
 */
export function findHeaderExtension(
  memory: PacketMemory,
  at: number,
  headerLength: number,
  id: number,
): number {
  const first = firstElement(memory, at);
  if (first < 0) return -1;
  const end = at + headerLength;
  return isOneByteBlock(memory, first)
    ? findOneByte(memory, first, end, id)
    : findTwoByte(memory, first, end, id);
}

function findOneByte(memory: PacketMemory, first: number, end: number, id: number): number {
  let cursor = first;
  while (cursor < end) {
    const head = memory.view.getUint8(cursor++);
    if (head === 0) continue;
    const elementId = head >> 4;
    if (elementId === endOfBlockId) return -1;
    const length = (head & 0x0f) + 1;
    if (cursor + length > end) return -1;
    // RFC 8285 section 4.2: an element with ID 0 and a length is skipped, it is nobody's.
    if (elementId === id && id !== 0) return cursor;
    cursor += length;
  }
  return -1;
}

function findTwoByte(memory: PacketMemory, first: number, end: number, id: number): number {
  let cursor = first;
  while (cursor + 1 < end) {
    const elementId = memory.view.getUint8(cursor++);
    if (elementId === 0) continue;
    const length = memory.view.getUint8(cursor++);
    if (cursor + length > end) return -1;
    if (elementId === id) return cursor;
    cursor += length;
  }
  return -1;
}

/** Bytes of the extension whose data `findHeaderExtension` found at `dataAt` in the packet at `at`. */
export function headerExtensionLength(memory: PacketMemory, at: number, dataAt: number): number {
  const first = at + rtpHeaderLengthWithoutExtension(memory, at) + 4;
  const lengthByte = memory.view.getUint8(dataAt - 1);
  return isOneByteBlock(memory, first) ? (lengthByte & 0x0f) + 1 : lengthByte;
}

/**
 * Source id → id in the new header: 256 entries, index = source id, 0 = leave out. Ids of the new header are
 * those of the one-byte form, 1..14.
 */
export type HeaderExtensionMap = Uint8Array;

/** A map that leaves out every extension but the given `[source id, new id]` pairs. */
export function headerExtensionMap(pairs: Iterable<readonly [number, number]>): HeaderExtensionMap {
  const map = new Uint8Array(256);
  for (const [sourceId, id] of pairs) {
    if (sourceId > 0 && sourceId < 256 && id > 0 && id < endOfBlockId) map[sourceId] = id;
  }
  return map;
}

/**
 * Copies the fixed part and the CSRCs of the header at `from` to `to`, without its extension, and returns the
 * offset behind them. The regions must not overlap, except that `from` may equal `to`.
 */
export function copyRtpHeader(memory: PacketMemory, from: number, to: number): number {
  const length = rtpHeaderLengthWithoutExtension(memory, from);
  // Word by word: for 12 bytes this is faster than `copyWithin`.
  for (let offset = 0; offset < length; offset += 4) {
    memory.view.setInt32(to + offset, memory.view.getInt32(from + offset));
  }
  writeHasExtension(memory, to, false);
  return to + length;
}

/** Starts a one-byte block at `cursor`, where `copyRtpHeader` ended, and returns the offset of its first element. */
export function openHeaderExtensions(memory: PacketMemory, cursor: number): number {
  memory.view.setUint16(cursor, oneByteProfile);
  return cursor + 4;
}

/**
 * Writes the head of an element of `length` (1..16) bytes at `cursor`. The caller fills the data at
 * `cursor + 1`; the next element starts at the returned offset.
 */
export function putHeaderExtension(memory: PacketMemory, cursor: number, id: number, length: number): number {
  memory.view.setUint8(cursor, (id << 4) | (length - 1));
  return cursor + 1 + length;
}

/**
 * Pads the block that ends at `cursor`, writes its length and the X bit of the header at `to`, and returns the
 * length of the whole header. A block without elements is left out.
 */
export function closeHeaderExtensions(memory: PacketMemory, to: number, cursor: number): number {
  const block = to + rtpHeaderLengthWithoutExtension(memory, to);
  if (cursor === block + 4) return block - to;
  let end = cursor;
  while (((end - block) & 3) !== 0) memory.view.setUint8(end++, 0);
  memory.view.setUint16(block + 2, (end - block - 4) >> 2);
  writeHasExtension(memory, to, true);
  return end - to;
}

/**
 * Copies the extensions of the header of `headerLength` bytes at `from` that `map` names to `cursor` in
 * one-byte form, with their new ids, and returns the offset behind them. Elements that are empty or longer than
 * 16 bytes do not fit that form and are left out.
 */
export function copyMappedExtensions(
  memory: PacketMemory,
  from: number,
  headerLength: number,
  cursor: number,
  map: HeaderExtensionMap,
): number {
  const first = firstElement(memory, from);
  if (first < 0) return cursor;
  const oneByte = isOneByteBlock(memory, first);
  const headLength = oneByte ? 1 : 2;
  const end = from + headerLength;
  let source = first;
  let target = cursor;
  while (source + headLength <= end) {
    const head = memory.view.getUint8(source);
    if (head === 0) {
      source += 1;
      continue;
    }
    const sourceId = oneByte ? head >> 4 : head;
    if (oneByte && sourceId === endOfBlockId) break;
    const length = oneByte ? (head & 0x0f) + 1 : memory.view.getUint8(source + 1);
    source += headLength;
    if (source + length > end) break;
    target = copyElement(memory, source, length, target, map[sourceId] ?? 0);
    source += length;
  }
  return target;
}

function copyElement(
  memory: PacketMemory,
  source: number,
  length: number,
  target: number,
  id: number,
): number {
  if (id === 0 || length === 0 || length > maxOneByteElementLength) return target;
  const end = putHeaderExtension(memory, target, id, length);
  for (let i = 0; i < length; i++) memory.view.setUint8(target + 1 + i, memory.view.getUint8(source + i));
  return end;
}

/**
 * Lays out at `to` the header found at `from` with only the extensions that `map` names, CSRCs kept, and
 * returns its length. The new header is at most as long as the old one; the regions must not overlap.
 */
export function rewriteRtpHeader(
  memory: PacketMemory,
  from: number,
  headerLength: number,
  to: number,
  map: HeaderExtensionMap,
): number {
  const opened = openHeaderExtensions(memory, copyRtpHeader(memory, from, to));
  return closeHeaderExtensions(memory, to, copyMappedExtensions(memory, from, headerLength, opened, map));
}

/** Bytes of an abs-send-time element's data. */
export const absSendTimeLength = 3;

/**
 * `nowMs` as abs-send-time: 24 bits, 6.18 fixed-point seconds, so it wraps every 64 s.
 *
 * Definition: webrtc.org/experiments/rtp-hdrext/abs-send-time.
 */
export function absSendTimeOfMs(nowMs: number): number {
  return Math.floor((nowMs % 64_000) * 262.144) & 0xff_ffff;
}

/** Milliseconds, 0..64000, of a 24-bit abs-send-time. */
export function msOfAbsSendTime(absSendTime: number): number {
  return absSendTime / 262.144;
}

/** The abs-send-time in the 3 bytes at `dataAt`: 24 bits, 6.18 fixed-point seconds. */
export function readAbsSendTime(memory: PacketMemory, dataAt: number): number {
  return (memory.view.getUint8(dataAt) << 16) | memory.view.getUint16(dataAt + 1);
}

/** Writes a 24-bit abs-send-time to the 3 bytes at `dataAt`. */
export function writeAbsSendTime(memory: PacketMemory, dataAt: number, absSendTime: number): void {
  memory.view.setUint8(dataAt, absSendTime >> 16);
  memory.view.setUint16(dataAt + 1, absSendTime);
}

/** Appends an abs-send-time element with the 24-bit value `absSendTime`; returns where the next element starts. */
export function putAbsSendTime(
  memory: PacketMemory,
  cursor: number,
  id: number,
  absSendTime: number,
): number {
  writeAbsSendTime(memory, cursor + 1, absSendTime);
  return putHeaderExtension(memory, cursor, id, absSendTimeLength);
}

/** Appends an element with a copy of `data` (1..16 bytes), for instance a mid; returns where the next one starts. */
export function putHeaderExtensionData(
  memory: PacketMemory,
  cursor: number,
  id: number,
  data: Uint8Array,
): number {
  for (let i = 0; i < data.length; i++) memory.view.setUint8(cursor + 1 + i, data[i] ?? 0);
  return putHeaderExtension(memory, cursor, id, data.length);
}

/**
 * The mid in the `length` bytes at `dataAt`. RFC 9143 section 15.
 * Allocates a string: use it for the first packet of an SSRC, not for each.
 */
export function readMid(memory: PacketMemory, dataAt: number, length: number): string {
  let mid = '';
  // An SDP token is ASCII (RFC 8866 section 9), so each byte is one character.
  for (let i = 0; i < length; i++) mid += String.fromCharCode(memory.view.getUint8(dataAt + i));
  return mid;
}

/** The bytes of a mid for `putHeaderExtensionData`; undefined if it is empty, not ASCII, or longer than 16 bytes. */
export function midBytes(mid: string): Uint8Array | undefined {
  if (mid.length === 0 || mid.length > maxOneByteElementLength) return undefined;
  const bytes = new Uint8Array(mid.length);
  for (let i = 0; i < mid.length; i++) {
    const code = mid.charCodeAt(i);
    if (code > 0x7e) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/** Audio level of the packet in -dBov: 0 is the loudest, 127 is silence. RFC 6464 section 3. */
export function readAudioLevel(memory: PacketMemory, dataAt: number): number {
  return memory.view.getUint8(dataAt) & 0x7f;
}

/** Whether the sender believes that the packet holds voice (the V bit). RFC 6464 section 3. */
export function readVoiceActivity(memory: PacketMemory, dataAt: number): boolean {
  return (memory.view.getUint8(dataAt) & 0x80) !== 0;
}
