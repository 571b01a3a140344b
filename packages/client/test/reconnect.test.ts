/**
 * Broken connections: return to the session, loss of the session, requests in between, keep-alive.
 * @module
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { KurentoClient, connect } from '../src/index.ts';
import { ScriptedServer } from './ScriptedServer.ts';

let server: ScriptedServer;
let client: KurentoClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = await connect(server.url);
});

afterEach(async () => {
  client.close();
  await server.close();
});

/** The next `reconnected` event. */
function reconnected(): Promise<boolean> {
  return new Promise((resolve) => client.once('reconnected', resolve));
}

describe('Connection', () => {
  it('returns to its session, and never uses a request id twice', async () => {
    const states: string[] = [];
    client.on('disconnected', ({ code }) => states.push(`disconnected ${code} ${client.connected}`));
    client.on('reconnected', (sameSession) => states.push(`reconnected ${sameSession} ${client.connected}`));
    const { sessionId } = client;
    const pipeline = await client.create('MediaPipeline');
    const again = reconnected();
    server.drop();
    assert.equal(await again, true);
    assert.deepEqual(states, ['disconnected CONNECTION_LOST false', 'reconnected true true']);
    assert.equal(client.sessionId, sessionId);
    await pipeline.getName();
    const ids = server.requests.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(server.requests.filter(({ method }) => method === 'connect')[1]?.params, { sessionId });
  });

  it('rejects what was under way, and lets what comes after wait', async () => {
    const pipeline = await client.create('MediaPipeline');
    server.script = ({ method }) => (method === 'invoke' ? 'silence' : undefined);
    const lost = pipeline.getName();
    await server.seen('getName');
    server.drop();
    await assert.rejects(lost, { code: 'CONNECTION_LOST' });
    server.script = () => undefined;
    assert.equal(await pipeline.getParent(), null);
  });

  it('keeps subscriptions without asking again when the session goes on', async () => {
    const pipeline = await client.create('MediaPipeline');
    const { promise, resolve } = Promise.withResolvers<string>();
    await pipeline.on('Error', ({ description }) => resolve(description));
    const again = reconnected();
    server.drop();
    await again;
    server.raise(pipeline.id, 'Error', { description: 'heard' });
    assert.equal(await promise, 'heard');
    assert.equal(server.methods.filter((method) => method === 'subscribe').length, 1);
  });

  it('asks for a subscription again whose request was lost', async () => {
    const pipeline = await client.create('MediaPipeline');
    server.script = ({ method }) => (method === 'subscribe' ? 'silence' : undefined);
    const subscribed = pipeline.on('Error', () => {});
    await server.seen('subscribe');
    server.script = () => undefined;
    server.drop();
    await subscribed;
    assert.equal(server.methods.filter((method) => method === 'subscribe').length, 2);
  });

  it('says when the session is gone, ends its objects, and watches the server manager again', async () => {
    const pipeline = await client.create('MediaPipeline');
    const manager = await client.getServerManager();
    await manager.on('ObjectCreated', () => {});
    server.sessions.clear();
    server.serverId = 'server-2';
    const from = server.requests.length;
    const again = reconnected();
    server.drop();
    assert.equal(await again, false);
    assert.equal(pipeline.released, true);
    assert.equal(manager.released, false);
    assert.equal(client.serverId, 'server-2');
    await server.seen('subscribe', from);
    assert.equal(await client.getServerManager(), manager);
  });

  it('asks for its session again when the server refuses for another reason', async () => {
    const pipeline = await client.create('MediaPipeline');
    let refusals = 0;
    server.script = ({ method }) =>
      method === 'connect' && refusals++ < 2 ? { error: { code: -32000, message: 'busy' } } : undefined;
    const again = reconnected();
    server.drop();
    assert.equal(await again, true);
    assert.equal(pipeline.released, false);
  });

  it('gives up after the tries allowed, and then says so to all that wait', async () => {
    client.close();
    client = await connect(server.url, { reconnectAttempts: 2, reconnectMaxDelayMs: 1 });
    const pipeline = await client.create('MediaPipeline');
    const closed = new Promise<unknown>((resolve) => client.once('closed', resolve));
    const disconnected = new Promise<unknown>((resolve) => client.once('disconnected', resolve));
    const { port } = server;
    await server.close();
    await disconnected;
    const waiting = pipeline.getName();
    await assert.rejects(waiting, { code: 'CONNECTION_FAILED' });
    await closed;
    await assert.rejects(pipeline.getName(), { code: 'CONNECTION_FAILED' });
    server = await ScriptedServer.start(port);
  });

  it('does not try at all when told so', async () => {
    client.close();
    client = await connect(server.url, { reconnectAttempts: 0 });
    const closed = new Promise<{ code: string }>((resolve) => client.once('closed', resolve));
    server.drop();
    assert.equal((await closed).code, 'CONNECTION_LOST');
  });

  it('lets a waiting request end by its time-out, its signal, and close', async () => {
    const pipeline = await client.create('MediaPipeline');
    const disconnected = new Promise<unknown>((resolve) => client.once('disconnected', resolve));
    const { port } = server;
    await server.close();
    await disconnected;
    await assert.rejects(pipeline.with({ timeoutMs: 20 }).getName(), { code: 'REQUEST_TIMEOUT' });
    await assert.rejects(pipeline.with({ signal: AbortSignal.timeout(10) }).getName(), {
      name: 'TimeoutError',
    });
    const waiting = pipeline.getName();
    client.close();
    await assert.rejects(waiting, { code: 'CLOSED' });
    server = await ScriptedServer.start(port);
  });

  it('drops a socket on which pings stay unanswered', async () => {
    client.close();
    await server.seen('ping');
    const from = server.requests.length;
    client = await connect(server.url, { pingIntervalMs: 5, pingTimeoutMs: 20 });
    await server.seen('ping', from + 2);
    assert.equal(server.requests.at(-1)?.params, undefined, 'later pings have no params');
    server.script = ({ method }) => (method === 'ping' ? 'silence' : undefined);
    const reason = await new Promise<Error>((resolve) => client.once('disconnected', resolve));
    assert.match(reason.message, /does not answer pings/);
    server.script = () => undefined;
    assert.equal(await reconnected(), true);
  });

  it('can be listened to before it is open', async () => {
    const second = new KurentoClient(server.url);
    const states: string[] = [];
    second.on('connected', () => states.push('connected'));
    second.on('closed', ({ code }) => states.push(code));
    await second.open();
    second.close();
    assert.deepEqual(states, ['connected', 'CLOSED']);
  });
});
