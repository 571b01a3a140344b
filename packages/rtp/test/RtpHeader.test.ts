/**
 * RTP headers: every length that can lie, and round trips of every field.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  packetMemoryOf,
  readHasExtension,
  readHasPadding,
  readMarker,
  readPayloadType,
  readSequenceNumber,
  readSsrc,
  readTimestamp,
  rtpHeaderLength,
  rtpHeaderLengthWithoutExtension,
  rtpPaddingLength,
  writeHasPadding,
  writeMarker,
  writePayloadType,
  writeRtpHeader,
  writeSequenceNumber,
  writeSsrc,
  writeTimestamp,
} from '../src/index.ts';
import { hex, memoryWith } from './packets.ts';

const at = 16;
const fixed = '80 e0 fffe 00010203 deadbeef';

describe('rtpHeaderLength', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['a bare header', fixed, 12],
    ['a header with payload', `${fixed} 0102`, 12],
    ['two CSRCs', '82 60 0001 00000000 00000001 00000002 00000003 99', 20],
    ['an extension of one word', '90 60 0001 00000000 00000001 bede0001 10010000', 20],
    ['an empty extension', '90 60 0001 00000000 00000001 bede0000', 16],
    ['CSRC and extension', '91 60 0001 00000000 00000001 00000002 bede0001 10010000 55', 24],
    ['padding of one byte', 'a0 60 0001 00000000 00000001 01', 12],
    ['padding that fills the payload', 'a0 60 0001 00000000 00000001 000003', 12],
    ['eleven bytes', '80 e0 fffe 00010203 deadbe', -1],
    ['nothing', '', -1],
    ['version 1', '40 e0 fffe 00010203 deadbeef', -1],
    ['version 3', 'c0 e0 fffe 00010203 deadbeef', -1],
    ['CSRCs that do not fit', '81 60 0001 00000000 00000001 000002', -1],
    ['an extension head that does not fit', '90 60 0001 00000000 00000001 bede00', -1],
    ['an extension that does not fit', '90 60 0001 00000000 00000001 bede0001 100100', -1],
    ['padding of zero', 'a0 60 0001 00000000 00000001 00', -1],
    ['padding longer than the payload', 'a0 60 0001 00000000 00000001 0003', -1],
    ['padding without payload', 'a0 60 0001 00000000 00000001', -1],
  ];
  for (const [name, text, expected] of cases) {
    it(`of ${name} is ${expected}`, () => {
      const bytes = hex(text);
      assert.equal(rtpHeaderLength(memoryWith(bytes, at), at, bytes.length), expected);
    });
  }

  it('refuses a packet that ends outside the memory', () => {
    const bytes = hex(fixed);
    assert.equal(rtpHeaderLength(packetMemoryOf(bytes), 0, 13), -1);
    assert.equal(rtpHeaderLength(packetMemoryOf(bytes), 1, 12), -1);
    assert.equal(rtpHeaderLength(packetMemoryOf(bytes), -1, 12), -1);
  });

  it('never throws and stays inside the packet, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const length = rtpHeaderLength(packetMemoryOf(bytes), 0, bytes.length);
        assert.ok(length === -1 || (length >= 12 && length <= bytes.length));
      }),
    );
  });
});

describe('header fields', () => {
  it('are read from a known packet', () => {
    const memory = memoryWith(hex(fixed), at);
    assert.equal(readMarker(memory, at), true);
    assert.equal(readPayloadType(memory, at), 96);
    assert.equal(readSequenceNumber(memory, at), 0xfffe);
    assert.equal(readTimestamp(memory, at), 0x00010203);
    assert.equal(readSsrc(memory, at), 0xdeadbeef);
    assert.equal(readHasExtension(memory, at), false);
    assert.equal(rtpHeaderLengthWithoutExtension(memory, at), 12);
  });

  it('survive a round trip without touching their neighbours', () => {
    fc.assert(
      fc.property(
        fc.record({
          payloadType: fc.integer({ min: 0, max: 127 }),
          marker: fc.boolean(),
          sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
          timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
          ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
        }),
        (fields) => {
          const memory = memoryWith(new Uint8Array(12), at);
          assert.equal(writeRtpHeader(memory, at, fields), 12);
          const check = (): void => {
            assert.equal(readPayloadType(memory, at), fields.payloadType);
            assert.equal(readMarker(memory, at), fields.marker);
            assert.equal(readSequenceNumber(memory, at), fields.sequenceNumber);
            assert.equal(readTimestamp(memory, at), fields.timestamp);
            assert.equal(readSsrc(memory, at), fields.ssrc);
          };
          check();
          writeMarker(memory, at, !fields.marker);
          writePayloadType(memory, at, 127 - fields.payloadType);
          writeMarker(memory, at, fields.marker);
          writePayloadType(memory, at, fields.payloadType);
          writeSequenceNumber(memory, at, fields.sequenceNumber + 3 * 65536);
          writeTimestamp(memory, at, fields.timestamp + 2 ** 32);
          writeSsrc(memory, at, fields.ssrc);
          check();
          assert.equal(rtpHeaderLength(memory, at, 12), 12);
          assert.equal(memory.bytes[at - 1], 0xee);
          assert.equal(memory.bytes[at + 12], 0xee);
        },
      ),
    );
  });
});

describe('rtpPaddingLength', () => {
  it('is the last byte if the P bit is set, else 0', () => {
    const bytes = hex('a0 60 0001 00000000 00000001 aabb000003');
    const memory = memoryWith(bytes, at);
    assert.equal(readHasPadding(memory, at), true);
    assert.equal(rtpPaddingLength(memory, at, bytes.length), 3);
    writeHasPadding(memory, at, false);
    assert.equal(rtpPaddingLength(memory, at, bytes.length), 0);
    assert.equal(readHasPadding(memory, at), false);
  });
});
