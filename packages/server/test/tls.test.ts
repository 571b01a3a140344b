/**
 * The TLS listener with real certificates: alone, beside the plain one, renewed, with client certificates.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { ConfigError } from '../src/config.ts';
import { startServer, type RunningServer, type StartOptions } from '../src/startServer.ts';
import { Certificates } from './Certificates.ts';

const certificates = new Certificates();
before(() => {
  certificates.make('one', { commonName: 'one' });
  certificates.make('two', { commonName: 'two' });
  certificates.make('locked', { commonName: 'locked', password: 'open sesame' });
  certificates.make('client', { commonName: 'camera 7' });
});
after(() => certificates.remove());

const base = { port: 0, udpPort: 0, routers: 0, host: '127.0.0.1' };

function tls(file: string, more: object = {}): object {
  return { port: 0, certificate: certificates.path(file), ...more };
}

async function withServer(
  options: StartOptions,
  body: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ ...base, ...options });
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

async function open(url: string, more: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { ca: certificates.ca, ...more });
  await once(socket, 'open');
  return socket;
}

async function ping(socket: WebSocket): Promise<unknown> {
  socket.send('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  const [data] = await once(socket, 'message');
  return JSON.parse(String(data)).result.value;
}

/** The certificate that the server shows a new client. */
async function shown(port: number): Promise<string> {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca: certificates.ca });
  await once(socket, 'secureConnect');
  const certificate: PeerCertificate = socket.getPeerCertificate();
  socket.destroy();
  return String(certificate.subject.CN);
}

/** Waits until a new client is shown this certificate. */
async function untilShown(port: number, name: string): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  // oxlint-disable-next-line no-await-in-loop -- asks again until it is so
  while ((await shown(port)) !== name) {
    assert.ok(Date.now() < deadlineMs, `the certificate '${name}' should be shown by now`);
    // oxlint-disable-next-line no-await-in-loop -- asks again until it is so
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the TLS listener', () => {
  it('serves wss and https beside the plain port', async () => {
    await withServer({ tls: tls('one.pem') }, async (server) => {
      const [plain, secure] = server.endpoints;
      assert.ok(plain !== undefined && secure !== undefined);
      assert.match(plain.wsUrl, /^ws:/);
      assert.equal(secure.wsUrl, `wss://127.0.0.1:${secure.port}/kurento`);
      assert.equal(secure.httpUrl, `https://127.0.0.1:${secure.port}/`);
      assert.equal(server.wsUrl, plain.wsUrl);
      for (const { wsUrl } of server.endpoints) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is clearer
        const socket = await open(wsUrl);
        // oxlint-disable-next-line no-await-in-loop -- one after the other is clearer
        assert.equal(await ping(socket), 'pong');
        socket.close();
      }
    });
  });

  it('may be the only one', async () => {
    await withServer({ plain: false, tls: tls('one.pem') }, async (server) => {
      assert.equal(server.endpoints.length, 1);
      assert.match(server.wsUrl, /^wss:/);
      const socket = await open(server.wsUrl);
      assert.equal(await ping(socket), 'pong');
      socket.close();
      await assert.rejects(fetch(`http://127.0.0.1:${server.port}/`));
    });
  });

  it('takes a key of its own file, and a password', async () => {
    const separate = { ...tls('one.crt'), key: certificates.path('one.key') };
    await withServer({ plain: false, tls: separate }, async ({ port }) =>
      assert.equal(await shown(port), 'one'),
    );
    const locked = tls('locked.pem', { password: 'open sesame' });
    await withServer({ plain: false, tls: locked }, async ({ port }) =>
      assert.equal(await shown(port), 'locked'),
    );
  });

  it('answers the health check and a wrong path as the plain port does', async () => {
    await withServer({ plain: false, tls: tls('one.pem') }, async ({ port, wsUrl }) => {
      const probe = request({ port, host: '127.0.0.1', path: '/kurento', ca: certificates.ca });
      probe.setHeader('Connection', 'Upgrade').setHeader('Upgrade', 'websocket').end();
      const [response] = await once(probe, 'response');
      assert.equal(response.statusCode, 500);
      const wrong = await open(`${wsUrl}/`);
      const [code, reason] = await once(wrong, 'close');
      assert.deepEqual([code, String(reason)], [1002, 'Invalid path']);
    });
  });

  it('shows a renewed certificate to new clients while old connections go on', async () => {
    certificates.replace('live.pem', 'one.pem');
    await withServer({ plain: false, tls: tls('live.pem') }, async ({ port, wsUrl }) => {
      const socket = await open(wsUrl);
      assert.equal(await shown(port), 'one');
      certificates.replace('live.pem', 'two.pem');
      await untilShown(port, 'two');
      assert.equal(await ping(socket), 'pong');
      socket.close();
    });
  });

  it('reads it again when told to, and keeps the old one when the new one is of no use', async () => {
    certificates.replace('told.pem', 'one.pem');
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    await withServer({ plain: false, tls: tls('told.pem'), log }, async (server) => {
      certificates.replace('told.pem', 'ca.pem');
      server.reload();
      assert.equal(await shown(server.port), 'one');
      assert.match(lines.join(''), /certificate not reloaded/);
      certificates.replace('told.pem', 'two.pem');
      server.reload();
      assert.equal(await shown(server.port), 'two');
    });
  });

  const wrong: [string, object, RegExp][] = [
    ['no file', { certificate: '/does/not/exist.pem' }, /'tls\.certificate'.*exist\.pem/],
    ['no key', { certificate: 'ca.pem' }, /'tls\.certificate'/],
    ["another's key", { certificate: 'one.crt', key: 'two.key' }, /'tls\.certificate'/],
    ['a wrong password', { certificate: 'locked.pem', password: 'swordfish' }, /'tls\.certificate'/],
    ['no authority', { certificate: 'one.pem', clientCa: 'client.key' }, /'tls\.clientCa'/],
  ];
  for (const [what, files, message] of wrong) {
    it(`does not start with ${what}, and names the setting but not the password`, async () => {
      const named = Object.entries(files).map(([name, value]) => {
        const isFile = name !== 'password' && !String(value).startsWith('/');
        return [name, isFile ? certificates.path(String(value)) : value];
      });
      await assert.rejects(
        startServer({ ...base, plain: false, tls: { port: 0, ...Object.fromEntries(named) } }),
        (error: unknown) =>
          error instanceof ConfigError && message.test(error.message) && !error.message.includes('swordfish'),
      );
    });
  }
});

describe('client certificates', () => {
  it('say who it is in the audit log', async () => {
    const file = certificates.path('audit.log');
    const clientCa = certificates.path('ca.pem');
    await withServer(
      { plain: false, tls: tls('one.pem', { clientCa }), audit: { file } },
      async ({ wsUrl }) => {
        const own = { cert: certificates.read('client.crt'), key: certificates.read('client.key') };
        const socket = await open(wsUrl, own);
        assert.equal(await ping(socket), 'pong');
        socket.close();
      },
    );
    assert.equal(JSON.parse(certificates.read('audit.log').toString()).who, 'camera 7');
  });

  it('are needed when there is an authority for them', async () => {
    const options = { plain: false, tls: tls('one.pem', { clientCa: certificates.path('ca.pem') }) };
    await withServer(options, async ({ wsUrl }) => {
      await assert.rejects(open(wsUrl), /certificate required|ECONNRESET|socket hang up|alert/i);
      const socket = await open(wsUrl, {
        cert: certificates.read('client.crt'),
        key: certificates.read('client.key'),
      });
      assert.equal(await ping(socket), 'pong');
      socket.close();
    });
  });

  it('must be signed by it', async () => {
    const other = new Certificates();
    try {
      other.make('stranger');
      const options = { plain: false, tls: tls('one.pem', { clientCa: certificates.path('ca.pem') }) };
      await withServer(options, async ({ wsUrl }) => {
        const stranger = { cert: other.read('stranger.crt'), key: other.read('stranger.key') };
        await assert.rejects(open(wsUrl, stranger), /ECONNRESET|socket hang up|alert/i);
      });
    } finally {
      other.remove();
    }
  });
});
