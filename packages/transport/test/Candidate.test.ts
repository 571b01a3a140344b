import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  candidateFoundation,
  candidatePriority,
  hostCandidate,
  parseCandidate,
  serializeCandidate,
  TransportAddress,
  unusableReason,
} from '@rivero/transport';
import fc from 'fast-check';

const TEXTS = [
  'candidate:1 1 UDP 2130706431 192.0.2.1 3478 typ host',
  'candidate:842163049 1 UDP 1677729535 203.0.113.9 40678 typ srflx raddr 10.0.1.1 rport 8998 generation 0 ufrag abcd network-cost 999',
  'candidate:a+/9 1 UDP 41885439 2001:db8::1 50000 typ relay raddr :: rport 0',
  'candidate:2 1 TCP 1518280447 192.0.2.1 9 typ host tcptype active generation 0',
  'candidate:3 2 UDP 2130706430 192.0.2.1 3479 typ host',
  'candidate:4 1 UDP 2113937151 3f2c1d9e-0a4b-4d7e-9b1f-6b1f2d3c4b5a.local 51234 typ host',
];

describe('parseCandidate and serializeCandidate', () => {
  for (const text of TEXTS) {
    it(`give back ${text.slice(0, 40)}…`, () => {
      const candidate = parseCandidate(text);
      assert.ok(candidate);
      assert.equal(serializeCandidate(candidate), text);
      assert.deepEqual(parseCandidate(`a=${text}\r\n`), candidate);
      assert.deepEqual(parseCandidate(text.slice('candidate:'.length)), candidate);
    });
  }

  it('keep unknown extensions in their order', () => {
    const candidate = parseCandidate(TEXTS[1]!);
    assert.deepEqual(candidate?.extensions, [
      ['generation', '0'],
      ['ufrag', 'abcd'],
      ['network-cost', '999'],
    ]);
    assert.deepEqual([candidate?.relatedAddress, candidate?.relatedPort], ['10.0.1.1', 8998]);
  });
});

describe('parseCandidate', () => {
  for (const text of [
    '',
    'candidate:',
    'candidate:1 1 UDP 1 192.0.2.1 1 host',
    'candidate:1 1 UDP 1 192.0.2.1 1 typ nothing',
    'candidate:1 1 UDP 1 192.0.2.1 65536 typ host',
    'candidate:1 1 UDP 4294967296 192.0.2.1 1 typ host',
    'candidate:1 1 UDP -1 192.0.2.1 1 typ host',
    'candidate:1 x UDP 1 192.0.2.1 1 typ host',
    'candidate:1 1 UDP 1 <script> 1 typ host',
    'candidate:1 1 UDP 1 192.0.2.1 1 typ host generation',
    `candidate:${'1'.repeat(33)} 1 UDP 1 192.0.2.1 1 typ host`,
    `candidate:1 1 UDP 1 192.0.2.1 1 typ host x ${'y'.repeat(1024)}`,
  ]) {
    it(`refuses '${text.slice(0, 60)}'`, () => {
      assert.equal(parseCandidate(text), undefined);
    });
  }

  it('never throws on truncated or mutated texts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.nat(80), fc.string({ maxLength: 4 }), (text, at, insert) => {
        for (const attempt of [text.slice(0, at), text.slice(0, at) + insert + text.slice(at + 1)]) {
          const candidate = parseCandidate(attempt);
          if (candidate) unusableReason(candidate);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('unusableReason', () => {
  for (const [i, reason] of [
    undefined,
    undefined,
    undefined,
    'notUdp',
    'otherComponent',
    'notAnIpAddress',
  ].entries()) {
    it(`says ${reason} of ${TEXTS[i]!.slice(0, 40)}…`, () => {
      const candidate = parseCandidate(TEXTS[i]!);
      assert.ok(candidate);
      assert.equal(unusableReason(candidate), reason);
    });
  }
});

describe('candidatePriority', () => {
  it('is that of RFC 8445 section 5.1.2.1', () => {
    assert.equal(candidatePriority('host', 65535), 2130706431);
    assert.equal(candidatePriority('relay', 0, 256), 0);
    assert.ok(candidatePriority('host', 0) > candidatePriority('prflx', 65535));
    assert.ok(candidatePriority('prflx', 0) > candidatePriority('srflx', 65535));
  });
});

describe('hostCandidate', () => {
  it('shares its foundation with candidates of the same address only', () => {
    const candidate = hostCandidate(TransportAddress.parse('192.0.2.1', 5000)!, 65535);
    assert.equal(candidate.foundation, candidateFoundation('host', '192.0.2.1'));
    assert.notEqual(candidate.foundation, candidateFoundation('host', '192.0.2.2'));
    assert.notEqual(candidate.foundation, candidateFoundation('srflx', '192.0.2.1'));
    assert.deepEqual(parseCandidate(serializeCandidate(candidate)), candidate);
  });
});
