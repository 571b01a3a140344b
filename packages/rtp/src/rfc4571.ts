/**
 * RTP and RTCP packets on a byte stream: each is preceded by its length in two bytes (RFC 4571 section 2).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |             LENGTH            |  RTP or RTCP packet ...       |
 * +---------------------------------------------------------------+
 * ```
 * @module
 */

/** Bytes before each packet. */
export const frameHeaderLength = 2;
/** Longest packet that the length field can tell, bytes. */
export const longestFramedPacket = 0xffff;

/** Cuts a byte stream into packets. Memory is bounded by one frame. */
export class FrameReader {
  readonly #onPacket: (packet: Uint8Array) => void;
  /** Beginning of a frame whose end has not arrived; made when first needed. */
  #partial: Uint8Array | undefined;
  #partialLength = 0;

  /** `onPacket` gets a view that is valid until it returns. Empty frames are skipped. */
  constructor(onPacket: (packet: Uint8Array) => void) {
    this.#onPacket = onPacket;
  }

  /** Bytes that wait for the rest of their frame. */
  get pendingBytes(): number {
    return this.#partialLength;
  }

  /** Takes the next bytes of the stream, cut anywhere. */
  push(bytes: Uint8Array): void {
    let at = this.#partialLength > 0 ? this.#completePartial(bytes) : 0;
    while (bytes.length - at >= frameHeaderLength) {
      const end = at + frameLengthAt(bytes, at);
      if (end > bytes.length) break;
      this.#deliver(bytes, at, end);
      at = end;
    }
    if (at < bytes.length) this.#keep(bytes.subarray(at));
  }

  /** Fills the kept frame from `bytes`, and delivers it if that completes it. How many bytes it took. */
  #completePartial(bytes: Uint8Array): number {
    let at = 0;
    if (this.#partialLength < frameHeaderLength) {
      at = Math.min(frameHeaderLength - this.#partialLength, bytes.length);
      this.#keep(bytes.subarray(0, at));
    }
    const partial = this.#partial;
    if (partial === undefined || this.#partialLength < frameHeaderLength) return at;
    const length = frameLengthAt(partial, 0);
    const taken = Math.min(length - this.#partialLength, bytes.length - at);
    this.#keep(bytes.subarray(at, at + taken));
    if (this.#partialLength === length) {
      this.#partialLength = 0;
      this.#deliver(partial, 0, length);
    }
    return at + taken;
  }

  #keep(bytes: Uint8Array): void {
    this.#partial ??= new Uint8Array(frameHeaderLength + longestFramedPacket);
    this.#partial.set(bytes, this.#partialLength);
    this.#partialLength += bytes.length;
  }

  #deliver(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > frameHeaderLength) this.#onPacket(bytes.subarray(start + frameHeaderLength, end));
  }
}

/** Length of the frame that begins at `at`, header included. Its header must be there. */
function frameLengthAt(bytes: Uint8Array, at: number): number {
  return frameHeaderLength + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
}

/** Where frames go: a stream that says how much of what it was given still waits. */
export interface FrameOutlet {
  /** Bytes that were written and have not left yet. */
  waitingBytes(): number;
  /** Takes bytes; they are the outlet's from now on. */
  write(bytes: Uint8Array): void;
}

/**
 * Puts packets on a byte stream, many in one write. When the other end does not keep up, whole packets are dropped:
 * a stalled reader must not hold anybody up, and a lost packet is what RTP is made for.
 */
export class FrameWriter {
  readonly #outlet: FrameOutlet;
  readonly #limitBytes: number;
  #buffer: Uint8Array;
  #length = 0;
  /** Packets that were dropped because too much was waiting. */
  dropped = 0;

  /** At most about `limitBytes` wait in the outlet and here together. */
  constructor(outlet: FrameOutlet, limitBytes: number) {
    this.#outlet = outlet;
    this.#limitBytes = limitBytes;
    this.#buffer = new Uint8Array(initialBufferBytes);
  }

  /**
   * Adds a packet, which is copied. It leaves with the next `flush`. False if it was dropped.
   * @throws {RangeError} if the packet is longer than 65,535 bytes.
   */
  add(packet: Uint8Array): boolean {
    if (packet.length > longestFramedPacket)
      throw new RangeError(`Packet should have at most ${longestFramedPacket} bytes, got ${packet.length}`);
    const needed = frameHeaderLength + packet.length;
    if (this.#length + needed + this.#outlet.waitingBytes() > this.#limitBytes) {
      this.dropped++;
      return false;
    }
    this.#reserve(needed);
    this.#buffer[this.#length] = packet.length >> 8;
    this.#buffer[this.#length + 1] = packet.length & 0xff;
    this.#buffer.set(packet, this.#length + frameHeaderLength);
    this.#length += needed;
    return true;
  }

  /** Writes what was added since the last time, at once. */
  flush(): void {
    if (this.#length === 0) return;
    // A copy, because the outlet may keep what it is given.
    const bytes = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    this.#outlet.write(bytes);
  }

  #reserve(bytes: number): void {
    const wanted = this.#length + bytes;
    if (wanted <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Room for a burst of ten packets. */
const initialBufferBytes = 16_384;
