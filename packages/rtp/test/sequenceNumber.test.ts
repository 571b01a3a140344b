/**
 * Sequence numbers and timestamps across every wrap.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SequenceExtender, sequenceDistance, TimestampExtender, timestampDistance } from '../src/index.ts';

const starts = [0, 1, 127, 128, 32766, 32767, 32768, 32769, 65533, 65534, 65535];

describe('sequenceDistance', () => {
  for (const start of starts) {
    it(`counts steps in both directions from ${start}`, () => {
      for (const step of [-32768, -32767, -2, -1, 0, 1, 2, 16, 32767]) {
        assert.equal(sequenceDistance((start + step) & 0xffff, start), step);
      }
    });
  }
});

describe('SequenceExtender', () => {
  for (const start of starts) {
    it(`counts on across the wrap, late packets included, from ${start}`, () => {
      const extender = new SequenceExtender();
      for (const step of [0, 1, 2, 5, 4, 3, 40, 6, 41, 30000, 60000, 59999, 90000]) {
        assert.equal(extender.extend((start + step) & 0xffff), start + step);
      }
      assert.equal(extender.highest, start + 90000);
    });
  }

  it('numbers what is older than the first packet below it', () => {
    const extender = new SequenceExtender();
    assert.equal(extender.highest, -1);
    assert.equal(extender.extend(0), 0);
    assert.equal(extender.extend(65535), -1);
    assert.equal(extender.extend(1), 1);
    assert.equal(extender.highest, 1);
  });

  it('starts anew after reset', () => {
    const extender = new SequenceExtender();
    extender.extend(7);
    extender.reset();
    assert.equal(extender.highest, -1);
    assert.equal(extender.extend(60000), 60000);
  });
});

describe('TimestampExtender', () => {
  for (const start of [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 3000, 2 ** 32 - 1]) {
    it(`counts on across the wrap from ${start}`, () => {
      const extender = new TimestampExtender();
      for (const step of [
        0,
        3000,
        6000,
        3000,
        2 ** 30,
        2 ** 31,
        2 ** 31 - 3000,
        2 ** 32 - 1,
        2 ** 32 + 2 ** 31 - 2,
      ]) {
        assert.equal(extender.extend((start + step) % 2 ** 32), start + step);
      }
    });
  }

  it('agrees with plain numbers for any walk of small steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.array(fc.integer({ min: -90000, max: 2 ** 30 }), { maxLength: 50 }),
        (start, steps) => {
          const extender = new TimestampExtender();
          extender.extend(start);
          let position = start;
          for (const step of steps) {
            const next = position + step;
            if (next < 0) continue;
            assert.equal(extender.extend(next % 2 ** 32), next);
            position = Math.max(position, next);
          }
        },
      ),
    );
  });
});

describe('timestampDistance', () => {
  it('is signed over the 32-bit wrap', () => {
    assert.equal(timestampDistance(0, 2 ** 32 - 1), 1);
    assert.equal(timestampDistance(2 ** 32 - 1, 0), -1);
    assert.equal(timestampDistance(2 ** 31, 0), -(2 ** 31));
    assert.equal(timestampDistance(90000, 0), 90000);
  });
});
