/**
 * NTP timestamps and the round trip of report blocks.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  msOfNtpShort,
  ntpMiddle,
  ntpOfUnixMs,
  ntpShortOfMs,
  roundTripTimeMs,
  unixMsOfNtp,
} from '../src/index.ts';

describe('ntpOfUnixMs', () => {
  it('counts from 1900', () => {
    assert.deepEqual(ntpOfUnixMs(0), { seconds: 2_208_988_800, fraction: 0 });
    assert.deepEqual(ntpOfUnixMs(1500), { seconds: 2_208_988_801, fraction: 0x8000_0000 });
  });

  it('comes back within a microsecond', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2_000_000_000_000, noNaN: true }), (unixMs) => {
        const ntp = ntpOfUnixMs(unixMs);
        assert.ok(ntp.fraction < 2 ** 32);
        assert.ok(Math.abs(unixMsOfNtp(ntp) - unixMs) < 0.001);
      }),
    );
  });
});

describe('ntpMiddle', () => {
  it('takes 16 bits of both halves', () => {
    assert.equal(ntpMiddle({ seconds: 0x1234_abcd, fraction: 0xef01_2345 }), 0xabcd_ef01);
  });
});

describe('roundTripTimeMs', () => {
  it('is the example of RFC 3550 section 6.4.1: 6.125 s', () => {
    const roundTrip = roundTripTimeMs(0xb710_8000, 0xb705_2000, 0x0005_4000);
    assert.equal(roundTrip, 6125);
  });

  it('crosses the wrap of the middle 32 bits', () => {
    assert.equal(roundTripTimeMs(0x0000_8000, 0xffff_8000, 0), 1000);
  });

  it('is undefined without a sender report and with a clock that runs backwards', () => {
    assert.equal(roundTripTimeMs(5, 0, 1), undefined);
    assert.equal(roundTripTimeMs(5, 5, 1), undefined);
  });
});

describe('ntpShortOfMs', () => {
  it('is in 1/65536 s and bounded', () => {
    assert.equal(ntpShortOfMs(1000), 65536);
    assert.equal(ntpShortOfMs(-1), 0);
    assert.equal(ntpShortOfMs(1e12), 0xffff_ffff);
    assert.equal(msOfNtpShort(65536), 1000);
  });
});
