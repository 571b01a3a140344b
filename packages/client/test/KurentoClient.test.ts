/**
 * `KurentoClient` and its proxies against a scripted server: what is sent, and what becomes of the answers.
 * @module
 */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { ConnectionError, KurentoClient, KurentoError, RpcError, connect, getClient } from '../src/index.ts';
import { ScriptedServer } from './ScriptedServer.ts';

const server = await ScriptedServer.start();
let client: KurentoClient;

beforeEach(async () => {
  client?.close();
  server.script = () => undefined;
  client = await connect(server.url);
  await server.seen('ping', server.requests.length - 1);
  server.requests.length = 0;
});

after(async () => {
  client.close();
  await server.close();
});

describe('connect', () => {
  it('is also called getClient, as users of kurento-client expect', async () => {
    const another = await getClient(server.url);
    assert.ok(another instanceof KurentoClient);
    another.close();
  });

  it('agrees on a session before anything else, and pings', async () => {
    client.close();
    server.requests.length = 0;
    client = await connect(server.url);
    await server.seen('ping');
    assert.deepEqual(server.methods, ['connect', 'ping']);
    assert.deepEqual(server.requests[0]?.params, {});
    assert.equal(client.serverId, 'server-1');
    assert.equal(client.connected, true);
  });

  it('fails with CONNECTION_FAILED where nothing listens, where the path is wrong, and for what is no address', async () => {
    for (const url of ['ws://127.0.0.1:1/kurento', 'no address']) {
      await assert.rejects(connect(url), { name: 'ConnectionError', code: 'CONNECTION_FAILED' });
    }
  });

  it('fails with CONNECTION_FAILED when the server never answers', async () => {
    server.script = () => 'silence';
    await assert.rejects(connect(server.url, { connectTimeoutMs: 30 }), { code: 'CONNECTION_FAILED' });
  });

  it('demands the base modules when strict', async () => {
    const modules = ['core', 'elements', 'filters'].map((name) => ({ name, version: '7', factories: [] }));
    let given = modules;
    server.script = ({ params }) =>
      params?.['operation'] === 'getInfo' ? { result: { value: { modules: given } } } : undefined;
    const strict = await connect(server.url, { strict: true });
    strict.close();
    given = modules.slice(1);
    await assert.rejects(connect(server.url, { strict: true }), /lacks the modules core/);
  });
});

describe('create', () => {
  it('sends short names for the base modules, the owner, and properties for old servers', async () => {
    const pipeline = await client.create('MediaPipeline');
    await pipeline.create('WebRtcEndpoint', { recvonly: true });
    const [first, second] = server.requests;
    const { sessionId } = client;
    assert.deepEqual(first?.params, {
      type: 'MediaPipeline',
      constructorParams: {},
      properties: {},
      sessionId,
    });
    assert.deepEqual(second?.params, {
      type: 'WebRtcEndpoint',
      constructorParams: { mediaPipeline: pipeline.id, recvonly: true },
      properties: {},
      sessionId,
    });
  });

  it('sends qualified names for other modules', async () => {
    const pipeline = await client.create('MediaPipeline');
    const window = { topRightCornerX: 0, topRightCornerY: 0, width: 1, height: 1 };
    await pipeline.create('ChromaFilter', { window });
    assert.equal(server.requests[1]?.params?.['type'], 'chroma.ChromaFilter');
  });

  it('gives hubs their ports', async () => {
    const pipeline = await client.create('MediaPipeline');
    const hub = await pipeline.create('Composite');
    const port = await hub.createHubPort();
    assert.deepEqual(server.requests[2]?.params?.['constructorParams'], { hub: hub.id });
    assert.equal(port.type, 'HubPort');
  });

  it('makes several at once, or none when one fails', async () => {
    const pipeline = await client.create('MediaPipeline');
    const [camera, thru] = await pipeline.create([
      { type: 'WebRtcEndpoint', params: { recvonly: true } },
      { type: 'PassThrough' },
    ]);
    assert.deepEqual([camera.type, thru.type], ['WebRtcEndpoint', 'PassThrough']);
    const [other] = await client.create([{ type: 'MediaPipeline' }]);
    assert.equal(other.type, 'MediaPipeline');
    server.requests.length = 0;
    server.script = ({ params }) =>
      params?.['type'] === 'Composite' ? { error: { code: 40108, message: 'none' } } : undefined;
    const creations = [{ type: 'PassThrough' }, { type: 'Composite' }, { type: 'PassThrough' }] as const;
    await assert.rejects(pipeline.create(creations), { type: 'MEDIA_OBJECT_NOT_AVAILABLE' });
    assert.deepEqual(server.methods, ['create', 'create', 'create', 'release', 'release']);
  });

  it('refuses an owner that cannot have such a child', async () => {
    const pipeline = await client.create('MediaPipeline');
    // The types forbid it, so the call goes round them.
    const create: (type: never) => Promise<unknown> = pipeline.create.bind(pipeline);
    await assert.rejects(create('HubPort' as never), /A MediaPipeline cannot have a HubPort/);
  });
});

describe('operations', () => {
  it('take arguments in the declared order and leave out undefined ones', async () => {
    const pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    const b = await pipeline.create('WebRtcEndpoint');
    server.requests.length = 0;
    await a.connect(b, 'VIDEO', undefined, 'x');
    await a.setName('camera');
    await a.getName();
    await client.connect(a, [b, a]);
    await assert.rejects(client.connect(a), TypeError);
    const { sessionId } = client;
    assert.deepEqual(
      server.requests.map(({ params }) => params),
      [
        {
          object: a.id,
          operation: 'connect',
          operationParams: { sink: b.id, mediaType: 'VIDEO', sinkMediaDescription: 'x' },
          sessionId,
        },
        { object: a.id, operation: 'setName', operationParams: { name: 'camera' }, sessionId },
        { object: a.id, operation: 'getName', sessionId },
        { object: a.id, operation: 'connect', operationParams: { sink: b.id }, sessionId },
        { object: b.id, operation: 'connect', operationParams: { sink: a.id }, sessionId },
      ],
    );
  });

  it('refuse more arguments than there are, such as the callback of another client', async () => {
    const pipeline = await client.create('MediaPipeline');
    const getName: (callback: () => void) => Promise<string> = pipeline.getName.bind(pipeline);
    await assert.rejects(
      getName(() => {}),
      /MediaPipeline.getName takes 0 arguments, got 1/,
    );
  });

  it('give the same proxy for the same object, wherever a reference comes', async () => {
    const pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    const connection = {
      __module__: 'kurento',
      __type__: 'ElementConnectionData',
      source: a.id,
      sink: `${pipeline.id}/x_chroma.ChromaFilter`,
      type: 'AUDIO',
      sourceDescription: 'default',
      sinkDescription: 'default',
    };
    server.script = ({ params }) => {
      if (params?.['operation'] === 'getMediaPipeline') return { result: { value: pipeline.id } };
      return params?.['operation'] === 'getSinkConnections' ? { result: { value: [connection] } } : undefined;
    };
    assert.equal(await a.getMediaPipeline(), pipeline);
    const [found] = await a.getSinkConnections();
    assert.equal(found?.source, a);
    assert.equal(found?.sink.constructor.name, 'ChromaFilter');
    assert.deepEqual(Object.keys(found), ['source', 'sink', 'type', 'sourceDescription', 'sinkDescription']);
    assert.equal(await a.getParent(), null);
  });

  it('give an empty map and list for null, and registers by the type that they name', async () => {
    const pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    let value: unknown = null;
    server.script = () => ({ result: { value } });
    assert.deepEqual(await a.getStats(), {});
    assert.deepEqual(await a.getTags(), []);
    value = {
      one: {
        __module__: 'kurento',
        __type__: 'RTCInboundRTPStreamStats',
        id: 'one',
        type: 'inboundrtp',
        jitter: 0.5,
      },
    };
    assert.deepEqual(await a.getStats(), { one: { id: 'one', type: 'inboundrtp', jitter: 0.5 } });
  });
});

describe('errors', () => {
  it('are KurentoError with type and code, also when the wire gives only a code', async () => {
    const pipeline = await client.create('MediaPipeline');
    server.script = () => ({
      error: { code: 40110, message: 'No tag', data: { type: 'MEDIA_OBJECT_TAG_KEY_NOT_FOUND' } },
    });
    await assert.rejects(pipeline.getTag('x'), (error) => {
      assert.ok(error instanceof KurentoError);
      assert.deepEqual(
        [error.type, error.code, error.message],
        ['MEDIA_OBJECT_TAG_KEY_NOT_FOUND', 40110, 'No tag'],
      );
      return true;
    });
    server.script = () => ({ error: { code: 40001, message: 'x' } });
    await assert.rejects(pipeline.getTag('x'), { name: 'KurentoError', type: 'MARSHALL_ERROR' });
  });

  it('of other codes stay RpcError', async () => {
    const pipeline = await client.create('MediaPipeline');
    server.script = () => ({ error: { code: 49001, message: 'of a module', data: { type: 'PLATE' } } });
    await assert.rejects(pipeline.getTag('x'), (error) => error instanceof RpcError && error.code === 49001);
  });

  it('are REQUEST_TIMEOUT when no answer comes, and the reason when the signal aborts', async () => {
    const pipeline = await client.create('MediaPipeline');
    server.script = () => 'silence';
    await assert.rejects(pipeline.with({ timeoutMs: 20 }).getName(), { code: 'REQUEST_TIMEOUT' });
    const controller = new AbortController();
    const call = pipeline.with({ signal: controller.signal }).getName();
    controller.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
    const limits = { signal: controller.signal };
    await assert.rejects(pipeline.with(limits).getName(), /enough/);
    await assert.rejects(pipeline.with(limits).create('PassThrough'), /enough/);
    await assert.rejects(client.create('MediaPipeline', {}, limits), /enough/);
    await assert.rejects(client.create([{ type: 'MediaPipeline' }], limits), /enough/);
    await assert.rejects(client.getMediaobjectById('x', 'MediaObject', limits), /enough/);
  });

  it('are CLOSED after close', async () => {
    const pipeline = await client.create('MediaPipeline');
    const pending = pipeline.getName();
    server.script = () => 'silence';
    const second = pipeline.getName();
    client.close();
    await assert.rejects(second, (error) => error instanceof ConnectionError && error.code === 'CLOSED');
    await assert.rejects(pipeline.getName(), { code: 'CLOSED' });
    await pending.catch(() => {});
  });
});

describe('getMediaobjectById', () => {
  it('gives the proxy of the class that the server names, or of its nearest known ancestor', async () => {
    server.script = ({ method }) =>
      method === 'describe'
        ? {
            result: {
              type: 'New',
              qualifiedType: 'other.New',
              hierarchy: ['kurento.Filter', 'kurento.MediaElement', 'kurento.MediaObject'],
            },
          }
        : undefined;
    const found = await client.getMediaobjectById('p/x_other.New', 'MediaElement');
    const both = await client.getMediaobjectById(['p/x_other.New', 'p/y_other.New'], 'MediaElement');
    assert.deepEqual(
      both.map(({ id }) => id),
      ['p/x_other.New', 'p/y_other.New'],
    );
    assert.equal(both[0], found);
    assert.equal(found.type, 'Filter');
    await assert.rejects(client.getMediaobjectById('p/x_other.New', 'WebRtcEndpoint'), TypeError);
  });
});

describe('release', () => {
  it('ends what belongs to the object, and is sent once', async () => {
    const pipeline = await client.create('MediaPipeline');
    const endpoint = await pipeline.create('WebRtcEndpoint');
    const other = await client.create('MediaPipeline');
    server.requests.length = 0;
    await pipeline.release();
    await pipeline.release();
    await endpoint.release();
    assert.deepEqual(server.methods, ['release']);
    assert.deepEqual([pipeline.released, endpoint.released, other.released], [true, true, false]);
    await endpoint.whenReleased();
  });

  it('comes at the end of an await using block', async () => {
    {
      await using pipeline = await client.create('MediaPipeline');
      assert.equal(pipeline.released, false);
    }
    assert.deepEqual(server.methods, ['create', 'release']);
  });

  it('by somebody else is seen through ObjectDestroyed, asked for once and only when somebody waits', async () => {
    const pipeline = await client.create('MediaPipeline');
    const endpoint = await pipeline.create('WebRtcEndpoint');
    server.requests.length = 0;
    const both = Promise.all([pipeline.whenReleased(), endpoint.whenReleased()]);
    await server.seen('subscribe');
    assert.equal(server.requests.length, 1);
    server.raise('manager_ServerManager', 'ObjectDestroyed', { objectId: pipeline.id });
    await both;
  });

  it('by somebody else is seen from the error about the object itself, not from one about an argument', async () => {
    const pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('PassThrough');
    const b = await pipeline.create('PassThrough');
    let missing = b.id;
    server.script = () => ({
      error: {
        code: 40101,
        message: `Object '${missing}' not found`,
        data: { type: 'MEDIA_OBJECT_NOT_FOUND' },
      },
    });
    await assert.rejects(a.connect(b), { type: 'MEDIA_OBJECT_NOT_FOUND' });
    assert.equal(a.released, false);
    missing = a.id;
    await assert.rejects(a.connect(b), { type: 'MEDIA_OBJECT_NOT_FOUND' });
    assert.equal(a.released, true);
  });
});
