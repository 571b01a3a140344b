/**
 * What applications of the npm package `kurento-client` count on beside media: sessions that survive a broken socket,
 * events, endings, and errors as classes of JavaScript.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import kurentoClient, { type KurentoClient } from 'kurento-client';
import { WebSocketServer } from 'ws';
import { Cable } from './harness/Cable.ts';
import { Control } from './harness/Control.ts';
import { eventually } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';

let rivero: RiveroProcess;

before(async () => {
  rivero = await RiveroProcess.start();
});

after(async () => {
  await rivero?.[Symbol.asyncDispose]();
});

/** The next event of the client. */
function next(client: KurentoClient, event: string): Promise<unknown> {
  return new Promise((resolve) => client.once(event, resolve));
}

/** What a call of the package gives its callback as error: without a callback it prints the error and goes on. */
function failure(call: (callback: (error: unknown) => void) => unknown): Promise<unknown> {
  return new Promise((resolve) => void call(resolve));
}

function assertError(error: unknown, type: ErrorConstructor, code: number): void {
  assert.ok(error instanceof Error);
  assert.equal(error.constructor, type, `${code}: ${error.message}`);
  assert.equal('code' in error && error.code, code, error.message);
}

describe('kurento-client', () => {
  it('creates objects, hears their events, and releases them', async () => {
    const client = await kurentoClient(rivero.wsUrl, { strict: true });
    try {
      const pipeline = await client.create('MediaPipeline');
      const a = await pipeline.create('WebRtcEndpoint');
      const b = await pipeline.create('PassThrough');
      const connected: unknown[] = [];
      a.on('ElementConnected', ({ sink, mediaType }) => connected.push([sink, mediaType]));
      await a.connect(b, 'VIDEO');
      await eventually(
        'the event',
        () => connected,
        (all) => all.length > 0,
      );
      assert.deepEqual(connected, [[b.id, 'VIDEO']]);
      assert.deepEqual(
        (await pipeline.getChildren()).map(({ id }) => id),
        [a.id, b.id],
      );
      await b.release();
      assert.equal((await pipeline.getChildren()).length, 1);
      await pipeline.release();
      using control = await Control.open(rivero.wsUrl);
      await assert.rejects(control.invoke(a.id, 'getName'), /40101/);
    } finally {
      client.close();
    }
  });

  it('refuses in strict mode a server without the base modules', async () => {
    await using server = await Answering.start(({ params }) => {
      if (params?.operation === 'getInfo') return { result: { value: { modules: [{ name: 'core' }] } } };
      return { result: { type: 'ServerManager', qualifiedType: 'kurento.ServerManager', hierarchy: [] } };
    });
    const refused = Promise.withResolvers<unknown>();
    const client = kurentoClient(server.url, { strict: true }, (error) => refused.resolve(error));
    const error = await refused.promise;
    assert.ok(error instanceof SyntaxError);
    assert.match(error.message, /Modules 'elements' and 'filters' are not installed/);
    client.close();
  });

  it('goes on in its session with its objects and events after the socket is cut', async () => {
    await using cable = new Cable(Number(new URL(rivero.wsUrl).port));
    const client = await kurentoClient(await cable.open(), { strict: true });
    try {
      const pipeline = await client.create('MediaPipeline');
      const a = await pipeline.create('PassThrough');
      const b = await pipeline.create('PassThrough');
      const kinds: unknown[] = [];
      a.on('ElementConnected', ({ mediaType }) => kinds.push(mediaType));
      assert.equal(await a.getName(), a.id);
      const { sessionId } = client;
      const back = next(client, 'reconnected');
      cable.cut();
      assert.equal(await back, true);
      assert.equal(client.sessionId, sessionId);
      await a.connect(b);
      await eventually(
        'events on the new socket',
        () => kinds.length,
        (count) => count === 3,
      );
      await pipeline.release();
    } finally {
      client.close();
    }
  });

  it('hears that its session is gone when the server was killed and started again', async () => {
    let server = await RiveroProcess.start();
    const { port } = new URL(server.wsUrl);
    const connecting = kurentoClient(server.wsUrl, { strict: true });
    // A refused connection is an `error` there that ends the program unless somebody listens. What `await` gives
    // is a copy that lacks it.
    connecting._re.on('error', () => {});
    const client = await connecting;
    try {
      const pipeline = await client.create('MediaPipeline');
      const back = next(client, 'reconnected');
      server.kill();
      await server.exited;
      server = await RiveroProcess.start({ args: ['--port', port] });
      assert.equal(await back, false);
      assertError(
        await failure((callback) => pipeline.create('WebRtcEndpoint', {}, callback)),
        ReferenceError,
        40101,
      );
      const fresh = await client.create('MediaPipeline');
      assert.notEqual(fresh.id, pipeline.id);
      await fresh.release();
    } finally {
      client.close();
      await server.stop();
    }
  });
});

describe('errors in kurento-client', () => {
  it('are of the classes that it makes of our codes', async () => {
    const client = await kurentoClient(rivero.wsUrl, { strict: true });
    try {
      const pipeline = await client.create('MediaPipeline');
      const endpoint = await pipeline.create('WebRtcEndpoint');
      const table: readonly (readonly [
        ErrorConstructor,
        number,
        (callback: (error: unknown) => void) => unknown,
      ])[] = [
        [ReferenceError, 40101, (callback) => client.getMediaobjectById('nobody', callback)],
        [Error, 40201, (callback) => endpoint.processOffer('', callback)],
        [Error, 40110, (callback) => endpoint.getTag('none', callback)],
        [Error, 40108, (callback) => pipeline.create('DispatcherOneToMany', {}, callback)],
      ];
      for (const [type, code, call] of table) assertError(await failure(call), type, code);
      await pipeline.release();
    } finally {
      client.close();
    }
  });

  for (const [code, type] of [
    [40100, TypeError],
    [40101, ReferenceError],
    [40105, SyntaxError],
    [40007, Error],
    [-32601, Error],
  ] as const) {
    it(`are ${type.name} for ${code}`, async () => {
      await using server = await Answering.start(() => ({
        error: { code, message: 'no', data: { type: 'X' } },
      }));
      const client = await kurentoClient(server.url, { strict: false });
      try {
        assertError(await failure((callback) => client.getMediaobjectById('x', callback)), type, code);
      } finally {
        client.close();
      }
    });
  }
});

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params?: { readonly operation?: string } | null;
}

/** A server that answers pings, and everything else as it is told. */
class Answering implements AsyncDisposable {
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
  }

  static async start(answer: (request: Asked) => object): Promise<Answering> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const request: Asked = JSON.parse(data.toString());
        const reply = request.method === 'ping' ? { result: { value: 'pong' } } : answer(request);
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...reply }));
      });
    });
    await once(server, 'listening');
    return new Answering(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/kurento`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
