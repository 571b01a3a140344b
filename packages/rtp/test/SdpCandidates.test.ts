/**
 * Our description with candidates: where they stand and which becomes the default.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SdpConfig } from '../src/index.ts';
import { fixture, negotiation, sectionsOf, values } from './descriptions.ts';

describe('localDescription', () => {
  const host = 'candidate:1 1 udp 2130706431 10.0.0.1 4000 typ host';
  const tcp = 'candidate:2 1 tcp 1518280447 10.0.0.1 9 typ host tcptype active';
  const host6 = 'candidate:3 1 udp 2130706430 fd00::1 4000 typ host';
  const relay = 'a=candidate:4 1 UDP 100 198.51.100.1 5000 typ relay raddr 10.0.0.1 rport 4000 ufrag x';

  const firstAfter = (candidates: string[], complete = false, changes: Partial<SdpConfig> = {}): string[] => {
    const ours = negotiation(changes);
    ours.createAnswer(fixture('chrome'));
    const [, audio = [], video = [], data = []] = sectionsOf(ours.localDescription(candidates, complete));
    assert.deepEqual(values(audio, 'a=candidate:'), values(video, 'a=candidate:'));
    assert.deepEqual(values(data, 'a=candidate:'), []);
    assert.deepEqual(values(data, 'a=end-of-candidates'), []);
    return audio;
  };

  it('puts candidates as they are into each accepted section', () => {
    const audio = firstAfter([host, relay]);
    assert.deepEqual(values(audio, 'a=candidate:'), [
      '1 1 udp 2130706431 10.0.0.1 4000 typ host',
      '4 1 UDP 100 198.51.100.1 5000 typ relay raddr 10.0.0.1 rport 4000 ufrag x',
    ]);
    assert.equal(values(audio, 'a=end-of-candidates').length, 0);
    assert.equal(values(firstAfter([host], true), 'a=end-of-candidates').length, 1);
  });

  const cases: readonly (readonly [string, string[], 'IP4' | 'IP6', string, string])[] = [
    ['none', [], 'IP4', '1', 'IN IP4 0.0.0.0'],
    ['a host candidate', [tcp, host6, host], 'IP4', '4000', 'IN IP4 10.0.0.1'],
    ['the relayed one before the host', [host, relay], 'IP4', '5000', 'IN IP4 198.51.100.1'],
    ['our family before the other', [relay, host, host6], 'IP6', '4000', 'IN IP6 fd00::1'],
    ['the other family if need be', [host6], 'IP4', '4000', 'IN IP6 fd00::1'],
    ['no TCP candidate', [tcp], 'IP4', '1', 'IN IP4 0.0.0.0'],
    ['no mDNS name', ['candidate:1 1 udp 1 a1b2.local 4000 typ host'], 'IP4', '1', 'IN IP4 0.0.0.0'],
  ];
  for (const [what, candidates, addressFamily, port, connection] of cases) {
    it(`takes ${what} as the default`, () => {
      const audio = firstAfter(candidates, false, { addressFamily });
      assert.equal(values(audio, 'm=')[0]?.split(' ')[1], port);
      assert.deepEqual(values(audio, 'c='), [connection]);
    });
  }
});
