/**
 * What one client may ask for, and how it is told that it asked for too much.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenBucket } from '../src/protocol/TokenBucket.ts';
import { makeCore, NOW_MS, TestClient } from './harness.ts';

describe('TokenBucket', () => {
  it('lets a burst pass, then the rate', () => {
    const bucket = new TokenBucket(10, 3, 0);
    const taken = [0, 0, 0, 0, 99, 100, 150, 199, 200, 10_000, 10_000, 10_000, 10_000];
    assert.deepEqual(
      taken.map((nowMs) => bucket.take(nowMs)),
      [true, true, true, false, false, true, false, false, true, true, true, true, false],
    );
  });

  it('never lets more pass than burst and rate allow', () => {
    const bucket = new TokenBucket(50, 20, 0);
    let passed = 0;
    for (let nowMs = 0; nowMs < 10_000; nowMs += 3) if (bucket.take(nowMs)) passed++;
    assert.ok(passed <= 20 + 500 && passed >= 499, String(passed));
  });

  it('survives a clock that is set back', () => {
    const bucket = new TokenBucket(10, 1, 5000);
    assert.equal(bucket.take(5000), true);
    assert.equal(bucket.take(0), false);
    assert.equal(bucket.take(100), true);
  });
});

describe('a client', () => {
  it('that sends too often is let go with 1008, and does not disturb others', async () => {
    let nowMs = NOW_MS;
    const limits = { requestsPerSecond: 10, requestBurst: 5 };
    const core = makeCore({ limits, clock: { nowMs: () => nowMs } });
    const [hasty, calm] = [new TestClient(core), new TestClient(core)];
    for (let n = 0; n < 5; n++) await hasty.call('ping', { sessionId: 's' });
    assert.equal(hasty.closeCode, undefined);
    await hasty.raw('{"jsonrpc":"2.0","id":"late","method":"ping"}');
    assert.deepEqual([hasty.closeCode, hasty.closeReason], [1008, 'Too many requests']);
    assert.equal(hasty.frames.length, 5);
    assert.equal(core.sessions.sessionIdOf(hasty.connection), undefined);
    for (let n = 0; n < 50; n++, nowMs += 100) await calm.call('ping');
    assert.equal(calm.closeCode, undefined);
  });

  it('may by default send as much as it likes', async () => {
    const client = new TestClient(makeCore());
    await Promise.all(Array.from({ length: 5000 }, () => client.call('ping')));
    assert.equal(client.closeCode, undefined);
  });

  it('that reads too slowly is let go with 1008', async () => {
    const client = new TestClient(makeCore({ limits: { bufferedBytes: 1000 } }));
    client.bufferedBytes = 1000;
    await client.call('ping');
    assert.equal(client.closeCode, undefined);
    client.bufferedBytes = 1001;
    await client.call('ping');
    assert.deepEqual([client.closeCode, client.closeReason], [1008, 'Client reads too slowly']);
  });

  it('may nest a message 64 levels deep, and goes on after one that is deeper', async () => {
    const client = new TestClient(makeCore());
    const nested = (levels: number): string =>
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;
    assert.match((await client.raw(nested(64)))[0] ?? '', /pong/);
    assert.deepEqual(await client.raw(nested(65).replace('"id":1', '"id":2')), [
      '{"error":{"code":-32600,"message":"Invalid JSON-RPC request: nested deeper than 64 levels."},"id":null,"jsonrpc":"2.0"}',
    ]);
    assert.equal((await client.call('ping'))['value'], 'pong');
  });

  it('may have so many subscriptions and no more, until it ends some', async () => {
    const client = new TestClient(makeCore({ limits: { subscriptionsPerSession: 3 } }));
    const object = await client.create('MediaPipeline', {}, 's');
    const child = await client.create('PassThrough', { mediaPipeline: object });
    const { value: subscription } = await client.call('subscribe', { object, type: 'Error' });
    await client.call('subscribe', { object, type: 'Error' });
    await client.call('subscribe', { object: child, type: 'Error' });
    const { error } = await client.ask('subscribe', { object, type: 'Error' });
    assert.deepEqual(error, {
      code: 40009,
      data: { type: 'NOT_ENOUGH_RESOURCES' },
      message: 'A session may have 3 subscriptions',
    });
    await client.call('unsubscribe', { object, subscription, sessionId: 's' });
    await client.call('unsubscribe', { object, subscription, sessionId: 's' });
    await client.call('subscribe', { object, type: 'Error' });
    await client.call('release', { object: child });
    await client.call('subscribe', { object, type: 'Error' });
    assert.equal((await client.ask('subscribe', { object, type: 'Error' }))['error']?.['code'], 40009);
  });

  it('may have so many sessions and no more, until some have ended', async () => {
    const core = makeCore({ limits: { sessionsPerConnection: 3 } });
    const client = new TestClient(core);
    for (const sessionId of ['a', 'b', 'c']) await client.create('MediaPipeline', {}, sessionId);
    const { error } = await client.ask('create', { type: 'MediaPipeline', sessionId: 'd' });
    assert.equal(error?.['code'], 40009);
    assert.equal(error?.['message'], 'A connection may have 3 sessions');
    assert.equal(core.sessions.ids.length, 3);
    await client.create('MediaPipeline', {}, 'a');
    await client.call('closeSession', { sessionId: 'b' });
    await client.create('MediaPipeline', {}, 'd');
    await new TestClient(core).create('MediaPipeline', {}, 'e');
    assert.equal(core.sessions.ids.length, 4);
  });

  it('may make a session id of 1024 characters and no more', async () => {
    const client = new TestClient(makeCore());
    await client.create('MediaPipeline', {}, 'x'.repeat(1024));
    const { error } = await client.ask('create', { type: 'MediaPipeline', sessionId: 'x'.repeat(1025) });
    assert.deepEqual(error, {
      code: -32000,
      message: "'sessionId' parameter should have at most 1024 characters",
    });
  });
});
