/**
 * Whom a datagram is for.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostCandidate, TransportAddress } from '@rivero/transport';
import { Arena } from '../src/Arena.ts';
import { createHostCounters, type HostCounters } from '../src/HostCounters.ts';
import { type DatagramReceiver, LocalSocket } from '../src/LocalSocket.ts';
import { openSockets } from '../src/openSockets.ts';
import { srtpHeaderLength } from '../src/srtpHeader.ts';

class Receiver implements DatagramReceiver {
  readonly got: string[] = [];

  receiveStun(): void {
    this.got.push('stun');
  }

  receiveDtls(): void {
    this.got.push('dtls');
  }

  receiveRtp(): void {
    this.got.push('rtp');
  }

  receiveRtcp(): void {
    this.got.push('rtcp');
  }
}

async function open(): Promise<{
  local: LocalSocket;
  counters: HostCounters;
  arena: Arena;
  exceptions: unknown[];
}> {
  const arena = new Arena(1 << 22);
  const counters = createHostCounters();
  const exceptions: unknown[] = [];
  const directory = { byUfrag: () => undefined, byTransactionPrefix: () => undefined };
  const context = {
    memory: arena,
    directory,
    counters,
    onActivity: () => {},
    onBatchEnd: () => {},
    onException: (error: unknown) => exceptions.push(error),
  };
  const { bound } = await openSockets(arena, ['127.0.0.1'], 0, 'batch', () => new LocalSocket(context));
  const [first] = bound;
  assert.ok(first !== undefined);
  first.listener.attach(first.socket, hostCandidate(first.socket.local, 1), 0);
  return { local: first.listener, counters, arena, exceptions };
}

function address(port: number): TransportAddress {
  const result = TransportAddress.parse('127.0.0.1', port);
  assert.ok(result !== undefined);
  return result;
}

describe('LocalSocket', () => {
  it('gives an address to the first who validates it, until it expires', async () => {
    const { local, counters, arena } = await open();
    const [a, b] = [new Receiver(), new Receiver()];
    const handle = local.validate(address(5000), 0, a);
    assert.equal(local.validate(address(5000), 0, a), handle);
    assert.equal(local.validate(address(5000), 0, b), -1);
    assert.equal(counters.addressRefused, 1);
    const at = arena.reserve(64);
    for (const [first, second] of [
      [0x80, 96],
      [0x80, 200],
      [22, 0xfe],
      [70, 0],
    ] as const) {
      arena.view.setUint8(at, first);
      arena.view.setUint8(at + 1, second);
      local.onDatagram(local.socket, at, 30, handle);
    }
    assert.deepEqual(a.got, ['rtp', 'rtcp', 'dtls']);
    assert.equal(counters.unknownDatagram, 1);
    local.expire(handle, b);
    arena.view.setUint8(at, 22);
    local.onDatagram(local.socket, at, 30, handle);
    assert.equal(a.got.length, 4);
    local.expire(handle, a);
    local.onDatagram(local.socket, at, 30, handle);
    assert.equal(counters.unvalidatedAddress, 1);
    assert.notEqual(local.validate(address(5000), 0, b), -1);
    local.socket.close();
  });

  it('survives a bug in whoever receives', async () => {
    const { local, arena, exceptions } = await open();
    const broken = new Receiver();
    broken.receiveDtls = () => {
      throw new Error('bug');
    };
    const at = arena.reserve(64);
    arena.view.setUint8(at, 22);
    local.onDatagram(local.socket, at, 30, local.validate(address(5001), 0, broken));
    assert.equal(exceptions.length, 1);
    local.socket.close();
  });
});

describe('srtpHeaderLength', () => {
  const arena = new Arena(1 << 12);
  for (const [claim, bytes, length, expected] of [
    ['12 for a bare header', [0x80], 40, 12],
    ['more with CSRCs', [0x83], 40, 24],
    ['more with an extension', [0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xde, 0, 2], 40, 24],
    ['12 whatever the encrypted padding says', [0xa0], 40, 12],
    ['-1 if the packet is shorter than a header', [0x80], 11, -1],
    ['-1 if the CSRCs do not fit', [0x8f], 71, -1],
    ['-1 if the extension does not fit', [0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 40, -1],
    ['-1 if the head of the extension does not fit', [0x90], 15, -1],
  ] as const) {
    it(`is ${claim}`, () => {
      arena.bytes.fill(0, 0, 100);
      arena.bytes.set(bytes);
      assert.equal(srtpHeaderLength(arena, 0, length), expected);
    });
  }
});
