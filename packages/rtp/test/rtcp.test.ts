/**
 * RTCP: known bytes, round trips of every packet, and garbage that must not throw.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { packetMemoryOf, parseRtcp, type ReportBlock, type RtcpPacket, serializeRtcp } from '../src/index.ts';
import { hex, memoryWith } from './packets.ts';

const uint8 = fc.integer({ min: 0, max: 0xff });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;

function parse(bytes: Uint8Array): RtcpPacket[] {
  return parseRtcp(memoryWith(bytes, 24), 24, bytes.length);
}

const emptyReport: RtcpPacket = { type: 'receiverReport', ssrc: 1, reports: [] };

describe('serializeRtcp', () => {
  it('puts an empty receiver report in front of feedback', () => {
    const bytes = serializeRtcp(0x11223344, [{ type: 'pli', senderSsrc: 1, mediaSsrc: 2 }]);
    assert.deepEqual(bytes, hex('80c90001 11223344 81ce0002 00000001 00000002'));
  });

  it('moves reports to the front and keeps the order of the rest', () => {
    const order = parse(
      serializeRtcp(9, [
        { type: 'goodbye', ssrcs: [1] },
        emptyReport,
        { type: 'pli', senderSsrc: 1, mediaSsrc: 2 },
      ]),
    ).map((packet) => packet.type);
    assert.deepEqual(order, ['receiverReport', 'goodbye', 'pli']);
  });

  it('writes a NACK of several runs, the wrap included', () => {
    const bytes = serializeRtcp(1, [
      { type: 'nack', senderSsrc: 1, mediaSsrc: 2, sequenceNumbers: [65534, 65535, 0, 14, 15, 100] },
    ]);
    // 65534 with +1, +2 and +16; 15 alone is 17 away, hence a word of its own; 100 likewise.
    assert.deepEqual(bytes.subarray(8), hex('81cd0005 00000001 00000002 fffe8003 000f0000 00640000'));
  });

  it('writes REMB as in the draft: mantissa of 18 bits, exponent of 6', () => {
    const remb: RtcpPacket = { type: 'remb', senderSsrc: 1, bitrateBps: 8_927_168, ssrcs: [1215622422] };
    const bytes = serializeRtcp(1, [remb]);
    assert.deepEqual(bytes.subarray(8), hex('8fce0005 00000001 00000000 52454d42 011a 20df 4874ed16'));
    assert.deepEqual(parse(bytes)[1], remb);
  });

  it('splits more than 31 report blocks over further receiver reports', () => {
    const reports = Array.from({ length: 70 }, (_, i) => block(i));
    const parsed = parse(
      serializeRtcp(1, [
        {
          type: 'senderReport',
          ssrc: 5,
          ntp: { seconds: 1, fraction: 2 },
          rtpTimestamp: 3,
          packetCount: 4,
          octetCount: 6,
          reports,
        },
      ]),
    );
    assert.deepEqual(
      parsed.map((packet) => packet.type),
      ['senderReport', 'receiverReport', 'receiverReport'],
    );
    assert.deepEqual(
      parsed.flatMap((packet) => ('reports' in packet ? packet.reports : [])),
      reports,
    );
  });

  it('clamps the cumulative loss to 24 bits', () => {
    const lostAfter = (packetsLost: number): number | undefined => {
      const [packet] = parse(
        serializeRtcp(1, [{ type: 'receiverReport', ssrc: 1, reports: [{ ...block(1), packetsLost }] }]),
      );
      return packet?.type === 'receiverReport' ? packet.reports[0]?.packetsLost : undefined;
    };
    assert.equal(lostAfter(-1), -1);
    assert.equal(lostAfter(2 ** 30), 0x7f_ffff);
    assert.equal(lostAfter(-(2 ** 30)), -0x80_0000);
  });
});

function block(ssrc: number): ReportBlock {
  return {
    ssrc,
    fractionLost: 255,
    packetsLost: -3,
    highestSequenceNumber: 0xffff_ffff,
    jitter: 7,
    lastSenderReport: 0x8000_0000,
    delaySinceLastSenderReport: 9,
  };
}

const anyBlock: fc.Arbitrary<ReportBlock> = record({
  ssrc: uint32,
  fractionLost: uint8,
  packetsLost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
  highestSequenceNumber: uint32,
  jitter: uint32,
  lastSenderReport: uint32,
  delaySinceLastSenderReport: uint32,
});
const anyReports = fc.array(anyBlock, { maxLength: 31 });
const anyPacket: fc.Arbitrary<RtcpPacket> = fc.oneof(
  record({
    type: fc.constant('senderReport' as const),
    ssrc: uint32,
    ntp: record({ seconds: uint32, fraction: uint32 }),
    rtpTimestamp: uint32,
    packetCount: uint32,
    octetCount: uint32,
    reports: anyReports,
  }),
  record({ type: fc.constant('receiverReport' as const), ssrc: uint32, reports: anyReports }),
  record({
    type: fc.constant('sourceDescription' as const),
    chunks: fc.array(record({ ssrc: uint32, cname: fc.string({ unit: 'grapheme', maxLength: 20 }) }), {
      maxLength: 31,
    }),
  }),
  record({ type: fc.constant('goodbye' as const), ssrcs: fc.array(uint32, { maxLength: 31 }) }),
  record({
    type: fc.constant('nack' as const),
    senderSsrc: uint32,
    mediaSsrc: uint32,
    sequenceNumbers: fc.array(uint16, { maxLength: 200 }),
  }),
  record({ type: fc.constant('pli' as const), senderSsrc: uint32, mediaSsrc: uint32 }),
  record({
    type: fc.constant('fir' as const),
    senderSsrc: uint32,
    entries: fc.array(record({ ssrc: uint32, commandNumber: uint8 }), { maxLength: 20 }),
  }),
  record({
    type: fc.constant('remb' as const),
    senderSsrc: uint32,
    bitrateBps: fc.integer({ min: 0, max: 0x3_ffff }).map((mantissa) => mantissa * 1024),
    ssrcs: fc.array(uint32, { maxLength: 255 }),
  }),
);

describe('parseRtcp', () => {
  it('is the inverse of serializeRtcp', () => {
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 5 }), (packets) => {
        const parsed = parse(serializeRtcp(1, [emptyReport, ...packets])).slice(1);
        const sorted = [
          ...packets.filter((packet) => 'reports' in packet),
          ...packets.filter((packet) => !('reports' in packet)),
        ];
        const normal = (packet: RtcpPacket): unknown =>
          packet.type === 'nack'
            ? { ...packet, sequenceNumbers: new Set(packet.sequenceNumbers) }
            : { ...packet };
        assert.deepEqual(parsed.map(normal), sorted.map(normal));
      }),
    );
  });

  it('skips XR, APP, transport-wide feedback and unknown formats and reads what follows', () => {
    const bytes = hex(
      '80cf0001 00000001  81cc0002 00000001 41414141  8fcd0003 00000001 00000002 00000000' +
        '82ce0002 00000001 00000002  81ce0002 00000003 00000004',
    );
    assert.deepEqual(parse(bytes), [{ type: 'pli', senderSsrc: 3, mediaSsrc: 4 }]);
  });

  it('accepts a reduced-size packet (RFC 5506)', () => {
    assert.equal(parse(hex('81ce0002 00000001 00000002')).length, 1);
  });

  it('drops padding of the last packet', () => {
    assert.deepEqual(parse(hex('a1cb0002 00000007 00000004')), [{ type: 'goodbye', ssrcs: [7] }]);
  });

  it('reads a source description whose CNAME follows other items', () => {
    const bytes = hex('81ca0004 00000001 0202 4142 0103 616263 00 00000000');
    assert.deepEqual(parse(bytes), [{ type: 'sourceDescription', chunks: [{ ssrc: 1, cname: 'abc' }] }]);
  });

  it('takes a CNAME that is no UTF-8 with question marks', () => {
    const bytes = hex('81ca0002 00000001 0102 41ff'.replace('0002', '0003') + '00000000');
    assert.deepEqual(parse(bytes), [{ type: 'sourceDescription', chunks: [{ ssrc: 1, cname: 'A?' }] }]);
  });

  it('ignores an application-layer message that is not REMB', () => {
    assert.deepEqual(parse(hex('8fce0004 00000001 00000000 41424344 01000000')), []);
  });

  it('bounds the numbers of one NACK', () => {
    const items = Array.from({ length: 350 }, () => '0000ffff').join('');
    const bytes = hex(`81cd${(2 + 350).toString(16).padStart(4, '0')} 00000001 00000002 ${items}`);
    const [packet] = parse(bytes);
    assert.ok(packet?.type === 'nack' && packet.sequenceNumbers.length < 1024 + 17);
  });

  it('gives up at a broken header and keeps what came before', () => {
    const good = '80c90001 11223344';
    for (const broken of ['40c90001 11223344', '80c90002 11223344', '80c9', 'ffffffff']) {
      assert.deepEqual(parse(hex(good + broken)), [
        { type: 'receiverReport', ssrc: 0x11223344, reports: [] },
      ]);
    }
  });

  it('never throws on any truncation or mutation, and not on a length beyond the memory', () => {
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 4 }), fc.infiniteStream(uint16), (packets, randoms) => {
        const bytes = serializeRtcp(1, packets);
        const take = (limit: number): number => randoms.next().value % Math.max(1, limit);
        for (let i = 0; i < 6; i++) bytes[take(bytes.length)] = take(256);
        const cut = bytes.subarray(0, take(bytes.length + 1));
        parseRtcp(packetMemoryOf(cut), 0, cut.length);
        assert.deepEqual(parseRtcp(packetMemoryOf(cut), 0, cut.length + 1), []);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parse(bytes)));
  });
});
