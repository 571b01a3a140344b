/**
 * Very many UDP sockets of a load generator, drained by hand: nobody is woken per datagram, so the sender under test is
 * not charged for it. The kernel stamps each datagram with its time of arrival.
 * @module
 */
import { TransportAddress } from '@rivero/transport';
import type { Arena } from '../../src/Arena.ts';
import { libc, Socket } from '../../src/native/libc.ts';
import { addressOf, bindFunctions } from '../../src/native/library.ts';
import { Message, messageBytes, Vector, vectorBytes, writeAddress } from '../../src/native/messageHeader.ts';
import { SocketAddressFormat } from '../../src/native/RemoteAddressTable.ts';

const batchSize = 64;
const bufferBytes = 2048;
const controlBytes = 64;
/** SO_TIMESTAMPNS, asm-generic/socket.h. */
const timestampOption = 35;
const clockRealtime = 0;

/** Sockets on 127.0.0.1, by number. */
export class LoadSockets {
  readonly #arena: Arena;
  readonly #words: Uint32Array;
  readonly #base: number;
  readonly #format: SocketAddressFormat;
  readonly #messages: number;
  readonly #controls: number;
  readonly #buffers: number;
  readonly #sendMessages: number;
  readonly #sendVectors: number;
  readonly #sendName: number;
  readonly #sendBuffers: number;
  readonly #scratch: number;
  readonly #descriptors: number[] = [];
  readonly #clock = bindFunctions([null, 'libc.so.6'], { clock_gettime: ['int', 'int', 'address'] } as const);

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#base = addressOf(arena.bytes);
    this.#words = new Uint32Array(arena.bytes.buffer);
    this.#format = new SocketAddressFormat(arena, 4);
    this.#messages = arena.reserve(batchSize * messageBytes);
    this.#controls = arena.reserve(batchSize * controlBytes);
    this.#buffers = arena.reserve(batchSize * bufferBytes);
    this.#sendMessages = arena.reserve(batchSize * messageBytes);
    this.#sendName = arena.reserve(32);
    this.#sendBuffers = arena.reserve(batchSize * bufferBytes);
    this.#scratch = arena.reserve(64);
    const names = arena.reserve(batchSize * 32);
    const vectors = arena.reserve(2 * batchSize * vectorBytes);
    this.#sendVectors = (vectors + batchSize * vectorBytes) >> 2;
    for (let i = 0; i < batchSize; i++) {
      const incoming = this.#messages + i * messageBytes;
      this.#prepare(incoming, names + i * 32, vectors + i * vectorBytes, this.#buffers + i * bufferBytes);
      const control = this.#base + this.#controls + i * controlBytes;
      writeAddress(this.#words, (incoming >> 2) + Message.control, control);
      const outgoing = this.#sendMessages + i * messageBytes;
      const vector = vectors + (batchSize + i) * vectorBytes;
      this.#prepare(outgoing, this.#sendName, vector, this.#sendBuffers + i * bufferBytes);
    }
  }

  /** Opens one more socket; returns its address. Its number is the count of sockets before. */
  open(): TransportAddress {
    const c = libc();
    const any = TransportAddress.parse('127.0.0.1', 0);
    if (any === undefined) throw new Error('unreachable');
    const descriptor = c.socket(
      Socket.AF_INET,
      Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC,
      0,
    );
    const address = this.#base + this.#scratch;
    this.#format.write(this.#scratch, any);
    if (descriptor < 0 || c.bind(descriptor, address, 16) !== 0) throw new Error('Cannot open a load socket');
    this.#arena.view.setUint32(this.#scratch + 32, 16, true);
    c.getsockname(descriptor, address, address + 32);
    const local = this.#format.read(this.#scratch);
    this.#arena.view.setInt32(this.#scratch, 8 << 20, true);
    c.setsockopt(descriptor, Socket.SOL_SOCKET, Socket.SO_RCVBUFFORCE, address, 4);
    this.#arena.view.setInt32(this.#scratch, 1, true);
    c.setsockopt(descriptor, Socket.SOL_SOCKET, timestampOption, address, 4);
    this.#descriptors.push(descriptor);
    return local;
  }

  /** Receives everything that waits at socket `number`. */
  drain(number: number, receive: (at: number, length: number, arrivedUs: number) => void): void {
    const descriptor = this.#descriptors[number] ?? -1;
    for (;;) {
      for (let i = 0; i < batchSize; i++) {
        this.#words[((this.#messages + i * messageBytes) >> 2) + Message.controlLength] = controlBytes;
      }
      const count = libc().recvmmsg(
        descriptor,
        this.#base + this.#messages,
        batchSize,
        Socket.MSG_DONTWAIT,
        0,
      );
      for (let i = 0; i < count; i++) {
        const length = this.#words[((this.#messages + i * messageBytes) >> 2) + Message.length] ?? 0;
        receive(
          this.#buffers + i * bufferBytes,
          length,
          this.#timeAt(this.#controls + i * controlBytes + 16),
        );
      }
      if (count < batchSize) return;
    }
  }

  /** Sends datagrams from socket `number` in one go, at most 64. */
  send(number: number, datagrams: readonly Uint8Array[], remote: TransportAddress): void {
    datagrams.forEach((datagram, i) => {
      this.#arena.bytes.set(datagram, this.#sendBuffers + i * bufferBytes);
      this.#words[this.#sendVectors + i * 4 + Vector.length] = datagram.length;
    });
    this.#format.write(this.#sendName, remote);
    libc().sendmmsg(
      this.#descriptors[number] ?? -1,
      this.#base + this.#sendMessages,
      datagrams.length,
      Socket.MSG_DONTWAIT,
    );
  }

  /** Microseconds since 1970, by the clock of the arrival times. */
  nowUs(): number {
    this.#clock.clock_gettime(clockRealtime, this.#base + this.#scratch);
    return this.#timeAt(this.#scratch);
  }

  /** Closes all sockets. */
  close(): void {
    for (const descriptor of this.#descriptors.splice(0)) libc().close(descriptor);
  }

  #prepare(message: number, name: number, vector: number, buffer: number): void {
    const words = this.#words;
    const index = message >> 2;
    writeAddress(words, index + Message.name, this.#base + name);
    words[index + Message.nameLength] = 16;
    writeAddress(words, index + Message.vector, this.#base + vector);
    words[index + Message.vectorCount] = 1;
    writeAddress(words, (vector >> 2) + Vector.base, this.#base + buffer);
    words[(vector >> 2) + Vector.length] = bufferBytes;
  }

  #timeAt(at: number): number {
    const { view } = this.#arena;
    return Number(view.getBigInt64(at, true)) * 1e6 + Number(view.getBigInt64(at + 8, true)) / 1000;
  }
}
