/**
 * Puts SCTP packets together.
 * @module
 */
import { packetChecksum } from './crc32c.ts';
import { CHUNK_HEADER_BYTES, PACKET_HEADER_BYTES, padded } from './sctpFormat.ts';

/** A chunk that is longer than a packet may be goes alone, if it is not longer than this. */
const CAPACITY_BYTES = 4096;

/** Bundles chunks into packets of one association. There is one packet in the making, and its memory is used again. */
export class PacketWriter {
  /** The packet in the making, for those who fill reserved chunks. */
  readonly view: DataView;
  /** The same memory as `view`. */
  readonly bytes: Uint8Array = new Uint8Array(CAPACITY_BYTES);
  /** The tag that the peer has given out. */
  verificationTag = 0;
  /** Packets sent so far. */
  sentPackets = 0;
  readonly #maxPacketBytes: number;
  readonly #onSend: (packet: Uint8Array) => void;
  #end = PACKET_HEADER_BYTES;

  /** Packets go to `onSend`, which must not keep them. */
  constructor(
    ports: { readonly local: number; readonly remote: number },
    maxPacketBytes: number,
    onSend: (packet: Uint8Array) => void,
  ) {
    this.view = new DataView(this.bytes.buffer);
    this.view.setUint16(0, ports.local);
    this.view.setUint16(2, ports.remote);
    this.#maxPacketBytes = maxPacketBytes;
    this.#onSend = onSend;
  }

  /** How long the value of a further chunk of this packet may be, bytes; may be negative. */
  get roomBytes(): number {
    return this.#maxPacketBytes - this.#end - CHUNK_HEADER_BYTES;
  }

  /** True while the packet has no chunk. */
  get isEmpty(): boolean {
    return this.#end === PACKET_HEADER_BYTES;
  }

  /**
   * Writes the header of a chunk whose value is `length` bytes, and returns where that value is to be written.
   * Sends the packet before if the chunk does not fit. Undefined if the chunk is longer than 4 KB.
   */
  reserve(type: number, flags: number, length: number): number | undefined {
    if (length > this.roomBytes) this.flush();
    const at = this.#end;
    const end = at + CHUNK_HEADER_BYTES + padded(length);
    if (end > CAPACITY_BYTES) return undefined;
    this.view.setUint8(at, type);
    this.view.setUint8(at + 1, flags);
    this.view.setUint16(at + 2, CHUNK_HEADER_BYTES + length);
    this.bytes.fill(0, at + CHUNK_HEADER_BYTES + length, end);
    this.#end = end;
    return at + CHUNK_HEADER_BYTES;
  }

  /** Adds a chunk. One that is longer than 4 KB is left out. */
  append(type: number, flags: number, value: Uint8Array): void {
    const at = this.reserve(type, flags, value.length);
    if (at !== undefined) this.bytes.set(value, at);
  }

  /** Sends a chunk in a packet of its own, with this tag. */
  sendAlone(verificationTag: number, type: number, flags: number, value: Uint8Array): void {
    this.flush();
    const usualTag = this.verificationTag;
    this.verificationTag = verificationTag;
    this.append(type, flags, value);
    this.flush();
    this.verificationTag = usualTag;
  }

  /** Sends the packet, if it has a chunk. */
  flush(): void {
    if (this.isEmpty) return;
    const length = this.#end;
    this.#end = PACKET_HEADER_BYTES;
    this.view.setUint32(4, this.verificationTag);
    this.view.setUint32(8, packetChecksum(this.view, length), true);
    this.sentPackets++;
    this.#onSend(this.bytes.subarray(0, length));
  }
}

/** A parameter or an error cause, without padding: the last of a chunk has none that counts. */
export function serializeParameter(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type);
  view.setUint16(2, CHUNK_HEADER_BYTES + value.length);
  bytes.set(value, CHUNK_HEADER_BYTES);
  return bytes;
}

/** Parameters behind each other, padding in between (RFC 9260 section 3.2.1). */
export function joinParameters(parameters: readonly Uint8Array[]): Uint8Array {
  const parts = parameters.flatMap((parameter, i) => {
    const padding = i === parameters.length - 1 ? 0 : padded(parameter.length) - parameter.length;
    return [parameter, new Uint8Array(padding)];
  });
  return concatenate(parts);
}

/** These bytes, one behind the other. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
