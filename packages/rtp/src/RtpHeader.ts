/**
 * Reads and writes RTP headers in place, without an object per packet. RFC 3550 section 5.1.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |            contributing source (CSRC) identifiers, CC of them |
 * |  extension: profile (16)      |  length (16), 32-bit words    |  if X
 * ```
 *
 * `at` is always the offset of the first byte of the packet. Only `rtpHeaderLength` checks; the readers and
 * writers expect a packet that it accepted.
 * @module
 */
import type { PacketMemory } from './PacketMemory.ts';

/** Bytes of the fixed part of the header. */
export const rtpFixedHeaderLength = 12;

const versionMask = 0xc0;
const version2 = 0x80;
const paddingBit = 0x20;
const extensionBit = 0x10;
const csrcCountMask = 0x0f;
const markerBit = 0x80;
const payloadTypeMask = 0x7f;
const sequenceNumberOffset = 2;
const timestampOffset = 4;
const ssrcOffset = 8;

/**
 * Bytes of the header, CSRCs and extension included, of the packet of `length` bytes at `at`, or -1 if it is
 * malformed: wrong version, a header that does not fit, or padding that does not fit.
 */
export function rtpHeaderLength(memory: PacketMemory, at: number, length: number): number {
  if (length < rtpFixedHeaderLength || at < 0 || at + length > memory.bytes.length) return -1;
  const first = memory.view.getUint8(at);
  if ((first & versionMask) !== version2) return -1;
  let headerLength = rtpFixedHeaderLength + 4 * (first & csrcCountMask);
  if ((first & extensionBit) !== 0) {
    if (headerLength + 4 > length) return -1;
    headerLength += 4 + 4 * memory.view.getUint16(at + headerLength + 2);
  }
  if (headerLength > length) return -1;
  if ((first & paddingBit) !== 0) {
    const padding = memory.view.getUint8(at + length - 1);
    if (padding === 0 || headerLength + padding > length) return -1;
  }
  return headerLength;
}

/** Bytes of padding at the end of the packet of `length` bytes, the counting byte included; 0 if there is none. */
export function rtpPaddingLength(memory: PacketMemory, at: number, length: number): number {
  return (memory.view.getUint8(at) & paddingBit) === 0 ? 0 : memory.view.getUint8(at + length - 1);
}

/** Bytes of the fixed part and the CSRCs: where the header extension starts, if there is one. */
export function rtpHeaderLengthWithoutExtension(memory: PacketMemory, at: number): number {
  return rtpFixedHeaderLength + 4 * (memory.view.getUint8(at) & csrcCountMask);
}

/** Whether the header has an extension (the X bit). */
export function readHasExtension(memory: PacketMemory, at: number): boolean {
  return (memory.view.getUint8(at) & extensionBit) !== 0;
}

/** Sets or clears the X bit. The caller lays out the extension. */
export function writeHasExtension(memory: PacketMemory, at: number, hasExtension: boolean): void {
  const first = memory.view.getUint8(at);
  memory.view.setUint8(at, hasExtension ? first | extensionBit : first & ~extensionBit);
}

/** Whether the packet ends with padding (the P bit). */
export function readHasPadding(memory: PacketMemory, at: number): boolean {
  return (memory.view.getUint8(at) & paddingBit) !== 0;
}

/** Sets or clears the P bit. The caller adds or drops the padding bytes. */
export function writeHasPadding(memory: PacketMemory, at: number, hasPadding: boolean): void {
  const first = memory.view.getUint8(at);
  memory.view.setUint8(at, hasPadding ? first | paddingBit : first & ~paddingBit);
}

/** The marker bit: for video, the last packet of a frame. */
export function readMarker(memory: PacketMemory, at: number): boolean {
  return (memory.view.getUint8(at + 1) & markerBit) !== 0;
}

/** Sets or clears the marker bit. */
export function writeMarker(memory: PacketMemory, at: number, marker: boolean): void {
  const second = memory.view.getUint8(at + 1);
  memory.view.setUint8(at + 1, marker ? second | markerBit : second & payloadTypeMask);
}

/** Payload type, 0..127. */
export function readPayloadType(memory: PacketMemory, at: number): number {
  return memory.view.getUint8(at + 1) & payloadTypeMask;
}

/** Writes the payload type, 0..127, and leaves the marker. */
export function writePayloadType(memory: PacketMemory, at: number, payloadType: number): void {
  const marker = memory.view.getUint8(at + 1) & markerBit;
  memory.view.setUint8(at + 1, marker | (payloadType & payloadTypeMask));
}

/** Sequence number, 0..65535. */
export function readSequenceNumber(memory: PacketMemory, at: number): number {
  return memory.view.getUint16(at + sequenceNumberOffset);
}

/** Writes the low 16 bits of `sequenceNumber`; an extended number may be given. */
export function writeSequenceNumber(memory: PacketMemory, at: number, sequenceNumber: number): void {
  memory.view.setUint16(at + sequenceNumberOffset, sequenceNumber);
}

/** Timestamp, ticks of the codec's clock rate, 0..2^32-1. */
export function readTimestamp(memory: PacketMemory, at: number): number {
  return memory.view.getUint32(at + timestampOffset);
}

/** Writes the low 32 bits of `timestamp`, clock ticks; an extended timestamp may be given. */
export function writeTimestamp(memory: PacketMemory, at: number, timestamp: number): void {
  memory.view.setUint32(at + timestampOffset, timestamp);
}

/** Synchronization source, 0..2^32-1. */
export function readSsrc(memory: PacketMemory, at: number): number {
  return memory.view.getUint32(at + ssrcOffset);
}

/** Writes the synchronization source. */
export function writeSsrc(memory: PacketMemory, at: number, ssrc: number): void {
  memory.view.setUint32(at + ssrcOffset, ssrc);
}

/** Fields of a header that `writeRtpHeader` lays out. */
export interface RtpHeaderFields {
  /** Payload type, 0..127. */
  readonly payloadType: number;
  /** Marker bit. */
  readonly marker: boolean;
  /** Sequence number; the low 16 bits count. */
  readonly sequenceNumber: number;
  /** Timestamp, clock ticks; the low 32 bits count. */
  readonly timestamp: number;
  /** Synchronization source. */
  readonly ssrc: number;
}

/** Writes a header without CSRCs, extension or padding, and returns its length, 12 bytes. */
export function writeRtpHeader(memory: PacketMemory, at: number, fields: RtpHeaderFields): number {
  memory.view.setUint8(at, version2);
  memory.view.setUint8(at + 1, (fields.marker ? markerBit : 0) | (fields.payloadType & payloadTypeMask));
  writeSequenceNumber(memory, at, fields.sequenceNumber);
  writeTimestamp(memory, at, fields.timestamp);
  writeSsrc(memory, at, fields.ssrc);
  return rtpFixedHeaderLength;
}
