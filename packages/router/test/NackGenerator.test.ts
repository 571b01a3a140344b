/**
 * What is asked for again, and when.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { maxMissingPackets, maxNackTries, NackGenerator } from '../src/NackGenerator.ts';

const starts = [0, 1, 127, 128, 511, 512, 32_766, 32_767, 32_768, 65_400, 65_533, 65_534, 65_535];
const into = new Uint16Array(maxMissingPackets);

function collect(generator: NackGenerator, nowMs: number): number[] {
  return [...into.subarray(0, generator.collect(nowMs, into))];
}

for (const start of starts) {
  describe(`NackGenerator from ${start}`, () => {
    let generator: NackGenerator;
    const number = (i: number): number => (start + i) & 0xffff;
    beforeEach(() => {
      generator = new NackGenerator();
    });

    it('asks for nothing while packets arrive in order', () => {
      for (let i = 1; i < 50; i++) generator.advance(number(i - 1), number(i), i);
      assert.equal(generator.nextMs, Number.POSITIVE_INFINITY);
      assert.deepEqual(collect(generator, 1000), []);
    });

    it('asks after 20 ms when two packets have overtaken', () => {
      generator.advance(number(0), number(2), 0);
      generator.advance(number(2), number(3), 1);
      assert.deepEqual(collect(generator, 19), []);
      assert.equal(generator.nextMs, 20);
      assert.deepEqual(collect(generator, 20), [number(1)]);
    });

    it('asks after 100 ms when the stream pauses behind one packet', () => {
      generator.advance(number(0), number(2), 0);
      assert.deepEqual(collect(generator, 99), []);
      assert.deepEqual(collect(generator, 100), [number(1)]);
    });

    it('asks for all of a gap in rising order', () => {
      generator.advance(number(0), number(6), 0);
      generator.advance(number(6), number(7), 0);
      assert.deepEqual(collect(generator, 20), [1, 2, 3, 4, 5].map(number));
    });

    it('forgets what arrives', () => {
      generator.advance(number(0), number(4), 0);
      generator.received(number(2), 5);
      generator.advance(number(4), number(5), 6);
      assert.deepEqual(collect(generator, 20), [number(1), number(3)]);
      generator.received(number(1), 40);
      generator.received(number(3), 40);
      assert.equal(generator.count, 0);
    });

    it('asks again after one and a half round trips, ten times, then gives up', () => {
      generator.advance(number(0), number(2), 0);
      generator.advance(number(2), number(3), 0);
      const times: number[] = [];
      for (let nowMs = 0; nowMs < 5000; nowMs++) if (collect(generator, nowMs).length > 0) times.push(nowMs);
      assert.deepEqual(
        times,
        Array.from({ length: maxNackTries }, (_, i) => 20 + i * 150),
      );
      assert.equal(generator.count, 0);
    });
  });
}

describe('NackGenerator', () => {
  it('gives up a gap that is too large and counts it', () => {
    const generator = new NackGenerator();
    generator.advance(0, 3, 0);
    generator.advance(3, 3 + maxMissingPackets, 1);
    assert.equal(generator.count, 0);
    assert.equal(generator.hopelessCount, 2 + maxMissingPackets - 1);
  });

  it('counts packets given up after all tries', () => {
    const generator = new NackGenerator();
    generator.advance(0, 3, 0);
    for (let nowMs = 0; nowMs < 5000; nowMs++) generator.collect(nowMs, into);
    assert.equal(generator.hopelessCount, 2);
    assert.equal(generator.nextMs, Number.POSITIVE_INFINITY);
  });

  it('learns the round trip from answers to a first request only', () => {
    const generator = new NackGenerator();
    generator.advance(0, 4, 0);
    generator.collect(20, into);
    generator.received(1, 40);
    const learnt = generator.roundTripMs;
    assert.ok(learnt < 100, `${learnt} ms`);
    generator.collect(1000, into);
    generator.collect(2000, into);
    generator.received(2, 2001);
    assert.equal(generator.roundTripMs, learnt);
  });
});
