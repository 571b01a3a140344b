/**
 * Addresses between text and bytes.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressFamily, formatAddress, isLinkLocal, isLoopback, parseAddress } from '../src/ipAddress.ts';

describe('formatAddress', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ] as const) {
    it(`writes ${text} as ${canonical}`, () => {
      assert.equal(formatAddress(parseAddress(text) ?? new Uint8Array(4)), canonical);
    });
  }

  it('and parseAddress are inverse on any bytes', () => {
    const addresses = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc
        .array(fc.constantFrom(0, 0, 1), { minLength: 16, maxLength: 16 })
        .map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(fc.property(addresses, (bytes) => assert.deepEqual(parseAddress(formatAddress(bytes)), bytes)));
  });
});

describe('parseAddress', () => {
  for (const text of [
    '',
    'localhost',
    '1.2.3',
    '256.1.1.1',
    ':::',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7',
    '[::1]',
  ]) {
    it(`refuses '${text}'`, () => assert.equal(parseAddress(text), undefined));
  }
});

describe('address kinds', () => {
  it('are told by their bytes', () => {
    assert.equal(addressFamily('::1'), 'IPv6');
    assert.equal(addressFamily('10.0.0.1'), 'IPv4');
    assert.equal(addressFamily('x'), undefined);
    assert.ok(isLoopback('127.0.0.9') && isLoopback('::1') && !isLoopback('10.0.0.1'));
    assert.ok(
      isLinkLocal('fe80::1%eth0') &&
        isLinkLocal('febf::') &&
        !isLinkLocal('fec0::') &&
        !isLinkLocal('fd00::1'),
    );
  });
});
