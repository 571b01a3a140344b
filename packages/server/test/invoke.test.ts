/**
 * Operations of objects, their coercions and errors; the ServerManager; spec 1.7, 1.10, 1.14 and 8.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import { makeCore, NOW_MS, TestClient, textOf, type Json } from './harness.ts';

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
      else assert.match(textOf(error['message']), message);
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
    const kmd: unknown = JSON.parse(textOf(await client.invoke(object, 'getKmd', { moduleName: 'core' })));
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
