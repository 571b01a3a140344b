/**
 * How a client finds its server: several addresses, tries, tokens, and the state that it shows meanwhile.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type ConnectionState, KurentoClient, connect, getSingleton } from '../src/index.ts';
import { ScriptedServer } from './ScriptedServer.ts';

/** Nothing listens on TCP port 1 of loopback. */
const nowhere = 'ws://127.0.0.1:1/kurento';
let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await server.close();
});

describe('several addresses', () => {
  let spare: ScriptedServer;

  before(async () => {
    spare = await ScriptedServer.start();
    spare.serverId = 'spare';
  });

  after(async () => {
    await spare.close();
  });

  it('are tried in order', async () => {
    using client = await connect([nowhere, server.url, spare.url]);
    assert.equal(client.url, server.url);
    assert.equal(client.serverId, 'server-1');
  });

  it('take over from one that is lost, with a session of their own', async () => {
    using client = await connect([server.url, spare.url], { reconnectMaxDelayMs: 1 });
    const pipeline = await client.create('MediaPipeline');
    const back = new Promise((resolve) => client.once('reconnected', resolve));
    await server.close();
    assert.equal(await back, false);
    assert.deepEqual([client.url, client.serverId], [spare.url, 'spare']);
    assert.equal(pipeline.released, true);
    await client.create('MediaPipeline');
    server = await ScriptedServer.start();
  });

  it('wait until the one in use could not be reached again', async () => {
    using client = await connect([server.url, spare.url], { reconnectMaxDelayMs: 1 });
    const back = new Promise((resolve) => client.once('reconnected', resolve));
    server.drop();
    assert.equal(await back, true);
    assert.equal(client.url, server.url);
  });

  it('have to be one at least', () => {
    assert.throws(() => new KurentoClient([]), TypeError);
  });
});

describe('the first socket', () => {
  it('is tried for as often as told', async () => {
    const { port } = server;
    await server.close();
    const connecting = connect(`ws://127.0.0.1:${port}/kurento`, {
      connectAttempts: 50,
      reconnectMaxDelayMs: 5,
    });
    server = await ScriptedServer.start(port);
    using client = await connecting;
    assert.equal(client.state, 'connected');
    await assert.rejects(connect(nowhere, { connectAttempts: 2, reconnectMaxDelayMs: 1 }), {
      code: 'CONNECTION_FAILED',
    });
  });

  it('is given up when the signal aborts, before or meanwhile', async () => {
    await assert.rejects(connect(server.url, { signal: AbortSignal.abort(new Error('no')) }), /no/);
    assert.equal(server.paths.length, 0);
    const controller = new AbortController();
    const connecting = connect(nowhere, {
      connectAttempts: Number.POSITIVE_INFINITY,
      signal: controller.signal,
    });
    controller.abort(new Error('enough'));
    await assert.rejects(connecting, /enough/);
  });
});

describe('the access token', () => {
  it('is the query parameter that the official client uses, fresh for each socket, and in no message', async () => {
    let count = 0;
    const accessToken = (): Promise<string> => Promise.resolve(`secret ${++count}`);
    using client = await connect(`${server.url}?room=1`, { accessToken });
    const back = new Promise((resolve) => client.once('reconnected', resolve));
    server.drop();
    await back;
    assert.deepEqual(server.paths, [
      '/kurento?room=1&access_token=secret+1',
      '/kurento?room=1&access_token=secret+2',
    ]);
    assert.equal(client.url, server.url);
    const refused = connect(`${nowhere}?access_token=secret`, { accessToken: 'secret' });
    await assert.rejects(refused, (error: Error) => !error.message.includes('secret'));
  });
});

describe('an access token that does not come', () => {
  const accessToken = (): Promise<string> => new Promise(() => {});

  it('ends the opening when its time is over', async () => {
    await assert.rejects(
      connect(server.url, { accessToken, connectTimeoutMs: 20 }),
      /Cannot connect to .*: No session within 20 ms/,
    );
  });

  it('does not hold up a signal', async () => {
    const signal = AbortSignal.timeout(20);
    await assert.rejects(connect(server.url, { accessToken, signal }), { name: 'TimeoutError' });
  });
});

describe('the state', () => {
  it('is seen at any time, and told when it changes', async () => {
    const client = new KurentoClient(server.url);
    const states: ConnectionState[] = [client.state];
    client.on('state', (state) => {
      assert.equal(client.state, state);
      states.push(state);
    });
    await client.open();
    const back = new Promise((resolve) => client.once('reconnected', resolve));
    server.drop();
    await back;
    client.close();
    assert.deepEqual(states, ['new', 'connecting', 'connected', 'reconnecting', 'connected', 'closed']);
  });

  it('before it is connected lets requests wait', async () => {
    const client = new KurentoClient(server.url);
    const creating = client.create('MediaPipeline');
    await client.open();
    assert.match((await creating).id, /MediaPipeline$/);
    client.close();
  });
});

describe('getSingleton', () => {
  it('gives one client per server until it is closed', async () => {
    const [first, second] = await Promise.all([getSingleton(server.url), getSingleton(server.url)]);
    assert.equal(first, second);
    first.close();
    const third = await getSingleton(server.url);
    assert.notEqual(third, first);
    third.close();
  });

  it('does not keep one that could not connect', async () => {
    await assert.rejects(getSingleton(nowhere));
    await assert.rejects(getSingleton(nowhere), { code: 'CONNECTION_FAILED' });
  });
});
