/**
 * Header extensions: both forms are found, rewritten and refused where they lie.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  absSendTimeOfMs,
  closeHeaderExtensions,
  copyMappedExtensions,
  copyRtpHeader,
  findHeaderExtension,
  headerExtensionLength,
  headerExtensionMap,
  midBytes,
  msOfAbsSendTime,
  openHeaderExtensions,
  packetMemoryOf,
  putAbsSendTime,
  putHeaderExtensionData,
  readAbsSendTime,
  readAudioLevel,
  readMid,
  readVoiceActivity,
  rewriteRtpHeader,
  rtpHeaderLength,
} from '../src/index.ts';
import { hex, hexOf, memoryWith } from './packets.ts';

const at = 16;
const to = 200;
const fixed = '90 60 0001 00000000 00000001';
// One-byte form: id 1 = 85 (audio level), padding, id 3 = abs-send-time, id 4 = mid "0".
const oneByte = `${fixed} bede0003 10 85 00 32 aabbcc 40 30 000000`;
// Two-byte form with application bits: id 1 empty, id 200 of 3 bytes, id 4 = mid "ab".
const twoByte = `${fixed} 1003 0003 01 00 c8 03 aabbcc 04 02 6162 00`;

function find(text: string, id: number): string | undefined {
  const bytes = hex(text);
  const memory = memoryWith(bytes, at);
  const headerLength = rtpHeaderLength(memory, at, bytes.length);
  const dataAt = findHeaderExtension(memory, at, headerLength, id);
  return dataAt < 0 ? undefined : hexOf(memory, dataAt, headerExtensionLength(memory, at, dataAt));
}

describe('findHeaderExtension', () => {
  const cases: readonly (readonly [string, string, number, string | undefined])[] = [
    ['the first one-byte element', oneByte, 1, '85'],
    ['an element behind padding', oneByte, 3, 'aabbcc'],
    ['the last one-byte element', oneByte, 4, '30'],
    ['no absent element', oneByte, 2, undefined],
    ['no padding as element 0', oneByte, 0, undefined],
    ['an empty two-byte element', twoByte, 1, ''],
    ['a two-byte element with a large id', twoByte, 200, 'aabbcc'],
    ['the last two-byte element', twoByte, 4, '6162'],
    ['nothing behind id 15', `${fixed} bede0002 f0 00 10 85 10 85 0000`, 1, undefined],
    ['no element that overruns the block', `${fixed} bede0001 00 00 00 12`, 1, undefined],
    ['no two-byte element that overruns the block', `${fixed} 10000001 00 01 05 aa`, 1, undefined],
    ['no head of a two-byte element without length', `${fixed} 10000001 00 00 00 01`, 1, undefined],
    ['nothing in a block of another profile', `${fixed} abac0001 10 85 0000`, 1, undefined],
    ['nothing without a block', '80 60 0001 00000000 00000001', 1, undefined],
    [
      'an element behind CSRCs',
      '92 60 0001 00000000 00000001 00000002 00000003 bede0001 10 85 0000',
      1,
      '85',
    ],
  ];
  for (const [name, text, id, expected] of cases) {
    it(`finds ${name}`, () => assert.equal(find(text, id), expected));
  }
});

function rewrite(text: string, pairs: [number, number][]): string {
  const bytes = hex(text);
  const memory = memoryWith(bytes, at);
  const headerLength = rtpHeaderLength(memory, at, bytes.length);
  const length = rewriteRtpHeader(memory, at, headerLength, to, headerExtensionMap(pairs));
  assert.ok(length <= headerLength);
  return hexOf(memory, to, length);
}

describe('rewriteRtpHeader', () => {
  const plain = '806000010000000000000001';
  const cases: readonly (readonly [string, string, [number, number][], string])[] = [
    ['drops the block if nothing is mapped', oneByte, [], plain],
    ['keeps one element under its new id', oneByte, [[1, 9]], `906000010000000000000001bede000190850000`],
    [
      'keeps several elements',
      oneByte,
      [
        [3, 2],
        [4, 14],
      ],
      '906000010000000000000001bede0002' + '22aabbcc' + 'e0300000',
    ],
    [
      'turns two-byte form into one-byte form',
      twoByte,
      [[200, 3]],
      '906000010000000000000001bede000132aabbcc',
    ],
    ['leaves out an empty element', twoByte, [[1, 3]], plain],
    ['leaves out a block of another profile', `${fixed} abac0001 10850000`, [[1, 1]], plain],
    ['copies a header without a block', plain, [[1, 1]], plain],
    [
      'keeps CSRCs',
      '92 60 0001 00000000 00000001 00000002 00000003 bede0001 10 85 0000',
      [[1, 5]],
      '9260000100000000000000010000000200000003bede000150850000',
    ],
    [
      'keeps the padding bit',
      'b0 60 0001 00000000 00000001 bede0001 10850000 01',
      [],
      'a06000010000000000000001',
    ],
  ];
  for (const [name, text, pairs, expected] of cases) {
    it(name, () => assert.equal(rewrite(text, pairs), expected));
  }

  it('leaves out an element of 17 bytes', () => {
    const text = `${fixed} 10000005 07 11 ${'aa'.repeat(17)} 00`;
    assert.equal(rewrite(text, [[7, 7]]), plain);
  });

  it('never throws and writes only what parses again, whatever the source', () => {
    const map = headerExtensionMap([
      [1, 5],
      [2, 6],
      [200, 7],
    ]);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 12, maxLength: 90 }),
        fc.constantFrom(0x90, 0x91, 0x9f),
        fc.constantFrom(0xbede, 0x1000, 0x100f, 0),
        (bytes, first, profile) => {
          bytes[0] = first;
          const memory = memoryWith(bytes, at);
          const profileAt = at + 12 + 4 * (first & 15);
          memory.view.setUint16(profileAt, profile);
          memory.view.setUint8(profileAt + 2, 0);
          const length = rtpHeaderLength(memory, at, bytes.length);
          if (length < 0) return;
          const written = rewriteRtpHeader(memory, at, length, to, map);
          assert.ok(written <= length);
          assert.equal(rtpHeaderLength(memory, to, written), written);
          for (const [source, target] of [
            [1, 5],
            [2, 6],
          ] as const) {
            if (findHeaderExtension(memory, to, written, target) < 0) continue;
            assert.ok(findHeaderExtension(memory, at, length, source) >= 0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('building a block', () => {
  it('appends our own abs-send-time and mid behind mapped elements', () => {
    const bytes = hex(oneByte);
    const memory = memoryWith(bytes, at);
    const headerLength = rtpHeaderLength(memory, at, bytes.length);
    let cursor = openHeaderExtensions(memory, copyRtpHeader(memory, at, to));
    cursor = copyMappedExtensions(memory, at, headerLength, cursor, headerExtensionMap([[1, 2]]));
    cursor = putAbsSendTime(memory, cursor, 3, 0x123456);
    cursor = putHeaderExtensionData(memory, cursor, 4, midBytes('vid')!);
    const length = closeHeaderExtensions(memory, to, cursor);
    assert.equal(
      hexOf(memory, to, length),
      '906000010000000000000001bede0003' + '2085' + '32123456' + '42766964' + '0000',
    );
    const midAt = findHeaderExtension(memory, to, length, 4);
    assert.equal(readMid(memory, midAt, headerExtensionLength(memory, to, midAt)), 'vid');
    assert.equal(readAbsSendTime(memory, findHeaderExtension(memory, to, length, 3)), 0x123456);
  });
});

describe('abs-send-time', () => {
  it('is 6.18 fixed-point seconds that wrap every 64 s', () => {
    assert.equal(absSendTimeOfMs(0), 0);
    assert.equal(absSendTimeOfMs(1000), 1 << 18);
    assert.equal(absSendTimeOfMs(63_999.999), 0xff_ffff);
    assert.equal(absSendTimeOfMs(64_000), 0);
    assert.equal(absSendTimeOfMs(1_700_000_000_500), absSendTimeOfMs(1_700_000_000_500 % 64_000));
    assert.ok(Math.abs(msOfAbsSendTime(absSendTimeOfMs(12_345.6)) - 12_345.6) < 0.004);
  });
});

describe('audio level', () => {
  it('has the voice bit above seven bits of level', () => {
    const memory = packetMemoryOf(hex('85 7f'));
    assert.equal(readAudioLevel(memory, 0), 5);
    assert.equal(readVoiceActivity(memory, 0), true);
    assert.equal(readAudioLevel(memory, 1), 127);
    assert.equal(readVoiceActivity(memory, 1), false);
  });
});

describe('midBytes', () => {
  it('refuses what does not fit an element', () => {
    assert.equal(midBytes(''), undefined);
    assert.equal(midBytes('a'.repeat(17)), undefined);
    assert.equal(midBytes('ü'), undefined);
    assert.deepEqual(midBytes('a'.repeat(16)), new Uint8Array(16).fill(0x61));
  });
});
