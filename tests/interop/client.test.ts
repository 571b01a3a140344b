/**
 * `@rivero/client` against our own server, a process of its own.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type KurentoClient, type Remote, connect } from '@rivero/client';
import { Cable } from './harness/Cable.ts';
import { eventually } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';

let rivero: RiveroProcess;
let client: KurentoClient;

before(async () => {
  rivero = await RiveroProcess.start();
  client = await connect(rivero.wsUrl, { strict: true });
});

after(async () => {
  client?.close();
  await rivero?.[Symbol.asyncDispose]();
});

describe('objects', () => {
  it('have names, tags, times, a place in the tree and one proxy each', async () => {
    await using pipeline = await client.create('MediaPipeline');
    const endpoint = await pipeline.create('WebRtcEndpoint', { certificateKeyType: 'ECDSA' });
    assert.equal(await endpoint.getName(), endpoint.id);
    await endpoint.setName('camera');
    assert.equal(await endpoint.getName(), 'camera');
    await endpoint.addTag('b', '2');
    await endpoint.addTag('a', '1');
    assert.deepEqual(await endpoint.getTags(), [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
    assert.ok(Math.abs((await endpoint.getCreationTime()) - Date.now() / 1000) < 60);
    assert.equal(await endpoint.getParent(), pipeline);
    assert.equal(await endpoint.getMediaPipeline(), pipeline);
    assert.equal(await pipeline.getParent(), null);
    assert.deepEqual(await pipeline.getChildren(), [endpoint]);
    assert.equal(await client.getMediaobjectById(endpoint.id, 'WebRtcEndpoint'), endpoint);
  });

  it('are connected in a chain, and say so with proxies', async () => {
    await using pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    const b = await pipeline.create('PassThrough');
    const c = await pipeline.create('WebRtcEndpoint');
    const sinks: unknown[] = [];
    await a.on('ElementConnected', ({ source, sink, mediaType }) => sinks.push([source, sink, mediaType]));
    await client.connect(a, b, c);
    const connections = await a.getSinkConnections();
    assert.deepEqual(connections.map(({ type }) => type).toSorted(), ['AUDIO', 'DATA', 'VIDEO']);
    assert.ok(connections.every(({ source, sink }) => source === a && sink === b));
    assert.deepEqual(
      (await c.getSourceConnections('VIDEO')).map(({ source }) => source),
      [b],
    );
    await a.disconnect(b, 'DATA');
    assert.equal((await a.getSinkConnections()).length, 2);
    await eventually(
      'events',
      () => sinks.length,
      (count) => count === 3,
    );
    assert.ok(sinks.every((one) => Array.isArray(one) && one[0] === a && one[1] === b));
  });

  it('fail with the errors of the protocol', async () => {
    await using pipeline = await client.create('MediaPipeline');
    await using other = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    const b = await other.create('WebRtcEndpoint');
    const failures: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['MEDIA_OBJECT_TAG_KEY_NOT_FOUND', () => a.getTag('none')],
      ['CONNECT_ERROR', () => a.connect(b)],
      ['SDP_PARSE_ERROR', () => a.processOffer('')],
      ['SDP_END_POINT_NOT_OFFER_GENERATED', () => a.processAnswer('v=0')],
      ['SDP_END_POINT_NO_LOCAL_SDP_ERROR', () => a.getLocalSessionDescriptor()],
      ['MEDIA_OBJECT_NOT_FOUND', () => client.getMediaobjectById('nobody')],
      ['MALFORMED_TRANSACTION', () => a.invoke('noSuchOperation')],
      ['MEDIA_OBJECT_NOT_AVAILABLE', () => pipeline.create('DispatcherOneToMany')],
    ];
    for (const [type, fail] of failures) await assert.rejects(fail, { name: 'KurentoError', type });
  });

  it('tell of their end to whoever waits for it, also in another client', async () => {
    using other = await connect(rivero.wsUrl);
    const pipeline = await client.create('MediaPipeline');
    const endpoint = await pipeline.create('WebRtcEndpoint');
    const seen = await other.getMediaobjectById(endpoint.id);
    const told = seen.whenReleased();
    const manager = await other.getServerManager();
    // The subscription of `whenReleased` is on its way; a call on the same object comes after it.
    assert.ok((await manager.getPipelines()).some(({ id }) => id === pipeline.id));
    await pipeline.release();
    await told;
    assert.equal(endpoint.released, true);
    await assert.rejects(seen.getName(), { type: 'MEDIA_OBJECT_NOT_FOUND' });
  });
});

describe('server manager', () => {
  it('says what the server is and what can be created', async () => {
    const manager = await client.getServerManager();
    const { modules, type } = await manager.getInfo();
    assert.equal(type, 'KMS');
    const factories = modules.flatMap((module) => module.factories);
    for (const name of ['MediaPipeline', 'WebRtcEndpoint', 'PassThrough'])
      assert.ok(factories.includes(name), name);
    assert.match(await manager.getKmd('core'), /"MediaPipeline"/);
    assert.ok((await manager.getUsedMemory()) > 0);
  });
});

/** Joins two endpoints by SDP, with candidates both ways. */
async function join(a: Remote<'WebRtcEndpoint'>, b: Remote<'WebRtcEndpoint'>): Promise<void> {
  await a.on('IceCandidateFound', ({ candidate }) => void b.addIceCandidate(candidate));
  await b.on('IceCandidateFound', ({ candidate }) => void a.addIceCandidate(candidate));
  await a.processAnswer(await b.processOffer(await a.generateOffer()));
  await Promise.all([a.gatherCandidates(), b.gatherCandidates()]);
}

describe('two endpoints', () => {
  it('connect to each other, as the events of both tell', async () => {
    await using pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    const b = await pipeline.create('WebRtcEndpoint');
    const connected = async (endpoint: Remote<'WebRtcEndpoint'>): Promise<string> => {
      for await (const { newState } of endpoint.events('ConnectionStateChanged', {
        signal: AbortSignal.timeout(10_000),
      }))
        if (newState === 'CONNECTED') return newState;
      return 'never';
    };
    const both = [connected(a), connected(b)];
    await join(a, b);
    assert.deepEqual(await Promise.all(both), ['CONNECTED', 'CONNECTED']);
    assert.equal(await a.getConnectionState(), 'CONNECTED');
  });
});

describe('transactions', () => {
  it('build and negotiate two endpoints in one message', async () => {
    const { pipeline, a, b } = await client.transaction(async (tx) => {
      const made = await tx.create('MediaPipeline');
      const [offerer, answerer] = await made.create([{ type: 'WebRtcEndpoint' }, { type: 'WebRtcEndpoint' }]);
      void offerer.connect(answerer);
      const offer = tx.result(offerer.generateOffer());
      void offerer.processAnswer(tx.result(answerer.processOffer(offer)));
      return { pipeline: made, a: offerer, b: answerer };
    });
    assert.match(await a.getRemoteSessionDescriptor(), /^v=0/);
    assert.deepEqual(await pipeline.getChildren(), [a, b]);
    assert.equal((await a.getSinkConnections())[0]?.sink, b);
    await pipeline.release();
    assert.equal(b.released, true);
  });

  it('hear all events of what they make', async () => {
    const events: string[] = [];
    const pipeline = await client.transaction(async (tx) => {
      const made = await tx.create('MediaPipeline');
      const endpoint = await made.create('WebRtcEndpoint');
      void endpoint.on('IceCandidateFound', () => events.push('candidate'));
      void endpoint.on('IceGatheringDone', () => events.push('done'));
      void endpoint.generateOffer();
      void endpoint.gatherCandidates();
      return made;
    });
    await eventually(
      'the end of gathering',
      () => events,
      (all) => all.at(-1) === 'done',
    );
    assert.ok(events.length > 1, events.join());
    await pipeline.release();
  });

  it('that fail leave nothing behind', async () => {
    const manager = await client.getServerManager();
    const before = (await manager.getPipelines()).length;
    const failing = client.transaction(async (tx) => {
      const pipeline = await tx.create('MediaPipeline');
      const endpoint = await pipeline.create('WebRtcEndpoint');
      void endpoint.processOffer('');
      void endpoint.gatherCandidates();
    });
    await assert.rejects(failing, { name: 'TransactionError', type: 'SDP_PARSE_ERROR', index: 2 });
    assert.equal((await manager.getPipelines()).length, before);
  });

  it('take no object of a transaction that is not sent yet', async () => {
    await client.transaction(async (tx) => {
      const pipeline = await tx.create('MediaPipeline');
      await assert.rejects(client.getMediaobjectById(pipeline.id), {
        type: 'MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT',
      });
      void pipeline.release();
    });
  });
});

describe('reconnection', () => {
  it('goes on in the same session with its objects and subscriptions when the cable is cut', async () => {
    await using cable = new Cable(Number(new URL(rivero.wsUrl).port));
    using far = await connect(await cable.open());
    const pipeline = await far.create('MediaPipeline');
    const created: string[] = [];
    await pipeline.on('Error', () => {});
    const a = await pipeline.create('PassThrough');
    const b = await pipeline.create('PassThrough');
    await a.on('ElementConnected', ({ mediaType }) => created.push(mediaType));
    const { sessionId } = far;
    const back = new Promise((resolve) => far.once('reconnected', resolve));
    cable.cut();
    assert.equal(await back, true);
    assert.equal(far.sessionId, sessionId);
    await a.connect(b);
    await eventually(
      'events',
      () => created.length,
      (count) => count === 3,
    );
    assert.deepEqual(created.toSorted(), ['AUDIO', 'DATA', 'VIDEO']);
    await pipeline.release();
  });

  it('says that the session is gone when the server was killed and started again', async () => {
    let server = await RiveroProcess.start();
    const { port } = new URL(server.wsUrl);
    using far = await connect(server.wsUrl, { reconnectMaxDelayMs: 200 });
    const { serverId } = far;
    const pipeline = await far.create('MediaPipeline');
    const back = new Promise((resolve) => far.once('reconnected', resolve));
    server.kill();
    await server.exited;
    server = await RiveroProcess.start({ args: ['--port', port] });
    try {
      assert.equal(await back, false);
      assert.equal(pipeline.released, true);
      assert.notEqual(far.serverId, serverId);
      await using fresh = await far.create('MediaPipeline');
      assert.equal(await fresh.getName(), fresh.id);
    } finally {
      await server.stop();
    }
  });
});
