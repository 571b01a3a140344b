/**
 * How datagrams are gathered into messages, and what happens when the kernel refuses.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportAddress } from '@rivero/transport';
import { Arena } from '../src/Arena.ts';
import { type Libc, libc, Socket } from '../src/native/libc.ts';
import { addressOf } from '../src/native/library.ts';
import { Message, Vector, writeAddress } from '../src/native/messageHeader.ts';
import { SocketAddressFormat } from '../src/native/RemoteAddressTable.ts';
import { type Segmentation, SendQueue } from '../src/native/SendQueue.ts';

/** SO_NO_CHECK, asm-generic/socket.h: without checksums the kernel refuses to cut messages up, with EINVAL. */
const noChecksumOption = 11;
/** IP_RECVTOS, linux/in.h: tells the receiver the traffic class. */
const receiveTrafficClassOption = 13;

interface Datagram {
  readonly size: number;
  /** Each byte of it. */
  readonly fill: number;
  readonly trafficClass: number;
}

/** A sending queue and a receiving socket on loopback, made of bare system calls. */
class Bench {
  readonly arena = new Arena(1 << 22);
  readonly queue: SendQueue;
  readonly segmentation: Segmentation = { enabled: true };
  /** Messages that each `sendmmsg` was asked to send. */
  readonly calls: number[] = [];
  readonly names: number[] = [];
  readonly #format = new SocketAddressFormat(this.arena, 4);
  readonly #base = addressOf(this.arena.bytes);
  readonly #words = new Uint32Array(this.arena.bytes.buffer);
  readonly #scratch = this.arena.reserve(4096);
  readonly #sender: number;
  readonly #receivers: number[];

  constructor(options: { readonly noChecksum?: boolean } = {}) {
    this.#sender = this.#open();
    this.#receivers = [this.#open(), this.#open()];
    for (const receiver of this.#receivers) {
      this.#setOption(receiver, Socket.IPPROTO_IP, receiveTrafficClassOption, 1);
      const name = this.arena.reserve(32);
      this.arena.view.setUint32(this.#scratch, 32, true);
      libc().getsockname(receiver, this.#base + name, this.#base + this.#scratch);
      this.names.push(name);
    }
    if (options.noChecksum) this.#setOption(this.#sender, Socket.SOL_SOCKET, noChecksumOption, 1);
    const counting: Libc = {
      ...libc(),
      sendmmsg: (descriptor, messages, count, flags) => {
        this.calls.push(count);
        return libc().sendmmsg(descriptor, messages, count, flags);
      },
    };
    this.queue = new SendQueue(this.arena, counting, this.#sender, 4, this.#format, this.segmentation);
  }

  /** Queues datagrams of these sizes, each filled with its index. */
  append(receiver: 0 | 1, sizes: readonly number[], trafficClass = 0): void {
    for (const [i, size] of sizes.entries()) {
      const at = this.queue.reserve();
      this.arena.bytes.fill(i, at, at + size);
      this.queue.append(size, this.names[receiver] ?? -1, trafficClass);
    }
  }

  /** What came to a receiver. */
  received(receiver: 0 | 1): Datagram[] {
    const result: Datagram[] = [];
    for (;;) {
      const message = this.#scratch >> 2;
      const vector = message + 32;
      this.#words.fill(0, message, message + 64);
      writeAddress(this.#words, message + Message.vector, this.#base + vector * 4);
      this.#words[message + Message.vectorCount] = 1;
      writeAddress(this.#words, message + Message.control, this.#base + this.#scratch + 192);
      this.#words[message + Message.controlLength] = 64;
      writeAddress(this.#words, vector + Vector.base, this.#base + this.#scratch + 512);
      this.#words[vector + Vector.length] = 2048;
      const descriptor = this.#receivers[receiver] ?? -1;
      if (libc().recvmmsg(descriptor, this.#base + this.#scratch, 1, Socket.MSG_DONTWAIT, 0) !== 1)
        return result;
      const size = this.#words[message + Message.length] ?? 0;
      const bytes = this.arena.bytes.subarray(this.#scratch + 512, this.#scratch + 512 + size);
      const [fill = -1] = bytes;
      assert.ok(bytes.every((byte) => byte === fill));
      result.push({ size, fill, trafficClass: this.arena.view.getUint8(this.#scratch + 192 + 16) });
    }
  }

  close(): void {
    for (const descriptor of [this.#sender, ...this.#receivers]) libc().close(descriptor);
  }

  #open(): number {
    const descriptor = libc().socket(Socket.AF_INET, Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK, 0);
    const any = TransportAddress.parse('127.0.0.1', 0);
    assert.ok(descriptor >= 0 && any !== undefined);
    this.#format.write(this.#scratch, any);
    assert.equal(libc().bind(descriptor, this.#base + this.#scratch, 16), 0);
    return descriptor;
  }

  #setOption(descriptor: number, level: number, option: number, value: number): void {
    this.arena.view.setInt32(this.#scratch, value, true);
    assert.equal(libc().setsockopt(descriptor, level, option, this.#base + this.#scratch, 4), 0);
  }
}

describe('SendQueue', () => {
  for (const [claim, sizes, messages] of [
    ['sends a single datagram alone', [100], 1],
    ['joins datagrams of equal size', [100, 100, 100], 1],
    ['lets a shorter one end a message', [100, 100, 60, 100], 2],
    ['starts anew with a longer one', [100, 120, 120], 2],
    ['starts anew after 64', Array.from({ length: 70 }, () => 50), 2],
    ['starts anew before 65,000 bytes', Array.from({ length: 45 }, () => 1500), 2],
  ] as const) {
    it(claim, () => {
      const bench = new Bench();
      bench.append(0, sizes);
      bench.queue.flush();
      assert.deepEqual(bench.calls, [messages]);
      assert.deepEqual(
        bench.received(0).map(({ size, fill }) => [size, fill]),
        sizes.map((size, i) => [size, i]),
      );
      assert.deepEqual(bench.queue.counters, { sent: sizes.length, dropped: 0, refused: 0 });
      bench.close();
    });
  }

  it('never joins what is for different receivers', () => {
    const bench = new Bench();
    for (const receiver of [0, 1, 0] as const) bench.append(receiver, [80]);
    bench.queue.flush();
    assert.deepEqual(bench.calls, [3]);
    assert.equal(bench.received(0).length + bench.received(1).length, 3);
    bench.close();
  });

  it('flushes by itself after 128 messages', () => {
    const bench = new Bench();
    for (let i = 0; i < 130; i++) bench.append(i % 2 === 0 ? 0 : 1, [10]);
    assert.deepEqual(bench.calls, [128]);
    bench.queue.flush();
    assert.deepEqual(bench.calls, [128, 2]);
    bench.close();
  });

  it('marks single and joined datagrams, and none after them by accident', () => {
    const bench = new Bench();
    for (const trafficClass of [0xb8, 0, 0x28, 0]) {
      bench.append(0, [40, 40, 30], trafficClass);
      bench.append(1, [40], trafficClass);
      bench.queue.flush();
      const marks = [...bench.received(0), ...bench.received(1)].map((datagram) => datagram.trafficClass);
      assert.deepEqual(marks, [trafficClass, trafficClass, trafficClass, trafficClass]);
    }
    bench.close();
  });

  it('sends the datagrams one by one when the kernel refuses, and never joins any again', () => {
    const bench = new Bench({ noChecksum: true });
    bench.append(0, [100, 100, 70]);
    bench.append(1, [30]);
    bench.queue.flush();
    assert.equal(bench.segmentation.enabled, false);
    assert.deepEqual(
      bench.received(0).map(({ size }) => size),
      [100, 100, 70],
    );
    assert.equal(bench.received(1).length, 1);
    assert.deepEqual(bench.queue.counters, { sent: 4, dropped: 0, refused: 0 });
    bench.calls.length = 0;
    bench.append(0, [10, 10, 10]);
    bench.queue.flush();
    assert.deepEqual(bench.calls, [3]);
    bench.close();
  });
});
