/**
 * Key-frame requests are joined and throttled.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyFrameRequester, maxKeyFrameRequests } from '../src/KeyFrameRequester.ts';

/** Times at which a request goes out, polled each millisecond. */
function sent(
  requester: KeyFrameRequester,
  wishes: readonly number[],
  keyFrames: readonly number[],
  untilMs: number,
) {
  const times: number[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs++) {
    if (keyFrames.includes(nowMs)) requester.fulfil();
    if (wishes.includes(nowMs)) requester.request(nowMs);
    if (requester.take(nowMs)) times.push(nowMs);
  }
  return times;
}

describe('KeyFrameRequester', () => {
  for (const { claim, wishes, keyFrames, expected } of [
    { claim: 'sends the first wish at once', wishes: [0], keyFrames: [100], expected: [0] },
    { claim: 'joins wishes made before the key frame', wishes: [0, 10, 20], keyFrames: [100], expected: [0] },
    {
      claim: 'sends one trailing request for wishes inside the interval',
      wishes: [0, 10, 20, 30],
      keyFrames: [700],
      expected: [0, 500],
    },
    {
      claim: 'waits out the interval after a key frame',
      wishes: [0, 200],
      keyFrames: [100, 600],
      expected: [0, 500],
    },
    {
      claim: 'sends at once after the interval',
      wishes: [0, 600],
      keyFrames: [100, 700],
      expected: [0, 600],
    },
    {
      claim: 'repeats a request that brings nothing',
      wishes: [0],
      keyFrames: [2500],
      expected: [0, 1000, 2000],
    },
  ]) {
    it(claim, () => assert.deepEqual(sent(new KeyFrameRequester(), wishes, keyFrames, 3000), expected));
  }

  it('gives up, and tries again when a viewer asks again', () => {
    const requester = new KeyFrameRequester();
    assert.equal(sent(requester, [0], [], 30_000).length, maxKeyFrameRequests);
    assert.equal(requester.dueMs, Number.POSITIVE_INFINITY);
    requester.request(40_000);
    assert.equal(requester.take(40_000), true);
  });

  it('needs no timer while nobody wishes anything', () => {
    assert.equal(new KeyFrameRequester().dueMs, Number.POSITIVE_INFINITY);
  });
});
