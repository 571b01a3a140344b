/**
 * Associations and channels that are fed with garbage: they never throw, keep within bounds and go on.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataChannels } from '@rivero/transport';
import fc from 'fast-check';
import { parseDcep, serializeOpen } from '../src/datachannel/dcep.ts';
import { decodeUtf8 } from '../src/datachannel/utf8.ts';
import { packetChecksum } from '../src/sctp/crc32c.ts';
import { DataReceiver } from '../src/sctp/DataReceiver.ts';
import { PacketWriter } from '../src/sctp/PacketWriter.ts';
import { Network } from './network.ts';
import { hmacSha1 } from './nodeCrypto.ts';
import { numbered, sctpPair, sctpPeer, startingWith } from './sctpPair.ts';

/** Makes the checksum right, so that what is changed is looked at. */
function sign(packet: Uint8Array): Uint8Array {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (packet.length >= 12) view.setUint32(8, packetChecksum(view, packet.length), true);
  return packet;
}

describe('SctpAssociation (garbage)', () => {
  it('never throws on changed packets in any state, and a bounded number of bytes is kept', () => {
    const { random } = new Network({ seed: 99 });
    const pick = (count: number) => Math.floor(random() * count);
    for (let round = 0; round < 20; round++) {
      const interleaving = round % 2 === 0;
      const weather = { seed: round, lossPercent: 10, duplicatePercent: 10, jitterMs: 10 };
      const { network, left, right } = sctpPair(weather, { interleaving, windowBytes: 65_536 });
      const change = (packet: Uint8Array) => {
        const changed = packet.slice(0, pick(10) === 0 ? pick(packet.length) : packet.length);
        const isHeader = pick(4) === 0;
        for (let i = pick(3); i >= 0; i--) changed[isHeader ? pick(12) : 12 + pick(24)] = pick(256);
        if (changed.length >= 8 && pick(4) > 0) changed.set(packet.subarray(0, 8));
        return sign(changed);
      };
      left.association.connect(network.nowMs);
      if (round % 3 === 0) right.association.connect(network.nowMs);
      for (let step = 0; step < 60; step++) {
        for (const [from, to] of [
          [left, right],
          [right, left],
        ] as const) {
          const { length } = from.packets;
          const reliability = [{}, { maxRetransmits: 0 }, { lifetimeMs: 50, isUnordered: true }][step % 3]!;
          from.association.send(step % 5, 53, numbered(step, 3000), reliability, network.nowMs);
          if (step % 20 === 10) from.association.resetStreams([step % 5, 9], network.nowMs);
          for (let i = 0; i < 6 && length > 0; i++) {
            to.association.receive(change(from.packets[pick(length)]!), network.nowMs);
          }
        }
        network.run(20);
      }
      right.association.close(network.nowMs);
      network.run(60_000);
      for (const { association } of [left, right]) {
        const isQuiet = ['new', 'closed', 'failed'].includes(association.state);
        assert.equal(association.nextTimeoutMs() === undefined, isQuiet, association.state);
      }
    }
  });

  it('never throws on chunks of any kind and content', () => {
    const { network, left, right, connect } = sctpPair({ seed: 5 });
    connect();
    const types = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 64, 130, 192, 194, 63, 200, 255);
    const chunk = fc.tuple(types, fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 5 }), (chunks) => {
        const { localTag } = right.association;
        const writer = new PacketWriter({ local: 5000, remote: 5000 }, 1200, (packet) =>
          right.association.receive(packet.slice(), network.nowMs),
        );
        writer.verificationTag = localTag;
        for (const [type, flags, value] of chunks) writer.append(type, flags, value);
        writer.flush();
      }),
      { numRuns: 2000, seed: 42 },
    );
    assert.ok(right.packets.length > 0);
    assert.ok(left.packets.length > 0);
  });

  it('keeps no more than its window of fragments that nothing follows, on however many streams', () => {
    for (const isInterleaved of [false, true]) {
      const receiver = new DataReceiver({
        initialTsn: 1000,
        windowBytes: 100_000,
        maxMessageBytes: 50_000,
        streams: 65_535,
        isInterleaved,
        onMessage: () => assert.fail('a message'),
      });
      const count = 20_000;
      for (let i = 0; i < count; i++) {
        const value = new DataView(new ArrayBuffer(40));
        // The first one is missing; each of the others begins a message without an end.
        value.setUint32(0, 1001 + i);
        value.setUint16(4, i);
        receiver.handleData({ type: isInterleaved ? 64 : 0, flags: 2, value });
        assert.ok(receiver.waitingBytes <= 100_000);
      }
      assert.ok(receiver.droppedChunks > count - 1000);
      assert.ok(receiver.windowBytes < 200);
    }
  });
});

describe('DataChannels (garbage)', () => {
  it('never throw on messages of any kind on any stream, and stay connected', () => {
    const streams = fc.integer({ min: 0, max: 65_534 });
    const kinds = fc.constantFrom(50, 51, 52, 53, 54, 56, 57, 0, 0xffff_ffff);
    const contents = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Uint8Array.from([3, ...bytes])),
      fc.string().map((label) => serializeOpen({ label, protocol: label, isOrdered: false })),
    );
    const answers: Uint8Array[] = [];
    const channels = new DataChannels({
      localPort: 5000,
      remotePort: 5000,
      randomBytes: startingWith(9, 9),
      hmacSha1,
      listener: {
        onSend: (packet) => void answers.push(packet.slice()),
        onState: () => {},
        onOpen: () => {},
        onMessage: () => {},
        onClose: () => {},
        onBufferedLow: () => {},
        onSendPossible: () => {},
      },
    });
    const packets: Uint8Array[] = [];
    const stranger = sctpPeer({}, (packet) => void packets.push(packet.slice()));
    const pump = (nowMs: number) => {
      while (answers.length + packets.length > 0) {
        for (const packet of answers.splice(0)) stranger.association.receive(packet, nowMs);
        for (const packet of packets.splice(0)) channels.receive(packet, nowMs);
      }
    };
    stranger.association.connect(0);
    pump(0);
    let nowMs = 0;
    fc.assert(
      fc.property(streams, kinds, contents, fc.boolean(), (streamId, kind, bytes, isReset) => {
        nowMs += 300;
        stranger.association.send(streamId, kind, bytes, { isUnordered: isReset }, nowMs);
        if (isReset) stranger.association.resetStreams([streamId], nowMs);
        pump(nowMs);
        for (const timed of [stranger.association, channels]) timed.handleTimeout(nowMs);
        pump(nowMs);
        assert.ok(channels.channels.length <= 1024);
        assert.equal(channels.state, 'connected');
      }),
      { numRuns: 5000, seed: 7 },
    );
    assert.ok(channels.droppedMessages > 100);
  });

  it('refuse every truncation of an opening message', () => {
    const open = serializeOpen({ label: 'ä', protocol: 'p', isOrdered: true });
    for (let length = 0; length < open.length; length++) {
      assert.equal(parseDcep(open.subarray(0, length)), undefined);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        parseDcep(Uint8Array.from([3, ...bytes]));
        decodeUtf8(bytes);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
