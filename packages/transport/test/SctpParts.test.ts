/**
 * The parts of an association, each for itself: numbers, checksums, bytes on the wire, and what is kept in which order.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { crc32c, packetChecksum } from '../src/sctp/crc32c.ts';
import { type InboundMessage, InboundStreams } from '../src/sctp/InboundStreams.ts';
import { InterleavedReassembly } from '../src/sctp/InterleavedReassembly.ts';
import { parseInit, serializeInit } from '../src/sctp/initChunk.ts';
import { PacketWriter } from '../src/sctp/PacketWriter.ts';
import { parsePacket } from '../src/sctp/parsePacket.ts';
import { DataReassembly, type InboundFragment } from '../src/sctp/Reassembly.ts';
import { ReceivedTsns } from '../src/sctp/ReceivedTsns.ts';
import { SendQueue } from '../src/sctp/SendQueue.ts';
import { unwrap16, unwrap32 } from '../src/sctp/serialNumber.ts';
import { fromHex, toHex } from './nodeCrypto.ts';
import { numbered, sctpPair, startingWith } from './sctpPair.ts';

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

describe('crc32c', () => {
  // RFC 7143 appendix A.4.
  const vectors: readonly [name: string, bytes: Uint8Array, crc: number][] = [
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['the digits', new Uint8Array(Buffer.from('123456789')), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ];
  for (const [name, bytes, crc] of vectors) {
    it(`of ${name} is that of the standard`, () => {
      assert.equal(crc32c(viewOf(bytes), 0, bytes.length), crc);
    });
  }

  it('of a packet is that of the packet with zeros for its checksum, for every length', () => {
    for (let length = 12; length < 60; length++) {
      const packet = numbered(length, length);
      const zeroed = packet.slice().fill(0, 8, 12);
      assert.equal(packetChecksum(viewOf(packet), length), crc32c(viewOf(zeroed), 0, length));
    }
  });
});

describe('serial numbers', () => {
  it('go on across wraps and back, from every edge', () => {
    for (const start of [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 2 ** 40]) {
      for (const distance of [0, 1, -1, 5, -5, 32_767, -32_768]) {
        assert.equal(unwrap16((start + distance) & 0xffff, start), start + distance);
        assert.equal(unwrap32((start + distance) >>> 0, start), start + distance);
      }
      assert.equal(unwrap32((start + 0x7fff_ffff) >>> 0, start), start + 0x7fff_ffff);
      assert.equal(unwrap32((start - 0x8000_0000) >>> 0, start), start - 0x8000_0000);
    }
  });
});

describe('SCTP packets', () => {
  const settings = { randomBytes: startingWith(0x01020304, 0xa0a0a0a0), interleaving: false };
  const other = { randomBytes: startingWith(0x0a0b0c0d, 0xb0b0b0b0), interleaving: false };

  /** Packets without ports and checksum. */
  const hex = (packet: Uint8Array) => `${toHex(packet.subarray(4, 8))} ${toHex(packet.subarray(12))}`;

  it('have the layout of RFC 9260, RFC 3758 and RFC 6525', () => {
    const { network, left, right } = sctpPair({}, settings, other);
    left.association.connect(network.nowMs);
    network.run(1000);
    // INIT: tag, window, streams, TSN; FORWARD TSN supported; extensions RE-CONFIG and FORWARD TSN.
    const init = '0100001e01020304' + '00100000ffffffff' + 'a0a0a0a0' + 'c0000004' + '8008000682c0' + '0000';
    assert.equal(hex(left.packets[0]!), `00000000 ${init}`);
    assert.ok(hex(right.packets[0]!).startsWith('01020304 0200'));
    assert.ok(hex(left.packets[1]!).startsWith('0a0b0c0d 0a00'));
    assert.equal(hex(right.packets[1]!), '01020304 0b000004');
    left.packets.length = 0;
    right.packets.length = 0;
    left.association.send(7, 51, Uint8Array.from(Buffer.from('hello')), {}, network.nowMs);
    left.association.send(7, 53, Uint8Array.of(1), { isUnordered: true }, network.nowMs);
    network.run(1000);
    assert.deepEqual(left.packets.map(hex), [
      '0a0b0c0d 00030015a0a0a0a0000700000000003368656c6c6f000000',
      '0a0b0c0d 00070011a0a0a0a1000700000000003501000000',
    ]);
    assert.deepEqual(right.packets.map(hex), ['01020304 03000010a0a0a0a10010000000000000']);
    left.packets.length = 0;
    right.packets.length = 0;
    left.association.resetStreams([7], network.nowMs);
    network.run(1000);
    assert.deepEqual(left.packets.map(hex), ['0a0b0c0d 82000016000d0012a0a0a0a0b0b0b0afa0a0a0a100070000']);
    assert.deepEqual(right.packets.map(hex), ['01020304 82000010' + '0010000ca0a0a0a000000001']);
    left.packets.length = 0;
    left.isSwallowed = () => true;
    left.association.send(9, 53, Uint8Array.of(1), { maxRetransmits: 0 }, network.nowMs);
    left.isSwallowed = () => false;
    network.run(1000);
    assert.deepEqual(left.packets.map(hex), ['0a0b0c0d c000000ca0a0a0a200090000']);
  });

  it('carry I-DATA with the layout of RFC 8260', () => {
    const { network, left, connect } = sctpPair(
      {},
      { ...settings, interleaving: true },
      { ...other, interleaving: true },
    );
    connect(false);
    left.packets.length = 0;
    left.association.send(7, 51, new Uint8Array(1200), {}, network.nowMs);
    const heads = left.packets.map((packet) => toHex(packet.subarray(12, 32)));
    assert.deepEqual(heads, [
      '4002046ca0a0a0a0000700000000000000000033',
      '4001006ca0a0a0a1000700000000000000000001',
    ]);
  });

  it('round-trip INIT', () => {
    const fields = {
      initiateTag: 0xffff_ffff,
      receiveWindowBytes: 1500,
      outgoingStreams: 1,
      incomingStreams: 65_535,
      initialTsn: 0,
      capabilities: { partialReliability: true, reconfig: true, interleaving: true },
      cookie: Uint8Array.of(1, 2, 3),
      unrecognized: [],
    };
    assert.deepEqual(parseInit(viewOf(serializeInit(fields))), fields);
    for (const zero of ['initiateTag', 'outgoingStreams', 'incomingStreams'] as const) {
      assert.equal(parseInit(viewOf(serializeInit({ ...fields, [zero]: 0 }))), undefined);
    }
  });

  it('are refused in every truncation', () => {
    let packet = new Uint8Array(0);
    const writer = new PacketWriter({ local: 1, remote: 2 }, 1200, (bytes) => (packet = bytes.slice()));
    writer.append(3, 0, new Uint8Array(12));
    writer.append(0, 3, numbered(1, 33));
    writer.flush();
    assert.deepEqual(
      parsePacket(packet)?.chunks.map(({ type, value }) => [type, value.byteLength]),
      [
        [3, 12],
        [0, 33],
      ],
    );
    for (let length = 0; length < packet.length; length++) {
      const cut = packet.slice(0, length);
      if (length >= 12) viewOf(cut).setUint32(8, packetChecksum(viewOf(cut), length), true);
      const isWholeChunk = length === 28 || length >= 28 + 4 + 33;
      assert.equal(parsePacket(cut) === undefined, !isWholeChunk, `${length} bytes`);
    }
    assert.equal(parsePacket(fromHex('00')), undefined);
  });

  it('do not grow beyond their limit, but for a chunk that is longer by itself', () => {
    const sizes: number[] = [];
    const writer = new PacketWriter({ local: 1, remote: 2 }, 100, (packet) => sizes.push(packet.length));
    for (let i = 0; i < 10; i++) writer.append(0, 0, new Uint8Array(30));
    writer.append(5, 0, new Uint8Array(200));
    writer.append(5, 0, new Uint8Array(5000));
    writer.flush();
    assert.deepEqual(sizes, [84, 84, 84, 84, 84, 216]);
  });
});

describe('ReceivedTsns', () => {
  it('agrees with a set of numbers, whatever comes in which order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 0xffff_fff0, 0x7fff_fff0),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 }),
        (start, offsets) => {
          const tsns = new ReceivedTsns(start);
          const seen = new Set<number>();
          for (const offset of offsets) {
            const tsn = tsns.unwrap((start + offset) >>> 0);
            assert.equal(tsn, start + offset);
            assert.equal(tsns.isDuplicate(tsn), seen.has(offset));
            if (!seen.has(offset)) assert.ok(tsns.add(tsn));
            seen.add(offset);
          }
          let cumulative = -1;
          while (seen.has(cumulative + 1)) cumulative++;
          assert.equal(tsns.cumulativeTsn, start + cumulative);
          const sack = new DataView(new ArrayBuffer(tsns.sackBytes));
          tsns.writeSack(sack, 0, 7);
          assert.equal(sack.getUint32(0), (start + cumulative) >>> 0);
          const told = new Set<number>();
          for (let i = 0; i < sack.getUint16(8); i++) {
            for (let o = sack.getUint16(12 + 4 * i); o <= sack.getUint16(14 + 4 * i); o++)
              told.add(cumulative + o);
          }
          assert.deepEqual(told, new Set([...seen].filter((offset) => offset > cumulative)));
        },
      ),
    );
  });

  it('notes 200 gaps and 16 duplicates, and drops what is too far ahead', () => {
    const tsns = new ReceivedTsns(100);
    for (let i = 1; i <= 200; i++) assert.equal(tsns.add(100 + 2 * i), true);
    assert.equal(tsns.add(1000), false);
    assert.equal(tsns.add(103), true);
    for (let i = 0; i < 100; i++) assert.equal(tsns.isDuplicate(102), true);
    assert.ok(tsns.sackBytes <= 12 + 4 * 200 + 4 * 16);
    assert.equal(tsns.add(99 + 65_536), false);
    tsns.skipTo(101);
    assert.equal(tsns.cumulativeTsn, 104);
  });
});

/** A message of three fragments. */
function fragments(tsn: number, sequence: number, isUnordered: boolean): InboundFragment[] {
  return [0, 1, 2].map((fragmentNumber) => ({
    tsn: tsn + fragmentNumber,
    streamId: 5,
    isUnordered,
    isFirst: fragmentNumber === 0,
    isLast: fragmentNumber === 2,
    sequence,
    fragmentNumber,
    payloadProtocol: 53,
    payload: Uint8Array.of(sequence & 0xff, fragmentNumber),
  }));
}

for (const Kind of [DataReassembly, InterleavedReassembly]) {
  describe(Kind.name, () => {
    it('makes whole messages of fragments in any order, and keeps nothing', () => {
      const all = [0, 1, 2, 3].flatMap((i) => fragments(0xffff_fffc + 3 * i, 0xffff_fffe + i, i % 2 === 1));
      fc.assert(
        fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) => {
          const reassembly = new Kind();
          const whole = order
            .map((fragment) => reassembly.add(fragment))
            .filter((message) => message !== undefined);
          assert.equal(whole.length, 4);
          for (const { bytes, sequence } of whole) {
            const own = sequence & 0xff;
            assert.deepEqual(bytes, Uint8Array.of(own, 0, own, 1, own, 2));
          }
          assert.equal(reassembly.waitingBytes, 0);
        }),
      );
    });

    it('forgets what is skipped or reset', () => {
      const reassembly = new Kind();
      const [first, , last] = fragments(10, 4, false);
      reassembly.add(first!);
      reassembly.add(last!);
      assert.ok(reassembly.waitingBytes > 0);
      reassembly.skipTo(12);
      reassembly.skipMessages(5, false, 4);
      assert.equal(reassembly.waitingBytes, 0);
      reassembly.add(first!);
      reassembly.reset([4]);
      assert.ok(reassembly.waitingBytes > 0);
      reassembly.reset([]);
      assert.equal(reassembly.waitingBytes, 0);
    });
  });
}

describe('InboundStreams', () => {
  const message = (number: number): InboundMessage => ({
    streamId: 1,
    payloadProtocol: 53,
    bytes: numbered(number, 4),
  });

  for (const [isInterleaved, starts] of [
    [false, [0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff]],
    [true, [0, 1, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff]],
  ] as const) {
    it(`deliver in order across the wrap of ${isInterleaved ? 'MIDs' : 'SSNs'} from every edge`, () => {
      const mask = isInterleaved ? 2 ** 32 : 2 ** 16;
      for (const start of starts) {
        const got: number[] = [];
        const streams = new InboundStreams(isInterleaved, ({ bytes }) => got.push(bytes[3]!));
        streams.startAt(start);
        for (const offset of [2, 0, 1, 5, 4, 3, 3, 0])
          streams.addOrdered((start + offset) % mask, message(offset));
        assert.deepEqual(got, [0, 1, 2, 3, 4, 5], `from ${start}`);
        streams.addOrdered((start + 9) % mask, message(9));
        streams.addOrdered((start + 11) % mask, message(11));
        streams.skip(1, (start + 10) % mask);
        assert.deepEqual(got.slice(6), [9, 11]);
        assert.equal(streams.waitingBytes, 0);
      }
    });
  }

  it('are 2,048 at most, until they are reset', () => {
    const streams = new InboundStreams(false, () => {});
    for (let streamId = 0; streamId < 2048; streamId++) {
      assert.ok(streams.accepts(streamId));
      streams.addOrdered(3, { ...message(1), streamId });
    }
    assert.equal(streams.accepts(2048), false);
    assert.equal(streams.accepts(2047), true);
    streams.reset([5]);
    assert.equal(streams.accepts(2048), true);
    streams.reset([]);
    assert.equal(streams.waitingBytes, 0);
  });
});

describe('SendQueue', () => {
  it('numbers messages across the wrap, and streams take turns', () => {
    const queue = new SendQueue(() => {});
    queue.stream(1).startAt(0xffff);
    for (const id of [1, 1, 2, 1, 2]) {
      const never = Number.POSITIVE_INFINITY;
      const bytes = Uint8Array.of(id);
      const stream = queue.stream(id);
      queue.push({
        stream,
        payloadProtocol: 1,
        bytes,
        isUnordered: false,
        maxRetransmits: never,
        expiresMs: never,
      });
    }
    const order: [number, number][] = [];
    while (!queue.isEmpty) {
      const { message } = queue.next(100, 0)!;
      order.push([message.stream.id, message.sequence]);
    }
    assert.deepEqual(order, [
      [1, 0xffff],
      [2, 0],
      [1, 0x10000],
      [2, 1],
      [1, 0x10001],
    ]);
    assert.equal(queue.bufferedBytes, 0);
  });
});
