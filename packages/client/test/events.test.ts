/**
 * Events of remote objects: subscribing, routing, sequences.
 * @module
 */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { type KurentoClient, type Remote, connect } from '../src/index.ts';
import { ScriptedServer } from './ScriptedServer.ts';

const server = await ScriptedServer.start();
let client: KurentoClient;
let endpoint: Remote<'WebRtcEndpoint'>;

beforeEach(async () => {
  client?.close();
  server.script = () => undefined;
  client = await connect(server.url);
  await server.seen('ping', server.requests.length - 1);
  const pipeline = await client.create('MediaPipeline');
  endpoint = await pipeline.create('WebRtcEndpoint');
  server.requests.length = 0;
});

after(async () => {
  client.close();
  await server.close();
});

const candidate = { candidate: 'candidate:1 1 UDP 1 192.0.2.1 1 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const found = (): void =>
  server.raise(endpoint.id, 'IceCandidateFound', {
    source: endpoint.id,
    tags: [],
    timestampMillis: '1',
    type: 'IceCandidateFound',
    candidate: { __module__: 'kurento', __type__: 'IceCandidate', ...candidate },
  });

describe('on and off', () => {
  it('subscribe with the first listener and unsubscribe after the last', async () => {
    const first = (): void => {};
    const second = (): void => {};
    await endpoint.on('IceCandidateFound', first);
    await endpoint.on('IceCandidateFound', second);
    await endpoint.off('IceCandidateFound', first);
    assert.deepEqual(server.methods, ['subscribe']);
    await endpoint.off('IceCandidateFound', second);
    await endpoint.off('IceCandidateFound', second);
    assert.deepEqual(server.methods, ['subscribe', 'unsubscribe']);
    const { sessionId } = client;
    assert.deepEqual(server.requests[0]?.params, {
      object: endpoint.id,
      type: 'IceCandidateFound',
      sessionId,
    });
    assert.equal(server.requests[1]?.params?.['subscription'], 'subscription-1');
  });

  it('send the subscription before what the program asks next, waited for or not', async () => {
    void endpoint.on('IceCandidateFound', () => {});
    await endpoint.gatherCandidates();
    assert.deepEqual(server.methods, ['subscribe', 'gatherCandidates']);
  });

  it('end unsubscribed when the program changes its mind while the server is asked', async () => {
    const listener = (): void => {};
    const on = endpoint.on('IceCandidateFound', listener);
    const off = endpoint.off('IceCandidateFound', listener);
    await Promise.all([on, off]);
    assert.deepEqual(server.methods, ['subscribe', 'unsubscribe']);
    await endpoint.on('IceCandidateFound', listener);
    assert.deepEqual(server.methods, ['subscribe', 'unsubscribe', 'subscribe']);
  });

  it('deliver decoded events to all listeners, one of which may throw', async () => {
    const thrown = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
    const events: unknown[] = [];
    await endpoint.on('IceCandidateFound', () => {
      throw new Error('of the listener');
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    await endpoint.on('IceCandidateFound', (event) => {
      events.push(event.source === endpoint, event.candidate);
      resolve();
    });
    found();
    await promise;
    assert.deepEqual(events, [true, candidate]);
    assert.match(String(await thrown), /of the listener/);
    process.setUncaughtExceptionCaptureCallback(null);
  });

  it('reject for an unknown event and for what the server refuses, and tell the client of the latter', async () => {
    const on: (event: never, listener: () => void) => Promise<void> = endpoint.on.bind(endpoint);
    await assert.rejects(
      on('NoSuch' as never, () => {}),
      TypeError,
    );
    const told: unknown[] = [];
    client.on('subscriptionFailed', ({ object, event }) => told.push(object.id, event));
    server.script = () => ({ error: { code: 40106, message: `Event not supported` } });
    await assert.rejects(
      endpoint.on('IceGatheringDone', () => {}),
      { type: 'MEDIA_OBJECT_EVENT_NOT_SUPPORTED' },
    );
    assert.deepEqual(told, [endpoint.id, 'IceGatheringDone']);
  });

  it('reject on a released object, and nothing needs to handle that', async () => {
    await endpoint.release();
    void endpoint.on('IceGatheringDone', () => {});
    await assert.rejects(
      endpoint.on('IceGatheringDone', () => {}),
      { type: 'MEDIA_OBJECT_NOT_FOUND' },
    );
    assert.deepEqual(server.methods, ['release']);
  });

  it('hold for the next event only with once', async () => {
    let count = 0;
    await endpoint.once('IceCandidateFound', () => count++);
    found();
    found();
    await server.seen('unsubscribe');
    assert.equal(count, 1);
  });

  it('ignore notifications that are no events of ours', async () => {
    for (const text of [
      '{',
      '[]',
      '7',
      '{"jsonrpc":"2.0","method":"onEvent"}',
      '{"jsonrpc":"2.0","method":"x"}',
    ]) {
      server.send(text);
    }
    server.raise('nobody', 'IceCandidateFound', {});
    server.raise(endpoint.id, 'NoSuchEvent', {});
    assert.equal(await endpoint.getParent(), null);
  });
});

describe('events', () => {
  it('is a sequence that ends when the loop is left, and then unsubscribes', async () => {
    server.script = ({ method }) => {
      if (method === 'subscribe') setImmediate(() => [1, 2, 3].forEach(found));
      return undefined;
    };
    let count = 0;
    for await (const event of endpoint.events('IceCandidateFound')) {
      assert.equal(event.candidate.sdpMid, '0');
      if (++count === 3) break;
    }
    await server.seen('unsubscribe');
  });

  it('ends when the signal aborts, the object goes, or the client closes', async () => {
    const run = async (signal?: AbortSignal): Promise<string> => {
      for await (const event of endpoint.events('IceCandidateFound', signal ? { signal } : {}))
        assert.fail(event.type);
      return 'ended';
    };
    const controller = new AbortController();
    const aborted = run(controller.signal);
    await server.seen('subscribe');
    controller.abort();
    assert.equal(await aborted, 'ended');
    const released = run();
    await endpoint.release();
    assert.equal(await released, 'ended');
    assert.equal(await run(), 'ended');
    const pipeline = await client.create('MediaPipeline');
    const closed = (async () => {
      for await (const event of pipeline.events('Error')) assert.fail(event.description);
    })();
    await server.seen('subscribe', server.requests.length);
    client.close();
    await closed;
  });

  it('drops the oldest beyond its limit', async () => {
    const numbers: string[] = [];
    server.script = ({ method }) => {
      if (method === 'subscribe')
        setImmediate(() => server.raise(endpoint.id, 'Error', { description: 'a' }));
      return undefined;
    };
    for await (const event of endpoint.events('Error', { limit: 2 })) {
      if (numbers.push(event.description) === 3) break;
      if (numbers.length > 1) continue;
      for (const description of ['b', 'c', 'd']) server.raise(endpoint.id, 'Error', { description });
      await endpoint.getParent();
    }
    assert.deepEqual(numbers, ['a', 'c', 'd']);
  });
});
