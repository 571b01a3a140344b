/**
 * The arena hands out memory that never overlaps and takes it back.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arena, ArenaLease } from '../src/Arena.ts';

describe('Arena', () => {
  it('hands out regions that never overlap, whatever is allocated and released', () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constant(0)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (sizes) => {
        const arena = new Arena(1 << 18);
        const held: { at: number; size: number }[] = [];
        for (const size of sizes) {
          const oldest = size === 0 ? held.shift() : undefined;
          if (oldest !== undefined) arena.release(oldest.at, oldest.size);
          if (size === 0) continue;
          const at = arena.allocate(size);
          if (at < 0) continue;
          assert.ok(at % 64 === 0 && at + size <= arena.bytes.length);
          for (const other of held) assert.ok(at + size <= other.at || other.at + other.size <= at);
          held.push({ at, size });
        }
      }),
    );
  });

  it('reuses what comes back, so that a thousand rounds need no more than one', () => {
    const arena = new Arena(1 << 20);
    const round = (): void => {
      const regions = [192, 256, 257, 2000, 4096, 100_000].map((size) => ({
        size,
        at: arena.allocate(size),
      }));
      for (const { at, size } of regions) {
        assert.notEqual(at, -1);
        arena.release(at, size);
      }
    };
    round();
    const reserved = arena.reservedBytes;
    for (let i = 0; i < 1000; i++) round();
    assert.equal(arena.reservedBytes, reserved);
    assert.equal(arena.regionBytes, 0);
  });

  it('answers -1 for a region and throws for a reservation when it is used up', () => {
    const arena = new Arena(1024);
    assert.equal(arena.allocate(2048), -1);
    assert.equal(arena.regionBytes, 0);
    assert.throws(() => arena.reserve(1025), RangeError);
    assert.equal(arena.reserve(1024), 0);
    assert.throws(() => arena.reserve(1), RangeError);
  });

  it('lends zeroed memory to what ends before it, and lends it again', () => {
    const arena = new Arena(1 << 16);
    const offsets: number[] = [];
    for (let i = 0; i < 100; i++) {
      const lease = new ArenaLease(arena);
      for (const size of [300, 5000]) {
        const at = lease.reserve(size);
        offsets.push(at);
        assert.ok(arena.bytes.subarray(at, at + size).every((byte) => byte === 0));
        arena.bytes.fill(0xff, at, at + size);
      }
      lease.release();
      lease.release();
      assert.equal(arena.regionBytes, 0);
    }
    assert.equal(new Set(offsets).size, 2);
    const lease = new ArenaLease(arena);
    assert.throws(() => lease.reserve(1 << 17), RangeError);
  });

  for (const size of [0, -1, Number.NaN, 2 ** 31]) {
    it(`refuses a size of ${size}`, () => assert.throws(() => new Arena(size), RangeError));
  }
});
