/**
 * The methods of the protocol and their errors, spec 1.2, 1.3, 1.6, 1.10 and 8.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Core } from '../src/core.ts';
import { makeCore, TestClient, textOf, type Json } from './harness.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

let core: Core;
let client: TestClient;
beforeEach(() => {
  core = makeCore();
  client = new TestClient(core);
});

async function refusal(method: string, params?: unknown): Promise<Json> {
  const reply = await client.ask(method, params);
  assert.ok('error' in reply, JSON.stringify(reply));
  return reply['error']!;
}

describe('envelope', () => {
  it('answers malformed JSON with -32700 and goes on', async () => {
    assert.deepEqual(await client.raw('{"jsonrpc":'), [
      '{"error":{"code":-32700,"data":{"type":"PARSE_ERROR"},"message":"Parse error."},"id":null,"jsonrpc":"2.0"}',
    ]);
    assert.equal((await client.call('ping'))['value'], 'pong');
  });

  for (const text of [
    '[]',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
  ]) {
    it(`answers ${text} with -32600`, async () => {
      assert.deepEqual(await client.raw(text), [
        '{"error":{"code":-32600,"message":"Invalid JSON-RPC request."},"id":null,"jsonrpc":"2.0"}',
      ]);
    });
  }

  it('answers an unknown method with -32601, also without params', async () => {
    assert.deepEqual(await client.raw('{"jsonrpc":"2.0","id":"x","method":"constructor"}'), [
      '{"error":{"code":-32601,"message":"Method not found."},"id":"x","jsonrpc":"2.0"}',
    ]);
  });

  it('executes a notification and answers that it should not have been one', async () => {
    const [reply] = await client.raw(
      '{"jsonrpc":"2.0","method":"create","params":{"type":"MediaPipeline","sessionId":"s"}}',
    );
    const id = core.context.registry.pipelines[0]?.id;
    assert.deepEqual(JSON.parse(reply ?? ''), {
      error: {
        code: -32000,
        data: { sessionId: 's', value: id },
        message: 'Ignoring response because of a notification request',
      },
      id: null,
      jsonrpc: '2.0',
    });
    assert.equal(core.sessions.sessionIdOf(client.connection), undefined, 'and does not move the session');
  });

  it('does not answer a notification without a result', async () => {
    const text = '{"jsonrpc":"2.0","method":"closeSession","params":{"sessionId":"s"}}';
    assert.deepEqual(await client.raw(text), []);
  });

  for (const method of [
    'create',
    'invoke',
    'subscribe',
    'describe',
    'release',
    'closeSession',
    'transaction',
  ]) {
    for (const params of [undefined, null, [], ['x'], 'text', 5]) {
      it(`answers ${method} with params ${JSON.stringify(params)} with -32602`, async () => {
        assert.deepEqual(await refusal(method, params), {
          code: -32602,
          data: { type: 'INVALID_PARAMS' },
          message: "'params' is required",
        });
      });
    }
  }

  const incomplete: [string, Record<string, unknown>, string][] = [
    ['create', {}, "'type' parameter is required"],
    ['create', { type: 5 }, "'type' parameter should be a string"],
    ['create', { type: 'MediaPipeline', sessionId: 5 }, "'sessionId' parameter should be a string"],
    ['invoke', { operation: 'getName' }, "'object' parameter is required"],
    ['invoke', { object: [] }, "'object' parameter should be a string"],
    ['invoke', { object: 'x' }, "'operation' parameter is required"],
    ['subscribe', {}, "'object' parameter is required"],
    ['subscribe', { object: 'x' }, "'type' parameter is required"],
    ['unsubscribe', { object: 'x' }, "'subscription' parameter is required"],
    ['unsubscribe', { object: 'x', subscription: 'y' }, "'sessionId' parameter is required"],
    ['describe', {}, "'object' parameter is required"],
    ['release', {}, "'object' parameter is required"],
    ['ref', {}, "'object' parameter is required"],
    ['ref', { object: 'x' }, "'sessionId' parameter is required"],
    ['unref', { object: 'manager_ServerManager' }, "'sessionId' parameter is required"],
    ['keepAlive', {}, "'sessionId' parameter is required"],
    ['closeSession', {}, "'sessionId' parameter is required"],
    ['closeSession', { sessionId: 's', release: 'yes' }, "'release' parameter should be a boolean"],
    ['transaction', {}, "'operations' parameter is required"],
    ['transaction', { operations: {} }, "'operations' parameter should be a array"],
  ];
  for (const [method, params, message] of incomplete) {
    it(`answers ${method} ${JSON.stringify(params)} with -32000 ${message}`, async () => {
      assert.deepEqual(await refusal(method, params), { code: -32000, message });
    });
  }

  it('survives any text, and answers each at most once', async () => {
    const words = fc.constantFrom(
      'ping',
      'create',
      'invoke',
      'object',
      'type',
      'operation',
      'manager_ServerManager',
    );
    const scalar = fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null));
    const params = fc.dictionary(words, fc.oneof(scalar, fc.array(scalar), fc.dictionary(words, scalar)));
    const request = fc.record({ jsonrpc: fc.constant('2.0'), id: scalar, method: words, params });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          request.map((value) => JSON.stringify(value)),
        ),
        async (text) => {
          const replies = await client.raw(text);
          assert.ok(replies.length <= 1);
          for (const reply of replies) assert.notEqual(JSON.parse(reply).error?.code, 40003, text);
        },
      ),
    );
    assert.equal((await client.call('ping'))['value'], 'pong');
  });
});

describe('ping', () => {
  it('answers with and without params, and names a session only if there is one', async () => {
    assert.deepEqual(await client.call('ping', { interval: 5000 }), { value: 'pong' });
    assert.deepEqual(await client.call('ping', {}), { value: 'pong' });
    assert.deepEqual(await client.call('ping'), { value: 'pong' });
    assert.deepEqual(await client.call('ping', { sessionId: 's' }), { value: 'pong', sessionId: 's' });
    assert.deepEqual(
      await client.call('ping'),
      { value: 'pong', sessionId: 's' },
      'the session of the socket',
    );
  });
});

describe('create', () => {
  it('gives ids that say type and place', async () => {
    const pipeline = await client.create('MediaPipeline');
    assert.match(pipeline, new RegExp(`^${UUID}_kurento\\.MediaPipeline$`));
    const element = await client.create('kurento.PassThrough', { mediaPipeline: pipeline });
    assert.match(element, new RegExp(`^${pipeline}/${UUID}_kurento\\.PassThrough$`));
    const hub = await client.create('Composite', { mediaPipeline: pipeline });
    const port = await client.create('HubPort', { hub });
    assert.match(port, new RegExp(`^${hub}/${UUID}_kurento\\.HubPort$`));
    assert.equal(await client.invoke(port, 'getParent'), hub);
    assert.equal(await client.invoke(port, 'getMediaPipeline'), pipeline);
  });

  it('ignores properties and unknown members, and does without constructorParams', async () => {
    for (const constructorParams of [undefined, null, {}, { nonsense: 1 }]) {
      const params = { type: 'MediaPipeline', constructorParams, properties: { name: 'x' }, junk: {} };
      const id = textOf((await client.call('create', params))['value']);
      assert.equal(await client.invoke(id, 'getName'), id);
    }
  });

  const unavailable = [
    'NoSuch',
    '',
    'elements.WebRtcEndpoint',
    'core.MediaPipeline',
    'MediaElement',
    'kurento.MediaObject',
    'ServerManager',
    'PlayerEndpoint',
    'chroma.ChromaFilter',
    '__proto__',
    'kurento.',
  ];
  for (const type of unavailable) {
    it(`refuses the type '${type}' with 40108`, async () => {
      assert.deepEqual(await refusal('create', { type }), {
        code: 40108,
        data: { type: 'MEDIA_OBJECT_NOT_AVAILABLE' },
        message: `Factory '${type}' not found`,
      });
    });
  }

  it('says which constructor parameters are missing or do not fit', async () => {
    const type = 'PassThrough';
    assert.equal((await refusal('create', { type }))['message'], "'constructorParams' is required");
    const error = await refusal('create', { type, constructorParams: { mediaPipeline: 'nope' } });
    assert.deepEqual([error['code'], error['message']], [40101, "Object 'nope' not found"]);
    const manager = { mediaPipeline: 'manager_ServerManager' };
    assert.equal((await refusal('create', { type, constructorParams: manager }))['code'], 40001);
  });

  it('does not put a child into a pipeline that went away meanwhile', async () => {
    const pipeline = await client.create('MediaPipeline');
    const hub = await client.create('Composite', { mediaPipeline: pipeline });
    const other = new TestClient(core);
    // The factory of HubPort takes a turn of the event loop; the release overtakes it on another connection.
    const late = client.ask('create', { type: 'HubPort', constructorParams: { hub } });
    const released = other.call('release', { object: pipeline });
    assert.equal((await late)['error']!['code'], 40101);
    await released;
    assert.equal(core.context.registry.size, 1, 'only the ServerManager is left');
  });
});

describe('describe', () => {
  it('tells type, qualified type and ancestors, nearest first', async () => {
    const object = await client.create('MediaPipeline', {}, 's');
    const child = await client.create('PassThrough', { mediaPipeline: object });
    assert.deepEqual(await client.call('describe', { object: child }), {
      type: 'PassThrough',
      qualifiedType: 'kurento.PassThrough',
      hierarchy: ['kurento.MediaElement', 'kurento.MediaObject'],
      sessionId: 's',
    });
    assert.deepEqual(await client.call('describe', { object: 'manager_ServerManager' }), {
      type: 'ServerManager',
      qualifiedType: 'kurento.ServerManager',
      hierarchy: ['kurento.MediaObject'],
      sessionId: 's',
    });
    assert.equal((await refusal('describe', { object: 'nope' }))['code'], 40101);
  });
});

describe('release', () => {
  it('ends the object for everybody, and is no error when repeated', async () => {
    const object = await client.create('MediaPipeline', {}, 's');
    const child = await client.create('PassThrough', { mediaPipeline: object });
    assert.deepEqual(await client.call('release', { object }), { sessionId: 's' });
    assert.deepEqual(await client.call('release', { object }), { sessionId: 's' });
    assert.deepEqual(await client.call('release', { object: 'never' }), { sessionId: 's' });
    for (const gone of [object, child]) {
      assert.equal((await refusal('invoke', { object: gone, operation: 'getName' }))['code'], 40101);
    }
  });
});
