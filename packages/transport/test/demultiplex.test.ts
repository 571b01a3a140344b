import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyDatagram, DatagramKind } from '@rivero/transport';

describe('classifyDatagram', () => {
  const cases: readonly [firstByte: number, secondByte: number, kind: keyof typeof DatagramKind][] = [
    [0, 1, 'stun'],
    [3, 0, 'stun'],
    [4, 0, 'unknown'],
    [15, 0, 'unknown'],
    [16, 0, 'unknown'],
    [19, 0, 'unknown'],
    [20, 254, 'dtls'],
    [63, 0, 'dtls'],
    [64, 0, 'unknown'],
    [79, 0, 'unknown'],
    [80, 0, 'unknown'],
    [127, 0, 'unknown'],
    [128, 0, 'rtp'],
    [128, 191, 'rtp'],
    [128, 192, 'rtcp'],
    [129, 200, 'rtcp'],
    [191, 223, 'rtcp'],
    [191, 224, 'rtp'],
    [144, 255, 'rtp'],
    [192, 0, 'unknown'],
    [255, 255, 'unknown'],
  ];
  for (const [firstByte, secondByte, kind] of cases) {
    it(`finds ${kind} in ${firstByte}, ${secondByte}`, () => {
      assert.equal(classifyDatagram(firstByte, secondByte, 100), DatagramKind[kind]);
    });
  }

  it('refuses what is shorter than the header of its protocol', () => {
    assert.equal(classifyDatagram(0, 1, 19), DatagramKind.unknown);
    assert.equal(classifyDatagram(22, 254, 12), DatagramKind.unknown);
    assert.equal(classifyDatagram(128, 96, 11), DatagramKind.unknown);
    assert.equal(classifyDatagram(128, 200, 7), DatagramKind.unknown);
    assert.equal(classifyDatagram(128, 200, 8), DatagramKind.rtcp);
    assert.equal(classifyDatagram(0, 0, 0), DatagramKind.unknown);
  });
});
