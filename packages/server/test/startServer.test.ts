/**
 * The whole server in this process: start, what can be created, stop.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { api } from '@rivero/model';
import { WebSocket } from 'ws';
import { ConfigError } from '../src/config.ts';
import { elementClasses } from '../src/elements/index.ts';
import { implementedClasses, missingClasses } from '../src/objects/ObjectFactory.ts';
import { startServer, type StartOptions } from '../src/startServer.ts';
import { textOf } from './harness.ts';

/** Ports of the system's choice, and no router process: these tests move no media. */
const options = { port: 0, udpPort: 0, routers: 0, host: '127.0.0.1' };

describe('startServer', () => {
  it('says where it is, and is gone after close', async () => {
    const server = await startServer({ ...options, path: '/media' });
    assert.equal(server.wsUrl, `ws://127.0.0.1:${server.port}/media`);
    assert.equal(server.httpUrl, `http://127.0.0.1:${server.port}/`);
    assert.equal((await fetch(server.httpUrl)).status, 200);
    const closing = server.close();
    assert.equal(server.close(), closing);
    await closing;
    await assert.rejects(fetch(server.httpUrl));
  });

  it('brackets an IPv6 address in its URLs', async () => {
    await withServer({ ...options, host: '::1' }, (server) => {
      assert.equal(server.wsUrl, `ws://[::1]:${server.port}/kurento`);
    });
  });

  it('listens on IPv4 and IPv6 when no address is given', async () => {
    await withServer({ port: 0, udpPort: 0, routers: 0 }, async ({ port }) => {
      assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
      assert.equal((await fetch(`http://[::1]:${port}/`)).status, 200);
    });
  });

  it('releases all pipelines when it stops, and tells clients with 1001', async () => {
    const server = await startServer(options);
    const socket = new WebSocket(server.wsUrl);
    await once(socket, 'open');
    socket.send('{"jsonrpc":"2.0","id":1,"method":"create","params":{"type":"MediaPipeline"}}');
    await once(socket, 'message');
    assert.equal(server.context.registry.pipelines.length, 1);
    const gone = once(socket, 'close');
    await server.close();
    assert.equal(server.context.registry.pipelines.length, 0);
    assert.deepEqual(server.sessions.ids, []);
    assert.equal((await gone)[0], 1001);
  });

  it('refuses settings that are wrong, and a port that is taken', async () => {
    await assert.rejects(startServer({ port: 'x' }), ConfigError);
    await withServer(options, async ({ port }) => {
      await assert.rejects(startServer({ ...options, port }), /EADDRINUSE/);
    });
  });
});

describe('classes', () => {
  it('that can be created are real classes of the API, and MediaPipeline is among them', (t) => {
    const names = implementedClasses(api, elementClasses).map((info) => info.name);
    assert.equal(names.length, elementClasses.size, 'every factory belongs to a concrete class');
    assert.ok(names.includes('MediaPipeline'));
    const missing = missingClasses(api, elementClasses).map((info) => info.qualifiedType);
    t.diagnostic(`not implemented yet (${missing.length}): ${missing.join(', ')}`);
  });

  it('that are implemented say which of their operations are not', async (t) => {
    await withServer({ ...options, routers: 1 }, async ({ context, wsUrl }) => {
      const pipeline = await create(wsUrl, 'MediaPipeline');
      const missing: string[] = [];
      for (const info of implementedClasses(api, elementClasses)) {
        const id = info.name === 'MediaPipeline' ? pipeline : await create(wsUrl, info.name, pipeline);
        const object = context.registry.resolve(id);
        for (const name of info.operations.keys()) {
          if (typeof Reflect.get(object, name) !== 'function') missing.push(`${info.name}.${name}`);
        }
      }
      t.diagnostic(`operations not implemented yet (${missing.length}): ${missing.join(', ')}`);
    });
  });
});

type Running = Awaited<ReturnType<typeof startServer>>;

/** Runs `body` with a server, which is closed afterwards. */
async function withServer(
  start: StartOptions,
  body: (server: Running) => void | Promise<void>,
): Promise<void> {
  const server = await startServer(start);
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

/** Creates an object by a request; resolves with its id. */
async function create(url: string, type: string, mediaPipeline?: string): Promise<string> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const params = { type, constructorParams: { mediaPipeline }, sessionId: 'test' };
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'create', params }));
  const [reply] = await once(socket, 'message');
  socket.close();
  return textOf(JSON.parse(String(reply)).result?.value);
}
