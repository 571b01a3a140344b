/**
 * The methods of the protocol and their errors, spec 1.2, 1.3, 1.6, 1.7, 1.10 and 8.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Core } from '../src/core.ts';
import { makeCore, NOW_MS, settled, TestClient, type Json } from './harness.ts';

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
      const id = String((await client.call('create', params))['value']);
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

describe('invoke', () => {
  let pipeline: string;
  let element: string;
  beforeEach(async () => {
    pipeline = await client.create('MediaPipeline');
    element = await client.create('PassThrough', { mediaPipeline: pipeline });
  });

  it('answers null for what returns nothing, and names the session', async () => {
    const params = { object: element, operation: 'setName', operationParams: { name: 7 }, sessionId: 's' };
    assert.deepEqual(await client.call('invoke', params), { value: null, sessionId: 's' });
    assert.equal(await client.invoke(element, 'getName'), '7');
  });

  it('reaches properties by getters and setters', async () => {
    assert.equal(await client.invoke(element, 'getId'), element);
    assert.equal(await client.invoke(pipeline, 'getParent'), null);
    assert.equal(await client.invoke(pipeline, 'getMediaPipeline'), pipeline);
    assert.deepEqual(await client.invoke(pipeline, 'getChildren'), [element]);
    assert.equal(await client.invoke(element, 'getCreationTime'), Math.floor(NOW_MS / 1000));
    assert.equal(await client.invoke(pipeline, 'getLatencyStats'), false);
    await client.invoke(pipeline, 'setLatencyStats', { latencyStats: true });
    assert.equal(await client.invoke(pipeline, 'getLatencyStats'), true);
    assert.equal(await client.invoke(element, 'getSendTagsInEvents'), false);
  });

  it('keeps tags', async () => {
    await client.invoke(element, 'addTag', { key: 'b', value: '1' });
    await client.invoke(element, 'addTag', { key: 'a', value: '2' });
    await client.invoke(element, 'addTag', { key: 'b', value: '3' });
    assert.equal(await client.invoke(element, 'getTag', { key: 'b' }), '3');
    assert.deepEqual(await client.invoke(element, 'getTags'), [
      { __module__: 'kurento', __type__: 'Tag', key: 'a', value: '2' },
      { __module__: 'kurento', __type__: 'Tag', key: 'b', value: '3' },
    ]);
    await client.invoke(element, 'removeTag', { key: 'b' });
    await client.invoke(element, 'removeTag', { key: 'never' });
    const params = { object: element, operation: 'getTag', operationParams: { key: 'b' } };
    const error = await refusal('invoke', params);
    assert.deepEqual([error['code'], error['data']], [40110, { type: 'MEDIA_OBJECT_TAG_KEY_NOT_FOUND' }]);
  });

  const refused: [string, Record<string, unknown>, number, string, string | RegExp][] = [
    [
      'an unknown object',
      { object: 'nope', operation: 'getName' },
      40101,
      'MEDIA_OBJECT_NOT_FOUND',
      "Object 'nope' not found",
    ],
    [
      'a newref outside a transaction',
      { object: 'newref:0', operation: 'getName' },
      40109,
      'MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT',
      /newref:0/,
    ],
    [
      'an unknown operation',
      { operation: 'nosuch' },
      40008,
      'MALFORMED_TRANSACTION',
      "Method 'nosuch' with 0 parameters not found",
    ],
    [
      'an unknown operation with arguments',
      { operation: 'nosuch', operationParams: { a: 1, b: 2 } },
      40008,
      'MALFORMED_TRANSACTION',
      "Method 'nosuch' with 2 parameters not found",
    ],
    [
      'a member of the object that is no operation',
      { operation: 'release' },
      40008,
      'MALFORMED_TRANSACTION',
      /release/,
    ],
    ['a member of all objects', { operation: 'constructor' }, 40008, 'MALFORMED_TRANSACTION', /constructor/],
    [
      'the setter of a final property',
      { operation: 'setId', operationParams: { id: 'x' } },
      40008,
      'MALFORMED_TRANSACTION',
      /setId/,
    ],
    ['missing arguments', { operation: 'setName' }, 40001, 'MARSHALL_ERROR', "'operationParams' is required"],
    [
      'an argument of the wrong kind',
      { operation: 'setSendTagsInEvents', operationParams: { sendTagsInEvents: 'yes' } },
      40001,
      'MARSHALL_ERROR',
      "'sendTagsInEvents' parameter should be a boolean",
    ],
    [
      'what nobody has written yet',
      { operation: 'getStats' },
      40006,
      'NOT_IMPLEMENTED',
      "'getStats' is not implemented",
    ],
    [
      'what the object refuses',
      { operation: 'getMaxEncoderBitrate' },
      40004,
      'CONNECT_ERROR',
      'not like that',
    ],
    ['what breaks', { operation: 'getMinEncoderBitrate' }, 40003, 'UNEXPECTED_ERROR', 'Unexpected error'],
    [
      'connect to what is no element',
      { operation: 'connect', operationParams: { sink: 'manager_ServerManager' } },
      40001,
      'MARSHALL_ERROR',
      /sink/,
    ],
  ];
  for (const [what, params, code, type, message] of refused) {
    it(`refuses ${what} with ${code}`, async () => {
      const error = await refusal('invoke', { object: element, ...params });
      assert.deepEqual([error['code'], error['data']], [code, { type }]);
      if (typeof message === 'string') assert.equal(error['message'], message);
      else assert.match(String(error['message']), message);
    });
  }
});

describe('ServerManager', () => {
  const object = 'manager_ServerManager';

  it('lists the base modules, and only classes that can be created', async () => {
    const info = await client.invoke(object, 'getInfo');
    assert.deepEqual(Object.keys(info).sort(), [
      '__module__',
      '__type__',
      'capabilities',
      'modules',
      'type',
      'version',
    ]);
    assert.deepEqual([info['__module__'], info['__type__'], info['type']], ['kurento', 'ServerInfo', 'KMS']);
    assert.deepEqual(info['capabilities'], ['transactions']);
    const modules = info['modules'] as unknown as readonly Json[];
    const factories = modules.map((module) => [module['name'], module['factories']]);
    assert.deepEqual(factories, [
      ['core', ['HubPort', 'MediaPipeline', 'PassThrough']],
      ['elements', ['Composite']],
      ['filters', []],
    ]);
  });

  it('tells pipelines and sessions', async () => {
    const pipeline = await client.create('MediaPipeline', {}, 'one');
    assert.deepEqual(await client.invoke(object, 'getPipelines'), [pipeline]);
    assert.deepEqual(await client.invoke(object, 'getSessions'), ['one']);
    assert.equal(await client.invoke(object, 'getMetadata'), '{"room":1}');
    assert.equal(await client.invoke(object, 'getParent'), null);
    assert.equal(await client.invoke(object, 'getMediaPipeline'), null);
  });

  it('hands out the description of a module, and 40500 with the type UNDEFINED for an unknown one', async () => {
    const kmd: unknown = JSON.parse(String(await client.invoke(object, 'getKmd', { moduleName: 'core' })));
    assert.ok(typeof kmd === 'object' && kmd !== null && 'remoteClasses' in kmd);
    const operationParams = { moduleName: 'nope' };
    const error = await refusal('invoke', { object, operation: 'getKmd', operationParams });
    assert.deepEqual([error['code'], error['data']], [40500, { type: 'UNDEFINED' }]);
  });

  it('measures CPU and memory', async () => {
    assert.ok(Number(await client.invoke(object, 'getCpuCount')) >= 1);
    assert.ok(Number(await client.invoke(object, 'getUsedMemory')) > 10_000);
    assert.ok(Number(await client.invoke(object, 'getUsedCpu', { interval: 20 })) >= 0);
    const error = await refusal('invoke', { object, operation: 'getUsedCpu' });
    assert.equal(error['message'], "'operationParams' is required");
  });

  it('answers a ping while it measures', async () => {
    const measured = client.invoke(object, 'getUsedCpu', { interval: 50 });
    const order: string[] = [];
    const both = [measured.then(() => order.push('cpu')), client.call('ping').then(() => order.push('ping'))];
    await Promise.all(both);
    assert.deepEqual(order, ['ping', 'cpu']);
  });

  it('cannot be released', async () => {
    assert.equal((await refusal('release', { object }))['code'], 40111);
    assert.deepEqual(await client.call('unref', { object, sessionId: 's' }), { sessionId: 's' });
    assert.equal(await client.invoke(object, 'getId'), object);
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
