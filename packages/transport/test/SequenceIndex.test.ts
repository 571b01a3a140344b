import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReplayWindow, SequenceIndex, SrtpError } from '@rivero/transport';
import fc from 'fast-check';

describe('SequenceIndex', () => {
  // RFC 3711 appendix A, worked out by hand: highest so far, number, and how far its roll-over is from the highest's.
  const table: readonly [highest: number, sequenceNumber: number, rollover: number][] = [
    [0, 0, 0],
    [0, 32767, 0],
    [0, 32768, 0],
    [0, 32769, -1],
    [0, 65535, -1],
    [1, 32769, 0],
    [1, 32770, -1],
    [32767, 65535, 0],
    [32767, 0, 0],
    [32768, 0, 0],
    [32768, 65535, 0],
    [32769, 0, 1],
    [32769, 1, 0],
    [65535, 32767, 0],
    [65535, 32766, 1],
    [65535, 65534, 0],
    [65535, 0, 1],
  ];
  for (const [highest, sequenceNumber, rollover] of table) {
    it(`takes ${sequenceNumber} after ${highest} for roll-over ${rollover}`, () => {
      const index = new SequenceIndex();
      index.advance(highest, 5);
      const estimated = index.estimateRollover(sequenceNumber);
      assert.equal(estimated, 5 + rollover);
      assert.equal(index.distance(sequenceNumber, estimated), rollover * 65536 + sequenceNumber - highest);
    });
  }

  it('gives the first packet roll-over 0, whatever its number', () => {
    for (const first of [0, 1, 32767, 32768, 65535]) {
      const index = new SequenceIndex();
      assert.equal(index.estimateRollover(first), 0);
      assert.ok(index.distance(first, 0) > 0);
    }
  });

  it('says -1 for what lies before the first roll-over', () => {
    const index = new SequenceIndex();
    index.advance(3, 0);
    assert.equal(index.estimateRollover(65535), -1);
  });
});

describe('ReplayWindow', () => {
  it('decides as a set of all indexes would, from any start and in any order', () => {
    const step = fc.oneof(fc.integer({ min: -70, max: 70 }), fc.integer({ min: -3, max: 3 }));
    const steps = fc.array(step, { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 63, 64, 65, 65472, 65535), steps, (start, distances) => {
        const window = new ReplayWindow(64);
        const seen = new Set<number>([start]);
        let highest: number = start;
        window.accept(start, 64);
        for (const step of distances) {
          const index = highest + step;
          if (index < 0) continue;
          const isOld = step <= -64;
          const expected = isOld ? SrtpError.tooOld : seen.has(index) ? SrtpError.replayed : 0;
          assert.equal(window.check(index & 0xffff, step), expected);
          if (expected !== 0) continue;
          window.accept(index & 0xffff, step);
          seen.add(index);
          highest = Math.max(highest, index);
        }
      }),
      { numRuns: 300 },
    );
  });
});
