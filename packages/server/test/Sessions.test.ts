/**
 * Sessions: references, sockets, garbage collection, spec 1.4.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import { makeCore, settled, TestClient, textOf } from './harness.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let core: Core;
let one: TestClient;
let two: TestClient;
beforeEach(() => {
  core = makeCore();
  one = new TestClient(core);
  two = new TestClient(core);
});

/** How many objects live, without the ServerManager. */
function count(): number {
  return core.context.registry.size - 1;
}

async function codeOf(client: TestClient, method: string, params: unknown): Promise<unknown> {
  return (await client.ask(method, params))['error']?.['code'];
}

describe('connect', () => {
  it('gives a fresh session id, and the id of the server run', async () => {
    const first = await one.call('connect');
    const second = await two.call('connect', {});
    assert.match(textOf(first['sessionId']), UUID);
    assert.match(textOf(first['serverId']), UUID);
    assert.equal(first['serverId'], second['serverId']);
    assert.notEqual(first['sessionId'], second['sessionId']);
    assert.deepEqual(core.sessions.ids, [], 'which exists only with its first object');
  });

  it('makes the fresh session that of the socket', async () => {
    const { sessionId } = await one.call('connect');
    const created = await one.call('create', { type: 'MediaPipeline' });
    assert.equal(created['sessionId'], sessionId);
    assert.deepEqual(core.sessions.ids, [sessionId]);
  });

  it('refuses an unknown session, and one that owns nothing any more', async () => {
    assert.deepEqual((await one.ask('connect', { sessionId: 'fake' }))['error'], {
      code: 40007,
      data: { type: 'INVALID_SESSION' },
      message: 'Invalid session',
    });
    const object = await one.create('MediaPipeline', {}, 's');
    await one.call('release', { object });
    assert.equal(await codeOf(two, 'connect', { sessionId: 's' }), 40007);
    assert.equal(await codeOf(two, 'keepAlive', { sessionId: 's' }), 40007);
  });

  it('takes a session over to another socket, but not to its own', async () => {
    const object = await one.create('MediaPipeline', {}, 's');
    assert.equal(await codeOf(one, 'connect', { sessionId: 's' }), 40007);
    assert.equal((await two.call('connect', { sessionId: 's' }))['sessionId'], 's');
    assert.equal((await two.call('describe', { object }))['sessionId'], 's');
  });
});

describe('session of a request', () => {
  it('is the one it names, else that of the socket, else a fresh one', async () => {
    const fresh = await one.call('create', { type: 'MediaPipeline' });
    assert.match(textOf(fresh['sessionId']), UUID);
    assert.equal((await one.call('create', { type: 'MediaPipeline' }))['sessionId'], fresh['sessionId']);
    assert.equal((await one.call('create', { type: 'MediaPipeline', sessionId: 'x' }))['sessionId'], 'x');
    assert.equal((await one.call('create', { type: 'MediaPipeline' }))['sessionId'], 'x');
    assert.equal((await one.call('create', { type: 'MediaPipeline', sessionId: '' }))['sessionId'], 'x');
  });

  it('is the same fresh one for requests that were sent without waiting', async () => {
    const replies = await Promise.all([1, 2, 3].map(() => one.call('create', { type: 'MediaPipeline' })));
    assert.equal(new Set(replies.map((reply) => reply['sessionId'])).size, 1);
    assert.equal(core.sessions.ids.length, 1);
  });

  it('does not move because of an error', async () => {
    await one.create('MediaPipeline', {}, 's');
    assert.equal(await codeOf(one, 'describe', { object: 'nope', sessionId: 'other' }), 40101);
    assert.equal((await one.call('ping'))['sessionId'], 's');
  });
});

describe('references', () => {
  it('keep an object as long as one session has them', async () => {
    const pipeline = await one.create('MediaPipeline', {}, 'one');
    const element = await one.create('PassThrough', { mediaPipeline: pipeline });
    await two.call('ref', { object: element, sessionId: 'two' });
    await one.call('unref', { object: pipeline, sessionId: 'one' });
    assert.equal(count(), 2, 'two holds the element and with it the pipeline');
    assert.deepEqual(core.sessions.ids, ['two']);
    await two.call('unref', { object: element, sessionId: 'two' });
    assert.equal(count(), 1, 'two still holds the pipeline');
    await two.call('unref', { object: pipeline, sessionId: 'two' });
    assert.equal(count(), 0);
    assert.deepEqual(core.sessions.ids, []);
  });

  const uses: [string, (client: TestClient, object: string) => Promise<unknown>][] = [
    ['describe', (client, object) => client.call('describe', { object })],
    ['invoke', (client, object) => client.invoke(object, 'getName')],
    ['subscribe', (client, object) => client.call('subscribe', { object, type: 'Error' })],
    ['ref', (client, object) => client.call('ref', { object, sessionId: 'two' })],
    ['a parameter', (client, object) => client.create('PassThrough', { mediaPipeline: object })],
    ['a result', (client) => client.invoke('manager_ServerManager', 'getPipelines')],
  ];
  for (const [name, use] of uses) {
    it(`come from use: ${name}`, async () => {
      const pipeline = await one.create('MediaPipeline', {}, 'one');
      await two.call('ping', { sessionId: 'two' });
      await use(two, pipeline);
      await one.call('closeSession', { sessionId: 'one' });
      assert.equal(await two.invoke(pipeline, 'getId'), pipeline);
    });
  }

  it('to a new child are inherited from its parent', async () => {
    const pipeline = await one.create('MediaPipeline', {}, 'one');
    await two.call('ref', { object: pipeline, sessionId: 'two' });
    const element = await one.create('PassThrough', { mediaPipeline: pipeline });
    await one.call('closeSession', { sessionId: 'one' });
    assert.equal(await two.invoke(element, 'getId'), element);
  });
});

describe('closeSession', () => {
  it('releases only what nobody else references: 4, then 2, then 0 children', async () => {
    const pipeline = await one.create('MediaPipeline', {}, 'one');
    const own = [];
    for (let i = 0; i < 2; i++) own.push(await one.create('PassThrough', { mediaPipeline: pipeline }));
    for (let i = 0; i < 2; i++) await two.create('PassThrough', { mediaPipeline: pipeline }, 'two');
    assert.equal((await two.invoke(pipeline, 'getChildren')).length, 4);
    for (const object of own) await two.call('unref', { object, sessionId: 'two' });
    await one.call('closeSession', { sessionId: 'one' });
    assert.equal((await two.invoke(pipeline, 'getChildren')).length, 2);
    await two.call('closeSession', { sessionId: 'two' });
    assert.equal(count(), 0);
  });

  it('with release ends the objects for everybody', async () => {
    const pipeline = await one.create('MediaPipeline', {}, 'one');
    await two.call('ref', { object: pipeline, sessionId: 'two' });
    assert.equal(await one.call('closeSession', { sessionId: 'one', release: true }), null);
    assert.equal(await codeOf(two, 'describe', { object: pipeline }), 40101);
    assert.deepEqual(core.sessions.ids, []);
  });

  it('answers null, also when repeated or for a session that never was', async () => {
    await one.create('MediaPipeline', {}, 'one');
    for (const sessionId of ['one', 'one', 'never']) {
      assert.equal(await one.call('closeSession', { sessionId }), null);
    }
  });

  it('takes the session of the socket if none is named, and leaves it to the socket', async () => {
    await one.create('MediaPipeline', {}, 'one');
    assert.equal(await one.call('closeSession', {}), null);
    assert.equal(count(), 0);
    assert.equal((await one.call('ping'))['sessionId'], 'one');
  });

  it('does not end the ServerManager', async () => {
    await one.call('describe', { object: 'manager_ServerManager', sessionId: 'one' });
    await one.call('closeSession', { sessionId: 'one', release: true });
    assert.equal(await two.invoke('manager_ServerManager', 'getId'), 'manager_ServerManager');
  });
});

describe('a closed socket', () => {
  it('releases nothing, and the client can come back on another', async () => {
    const pipeline = await one.create('MediaPipeline', {}, 's');
    one.connection.closed();
    assert.equal(count(), 1);
    assert.equal((await two.call('connect', { sessionId: 's' }))['sessionId'], 's');
    assert.equal(await two.invoke(pipeline, 'getId'), pipeline);
  });

  it('does not become the socket of a session by an answer that comes too late', async () => {
    await one.create('MediaPipeline', {}, 's');
    void one.ask('create', { type: 'MediaPipeline' });
    one.connection.closed();
    await settled();
    assert.equal(count(), 2);
    assert.equal(core.sessions.sessionIdOf(one.connection), undefined);
  });
});

describe('garbage collection', () => {
  it('ends a session at the second pass after its last sign of life', async () => {
    await one.create('MediaPipeline', {}, 's');
    one.connection.closed();
    await core.sessions.collectGarbage();
    assert.equal(count(), 1);
    await core.sessions.collectGarbage();
    assert.equal(count(), 0);
    assert.deepEqual(core.sessions.ids, []);
  });

  it('spares sessions with an open socket, however silent', async () => {
    await one.create('MediaPipeline', {}, 's');
    for (let pass = 0; pass < 5; pass++) await core.sessions.collectGarbage();
    assert.equal(count(), 1);
  });

  it('takes keepAlive and any other request for a sign of life', async () => {
    await one.create('MediaPipeline', {}, 's');
    await one.create('MediaPipeline', {}, 'other');
    for (let pass = 0; pass < 3; pass++) {
      await core.sessions.collectGarbage();
      await two.call('keepAlive', { sessionId: 's' });
      await two.call('ping', { sessionId: 'elsewhere' });
    }
    assert.equal(count(), 2);
    assert.deepEqual(core.sessions.ids, ['s', 'other']);
  });
});

describe('events while the socket is away', () => {
  /** What the tags of the events say, in order. */
  const names = (client: TestClient): unknown[] =>
    client.events.map((event) => event['data']?.['sourceMediaDescription']);

  async function scene(queuedEvents: number): Promise<{ raise: (...texts: string[]) => void }> {
    core = makeCore({ queuedEvents });
    one = new TestClient(core);
    two = new TestClient(core);
    const mediaPipeline = await one.create('MediaPipeline', {}, 's');
    const object = await one.create('PassThrough', { mediaPipeline });
    await one.call('subscribe', { object, type: 'ElementConnected' });
    const source = core.context.registry.resolve(object);
    const raise = (...texts: string[]): void => {
      for (const sourceMediaDescription of texts) {
        source.raise('ElementConnected', {
          sink: source,
          mediaType: 'VIDEO',
          sourceMediaDescription,
          sinkMediaDescription: 'default',
        });
      }
    };
    return { raise };
  }

  it('are lost, as in the original', async () => {
    const { raise } = await scene(0);
    one.connection.closed();
    raise('a');
    await two.call('connect', { sessionId: 's' });
    raise('b');
    assert.deepEqual(names(two), ['b']);
  });

  it('wait in order where the settings want that', async () => {
    const { raise } = await scene(3);
    raise('before');
    one.connection.closed();
    raise('a', 'b');
    await two.call('connect', { sessionId: 's' });
    raise('c');
    assert.deepEqual(names(one), ['before']);
    assert.deepEqual(names(two), ['a', 'b', 'c']);
    two.connection.closed();
    const three = new TestClient(core);
    await three.call('connect', { sessionId: 's' });
    assert.deepEqual(names(three), [], 'each is told once');
  });

  it('are bounded: the oldest are dropped', async () => {
    const { raise } = await scene(3);
    one.connection.closed();
    raise('a', 'b', 'c', 'd', 'e');
    await two.call('connect', { sessionId: 's' });
    assert.deepEqual(names(two), ['c', 'd', 'e']);
  });

  it('wait also while the socket serves another session', async () => {
    const { raise } = await scene(3);
    await one.call('ping', { sessionId: 'other' });
    raise('a');
    assert.deepEqual(names(one), []);
    await one.call('ping', { sessionId: 's' });
    assert.deepEqual(names(one), ['a']);
  });
});

describe('getSessions', () => {
  it('lists the sessions that reference something, and an empty text for each socket without one', async () => {
    const ask = async (): Promise<unknown> => one.invoke('manager_ServerManager', 'getSessions');
    await one.create('MediaPipeline', {}, 's');
    assert.deepEqual(await ask(), ['s', '']);
    await two.create('MediaPipeline', {}, 't');
    assert.deepEqual(await ask(), ['s', 't']);
    await two.call('connect', { sessionId: 's' });
    assert.deepEqual(await two.invoke('manager_ServerManager', 'getSessions'), ['s', 't', '']);
    one.connection.closed();
    assert.deepEqual(await two.invoke('manager_ServerManager', 'getSessions'), ['s', 't']);
  });
});
