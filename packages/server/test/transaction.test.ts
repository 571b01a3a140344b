/**
 * Several requests in one, spec 1.8.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import { makeCore, TestClient, type Json } from './harness.ts';

let core: Core;
let client: TestClient;
beforeEach(() => {
  core = makeCore();
  client = new TestClient(core);
});

function operation(id: unknown, method: string, params: unknown): unknown {
  return { id, jsonrpc: '2.0', method, params, transaction: 'junk' };
}

function transaction(...operations: unknown[]): Promise<Json> {
  return client.ask('transaction', { operations, sessionId: 's', object: { _events: {} } });
}

const pipeline = operation(0, 'create', { type: 'MediaPipeline', sessionId: 'ignored' });
const element = operation(1, 'create', {
  type: 'PassThrough',
  constructorParams: { mediaPipeline: 'newref:0' },
});

describe('transaction', () => {
  it('uses what earlier operations created, wherever it stands', async () => {
    const connect = operation(2, 'invoke', {
      object: 'newref:1',
      operation: 'connect',
      operationParams: { sink: 'newref:1' },
    });
    const { result } = await transaction(pipeline, element, connect);
    const [first, second] = [core.context.registry.pipelines[0]?.id, core.context.registry.objects[2]?.id];
    assert.deepEqual(result, {
      sessionId: 's',
      value: [
        { id: 0, jsonrpc: '2.0', result: { sessionId: 's', value: first } },
        { id: 1, jsonrpc: '2.0', result: { sessionId: 's', value: second } },
        { id: 2, jsonrpc: '2.0', result: { sessionId: 's', value: null } },
      ],
    });
  });

  it('stops at the first failure, undoes nothing, and is itself a success', async () => {
    const failing = operation(1, 'invoke', { object: 'nope', operation: 'getName' });
    const never = operation(2, 'create', { type: 'MediaPipeline' });
    const { result } = await transaction(pipeline, failing, never);
    const replies = result!['value'] as unknown as readonly Json[];
    assert.equal(replies.length, 2);
    assert.deepEqual(replies[1], {
      error: { code: 40101, data: { type: 'MEDIA_OBJECT_NOT_FOUND' }, message: "Object 'nope' not found" },
      id: 1,
      jsonrpc: '2.0',
    });
    assert.equal(core.context.registry.pipelines.length, 1);
  });

  it('answers a malformed operation inside like a malformed request', async () => {
    const { result } = await transaction({ id: 0, jsonrpc: '1.0', method: 'ping' }, element);
    const replies = result!['value'] as unknown as readonly Json[];
    assert.deepEqual(
      replies.map((reply) => [reply['id'], reply['error']?.['code']]),
      [[0, -32600]],
    );
  });

  const texts: [unknown, string][] = [
    [operation(0, 'describe', { object: 'newref:0' }), 'Result not found on request 0'],
    [operation(0, 'describe', { object: 'newref:99' }), 'Result not found on request 99'],
    [operation(0, 'describe', { object: 'newref:x1' }), "Invalid index of newref 'x1'"],
    [operation(0, 'describe', { deep: [{ er: 'newref:-1' }] }), "Invalid index of newref '-1'"],
  ];
  for (const [wrong, message] of texts) {
    it(`says ${message}`, async () => {
      assert.equal((await transaction(wrong))['error']?.['message'], message);
    });
  }

  it('takes the bare prefix for an id like any other, which has no object', async () => {
    const { result } = await transaction(operation(0, 'describe', { object: 'newref:' }));
    const replies = result!['value'] as unknown as readonly Json[];
    assert.deepEqual(replies[0]?.['error']?.['data'], {
      type: 'MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT',
    });
  });

  it('understands who counts created objects, if the creations come first', async () => {
    // The second object that was created, which is operation 1 as well.
    const rename = operation(2, 'invoke', {
      object: 'newref:1',
      operation: 'setName',
      operationParams: { name: 'java' },
    });
    await transaction(pipeline, element, rename);
    const created = core.context.registry.objects.at(-1)?.id ?? '';
    assert.equal(await client.invoke(created, 'getName'), 'java');
  });

  it('puts its session into every operation, also into those without params', async () => {
    const ping = { id: 0, jsonrpc: '2.0', method: 'ping' };
    const other = operation(1, 'ping', { sessionId: 'other' });
    const { result } = await transaction(ping, other);
    const replies = result!['value'] as unknown as readonly Json[];
    for (const reply of replies) assert.equal(reply['result']?.['sessionId'], 's');
    const { result: list } = await transaction(operation(0, 'describe', ['x']));
    assert.equal((list!['value'] as unknown as readonly Json[])[0]?.['error']?.['code'], -32602);
  });

  it('replaces a reference inside lists and objects, and no text that only contains one', async () => {
    const tag = operation(1, 'invoke', {
      object: 'newref:0',
      operation: 'addTag',
      operationParams: { key: 'a newref:0', value: 'newref:0' },
    });
    await transaction(pipeline, tag);
    const object = core.context.registry.pipelines[0]?.id ?? '';
    assert.equal(await client.invoke(object, 'getTag', { key: 'a newref:0' }), object);
  });

  it('answers 40109 to a reference outside', async () => {
    const { error } = await client.ask('describe', { object: 'newref:0', sessionId: 's' });
    assert.deepEqual(
      [error!['code'], error!['data']],
      [40109, { type: 'MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT' }],
    );
  });

  it('has a bound on its length, and executes nothing of one that is longer', async () => {
    core = makeCore({ limits: { operationsPerTransaction: 2 } });
    client = new TestClient(core);
    const { error } = await transaction(pipeline, element, operation(2, 'ping', {}));
    assert.equal(error!['code'], 40008);
    assert.equal(error!['message'], 'A transaction may have 2 operations, not 3');
    assert.equal(core.context.registry.pipelines.length, 0);
    assert.ok('result' in (await transaction(pipeline, element)));
  });

  const malformed: [string, unknown[]][] = [
    ['ids that do not count up from 0', [operation(1, 'ping', {})]],
    ['ids that are texts', [operation('0', 'ping', {})]],
    ['operations that are no objects', [5]],
    ['a newref to an operation that comes later', [operation(0, 'describe', { object: 'newref:1' })]],
    [
      'a newref to an operation without a value',
      [operation(0, 'keepAlive', {}), operation(1, 'describe', { object: 'newref:0' })],
    ],
    ['a newref without a number', [operation(0, 'describe', { object: 'newref:x' })]],
  ];
  for (const [what, operations] of malformed) {
    it(`refuses ${what} with 40008`, async () => {
      await client.create('MediaPipeline', {}, 's');
      const { error } = await transaction(...operations);
      assert.deepEqual([error!['code'], error!['data']], [40008, { type: 'MALFORMED_TRANSACTION' }]);
    });
  }

  it('may be empty', async () => {
    assert.deepEqual((await transaction())['result'], { sessionId: 's', value: [] });
  });
});
