/**
 * Codec payloads: key frames, picture ids, layers, and every truncation.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  codecs,
  codecsMatch,
  isLongPictureId,
  packetMemoryOf,
  parseProfileLevelId,
  type RtpCodec,
  readPictureId,
  vp9SpatialLayer,
  vp8DescriptorLength,
  writePictureId,
} from '../src/index.ts';
import { hex, hexOf, memoryWith } from './packets.ts';

const at = 32;

function codec(name: string): NonNullable<ReturnType<typeof codecs.get>> {
  const found = codecs.get(name);
  assert.ok(found !== undefined);
  return found;
}

function isKeyFrame(name: string, text: string): boolean {
  const bytes = hex(text);
  return codec(name).isKeyFrame(memoryWith(bytes, at), at, bytes.length);
}

const keyFrames: readonly (readonly [string, string, string, boolean])[] = [
  ['VP8', 'without extension', '10 00', true],
  ['VP8', 'inter frame', '10 01', false],
  ['VP8', 'later packet of a key frame', '00 00', false],
  ['VP8', 'start of another partition', '11 00', false],
  ['VP8', '7-bit picture id', '90 80 05 00', true],
  ['VP8', '15-bit picture id', '90 80 85 05 00', true],
  ['VP8', '15-bit picture id, inter frame', '90 80 85 05 01', false],
  ['VP8', 'everything', '90 f0 85 05 11 60 00', true],
  ['VP8', 'keyidx without tid', '90 10 20 00', true],
  ['VP8', 'no room for the payload header', '90 f0 85 05 11 60', false],
  ['VP8', 'nothing', '', false],
  ['VP9', 'key picture in flexible mode', '98 81 00 aa', true],
  ['VP9', 'inter picture', 'd8 81 00 aa', false],
  ['VP9', 'later packet', '90 81 00 aa', false],
  ['VP9', 'base spatial layer', 'a8 05 00 01 aa', true],
  ['VP9', 'upper spatial layer', 'a8 05 02 01 aa', false],
  ['VP9', 'nothing', '', false],
  ['H264', 'SPS', '67 42', true],
  ['H264', 'IDR', '65 88', true],
  ['H264', 'PPS', '68 ce', false],
  ['H264', 'slice', '41 9a', false],
  ['H264', 'STAP-A of SPS and PPS', '78 0002 6742 0002 68ce', true],
  ['H264', 'STAP-A of SEI and IDR', '78 0001 06 0001 65', true],
  ['H264', 'STAP-A of slices', '78 0002 4101 0002 4102', false],
  ['H264', 'STAP-A that lies about a size', '78 ffff 41 0001 65', false],
  ['H264', 'FU-A start of IDR', '7c 85 00', true],
  ['H264', 'FU-A middle of IDR', '7c 05 00', false],
  ['H264', 'FU-A start of slice', '7c 81 00', false],
  ['H264', 'one byte', '65', false],
  ['H265', 'VPS', '40 01 0c', true],
  ['H265', 'IDR', '26 01 af', true],
  ['H265', 'CRA', '2a 01 af', true],
  ['H265', 'trailing slice', '02 01 d0', false],
  ['H265', 'AP of parameter sets', '60 01 0002 4001 0002 4201', true],
  ['H265', 'AP of slices', '60 01 0002 0201 0002 0201', false],
  ['H265', 'FU start of IDR', '62 01 93 00', true],
  ['H265', 'FU end of IDR', '62 01 53 00', false],
  ['AV1', 'new coded video sequence', '18 0a 0b', true],
  ['AV1', 'sequence header without the N bit', '10 0a 0b', true],
  ['AV1', 'sequence header behind a temporal delimiter', '00 02 12 00 02 0a 0b', true],
  ['AV1', 'frame', '10 32 00', false],
  ['AV1', 'continuation', '98 0a 0b', false],
  ['AV1', 'length without end', '00 80 80 80 80 0a', false],
  ['OPUS', 'anything', 'fc', true],
];

describe('isKeyFrame', () => {
  for (const [name, what, text, expected] of keyFrames) {
    it(`of ${name}, ${what}, is ${expected}`, () => assert.equal(isKeyFrame(name, text), expected));
  }
});

describe('picture id, TL0PICIDX and layers', () => {
  // codec, payload, picture id (undefined: none), TL0PICIDX, temporal layer
  const cases: readonly (readonly [string, string, number | undefined, number | undefined, number])[] = [
    ['VP8', '10 00', undefined, undefined, 0],
    ['VP8', '90 80 7f 00', 127, undefined, 0],
    ['VP8', '90 80 ff ff 00', 32767, undefined, 0],
    ['VP8', '90 e0 81 02 33 80 00', 258, 0x33, 2],
    ['VP8', '90 60 33 c0 00', undefined, 0x33, 3],
    ['VP8', '90 20 40 00', undefined, undefined, 1],
    ['VP8', '90 80 80', undefined, undefined, 0],
    ['VP8', '90 c0 05', 5, undefined, 0],
    ['VP9', '88 05 aa', 5, undefined, 0],
    ['VP9', '88 81 02 aa', 258, undefined, 0],
    ['VP9', 'a8 81 02 45 33 aa', 258, 0x33, 2],
    ['VP9', 'b8 81 02 45 33 aa', 258, undefined, 2],
    ['VP9', '28 45 33 aa', undefined, 0x33, 2],
    ['VP9', '88 81', undefined, undefined, 0],
    ['H264', '65 88', undefined, undefined, 0],
    ['H265', '26 03 af', undefined, undefined, 2],
  ];
  for (const [name, text, pictureId, tl0PicIdx, temporalLayer] of cases) {
    it(`of ${name} ${text}`, () => {
      const bytes = hex(text);
      const memory = memoryWith(bytes, at);
      const idAt = codec(name).pictureIdOffset(memory, at, bytes.length);
      assert.equal(idAt < 0 ? undefined : readPictureId(memory, idAt), pictureId);
      const indexAt = codec(name).tl0PicIdxOffset(memory, at, bytes.length);
      assert.equal(indexAt < 0 ? undefined : memory.view.getUint8(indexAt), tl0PicIdx);
      assert.equal(codec(name).temporalLayer(memory, at, bytes.length), temporalLayer);
    });
  }

  it('gives the spatial layer of VP9', () => {
    const bytes = hex('a8 05 46 01 aa');
    assert.equal(vp9SpatialLayer(memoryWith(bytes, at), at, bytes.length), 3);
  });

  it('writes a picture id in the width that stands there', () => {
    const memory = packetMemoryOf(hex('05 aa 8005'));
    writePictureId(memory, 0, 0x1ff);
    assert.equal(hexOf(memory, 0, 2), '7faa');
    assert.equal(isLongPictureId(memory, 2), true);
    writePictureId(memory, 2, 0x8001);
    assert.equal(hexOf(memory, 2, 2), '8001');
  });

  it('knows the length of a VP8 descriptor', () => {
    const lengthOf = (text: string): number =>
      vp8DescriptorLength(memoryWith(hex(text), at), at, hex(text).length);
    assert.equal(lengthOf('10 00'), 1);
    assert.equal(lengthOf('90 f0 85 05 11 60 00'), 6);
    assert.equal(lengthOf('90'), -1);
    assert.equal(lengthOf('10'), -1);
  });
});

describe('payload readers', () => {
  it('stay inside the payload and never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...codecs.values()),
        fc.uint8Array({ maxLength: 40 }),
        (descriptor, bytes) => {
          const memory = packetMemoryOf(bytes);
          descriptor.isKeyFrame(memory, 0, bytes.length);
          descriptor.temporalLayer(memory, 0, bytes.length);
          const idAt = descriptor.pictureIdOffset(memory, 0, bytes.length);
          if (idAt >= 0) assert.ok(idAt + (isLongPictureId(memory, idAt) ? 2 : 1) <= bytes.length);
          assert.ok(descriptor.tl0PicIdxOffset(memory, 0, bytes.length) < bytes.length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('refuse every truncation of a real payload without throwing', () => {
    for (const [name, , text] of keyFrames) {
      const bytes = hex(text);
      for (let length = 0; length < bytes.length; length++) {
        const cut = packetMemoryOf(bytes.slice(0, length));
        codec(name).isKeyFrame(cut, 0, length);
        codec(name).pictureIdOffset(cut, 0, length);
        codec(name).tl0PicIdxOffset(cut, 0, length);
        codec(name).temporalLayer(cut, 0, length);
      }
    }
  });
});

describe('parseProfileLevelId', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['42e01f', 'constrained-baseline', 31],
    ['42C02A', 'constrained-baseline', 42],
    ['4d8000', 'constrained-baseline', 0],
    ['58c01e', 'constrained-baseline', 30],
    ['42001f', 'baseline', 31],
    ['58800a', 'baseline', 10],
    ['42000a', 'baseline', 10],
    ['4d001f', 'main', 31],
    ['4d0032', 'main', 50],
    ['58000a', 'extended', 10],
    ['64001f', 'high', 31],
    ['640c1f', 'constrained-high', 31],
    ['f4001f', 'high-444-predictive', 31],
    ['42f00b', 'constrained-baseline', 9],
    ['42e00b', 'constrained-baseline', 11],
  ];
  for (const [text, profile, level] of cases) {
    it(`${text} is ${profile} level ${level}`, () => {
      assert.deepEqual(parseProfileLevelId(text), { profile, level });
    });
  }

  it('is Baseline level 1 without text and undefined for nonsense', () => {
    assert.deepEqual(parseProfileLevelId(), { profile: 'baseline', level: 10 });
    for (const text of ['', '42e0', '42e01g', '42e01f0', '000000'])
      assert.equal(parseProfileLevelId(text), undefined);
  });
});

describe('codecsMatch', () => {
  const h264 = (id?: string, mode?: string): RtpCodec => ({
    payloadType: 96,
    name: 'H264',
    clockRate: 90_000,
    channels: 1,
    parameters: {
      ...(id !== undefined && { 'profile-level-id': id }),
      ...(mode !== undefined && { 'packetization-mode': mode }),
    },
    feedback: [],
  });
  const cases: readonly (readonly [string, RtpCodec, RtpCodec, boolean])[] = [
    ['levels may differ', h264('42e01f', '1'), h264('42e034', '1'), true],
    ['one profile may be written in several ways', h264('42e01f', '1'), h264('4d8028', '1'), true],
    ['Baseline goes with Constrained Baseline', h264('42001f', '1'), h264('42e01f', '1'), true],
    ['a missing profile is Baseline', h264(undefined, '1'), h264('42e01f', '1'), true],
    ['a missing packetization mode is 0', h264('42e01f'), h264('42e01f', '0'), true],
    ['packetization modes must be equal', h264('42e01f', '1'), h264('42e01f'), false],
    ['profiles must be equal', h264('42e01f', '1'), h264('64001f', '1'), false],
    ['payload types do not matter', h264('64001f', '1'), { ...h264('64001f', '1'), payloadType: 97 }, true],
    ['names must be equal', h264(), { ...h264(), name: 'H265' }, false],
    ['clock rates must be equal', h264(), { ...h264(), clockRate: 8000 }, false],
  ];
  for (const [claim, from, to, expected] of cases) {
    it(claim, () => {
      assert.equal(codecsMatch(from, to), expected);
      assert.equal(codecsMatch(to, from), expected);
    });
  }
});
