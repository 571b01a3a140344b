/**
 * The cache finds what it holds, stays in its region and gives it back.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PacketCache, packetCacheSlots } from '../src/PacketCache.ts';
import { createMemory } from './peers/memory.ts';
import { seededRandom } from './peers/random.ts';

const sizeBytes = 4096;

function fill(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value & 0xff);
}

describe('PacketCache', () => {
  for (const start of [0, 1, 1022, 1023, 1024, 32_767, 65_000, 65_535]) {
    it(`finds the newest packets from ${start} on and forgets the oldest`, () => {
      const test = createMemory();
      const cache = new PacketCache(test.memory, test.regions, sizeBytes);
      for (let i = 0; i < 500; i++) {
        const sequenceNumber = (start + i) & 0xffff;
        assert.equal(cache.store(sequenceNumber, test.receive(fill(100, i)), 100, 12), true);
        const slot = cache.find(sequenceNumber);
        assert.equal(test.memory.bytes[cache.at(slot) + 99], i & 0xff);
      }
      // 40 packets of 100 bytes fit into 4096; the one that would stand across the end leaves 96 bytes unused.
      for (let i = 460; i < 500; i++) {
        const slot = cache.find((start + i) & 0xffff);
        assert.notEqual(slot, -1, `packet ${i}`);
        assert.deepEqual(test.memory.bytes.slice(cache.at(slot), cache.at(slot) + 100), fill(100, i));
        assert.equal(cache.length(slot), 100);
        assert.equal(cache.headerLength(slot), 12);
      }
      assert.equal(cache.find((start + 459) & 0xffff), -1);
    });
  }

  it('holds no more packets than it has slots', () => {
    const test = createMemory();
    const cache = new PacketCache(test.memory, test.regions, 262_144);
    for (let i = 0; i < 3000; i++) cache.store(i, test.receive(fill(20, i)), 20, 12);
    assert.equal(cache.count, packetCacheSlots);
    assert.equal(cache.find(3000 - packetCacheSlots - 1), -1);
    assert.notEqual(cache.find(3000 - packetCacheSlots), -1);
  });

  it('takes memory with the first packet and gives it back', () => {
    const test = createMemory();
    const cache = new PacketCache(test.memory, test.regions, sizeBytes);
    assert.equal(test.regions.heldBytes, 0);
    cache.store(1, test.receive(fill(10, 1)), 10, 12);
    assert.equal(test.regions.heldBytes, sizeBytes);
    assert.equal(cache.memoryBytes, sizeBytes);
    cache.clear();
    cache.clear();
    assert.equal(test.regions.heldBytes, 0);
    assert.equal(cache.find(1), -1);
  });

  it('refuses a packet larger than itself, and any packet when the memory is used up', () => {
    const test = createMemory(0);
    const cache = new PacketCache(test.memory, test.regions, sizeBytes);
    assert.equal(cache.store(1, 0, sizeBytes + 1, 12), false);
    assert.equal(cache.store(1, 0, 100, 12), false);
  });

  it('never mixes packets up, whatever their sizes and order', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 65_535 }), (seed, start) => {
        const random = seededRandom(seed);
        const test = createMemory(1);
        const cache = new PacketCache(test.memory, test.regions, sizeBytes);
        const stored = new Map<number, Uint8Array>();
        for (let i = 0; i < 300; i++) {
          const sequenceNumber = (start + i - Math.floor(random() * 20)) & 0xffff;
          if (cache.find(sequenceNumber) >= 0) continue;
          const packet = fill(1 + Math.floor(random() * 700), sequenceNumber * 7 + i);
          cache.store(sequenceNumber, test.receive(packet), packet.length, 12);
          stored.set(sequenceNumber, packet);
          for (const [number, bytes] of stored) {
            const slot = cache.find(number);
            if (slot < 0) stored.delete(number);
            else {
              const at = cache.at(slot);
              assert.deepEqual(test.memory.bytes.slice(at, at + cache.length(slot)), bytes);
            }
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
