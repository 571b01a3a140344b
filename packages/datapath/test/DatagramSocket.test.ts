/**
 * One suite for both sockets, over loopback, on IPv4 and IPv6.
 * @module
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TransportAddress } from '@rivero/transport';
import { Arena } from '../src/Arena.ts';
import type { DatagramListener, DatagramSocket } from '../src/DatagramSocket.ts';
import { type DatapathKind, openSockets } from '../src/openSockets.ts';

interface Received {
  readonly socket: DatagramSocket;
  readonly bytes: string;
  readonly remote: number;
  readonly sender: string;
}

function at(address: string, port: number): TransportAddress {
  const result = TransportAddress.parse(address, port);
  assert.ok(result !== undefined);
  return result;
}

/** A listener that remembers datagrams and lets a test wait for a number of them. */
class Inbox implements DatagramListener {
  readonly received: Received[] = [];
  readonly batches: number[] = [];
  readonly #arena: Arena;
  #reached: { count: number; resolve: () => void } | undefined;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  onDatagram(socket: DatagramSocket, at: number, length: number, remote: number): void {
    const bytes = Buffer.from(this.#arena.bytes.subarray(at, at + length)).toString('hex');
    const { address, port } = socket.sender();
    this.received.push({ socket, bytes, remote, sender: `${address} ${port}` });
  }

  onBatchEnd(): void {
    this.batches.push(this.received.length);
    if (this.#reached !== undefined && this.received.length >= this.#reached.count) this.#reached.resolve();
  }

  async until(count: number): Promise<void> {
    if (this.received.length >= count) return;
    const reached = new Promise<void>((resolve) => {
      this.#reached = { count, resolve };
    });
    await Promise.race([
      reached,
      delay(5000, undefined, { ref: false }).then(() => {
        throw new Error(`got ${this.received.length} of ${count} datagrams`);
      }),
    ]);
  }
}

async function openPair(
  kind: DatapathKind,
  address: string,
): Promise<[Inbox, DatagramSocket, DatagramSocket, Arena]> {
  const arena = new Arena(1 << 24);
  const inbox = new Inbox(arena);
  const [a, b] = await Promise.all(
    [0, 0].map((port) => openSockets(arena, [address], port, kind, () => inbox)),
  );
  const first = a?.bound[0]?.socket;
  const second = b?.bound[0]?.socket;
  assert.ok(first !== undefined && second !== undefined);
  return [inbox, first, second, arena];
}

function queue(arena: Arena, socket: DatagramSocket, handle: number, bytes: Uint8Array): void {
  arena.bytes.set(bytes, socket.reserve());
  socket.commit(bytes.length, handle);
}

for (const kind of ['batch', 'dgram'] as const) {
  for (const address of ['127.0.0.1', '::1']) {
    describe(`${kind} socket on ${address}`, () => {
      it('carries bursts of mixed sizes to several receivers in order and unchanged', async () => {
        const [inbox, sender, receiver, arena] = await openPair(kind, address);
        const other = (await openSockets(arena, [address], 0, kind, () => inbox)).bound[0]?.socket;
        assert.ok(other !== undefined);
        const handles = [receiver, other].map((socket) => sender.intern(socket.local, 0));
        const sizes = [100, 100, 100, 50, 100, 1200, 1200, 1199, 1199, 1, 1, 1600, 1600, 3];
        const expected = handles.map((handle) =>
          sizes.map((size) => {
            const bytes = randomBytes(size);
            queue(arena, sender, handle, bytes);
            return bytes.toString('hex');
          }),
        );
        sender.flush();
        await inbox.until(2 * sizes.length);
        [receiver, other].forEach((socket, i) => {
          const got = inbox.received.filter((datagram) => datagram.socket === socket);
          assert.deepEqual(
            got.map(({ bytes }) => bytes),
            expected[i],
          );
          assert.ok(got.every((datagram) => datagram.sender === `${address} ${sender.local.port}`));
        });
        for (const socket of [sender, receiver, other]) socket.close();
      });

      it('carries a thousand datagrams in one go', async () => {
        const [inbox, sender, receiver, arena] = await openPair(kind, address);
        const handle = sender.intern(receiver.local, 0);
        const payload = randomBytes(1100);
        for (let i = 0; i < 1000; i++) {
          payload.writeUInt16BE(i);
          queue(arena, sender, handle, payload);
        }
        sender.flush();
        await inbox.until(1000);
        inbox.received.forEach(({ bytes }, i) => assert.equal(Number.parseInt(bytes.slice(0, 4), 16), i));
        assert.equal(receiver.counters.received, 1000);
        assert.equal(sender.counters.dropped, 0);
        sender.close();
        receiver.close();
      });

      it('knows interned senders by their handle, and only these', async () => {
        const [inbox, a, b] = await openPair(kind, address);
        const hello = Buffer.from('hello');
        b.send(hello, a.local);
        b.flush();
        await inbox.until(1);
        assert.equal(inbox.received[0]?.remote, -1);
        const handle = a.intern(b.local, 0);
        assert.equal(a.intern(b.local, 0), handle);
        b.send(hello, a.local);
        b.flush();
        await inbox.until(2);
        assert.equal(inbox.received[1]?.remote, handle);
        a.forget(handle);
        a.forget(handle);
        b.send(hello, a.local);
        b.flush();
        await inbox.until(3);
        assert.equal(inbox.received[2]?.remote, -1);
        a.close();
        b.close();
      });

      it('refuses addresses of the other family and datagrams that are too long', async () => {
        const [, a, b] = await openPair(kind, address);
        assert.equal(a.intern(at(address === '::1' ? '127.0.0.1' : '::1', 9), 0), -1);
        a.send(new Uint8Array(1601), b.local);
        a.send(Buffer.from('x'), at(address === '::1' ? '127.0.0.1' : '::1', 9));
        a.flush();
        assert.equal(a.counters.sent, 0);
        a.close();
        b.close();
      });

      it('drops oversized datagrams and goes on', async () => {
        const [inbox, a, b] = await openPair(kind, address);
        const plain = createSocket(address === '::1' ? 'udp6' : 'udp4');
        for (const size of [9000, 2049, 2048]) plain.send(Buffer.alloc(size, 7), a.local.port, address);
        await inbox.until(1);
        assert.equal(inbox.received[0]?.bytes.length, 2 * 2048);
        assert.equal(a.counters.truncated, 2);
        plain.close();
        a.close();
        b.close();
      });
    });
  }

  describe(`openSockets with ${kind}`, () => {
    it('binds one port number on every address, and leaves out what does not exist', async () => {
      const arena = new Arena(1 << 24);
      const inbox = new Inbox(arena);
      const opened = await openSockets(
        arena,
        ['127.0.0.1', '::1', '127.0.0.2', '192.0.2.254'],
        0,
        kind,
        () => inbox,
      );
      assert.equal(opened.bound.length, 3);
      assert.ok(opened.bound.every(({ socket: { local } }) => local.port === opened.port));
      assert.match(opened.warnings.join(), /192\.0\.2\.254 is left out/);
      await assert.rejects(
        openSockets(arena, ['127.0.0.1'], opened.port, kind, () => inbox),
        /EADDRINUSE/,
      );
      for (const { socket } of opened.bound) socket.close();
    });
  });
}

describe('batch socket', () => {
  it('cuts equal datagrams up in the kernel and marks them with the DSCP', async () => {
    const [inbox, sender, receiver, arena] = await openPair('batch', '127.0.0.1');
    const marked = sender.intern(receiver.local, 46);
    for (let i = 0; i < 150; i++) queue(arena, sender, marked, Buffer.alloc(1000, i));
    sender.flush();
    await inbox.until(150);
    inbox.received.forEach(({ bytes }, i) => assert.equal(bytes, Buffer.alloc(1000, i).toString('hex')));
    assert.equal(sender.counters.sent, 150);
    sender.close();
    receiver.close();
  });

  it('refuses to send more bytes than it reserved', async () => {
    const [, sender, receiver] = await openPair('batch', '127.0.0.1');
    const handle = sender.intern(receiver.local, 0);
    sender.reserve();
    assert.throws(() => sender.commit(1601, handle), RangeError);
    assert.throws(() => sender.commit(-1, handle), RangeError);
    sender.close();
    receiver.close();
  });

  it('drops and counts what a receiver without room cannot take, and what has no route', async () => {
    const [, sender, receiver, arena] = await openPair('batch', '127.0.0.1');
    const unroutable = sender.intern(at('203.0.113.1', 9), 0);
    queue(arena, sender, unroutable, Buffer.alloc(10));
    queue(arena, sender, sender.intern(receiver.local, 0), Buffer.alloc(10));
    sender.flush();
    const { sent, refused, dropped } = sender.counters;
    assert.equal(sent + refused + dropped, 2);
    assert.ok(sent >= 1);
    sender.close();
    receiver.close();
  });

  it('bounds the interned addresses', async () => {
    const [, a, b] = await openPair('batch', '::1');
    const handles = new Set<number>();
    for (let port = 1; port <= 9000; port++) handles.add(a.intern(at('fd00::1:2', port), 0));
    assert.equal(handles.size, 8193);
    assert.ok(handles.has(-1));
    for (const handle of handles) if (handle % 2 === 0) a.forget(handle);
    assert.ok(a.intern(at('fd00::1:2', 9500), 0) >= 0);
    assert.equal(a.intern(at('fd00::1:2', 2), 0), 1);
    a.close();
    b.close();
  });
});

describe('received datagrams', () => {
  it('come from where they say', async () => {
    const [inbox, a, b] = await openPair('batch', '127.0.0.1');
    const plain = createSocket('udp4');
    plain.bind(0, '127.0.0.1');
    await once(plain, 'listening');
    plain.send('abc', a.local.port, '127.0.0.1');
    await inbox.until(1);
    assert.equal(inbox.received[0]?.sender, `127.0.0.1 ${plain.address().port}`);
    plain.close();
    a.close();
    b.close();
  });
});
