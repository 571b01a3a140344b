/**
 * Takes SCTP packets apart (RFC 9260 section 3).
 * @module
 */
import { packetChecksum } from './crc32c.ts';
import { CHUNK_HEADER_BYTES, PACKET_HEADER_BYTES, padded } from './sctpFormat.ts';

/** A chunk of a packet. */
export interface SctpChunk {
  /** See `ChunkType`; may be any byte. */
  readonly type: number;
  /** The flags byte. */
  readonly flags: number;
  /** What follows the chunk's header, without padding; a view into the packet. */
  readonly value: DataView;
}

/** A packet whose checksum is right and whose chunks are whole. */
export interface SctpPacket {
  /** Port of the sender. */
  readonly sourcePort: number;
  /** Port of the receiver. */
  readonly destinationPort: number;
  /** Zero for INIT, else the tag that the receiver of the packet has given out. */
  readonly verificationTag: number;
  /** At least one. */
  readonly chunks: readonly SctpChunk[];
}

/** A parameter or an error cause: both have a type, a length and a value. */
export interface SctpParameter {
  /** See `ParameterType` and `ErrorCause`. */
  readonly type: number;
  /** What follows the header, without padding; a view. */
  readonly value: DataView;
}

/** The packet in `bytes`, or undefined if it is malformed or its checksum is wrong. Never throws. */
export function parsePacket(bytes: Uint8Array): SctpPacket | undefined {
  const { length } = bytes;
  if (length < PACKET_HEADER_BYTES + CHUNK_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  if (view.getUint32(8, true) !== packetChecksum(view, length)) return undefined;
  const chunks = parseChunks(view);
  if (chunks === undefined) return undefined;
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    verificationTag: view.getUint32(4),
    chunks,
  };
}

function parseChunks(view: DataView): SctpChunk[] | undefined {
  const chunks: SctpChunk[] = [];
  let at = PACKET_HEADER_BYTES;
  while (at < view.byteLength) {
    if (at + CHUNK_HEADER_BYTES > view.byteLength) return undefined;
    const length = view.getUint16(at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > view.byteLength) return undefined;
    const value = subview(view, at + CHUNK_HEADER_BYTES, at + length);
    chunks.push({ type: view.getUint8(at), flags: view.getUint8(at + 1), value });
    at += padded(length);
  }
  return chunks;
}

/** The parameters from `start` on, or undefined if one of them is not whole. */
export function parseParameters(view: DataView, start: number): SctpParameter[] | undefined {
  const parameters: SctpParameter[] = [];
  let at = start;
  while (at < view.byteLength) {
    if (at + CHUNK_HEADER_BYTES > view.byteLength) return undefined;
    const length = view.getUint16(at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > view.byteLength) return undefined;
    parameters.push({ type: view.getUint16(at), value: subview(view, at + CHUNK_HEADER_BYTES, at + length) });
    at += padded(length);
  }
  return parameters;
}

function subview(view: DataView, start: number, end: number): DataView {
  return new DataView(view.buffer, view.byteOffset + start, end - start);
}

/** The bytes of a view from `start` on, not copied. */
export function bytesOf(view: DataView, start = 0): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, view.byteLength - start);
}
