/**
 * The buffers of one `recvmmsg`, shared by all sockets of the process, as each batch is over before the next.
 * @module
 */
import type { Arena } from '../Arena.ts';
import { receiveBatchSize, receiveBufferBytes } from '../DatagramSocket.ts';
import { Socket, type Libc } from './libc.ts';
import { addressOf } from './library.ts';
import { Message, messageBytes, truncatedFlag, Vector, vectorBytes, writeAddress } from './messageHeader.ts';
import { socketAddressSlotBytes } from './RemoteAddressTable.ts';

/** Room for `receiveBatchSize` datagrams with their senders. */
export class ReceiveBatch {
  readonly #libc: Libc;
  readonly #words: Uint32Array;
  readonly #messages: number;
  readonly #messagesAddress: number;
  readonly #names: number;
  readonly #buffers: number;
  #used: number = receiveBatchSize;

  /** Lays out the structures in `arena`. */
  constructor(arena: Arena, libc: Libc) {
    const base = addressOf(arena.bytes);
    this.#libc = libc;
    this.#words = new Uint32Array(arena.bytes.buffer);
    this.#messages = arena.reserve(receiveBatchSize * messageBytes);
    this.#messagesAddress = base + this.#messages;
    this.#names = arena.reserve(receiveBatchSize * socketAddressSlotBytes);
    this.#buffers = arena.reserve(receiveBatchSize * receiveBufferBytes);
    const vectors = arena.reserve(receiveBatchSize * vectorBytes);
    for (let i = 0; i < receiveBatchSize; i++) {
      const message = this.#word(i);
      const vector = vectors + i * vectorBytes;
      writeAddress(this.#words, message + Message.name, base + this.senderOffset(i));
      writeAddress(this.#words, message + Message.vector, base + vector);
      this.#words[message + Message.vectorCount] = 1;
      writeAddress(this.#words, vector / 4 + Vector.base, base + this.offset(i));
      this.#words[vector / 4 + Vector.length] = receiveBufferBytes;
    }
  }

  /** Receives what is there, without waiting. Returns the count, or 0 if there is nothing. */
  receive(descriptor: number): number {
    // The kernel overwrote the lengths of the names that it used.
    for (let i = 0; i < this.#used; i++)
      this.#words[this.#word(i) + Message.nameLength] = socketAddressSlotBytes;
    const count = this.#libc.recvmmsg(
      descriptor,
      this.#messagesAddress,
      receiveBatchSize,
      Socket.MSG_DONTWAIT,
      0,
    );
    this.#used = count > 0 ? count : 0;
    return this.#used;
  }

  /** Offset of the bytes of the `i`th datagram. */
  offset(i: number): number {
    return this.#buffers + i * receiveBufferBytes;
  }

  /** Length of the `i`th datagram, or -1 if it did not fit. */
  length(i: number): number {
    const message = this.#word(i);
    if (((this.#words[message + Message.flags] ?? 0) & truncatedFlag) !== 0) return -1;
    return this.#words[message + Message.length] ?? -1;
  }

  /** Offset of the `sockaddr` of the sender of the `i`th datagram. */
  senderOffset(i: number): number {
    return this.#names + i * socketAddressSlotBytes;
  }

  #word(i: number): number {
    return (this.#messages + i * messageBytes) / 4;
  }
}
