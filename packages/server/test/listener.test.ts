/**
 * The TCP port: upgrade, path, hostile clients, pages; spec 1.1. Real sockets on loopback.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { Listener } from '../src/listener.ts';
import { makeCore } from './harness.ts';

let listener: Listener;
before(async () => {
  const core = makeCore();
  listener = await Listener.open({
    port: 0,
    host: '127.0.0.1',
    path: 'kurento',
    log: pino({ enabled: false }),
    onConnection: (wire) => core.connection(wire),
  });
});
after(() => listener.close());

function open(path: string): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${listener.port}${path}`);
}

async function opened(path: string = '/kurento'): Promise<WebSocket> {
  const socket = open(path);
  await once(socket, 'open');
  return socket;
}

/** Sends a text (or bytes); resolves with the next message. */
async function ask(socket: WebSocket, data: string | Buffer): Promise<unknown> {
  const answered = once(socket, 'message');
  socket.send(data);
  const [message] = await answered;
  return JSON.parse(String(message));
}

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const PONG = { id: 1, jsonrpc: '2.0', result: { value: 'pong' } };

/** What the server answers to raw bytes before it closes or the first part is there. */
async function rawAnswer(request: string): Promise<string> {
  const socket = connect(listener.port, '127.0.0.1');
  socket.write(request);
  const [data] = await once(socket, 'data');
  socket.destroy();
  return String(data);
}

async function get(path: string): Promise<{ status: number; type: string; body: string }> {
  // Not fetch: it would tidy up the path.
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(listener.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data) => (text += data));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  });
  const [head = '', ...body] = answer.split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    type: /content-type: ([^\r]*)/i.exec(head)?.[1] ?? '',
    body: body.join('\r\n\r\n'),
  };
}

describe('the WebSocket', () => {
  for (const path of ['/kurento', '/kurento?access_token=x', '/kurento?']) {
    it(`answers at ${path}`, async () => {
      const socket = await opened(path);
      assert.deepEqual(await ask(socket, PING), PONG);
      socket.close();
    });
  }

  for (const path of ['/', '/kurento/', '//kurento', '/Kurento', '/kurento/x', '/rivero']) {
    it(`closes with 1002 after the upgrade at ${path}`, async () => {
      const [code, reason] = await once(open(path), 'close');
      assert.deepEqual([code, String(reason)], [1002, 'Invalid path']);
    });
  }

  it('answers 500 to an upgrade without a key, as health checks expect', async () => {
    const answer = await rawAnswer(
      'GET /kurento HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    assert.match(answer, /^HTTP\/1\.1 500 /);
  });

  it('takes bytes for text, and survives malformed JSON', async () => {
    const socket = await opened();
    const error = await ask(socket, '{');
    assert.ok(typeof error === 'object' && error !== null && 'error' in error);
    assert.deepEqual(await ask(socket, Buffer.from(PING)), PONG);
    socket.close();
  });

  it('closes with 1009 when a message is larger than 16 MiB, and serves the others on', async () => {
    const socket = await opened();
    const other = await opened();
    const closed = once(socket, 'close');
    socket.on('error', () => {});
    socket.send('x'.repeat(16 * 1024 * 1024 + 1));
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1009, 'Message is too large']);
    assert.deepEqual(await ask(other, PING), PONG);
    other.close();
  });

  it('survives clients that vanish or talk nonsense', async () => {
    const vanishing = await opened();
    vanishing.send(PING);
    vanishing.terminate();
    for (const nonsense of [
      '\0\0\0\0\r\n\r\n',
      'GET /kurento HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n',
      'GET /kurento HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    ]) {
      const socket = connect(listener.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      socket.write(nonsense);
      await once(socket, 'close');
    }
    const bad = await opened();
    bad.on('error', () => {});
    // A frame with a reserved opcode, straight onto the TCP connection.
    const raw: unknown = Reflect.get(bad, '_socket');
    assert.ok(raw instanceof Object && 'write' in raw && typeof raw.write === 'function');
    Reflect.apply(raw.write, raw, [Buffer.from([0x8f, 0x80, 0, 0, 0, 0])]);
    await once(bad, 'close');
    const socket = await opened();
    assert.deepEqual(await ask(socket, PING), PONG);
    socket.close();
  });

  it('says why it closes after text that is not UTF-8 and after a frame that is malformed', async () => {
    for (const [frame, code, reason] of [
      // Masked with zeros: a text frame with the byte ff, and one with a reserved bit.
      [[0x81, 0x81, 0, 0, 0, 0, 0xff], 1007, 'Text is not UTF-8'],
      [[0xc1, 0x80, 0, 0, 0, 0], 1002, 'Malformed frame'],
    ] as const) {
      const socket = await opened();
      socket.on('error', () => {});
      const closed = once(socket, 'close');
      const raw: unknown = Reflect.get(socket, '_socket');
      assert.ok(raw instanceof Socket);
      raw.write(Buffer.from(frame));
      assert.deepEqual((await closed).map(String), [String(code), reason]);
    }
  });

  it('ends when its client is not heard any more, and not before', async () => {
    const core = makeCore();
    const ended: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const own = await Listener.open({
      port: 0,
      host: '127.0.0.1',
      path: 'kurento',
      heartbeatMs: 20,
      log: pino({ enabled: false }),
      onConnection: (wire) => {
        const connection = core.connection(wire);
        return {
          receive: (text) => connection.receive(text),
          closed: () => {
            ended.push('closed');
            resolve();
          },
        };
      },
    });
    const url = `ws://127.0.0.1:${own.port}/kurento`;
    const lively = new WebSocket(url);
    let pings = 0;
    lively.on('ping', () => pings++);
    await once(lively, 'open');
    const dead = new WebSocket(url, { autoPong: false });
    await once(dead, 'open');
    await promise;
    assert.deepEqual(ended, ['closed']);
    assert.ok(pings > 0);
    assert.deepEqual(await ask(lively, PING), PONG);
    await own.close();
  });

  it('ends with 1001 when the server stops', async () => {
    const core = makeCore();
    const own = await Listener.open({
      port: 0,
      host: '127.0.0.1',
      path: 'media',
      log: pino({ enabled: false }),
      onConnection: (wire) => core.connection(wire),
    });
    const socket = new WebSocket(`ws://127.0.0.1:${own.port}/media`);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await own.close();
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1001, 'Server is stopping']);
  });

  it('does not wait, when the server stops, for a client that is still being asked who it is', async () => {
    const core = makeCore();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const own = await Listener.open({
      port: 0,
      host: '127.0.0.1',
      path: 'kurento',
      log: pino({ enabled: false }),
      authenticate: () => {
        resolve();
        return new Promise(() => {});
      },
      onConnection: (wire) => core.connection(wire),
    });
    const socket = new WebSocket(`ws://127.0.0.1:${own.port}/kurento`);
    const refused = once(socket, 'error');
    await asked;
    await own.close();
    const [error] = await refused;
    assert.match(String(error), /socket hang up|ECONNRESET/);
  });

  it('does nothing any more for a client that was told to go and stays', async () => {
    const core = makeCore();
    const texts: string[] = [];
    const own = await Listener.open({
      port: 0,
      host: '127.0.0.1',
      path: 'kurento',
      log: pino({ enabled: false }),
      authenticate: async () => ({ name: 'bob', scopes: ['admin'], expiresAtMs: Date.now() - 1 }),
      onConnection: (wire, peer) => {
        const connection = core.connection(wire, peer);
        return {
          receive: (text) => {
            texts.push(text);
            connection.receive(text);
          },
          closed: () => connection.closed(),
        };
      },
    });
    // By hand, since a WebSocket that is told to go goes.
    const socket = connect(own.port, '127.0.0.1');
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';
    socket.write(
      `GET /kurento HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    let received = Buffer.alloc(0);
    while (!received.includes('The token has expired')) {
      // oxlint-disable-next-line no-await-in-loop -- until all of it is there
      const [data] = await once(socket, 'data');
      received = Buffer.concat([received, data]);
    }
    // Both masked with zeros: a text frame with the request, then a close, after which the server ends the connection.
    const text = Buffer.from(PING);
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    socket.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    await once(socket, 'close');
    assert.deepEqual(texts, []);
    await own.close();
  });

  it('cannot be opened on a port that is taken', async () => {
    const core = makeCore();
    const options = { host: '127.0.0.1', path: 'x', log: pino({ enabled: false }), port: listener.port };
    await assert.rejects(
      Listener.open({ ...options, onConnection: (wire) => core.connection(wire) }),
      /EADDRINUSE/,
    );
  });
});

describe('the pages', () => {
  it('begin with the welcome page', async () => {
    const page = await get('/');
    assert.deepEqual([page.status, page.type], [200, 'text/html; charset=utf-8']);
    assert.match(page.body, /<button id="start"/);
    assert.equal((await get('/welcome.css')).type, 'text/css; charset=utf-8');
    assert.equal((await get('/icon.svg')).type, 'image/svg+xml');
    assert.deepEqual(JSON.parse((await get('/settings.json')).body), { webSocketPath: 'kurento' });
  });

  for (const name of ['browser', 'client', 'model', 'rpc']) {
    it(`offer @rivero/${name} as modules without types`, async () => {
      const module = await get(`/rivero/${name}/index.js`);
      assert.deepEqual([module.status, module.type], [200, 'text/javascript; charset=utf-8']);
      assert.doesNotMatch(module.body, /\btype\s+\{|: string/);
      const [, next] = /from '\.\/([\w/]+\.ts)'/.exec(module.body) ?? [];
      assert.equal((await get(`/rivero/${name}/${next}`)).status, 200);
    });
  }

  const hidden = [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/src/main.ts',
    '/..%5csrc',
    '/rivero/server/main.ts',
    '/rivero/server/index.js',
    '/rivero/rpc/../package.json',
    '/rivero/rpc/..%2f..%2f..%2fpackage.json',
    '/rivero/rpc/%2fetc%2fpasswd',
    '/rivero/rpc/tsconfig.json',
    '/rivero/__proto__/index.js',
    '/index.html%00.js',
    '/nothing.html',
    '/%',
  ];
  for (const path of hidden) {
    it(`do not give out ${path}`, async () => {
      const { status } = await get(path);
      assert.ok(status === 404 || status === 400, String(status));
    });
  }
});
