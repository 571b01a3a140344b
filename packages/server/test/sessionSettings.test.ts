/**
 * The settings of sessions, limits and resources at work in a whole server, with real sockets.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { startServer, type RunningServer, type StartOptions } from '../src/startServer.ts';
import { textOf, type Json } from './harness.ts';

let nextId = 0;

/** A client on a real socket. */
class SocketClient {
  readonly socket: WebSocket;
  readonly events: Json[] = [];
  readonly #waiting = new Map<unknown, (reply: Json) => void>();

  private constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('error', () => {});
    this.socket.on('message', (data) => {
      assert.ok(Buffer.isBuffer(data));
      const frame: Json = JSON.parse(data.toString());
      if ('method' in frame) this.events.push(frame['params']!['value']!);
      else this.#waiting.get(frame['id'])?.(frame);
    });
  }

  static async open(url: string): Promise<SocketClient> {
    const client = new SocketClient(url);
    await once(client.socket, 'open');
    return client;
  }

  ask(method: string, params?: unknown): Promise<Json> {
    const id = nextId++;
    const reply = new Promise<Json>((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return reply;
  }

  /** Creates an object in session `s`; resolves with its id. */
  async create(type: string, constructorParams: unknown = {}): Promise<string> {
    const reply = await this.ask('create', { type, constructorParams, sessionId: 's' });
    return textOf(reply['result']?.['value']);
  }

  /** Closes the socket; resolves when `server` has heard of it. */
  async close({ sessions }: RunningServer): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
    while (sessions.hasSocket('s')) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function withServer(
  options: StartOptions,
  body: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ port: 0, udpPort: 0, routers: 0, host: '127.0.0.1', ...options });
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

describe('garbageCollectorPeriod', () => {
  it('lets an abandoned session live for one to two periods, and one with a socket for ever', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    await withServer({}, async (server) => {
      const { wsUrl, sessions, context } = server;
      const client = await SocketClient.open(wsUrl);
      const pipeline = await client.create('MediaPipeline');
      t.mock.timers.tick(10 * 240_000);
      assert.deepEqual(sessions.ids, ['s']);
      t.mock.timers.tick(100_000);
      await client.close(server);
      t.mock.timers.tick(140_000);
      assert.deepEqual(sessions.ids, ['s'], '140 s later');
      t.mock.timers.tick(239_999);
      assert.deepEqual(sessions.ids, ['s'], '379 s later');
      const destroyed = new Promise<void>((resolve) => {
        context.registry.addListener({
          objectCreated: () => {},
          objectDestroyed: ({ id }) => id === pipeline && resolve(),
        });
      });
      t.mock.timers.tick(1);
      await destroyed;
      assert.deepEqual(sessions.ids, [], '380 s later');
    });
  });
});

describe('events.queue', () => {
  for (const [queue, kept] of [
    [0, 0],
    [2, 2],
    [100, 3],
  ] as const) {
    it(`${queue} tells the last ${kept} of 3 events after a new socket took the session over`, async () => {
      await withServer({ events: { queue } }, async (server) => {
        const { wsUrl, context } = server;
        const first = await SocketClient.open(wsUrl);
        const pipeline = await first.create('MediaPipeline');
        await first.ask('subscribe', { object: pipeline, type: 'Error', sessionId: 's' });
        await first.close(server);
        const source = context.registry.resolve(pipeline);
        for (const description of ['a', 'b', 'c']) source.raiseError('TEST', description, 1);
        const second = await SocketClient.open(wsUrl);
        await second.ask('connect', { sessionId: 's' });
        source.raiseError('TEST', 'd', 1);
        await second.ask('ping');
        const texts = second.events.map((event) => event['data']?.['description']);
        assert.deepEqual(texts, [...['a', 'b', 'c'].slice(3 - kept), 'd']);
        await second.close(server);
      });
    });
  }
});

describe('limits', () => {
  it('messageBytes closes with 1009, requestsPerSecond with 1008, both with the reason', async () => {
    const limits = { messageBytes: 1000, requestsPerSecond: 0.001, requestBurst: 3 };
    await withServer({ limits }, async ({ wsUrl }) => {
      const large = await SocketClient.open(wsUrl);
      const largeClosed = once(large.socket, 'close');
      large.socket.send(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: 'x'.repeat(1000) } }),
      );
      assert.deepEqual((await largeClosed).map(String), ['1009', 'Message is too large']);
      const hasty = await SocketClient.open(wsUrl);
      const hastyClosed = once(hasty.socket, 'close');
      for (let n = 0; n < 3; n++) assert.ok('result' in (await hasty.ask('ping')));
      void hasty.ask('ping');
      assert.deepEqual((await hastyClosed).map(String), ['1008', 'Too many requests']);
    });
  });
});

describe('a client that does not read', () => {
  it('is let go with 1008 when bufferedBytes wait for it, and others are served on', async () => {
    await withServer({ limits: { bufferedBytes: 100_000 } }, async ({ wsUrl, sessions }) => {
      const slow = await SocketClient.open(wsUrl);
      const other = await SocketClient.open(wsUrl);
      await slow.create('MediaPipeline');
      const closed = once(slow.socket, 'close');
      slow.socket.pause();
      const kmd = {
        object: 'manager_ServerManager',
        operation: 'getKmd',
        operationParams: { moduleName: 'core' },
      };
      let asked = 0;
      while (sessions.hasSocket('s')) {
        assert.ok(asked++ < 10_000, 'let go in the end');
        void slow.ask('invoke', kmd);
        assert.ok('result' in (await other.ask('ping')));
      }
      slow.socket.resume();
      assert.deepEqual((await closed).map(String), ['1008', 'Client reads too slowly']);
      assert.ok('result' in (await other.ask('ping')));
      assert.deepEqual(sessions.ids, ['s'], 'the session waits for another socket');
    });
  });
});

describe('resources.exceptionLimit', () => {
  it('makes create answer 40009, and nothing else', async () => {
    await withServer({ resources: { exceptionLimit: 1e-9 } }, async (server) => {
      const client = await SocketClient.open(server.wsUrl);
      const { error } = await client.ask('create', { type: 'MediaPipeline' });
      assert.equal(error?.['code'], 40009);
      assert.match(textOf(error?.['message']), /^Too many resources in use: /);
      assert.ok('result' in (await client.ask('describe', { object: 'manager_ServerManager' })));
      await client.close(server);
    });
  });
});
