import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostName, standardHost } from '@rivero/graph';
import { codecsMatch, type RtpCodec } from '@rivero/rtp';
import fc from 'fast-check';
import { canSend, enteringCodec, fitsWhenPacketized, formatKey, leavingCodec } from '../src/hostCodecs.ts';
import { brief, codec, planner, short } from './planNotation.ts';

const video = ['VP8', 'VP9', 'H264', 'H265', 'H263'];
const audio = ['OPUS', 'PCMU', 'PCMA', 'G722', 'AMR', 'AMR-WB', 'SPEEX', 'MPEG4-GENERIC'];

describe('standardHost', () => {
  for (const [media, names] of [
    ['', video],
    ['A:', audio],
  ] as const) {
    for (const from of names) {
      it(`transcodes ${from} to ${names.filter((to) => to !== from).join(', ')}`, () => {
        for (const to of names.filter((name) => name !== from)) {
          const plan = planner(`${media}a>b a=cam(${from}) b=view(${to})`).plan();
          assert.equal(brief(plan), `tap a:${from}, dec a:${from}, enc a~${to}, feed a~${to}, b<a~${to}`);
        }
      });
    }
  }
});

function with_(name: string, parameters: Record<string, string>): RtpCodec {
  return { ...codec(name), parameters };
}

describe('formatKey()', () => {
  const equal: readonly [string, Record<string, string>, Record<string, string>][] = [
    ['VP9', {}, { 'profile-id': '0' }],
    ['H264', { 'profile-level-id': '42e01f' }, { 'profile-level-id': '42E034', 'packetization-mode': '0' }],
    ['H264', { 'profile-level-id': '42001f' }, { 'profile-level-id': '42e01f' }],
    ['H264', {}, { 'profile-level-id': '42e01f' }],
    ['OPUS', { useinbandfec: '1' }, { stereo: '1' }],
    ['AMR', {}, { 'octet-align': '0' }],
  ];
  for (const [name, one, two] of equal) {
    it(`is equal for ${name} with ${JSON.stringify(one)} and ${JSON.stringify(two)}`, () => {
      assert.equal(formatKey(leavingCodec(with_(name, one))), formatKey(leavingCodec(with_(name, two))));
    });
  }

  const different: readonly [RtpCodec, RtpCodec][] = [
    [codec('VP8'), codec('VP9')],
    [codec('VP9'), codec('VP9/2')],
    [codec('H264'), codec('H264/0')],
    [codec('H264'), codec('H264/main')],
    [codec('OPUS'), { ...codec('OPUS'), channels: 1 }],
    [codec('SPEEX'), { ...codec('SPEEX'), clockRate: 8000 }],
    [with_('AMR', {}), with_('AMR', { 'octet-align': '1' })],
  ];
  for (const [one, two] of different) {
    it(`differs between ${formatKey(leavingCodec(one))} and ${formatKey(leavingCodec(two))}`, () => {
      assert.notEqual(formatKey(leavingCodec(one)), formatKey(leavingCodec(two)));
    });
  }

  it('does not depend on payload type and feedback', () => {
    const other = { ...codec('VP8'), payloadType: 120, feedback: ['nack'] };
    assert.deepEqual(leavingCodec(other), leavingCodec(codec('VP8')));
  });

  it('tells streams apart whose decoders need different parameters', () => {
    const one = enteringCodec(with_('H264', { 'sprop-parameter-sets': 'Z0I=' }));
    const two = enteringCodec(with_('H264', { 'sprop-parameter-sets': 'Z00=' }));
    assert.notEqual(formatKey(one), formatKey(two));
    assert.equal(formatKey(leavingCodec(one)), formatKey(leavingCodec(two)));
  });
});

describe('leavingCodec()', () => {
  it('matches what the consumer negotiated, whatever it is', () => {
    const some = fc.record({
      name: fc.constantFrom('VP8', 'VP9', 'H264', 'H265', 'OPUS', 'AMR'),
      profile: fc.constantFrom(undefined, '42001f', '42e034', '4d0032', '64001f', '640c2a', '42000a'),
      mode: fc.constantFrom(undefined, '0', '1'),
      id: fc.constantFrom(undefined, '0', '1', '2'),
    });
    fc.assert(
      fc.property(some, ({ name, profile, mode, id }) => {
        const wanted = with_(name, {
          ...(profile && { 'profile-level-id': profile }),
          ...(mode && { 'packetization-mode': mode }),
          ...(id && { 'profile-id': id }),
        });
        if (canSend(standardHost, wanted)) assert.ok(codecsMatch(leavingCodec(wanted), wanted));
      }),
    );
  });
});

describe('canSend()', () => {
  const cases: readonly [RtpCodec, boolean][] = [
    ...[...video, ...audio].map((name) => [codec(name), true] as [RtpCodec, boolean]),
    [codec('AV1'), false],
    [codec('TELEPHONE-EVENT'), false],
    [codec('RTX'), false],
    [codec('VP9/2'), false],
    [codec('H264/high'), true],
    [with_('H264', { 'profile-level-id': 'f4001f' }), false],
    [with_('H264', { 'profile-level-id': 'nonsense' }), false],
    [with_('H265', { 'profile-id': '2' }), false],
  ];
  for (const [wanted, expected] of cases) {
    it(`is ${expected} for ${short(formatKey(wanted))}`, () =>
      assert.equal(canSend(standardHost, wanted), expected));
  }
});

describe('fitsWhenPacketized()', () => {
  const cases: readonly [string, string, boolean][] = [
    ['H264', 'H264/0', true],
    ['H264', 'H264/main', false],
    ['H264/?', 'H264/main', true],
    ['H264/?', 'H264/0', true],
    ['H264/?', 'VP8', false],
    ['VP9', 'VP9', true],
    ['VP9', 'VP9/2', false],
    ['OPUS', 'OPUS', true],
  ];
  for (const [media, wanted, expected] of cases) {
    it(`is ${expected} for ${media} as ${wanted}`, () => {
      assert.equal(fitsWhenPacketized(codec(media), codec(wanted)), expected);
    });
  }
});

describe('hostName()', () => {
  const cases: readonly [string, string][] = [
    ['MPEG4-GENERIC', 'AAC'],
    ['MP4A-LATM', 'AAC'],
    ['H263-1998', 'H263'],
    ['MPA', 'MP3'],
    ['vp8', 'VP8'],
  ];
  for (const [name, expected] of cases)
    it(`of ${name} is ${expected}`, () => assert.equal(hostName(name), expected));
});
