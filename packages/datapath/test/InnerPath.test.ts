/**
 * Packets between transports of one process: delivered once, in order, within a bound.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arena } from '../src/Arena.ts';
import { createHostCounters } from '../src/HostCounters.ts';
import { InnerPath } from '../src/InnerPath.ts';

function send(arena: Arena, path: InnerPath, value: number, handle: number): void {
  arena.view.setUint32(path.reserve(), value);
  path.commit(4, handle);
}

describe('InnerPath', () => {
  it('delivers in order, and what is sent meanwhile in the next round', () => {
    const arena = new Arena(1 << 22);
    const path = new InnerPath(arena, createHostCounters());
    const got: number[][] = [];
    send(arena, path, 1, 10);
    send(arena, path, 2, 20);
    for (let round = 0; round < 3; round++) {
      const delivered: number[] = [];
      got.push(delivered);
      path.deliver((handle, at, length) => {
        assert.equal(length, 4);
        delivered.push(handle, arena.view.getUint32(at));
        if (round === 0) send(arena, path, arena.view.getUint32(at) + 100, handle + 1);
      });
    }
    assert.deepEqual(got, [[10, 1, 20, 2], [11, 101, 21, 102], []]);
  });

  it('drops and counts what is too much', () => {
    const arena = new Arena(1 << 22);
    const counters = createHostCounters();
    const path = new InnerPath(arena, counters);
    for (let i = 0; i < 600; i++) send(arena, path, i, i);
    assert.equal(path.count, 512);
    assert.equal(counters.innerDropped, 88);
    let last = -1;
    path.deliver((handle, at) => {
      assert.equal(arena.view.getUint32(at), handle);
      last = handle;
    });
    assert.equal(last, 511);
  });
});
