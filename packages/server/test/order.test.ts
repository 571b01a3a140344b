/**
 * Which requests of one connection wait for which, and what bounds a client that sends or reads badly.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import { type Json, makeCore, settled, TestClient } from './harness.ts';

let core: Core;
let client: TestClient;
beforeEach(() => {
  core = makeCore();
  client = new TestClient(core);
});

describe('order', () => {
  it('keeps the order inside a pipeline and lets others pass', async () => {
    const slow = await client.create('MediaPipeline');
    const element = await client.create('PassThrough', { mediaPipeline: slow });
    const quick = await client.create('MediaPipeline');
    const done: string[] = [];
    const track = async (name: string, work: Promise<unknown>): Promise<void> => {
      await work;
      done.push(name);
    };
    const all = [
      track('wait', client.invoke(element, 'getEncoderBitrate')),
      track('behind', client.invoke(slow, 'getName')),
      track('beside', client.invoke(quick, 'getName')),
      track('ping', client.call('ping')),
      track('everything', client.call('closeSession', { sessionId: 'nobody' })),
      track('after everything', client.invoke(quick, 'getName')),
    ];
    await settled();
    assert.deepEqual(done.toSorted(), ['beside', 'ping']);
    const probe = core.context.registry.resolve(element) as unknown as {
      waiting: ((value: number) => void)[];
    };
    for (const resolve of probe.waiting) resolve(1);
    await Promise.all(all);
    assert.deepEqual(done.slice(2), ['wait', 'behind', 'everything', 'after everything']);
  });

  it('creates no pipeline before or after its time when the session is closed around it', async () => {
    let admit: (() => void) | undefined;
    core = makeCore({ admitObject: () => new Promise((resolve) => (admit = resolve)) });
    client = new TestClient(core);
    const create = (): Promise<Json> => client.ask('create', { type: 'MediaPipeline', sessionId: 's' });
    const close = (): Promise<Json> => client.ask('closeSession', { sessionId: 's' });
    const replies = [create(), close(), create()];
    for (let turn = 0; turn < 3; turn++) {
      admit?.();
      // oxlint-disable-next-line no-await-in-loop -- one request after the other
      await settled();
    }
    const [first, closed, second] = await Promise.all(replies);
    assert.equal(closed!['result'], null);
    const pipelines = core.context.registry.pipelines.map(({ id }) => id);
    assert.deepEqual(pipelines, [second!['result']!['value']]);
    assert.notEqual(first!['result']!['value'], pipelines[0]);
  });

  it('stops reading from a client with too many requests in work, and goes on later', async () => {
    const pipeline = await client.create('MediaPipeline');
    const object = await client.create('PassThrough', { mediaPipeline: pipeline });
    const probe = core.context.registry.resolve(object) as unknown as {
      waiting: ((value: number) => void)[];
    };
    const work = [client.invoke(object, 'getEncoderBitrate')];
    for (let i = 1; i < 1024; i++) work.push(client.invoke(object, 'getName'));
    await settled();
    assert.equal(client.paused, true);
    probe.waiting[0]?.(1);
    await Promise.all(work);
    await settled();
    assert.equal(client.paused, false);
  });

  it('ends the connection of a client that does not read', async () => {
    client.bufferedBytes = 16 * 1024 * 1024 + 1;
    await client.raw('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    assert.equal(client.closeCode, 1008);
    const before = client.frames.length;
    await client.raw('{"jsonrpc":"2.0","id":2,"method":"ping"}');
    assert.equal(client.frames.length, before);
  });
});
