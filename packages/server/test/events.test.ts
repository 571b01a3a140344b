/**
 * Subscriptions and notifications, spec 1.5 and 3.18.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import { makeCore, NOW_MS, TestClient, textOf } from './harness.ts';

const MANAGER = 'manager_ServerManager';

let core: Core;
let client: TestClient;
let pipeline: string;
let element: string;
beforeEach(async () => {
  core = makeCore();
  client = new TestClient(core);
  pipeline = await client.create('MediaPipeline', {}, 's');
  element = await client.create('PassThrough', { mediaPipeline: pipeline });
});

async function subscribe(who: TestClient, object: string, type: string): Promise<string> {
  return textOf((await who.call('subscribe', { object, type }))['value']);
}

describe('a notification', () => {
  it('has exactly the members of the original, in its order', async () => {
    await subscribe(client, element, 'ElementConnected');
    const before = client.frames.length;
    await client.invoke(element, 'connect', { sink: element });
    assert.equal(
      client.frames[before],
      `{"jsonrpc":"2.0","method":"onEvent","params":{"value":{"data":{"mediaType":"VIDEO","sink":"${element}","sinkMediaDescription":"default","source":"${element}","sourceMediaDescription":"default","tags":[],"timestampMillis":"${NOW_MS}","type":"ElementConnected"},"object":"${element}","type":"ElementConnected"}}}`,
    );
  });

  it('carries the tags of its source if that is wanted', async () => {
    await subscribe(client, element, 'ElementConnected');
    await client.invoke(element, 'addTag', { key: 'k', value: 'v' });
    await client.invoke(element, 'connect', { sink: element });
    await client.invoke(element, 'setSendTagsInEvents', { sendTagsInEvents: true });
    await client.invoke(element, 'connect', { sink: element });
    const tags = client.events.map((event) => event['data']!['tags']);
    assert.deepEqual(tags, [[], [{ __module__: 'kurento', __type__: 'Tag', key: 'k', value: 'v' }]]);
  });

  it('of an Error has the type of the error', async () => {
    await subscribe(client, element, 'Error');
    core.context.registry.resolve(element).raiseError('STREAM_ERROR_DECODE', 'cannot decode', 7);
    const [event] = client.events;
    assert.equal(event?.['type'], 'Error');
    assert.deepEqual(event?.['data'], {
      description: 'cannot decode',
      errorCode: 7,
      source: element,
      tags: [],
      timestampMillis: String(NOW_MS),
      type: 'STREAM_ERROR_DECODE',
    });
  });

  it('of ObjectCreated has the object, of ObjectDestroyed its id, and neither has a type in its data', async () => {
    await subscribe(client, MANAGER, 'ObjectCreated');
    await subscribe(client, MANAGER, 'ObjectDestroyed');
    const object = await client.create('PassThrough', { mediaPipeline: pipeline });
    await client.call('release', { object });
    const common = { source: MANAGER, tags: [], timestampMillis: String(NOW_MS) };
    assert.deepEqual(client.events, [
      { object: MANAGER, type: 'ObjectCreated', data: { ...common, object } },
      { object: MANAGER, type: 'ObjectDestroyed', data: { ...common, objectId: object } },
    ]);
  });
});

describe('subscriptions', () => {
  it('to what the class does not raise are refused', async () => {
    for (const type of ['NoSuch', 'IceCandidateFound', 'toString']) {
      const reply = await client.ask('subscribe', { object: element, type });
      assert.deepEqual(reply['error'], {
        code: 40106,
        data: { type: 'MEDIA_OBJECT_EVENT_NOT_SUPPORTED' },
        message: `Event '${type}' not supported`,
      });
    }
  });

  it('to the same event have different ids, yield one notification, and end with the last of them', async () => {
    const ids = [
      await subscribe(client, MANAGER, 'ObjectCreated'),
      await subscribe(client, MANAGER, 'ObjectCreated'),
    ];
    assert.notEqual(ids[0], ids[1]);
    const counts: number[] = [];
    for (const subscription of [undefined, ...ids]) {
      if (subscription !== undefined) {
        const result = await client.call('unsubscribe', { object: MANAGER, subscription, sessionId: 's' });
        assert.deepEqual(result, { sessionId: 's' });
      }
      await client.create('MediaPipeline');
      counts.push(client.events.length);
    }
    assert.deepEqual(counts, [1, 2, 2]);
  });

  it('end without complaint, whatever the ids', async () => {
    for (const object of [MANAGER, element, 'nope']) {
      const params = { object, subscription: 'nope', sessionId: 'who' };
      assert.deepEqual(await client.call('unsubscribe', params), { sessionId: 'who' });
    }
  });

  it('of two sessions are told apart', async () => {
    const other = new TestClient(core);
    await other.call('ping', { sessionId: 'other' });
    await subscribe(client, element, 'ElementConnected');
    await subscribe(other, element, 'ElementConnected');
    await client.invoke(element, 'connect', { sink: element });
    assert.equal(client.events.length, 1);
    assert.deepEqual(other.events, client.events);
  });

  it('are told to the socket of the session only, and lost without one', async () => {
    await subscribe(client, element, 'ElementConnected');
    const other = new TestClient(core);
    const connect = {
      object: element,
      operation: 'connect',
      operationParams: { sink: element },
      sessionId: 'x',
    };
    client.connection.closed();
    await other.call('invoke', connect);
    assert.equal(other.events.length, 0);
    const back = new TestClient(core);
    await back.call('connect', { sessionId: 's' });
    await other.call('invoke', connect);
    assert.equal(back.events.length, 1, 'without subscribing again');
    assert.equal(client.events.length + other.events.length, 0);
  });

  it('stop when the socket goes on with another session', async () => {
    await subscribe(client, element, 'ElementConnected');
    await client.call('ping', { sessionId: 'another' });
    const other = new TestClient(core);
    const connect = {
      object: element,
      operation: 'connect',
      operationParams: { sink: element },
      sessionId: 'x',
    };
    await other.call('invoke', connect);
    assert.equal(client.events.length, 0);
  });

  it('die with their object and with their session', async () => {
    await subscribe(client, element, 'ElementConnected');
    const live = core.context.registry.resolve(element);
    await client.call('release', { object: element });
    live.raise('ElementConnected', {});
    assert.equal(client.events.length, 0);
    await subscribe(client, MANAGER, 'ObjectCreated');
    await client.call('closeSession', { sessionId: 's' });
    await client.create('MediaPipeline', {}, 's');
    assert.equal(client.events.length, 0);
  });
});
