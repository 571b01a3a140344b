/**
 * Partial reliability, resets of streams, back-pressure, windows and wraps.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacketWriter } from '../src/sctp/PacketWriter.ts';
import { parsePacket } from '../src/sctp/parsePacket.ts';
import { numbered, numberOf, type SctpPeer, sctpPair, sctpPeer, startingWith } from './sctpPair.ts';

const isData = (packet: Uint8Array) =>
  parsePacket(packet)?.chunks.some(({ type }) => type === 0 || type === 64) ?? false;
const hasType = (packet: Uint8Array, type: number) =>
  parsePacket(packet)?.chunks.some((chunk) => chunk.type === type) ?? false;
const bothKinds = [false, true];

describe('SctpAssociation (partial reliability)', () => {
  for (const interleaving of bothKinds) {
    const kind = interleaving ? 'I-DATA' : 'DATA';

    it(`drops lost messages only, and keeps the order of the rest, ${kind}`, () => {
      for (const [seed, options] of [
        [1, { maxRetransmits: 0 }],
        [2, { maxRetransmits: 2 }],
        [3, { lifetimeMs: 150 }],
        [4, { maxRetransmits: 0, isUnordered: true }],
        [5, { lifetimeMs: 150, isUnordered: true }],
      ] as const) {
        const { network, left, right, connect } = sctpPair({ seed, lossPercent: 10 }, { interleaving });
        connect();
        for (let i = 0; i < 200; i++) {
          left.association.send(i % 3, 53, numbered(i, [10, 3000][i % 2]!), options, network.nowMs);
          network.run(30);
        }
        network.run(30_000);
        // Behind the lossy part everything arrives, reliable or not: nothing waits for what was given up.
        for (let i = 200; i < 203; i++) {
          left.association.send(i % 3, 53, numbered(i, 10), {}, network.nowMs);
          network.run(20_000);
        }
        const numbers = right.messages.map(numberOf);
        assert.equal(new Set(numbers).size, numbers.length, 'once');
        for (const message of right.messages) {
          assert.deepEqual(message.bytes, numbered(numberOf(message), message.bytes.length));
        }
        assert.ok(numbers.includes(200) && numbers.includes(201) && numbers.includes(202), `seed ${seed}`);
        assert.ok(numbers.length < 203 && numbers.length > 100, `${numbers.length} of 203, seed ${seed}`);
        if ('isUnordered' in options) continue;
        for (const streamId of [0, 1, 2]) {
          const inStream = right.messages.filter((message) => message.streamId === streamId).map(numberOf);
          assert.deepEqual(
            inStream,
            inStream.toSorted((a, b) => a - b),
          );
        }
      }
    });

    it(`delivers all messages of limited reliability where nothing is lost, ${kind}`, () => {
      const { network, left, right, connect } = sctpPair({}, { interleaving });
      connect();
      for (let i = 0; i < 100; i++) {
        left.association.send(0, 53, numbered(i, 2000), { maxRetransmits: 0 }, network.nowMs);
      }
      network.run(5000);
      assert.equal(right.messages.length, 100);
    });

    it(`sends a message again as often as it may and no more, ${kind}`, () => {
      for (const maxRetransmits of [0, 1, 3]) {
        const { network, left, right, connect } = sctpPair({}, { interleaving });
        connect();
        let tries = 0;
        left.isSwallowed = (packet) => isData(packet) && ++tries > 0;
        left.association.send(0, 53, numbered(1, 10), { maxRetransmits }, network.nowMs);
        network.run(30_000);
        assert.equal(tries, 1 + maxRetransmits);
        assert.ok(left.packets.some((packet) => hasType(packet, interleaving ? 194 : 192)));
        left.isSwallowed = () => false;
        left.association.send(0, 53, numbered(2, 10), {}, network.nowMs);
        network.run(1000);
        assert.deepEqual(right.messages.map(numberOf), [2]);
      }
    });

    it(`gives up a long message in the middle, although its beginning is acknowledged, ${kind}`, () => {
      const { network, left, right, connect } = sctpPair({ bitrateBps: 500_000 }, { interleaving });
      connect();
      left.association.send(0, 53, numbered(1, 60_000), { lifetimeMs: 300 }, network.nowMs);
      network.run(320);
      let lost = 0;
      left.isSwallowed = (packet) => isData(packet) && lost++ < 3;
      network.run(5000);
      left.association.send(0, 53, numbered(2, 60_000), {}, network.nowMs);
      network.run(10_000);
      assert.deepEqual(right.messages.map(numberOf), [2]);
      assert.equal(left.association.bufferedBytes(0), 0);
    });
  }

  it('drops messages that expire before they are sent at all', () => {
    const { network, left, right, connect } = sctpPair({ bitrateBps: 200_000, queueMs: 10_000 });
    connect();
    for (let i = 0; i < 20; i++) {
      left.association.send(
        i % 2,
        53,
        numbered(i, 20_000),
        { lifetimeMs: i < 10 ? undefined : 100 },
        network.nowMs,
      );
    }
    network.run(60_000);
    assert.deepEqual(
      right.messages.map(numberOf).toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.equal(left.association.bufferedBytes(0) + left.association.bufferedBytes(1), 0);
  });

  it('lets unordered messages overtake', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    let lost = 0;
    left.isSwallowed = (packet) => isData(packet) && lost++ === 0;
    for (let i = 0; i < 3; i++) {
      left.association.send(0, 53, numbered(i, 10), { isUnordered: i > 0 }, network.nowMs);
    }
    network.run(5000);
    assert.deepEqual(right.messages.map(numberOf), [1, 2, 0]);
  });
});

describe('SctpAssociation (interleaving)', () => {
  it('lets short messages pass between the parts of a long one with I-DATA, and not with DATA', () => {
    for (const interleaving of bothKinds) {
      const { network, left, right, connect } = sctpPair({ bitrateBps: 1_000_000 }, { interleaving });
      connect();
      left.association.send(0, 53, numbered(0, 200_000), {}, network.nowMs);
      left.association.send(2, 53, numbered(1, 10), {}, network.nowMs);
      network.run(20_000);
      assert.deepEqual(right.messages.map(numberOf), interleaving ? [1, 0] : [0, 1]);
    }
  });
});

describe('SctpAssociation (stream resets)', () => {
  it('resets after what was sent before, both sides begin anew, and loss changes nothing', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { network, left, right, connect } = sctpPair({ seed, lossPercent: 15, jitterMs: 30 });
      connect();
      for (let i = 0; i < 10; i++) left.association.send(3, 53, numbered(i, 2000), {}, network.nowMs);
      left.association.resetStreams([3, 4], network.nowMs);
      assert.equal(left.association.send(3, 53, numbered(99, 4), {}, network.nowMs), 'closed');
      network.run(60_000, () => left.resets.length > 0);
      // Stream 4 had nothing to wait for, so that it may have been reset before.
      network.run(60_000);
      assert.deepEqual(
        new Set(left.resets.flatMap(([direction, ids]) => (direction === 'outgoing' ? ids : []))),
        new Set([3, 4]),
      );
      assert.deepEqual(
        new Set(right.resets.flatMap(([direction, ids]) => (direction === 'incoming' ? ids : []))),
        new Set([3, 4]),
      );
      assert.equal(right.messages.length, 10);
      assert.equal(left.association.send(3, 53, numbered(10, 2000), {}, network.nowMs), 'accepted');
      network.run(20_000);
      assert.deepEqual(right.messages.map(numberOf), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });

  it('waits with the reset until everything sent before it has arrived', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    let lost = 0;
    left.isSwallowed = (packet) => isData(packet) && lost++ === 0;
    left.association.send(1, 53, numbered(1, 10), {}, network.nowMs);
    left.association.resetStreams([1], network.nowMs);
    network.run(100);
    assert.deepEqual([right.messages.length, right.resets.length, left.resets.length], [0, 0, 0]);
    network.run(5000);
    assert.deepEqual(
      [right.messages.length, right.resets, left.resets],
      [1, [['incoming', [1]]], [['outgoing', [1]]]],
    );
  });

  it('resets hundreds of streams at once', () => {
    const { network, left, right, connect } = sctpPair();
    connect();
    const ids = Array.from({ length: 700 }, (_, id) => id);
    left.association.resetStreams(ids, network.nowMs);
    network.run(10_000);
    assert.deepEqual(
      right.resets.flatMap(([, streamIds]) => streamIds),
      ids,
    );
    assert.deepEqual(
      left.resets.flatMap(([, streamIds]) => streamIds),
      ids,
    );
  });
});

describe('SctpAssociation (back-pressure)', () => {
  it('refuses what does not fit, says when there is room, and tells of low buffers', () => {
    const { network, left, right, connect } = sctpPair(
      { bitrateBps: 2_000_000 },
      { sendBufferBytes: 100_000 },
    );
    connect();
    left.association.setLowThreshold(0, 20_000);
    const results = [];
    for (let i = 0; i < 12; i++) {
      results.push(left.association.send(0, 53, numbered(i, 10_000), {}, network.nowMs));
    }
    assert.deepEqual(results.slice(9), ['accepted', 'full', 'full']);
    assert.equal(left.room, 0);
    network.run(30_000);
    assert.deepEqual([left.room, left.low, right.messages.length], [1, [0], 10]);
    assert.equal(left.association.send(0, 53, numbered(1, 10_000), {}, network.nowMs), 'accepted');
    assert.equal(left.association.bufferedBytes(0) < 10_000, true);
    assert.throws(() => left.association.send(0, 53, new Uint8Array(0), {}, network.nowMs), RangeError);
    assert.equal(left.association.send(65_535, 53, numbered(1, 4), {}, network.nowMs), 'invalidStream');
  });

  it('takes a bounded number of messages, however small', () => {
    const { left } = sctpPair();
    let accepted = 0;
    while (left.association.send(0, 53, Uint8Array.of(1), {}, 0) === 'accepted') accepted++;
    assert.equal(accepted, 16_384);
  });

  it('stops a peer whose messages the host cannot pass on, and lets it go on', () => {
    const { network, left, right, connect } = sctpPair(
      {},
      {},
      { windowBytes: 50_000, maxMessageBytes: 20_000 },
    );
    connect();
    right.association.setHeldBytes(50_000, network.nowMs);
    // The peer learns of it with the next acknowledgement.
    for (let i = 0; i < 100; i++) left.association.send(0, 53, numbered(i, 1000), {}, network.nowMs);
    network.run(30_000);
    assert.ok(right.messages.length < 100, `${right.messages.length}`);
    assert.equal(left.association.state, 'connected');
    right.association.setHeldBytes(0, network.nowMs);
    network.run(10_000);
    assert.equal(right.messages.length, 100);
  });

  it('keeps what waits for a lost fragment within the window, and loses nothing', () => {
    const settings = { windowBytes: 30_000, maxMessageBytes: 10_000 };
    const { network, left, right, connect } = sctpPair({}, {}, settings);
    connect();
    let isCut = false;
    let lost = 0;
    left.isSwallowed = (packet) => isCut && isData(packet) && lost++ % 7 === 0;
    isCut = true;
    for (let i = 0; i < 100; i++) left.association.send(i % 5, 53, numbered(i, 9000), {}, network.nowMs);
    network.run(600_000, () => right.messages.length === 100);
    assert.equal(right.messages.length, 100);
    assert.equal(left.association.state, 'connected');
  });

  it('ends an association whose peer sends longer messages than it may', () => {
    const { network, left, right, connect } = sctpPair({}, {}, { maxMessageBytes: 10_000 });
    connect();
    left.association.send(0, 53, numbered(1, 10_000), {}, network.nowMs);
    network.run(1000);
    assert.equal(right.messages.length, 1);
    left.association.send(0, 53, numbered(1, 10_001), {}, network.nowMs);
    network.run(1000);
    assert.deepEqual([right.states.at(-1), left.states.at(-1)], ['failed', 'closed']);
  });

  it('ends an association whose peer sends DATA without data', () => {
    const { network, right, connect } = sctpPair({}, { interleaving: false });
    connect();
    let packet = new Uint8Array(0);
    const writer = new PacketWriter({ local: 5000, remote: 5000 }, 1200, (bytes) => (packet = bytes.slice()));
    writer.sendAlone(right.association.localTag, 0, 3, new Uint8Array(12));
    right.association.receive(packet, network.nowMs);
    assert.equal(right.association.state, 'failed');
  });
});

describe('SctpAssociation (wraps)', () => {
  for (const interleaving of bothKinds) {
    it(`delivers across the wrap of TSNs from every edge, ${interleaving ? 'I-DATA' : 'DATA'}`, () => {
      for (const initialTsn of [
        0, 1, 0x7fff_fff0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffd0, 0xffff_fffe, 0xffff_ffff,
      ]) {
        const weather = { seed: initialTsn & 0xff, lossPercent: 10, jitterMs: 15 };
        const settings = { interleaving, randomBytes: startingWith(5, initialTsn) };
        const { network, left, right, connect } = sctpPair(weather, settings, settings);
        connect();
        for (let i = 0; i < 40; i++) {
          left.association.send(i % 2, 53, numbered(i, 2500), {}, network.nowMs);
          right.association.send(i % 2, 53, numbered(i, 10), { maxRetransmits: 0 }, network.nowMs);
          network.run(3);
        }
        left.association.resetStreams([0, 1], network.nowMs);
        network.run(200_000, () => right.messages.length === 40 && left.resets.length > 0);
        assert.equal(right.messages.length, 40, `from ${initialTsn}`);
        assert.ok(left.messages.length > 20);
        assert.equal(left.resets.length, 1);
        right.association.send(0, 53, numbered(1000, 10), {}, network.nowMs);
        network.run(20_000);
        assert.ok(left.messages.map(numberOf).includes(1000), `from ${initialTsn}`);
      }
    });
  }

  it('delivers across the wrap of SSNs', () => {
    const flying: (() => void)[] = [];
    const send = (to: () => SctpPeer) => (packet: Uint8Array) => {
      const copy = packet.slice();
      flying.push(() => to().association.receive(copy, 0));
    };
    const settings = { interleaving: false };
    const left: SctpPeer = sctpPeer(
      settings,
      send(() => right),
    );
    const right: SctpPeer = sctpPeer(
      settings,
      send(() => left),
    );
    const deliver = () => {
      for (const step of flying) step();
      flying.length = 0;
    };
    left.association.connect(0);
    deliver();
    let arrived = 0;
    right.messages.push = (message) => {
      assert.equal(numberOf(message), arrived);
      return ++arrived;
    };
    let next = 0;
    while (arrived < 66_000) {
      while (next < 66_000 && left.association.send(0, 53, numbered(next, 4), {}, 0) === 'accepted') next++;
      deliver();
      right.association.handleTimeout(next);
    }
    assert.equal(arrived, 66_000);
  });
});
