/**
 * A short version of `npm run fuzz:rpc`.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzzRpc } from './fuzzRpc.ts';
import { judge } from './judge.ts';

describe('fuzzing the WebSocket', () => {
  it('ends neither the server nor the patience of another client, and leaves nothing behind', async (test) => {
    const seed = Date.now() % 1_000_000;
    test.diagnostic(`seed ${seed}`);
    assert.deepEqual(judge(await fuzzRpc(8, seed)), [], `seed ${seed}`);
  });
});
