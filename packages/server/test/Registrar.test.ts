/**
 * The registrar client, spec 1.13: what it says, and when it tries again.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { Registrar } from '../src/protocol/Registrar.ts';
import { startServer } from '../src/startServer.ts';

const log = pino({ enabled: false });

async function listen(port: number = 0): Promise<{ server: WebSocketServer; url: string; port: number }> {
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { server, url: `ws://127.0.0.1:${address.port}/r`, port: address.port };
}

/** The next connection to `server` and the first text on it. */
async function registration(server: WebSocketServer): Promise<{ socket: WebSocket; text: string }> {
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  const [data] = await once(socket, 'message');
  return { socket, text: String(data) };
}

describe('Registrar', () => {
  it('says where the server is, again on each connection', async () => {
    const { server, url } = await listen();
    const delays: number[] = [];
    const registrar = new Registrar({
      address: url,
      ownUrl: 'ws://media.example:8888/kurento',
      log,
      timer: (delayMs, fire) => {
        delays.push(delayMs);
        const timer = setImmediate(fire);
        return () => clearImmediate(timer);
      },
    });
    for (let n = 0; n < 3; n++) {
      const { socket, text } = await registration(server);
      assert.equal(
        text,
        `{"jsonrpc":"2.0","method":"register","params":{"ws":"ws://media.example:8888/kurento"},"id":${n}}`,
      );
      socket.terminate();
    }
    await registration(server);
    registrar.close();
    server.close();
    assert.deepEqual(delays, [100, 100, 100], 'each success starts the delays afresh');
  });

  it('doubles its delays from 100 ms to 10 s while nobody answers', async () => {
    const { server, url } = await listen();
    server.close();
    await once(server, 'close');
    const delays: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const registrar = new Registrar({
      address: url,
      ownUrl: 'ws://x/kurento',
      log,
      timer: (delayMs, fire) => {
        delays.push(delayMs);
        if (delays.length === 10) resolve();
        else setImmediate(fire);
        return () => {};
      },
    });
    await promise;
    registrar.close();
    assert.deepEqual(delays, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
  });

  it('is started by the settings and ends with the server', async () => {
    const { server, url } = await listen();
    const registered = registration(server);
    const running = await startServer({
      port: 0,
      udpPort: 0,
      routers: 0,
      host: '127.0.0.1',
      registrar: { address: url, localAddress: 'media.example' },
    });
    const { socket, text } = await registered;
    assert.deepEqual(JSON.parse(text).params, { ws: `ws://media.example:${running.port}/kurento` });
    const gone = once(socket, 'close');
    await running.close();
    await gone;
    server.close();
  });
});
