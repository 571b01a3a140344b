/**
 * The way out to one remote peer: SRTP on top of a socket.
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import type { OutboundStream, RtpOutlet } from '@rivero/router';
import type { SrtpSender, SrtpSession } from '@rivero/transport';
import { largestDatagramBytes } from './DatagramSocket.ts';

/** Where packets to one peer go: a socket, or another transport of this process. */
export interface PacketSender {
  /** Offset of `largestDatagramBytes` free bytes for the next datagram. */
  reserve(): number;
  /** Queues the `length` bytes at that offset for the receiver with this handle. */
  commit(length: number, handle: number): void;
}

/** `RtpOutlet` of one transport. It takes packets as soon as it has both keys and an address. */
export class SrtpOutlet implements RtpOutlet {
  readonly #memory: PacketMemory;
  readonly #streams = new Set<SrtpStream>();
  #sender: PacketSender | undefined;
  #handle = -1;
  #srtp: SrtpSession | undefined;

  /** Packets live in `memory`. */
  constructor(memory: PacketMemory) {
    this.#memory = memory;
  }

  /** From now on packets go this way, or nowhere. */
  setPath(sender: PacketSender | undefined, handle: number): void {
    this.#sender = sender;
    this.#handle = handle;
    for (const stream of this.#streams) stream.setPath(sender, handle);
  }

  /** From now on packets are protected with these keys, or not sent. */
  setKeys(srtp: SrtpSession | undefined): void {
    this.#srtp = srtp;
    for (const stream of this.#streams) stream.setKeys(srtp);
  }

  openStream(ssrc: number): OutboundStream {
    const stream = new SrtpStream(ssrc, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    stream.setPath(this.#sender, this.#handle);
    stream.setKeys(this.#srtp);
    return stream;
  }

  sendRtcp(bytes: Uint8Array): void {
    const srtp = this.#srtp;
    if (srtp === undefined || this.#sender === undefined) return;
    if (bytes.length + srtp.rtcpOverhead > largestDatagramBytes) return;
    const at = this.#sender.reserve();
    this.#memory.bytes.set(bytes, at);
    const length = srtp.protectRtcp(at, bytes.length);
    if (length > 0) this.#sender.commit(length, this.#handle);
  }

  /** Sends bytes as they are, for instance DTLS records. */
  sendPlain(bytes: Uint8Array): void {
    if (this.#sender === undefined || bytes.length > largestDatagramBytes) return;
    this.#memory.bytes.set(bytes, this.#sender.reserve());
    this.#sender.commit(bytes.length, this.#handle);
  }
}

class SrtpStream implements OutboundStream {
  readonly #ssrc: number;
  readonly #onClose: () => void;
  #sender: PacketSender | undefined;
  #handle = -1;
  #protector: SrtpSender | undefined;
  #reserved = -1;

  constructor(ssrc: number, onClose: () => void) {
    this.#ssrc = ssrc;
    this.#onClose = onClose;
  }

  setPath(sender: PacketSender | undefined, handle: number): void {
    this.#sender = sender;
    this.#handle = handle;
  }

  setKeys(srtp: SrtpSession | undefined): void {
    this.#protector = srtp?.sender(this.#ssrc);
  }

  reserve(): number {
    if (this.#sender === undefined || this.#protector === undefined) return -1;
    this.#reserved = this.#sender.reserve();
    return this.#reserved;
  }

  commit(headerLength: number, payload: number, payloadLength: number): void {
    const sender = this.#sender;
    const protector = this.#protector;
    if (sender === undefined || protector === undefined) return;
    if (headerLength + payloadLength + protector.overhead > largestDatagramBytes) return;
    const length = protector.protect(this.#reserved, headerLength, payload, payloadLength);
    if (length > 0) sender.commit(length, this.#handle);
  }

  close(): void {
    this.#sender = undefined;
    this.#protector = undefined;
    this.#onClose();
  }
}
