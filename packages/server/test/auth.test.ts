/**
 * Who may come in and what they may do then: real sockets, real tokens.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { api } from '@rivero/model';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { scopeOf } from '../src/auth/scopes.ts';
import { ConfigError } from '../src/config.ts';
import { SERVER_MANAGER_ID } from '../src/objects/ServerManager.ts';
import { startServer, type RunningServer, type StartOptions } from '../src/startServer.ts';
import type { Json } from './harness.ts';

const base = { port: 0, udpPort: 0, routers: 0, host: '127.0.0.1' };
const adminToken = 'an-admin-token-for-tests';
const createToken = 'a-create-token-for-tests';
const mediaToken = 'a-media-token-for-tests-';
const jwtSecret = 'the-secret-of-the-tests-has-32-bytes';
const lines: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });

const auth = {
  tokens: [
    adminToken,
    { token: createToken, name: 'app', scopes: ['create'] },
    { token: mediaToken, name: 'viewer', scopes: ['media'] },
  ],
  jwtSecret,
  audience: 'rivero',
  issuer: 'https://issuer.test',
};

/** A token that our secret signs; claims that are undefined are left out. */
function signed(claims: Record<string, unknown> = {}, secret: string = jwtSecret): Promise<string> {
  const payload = { sub: 'alice', scope: 'create', aud: 'rivero', iss: 'https://issuer.test', ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** How the server receives a client: 101, or the status, challenge and text of a refusal. */
async function received(
  url: string,
  token?: string,
): Promise<{ status: number; challenge: string; text: string }> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => {});
  const [kind, response] = await Promise.race([
    once(socket, 'open').then(() => ['open'] as const),
    once(socket, 'unexpected-response').then(([, answer]) => ['refused', answer] as const),
  ]);
  if (kind === 'open') {
    socket.close();
    return { status: 101, challenge: '', text: '' };
  }
  let text = '';
  for await (const part of response) text += String(part);
  return { status: response.statusCode, challenge: response.headers['www-authenticate'], text };
}

async function withServer(
  options: StartOptions,
  body: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ ...base, log, ...options });
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

/** A client with a token. */
class Client {
  readonly socket: WebSocket;
  #nextId = 0;

  constructor(url: string, token: string) {
    this.socket = new WebSocket(`${url}?access_token=${token}`);
  }

  async opened(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  /** Sends a request; resolves with the reply. */
  async ask(method: string, params: object = {}): Promise<Json> {
    const id = this.#nextId++;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const [data] = await once(this.socket, 'message');
    const reply: Json = JSON.parse(String(data));
    return reply;
  }

  /** Code of the error that a request gives; undefined for success. */
  async code(method: string, params: object = {}): Promise<unknown> {
    return (await this.ask(method, params))['error']?.['code'];
  }
}

describe('a server with authentication', () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer({ ...base, log, auth });
  });
  after(() => server.close());

  it('takes a token from the header or from the query', async () => {
    assert.equal((await received(server.wsUrl, adminToken)).status, 101);
    assert.equal((await received(`${server.wsUrl}?access_token=${mediaToken}`)).status, 101);
    assert.equal((await received(server.wsUrl, await signed())).status, 101);
    assert.equal((await received(`${server.wsUrl}?x=1&access_token=${await signed()}`)).status, 101);
  });

  const refused: [string, () => string | undefined | Promise<string>, number, RegExp][] = [
    ['no token', () => undefined, 401, /A bearer token is needed/],
    ['an unknown one', () => 'nonsense-nonsense', 401, /not known/],
    ['something like a JWT', () => 'a.b.c', 401, /not known/],
    ['a huge one', () => 'x'.repeat(16_000), 401, /not known/],
    ["another's signature", () => signed({}, 'another-secret-of-at-least-32-bytes!'), 401, /signature/],
    ['an expired one', () => signed({ exp: seconds() - 10 }), 401, /expired/],
    ['one that is not valid yet', () => signed({ nbf: seconds() + 1000 }), 401, /'nbf'/],
    ['a foreign audience', () => signed({ aud: 'other' }), 401, /'aud'/],
    ['no audience', () => signed({ aud: undefined }), 401, /'aud'/],
    ['a foreign issuer', () => signed({ iss: 'x' }), 401, /'iss'/],
    ['no scope', () => signed({ scope: undefined }), 403, /none of the scopes/],
    ['a strange scope', () => signed({ scope: 'root administrator' }), 403, /none of the scopes/],
    [
      'one without signature',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
      401,
      /not known/,
    ],
  ];
  for (const [what, token, status, text] of refused) {
    it(`refuses ${what} with ${status} and the reason`, async () => {
      const answer = await received(server.wsUrl, await token());
      assert.equal(answer.status, status);
      assert.match(answer.text, text);
      assert.match(answer.challenge, /^Bearer realm="rivero", error="(invalid_token|insufficient_scope)"/);
    });
  }

  it('reads scopes from scope, scp and scopes', async () => {
    for (const claims of [
      { scope: 'openid media' },
      { scope: undefined, scp: ['media'] },
      { scopes: ['admin'] },
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is clearer
      assert.equal((await received(server.wsUrl, await signed(claims))).status, 101);
    }
  });

  it('answers the health check of the container without a token', async () => {
    const answer = await fetch(new URL('/health/live', server.httpUrl));
    assert.deepEqual([answer.status, await answer.json()], [200, { status: 'live' }]);
    assert.equal((await fetch(new URL('/health/ready', server.httpUrl))).status, 200);
  });

  it('gives figures only to administrators', async () => {
    const status = async (token?: string): Promise<number> => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(new URL('/metrics', server.httpUrl), { headers })).status;
    };
    assert.deepEqual([await status(), await status(createToken), await status(adminToken)], [401, 403, 200]);
  });

  it('lets each do what its scopes say, also inside transactions', async () => {
    const admin = await new Client(server.wsUrl, adminToken).opened();
    const app = await new Client(server.wsUrl, createToken).opened();
    const viewer = await new Client(server.wsUrl, mediaToken).opened();
    const create = { type: 'MediaPipeline' };
    const manager = { object: SERVER_MANAGER_ID };
    assert.equal(await viewer.code('ping'), undefined);
    assert.equal(await viewer.code('connect'), undefined);
    assert.equal(await viewer.code('describe', manager), undefined);
    assert.equal(await viewer.code('invoke', { ...manager, operation: 'getInfo' }), undefined);
    assert.equal(await viewer.code('create', create), -32001);
    assert.equal(await viewer.code('nosuch'), -32601);
    const operations = [{ jsonrpc: '2.0', id: 0, method: 'create', params: create }];
    const inner = (await viewer.ask('transaction', { operations }))['result']!['value']![0]!;
    assert.equal(inner['error']!['code'], -32001);

    const pipeline = (await app.ask('create', create))['result']!['value'];
    assert.equal(await viewer.code('invoke', { object: pipeline, operation: 'getName' }), undefined);
    assert.equal(await viewer.code('release', { object: pipeline }), -32001);
    assert.equal(await app.code('invoke', { ...manager, operation: 'getPipelines' }), -32001);
    assert.equal(await app.code('subscribe', { ...manager, type: 'ObjectCreated' }), -32001);
    assert.equal(await app.code('invoke', { object: pipeline, operation: 'dumpGstreamerDot' }), -32001);
    assert.equal(await admin.code('invoke', { ...manager, operation: 'getPipelines' }), undefined);
    assert.equal(await app.code('release', { object: pipeline }), undefined);

    const refusal = (await viewer.ask('create', create))['error']!;
    assert.deepEqual(refusal, {
      code: -32001,
      message: "'create' needs the scope 'create', the token has 'media'",
      data: { type: 'FORBIDDEN' },
    });
    for (const { socket } of [admin, app, viewer]) socket.close();
  });

  it('closes a connection when its token expires, and the session goes on with a new token', async () => {
    const first = await new Client(server.wsUrl, await signed({ exp: seconds() + 1 })).opened();
    const closed = once(first.socket, 'close');
    const created = await first.ask('create', { type: 'MediaPipeline' });
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1008, 'The token has expired']);
    const second = await new Client(server.wsUrl, await signed()).opened();
    const { sessionId, value } = created['result']!;
    assert.equal(await second.code('connect', { sessionId }), undefined);
    assert.equal(await second.code('release', { object: value }), undefined);
    second.socket.close();
  });

  it('writes no token to its log', () => {
    const text = lines.join('');
    assert.match(text, /client refused/);
    for (const secret of [adminToken, createToken, mediaToken, jwtSecret]) assert.ok(!text.includes(secret));
    assert.doesNotMatch(text, /eyJ[\w-]+\./, 'no JWT either');
  });
});

describe('keys that sign tokens', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rivero-jwks-'));
  const file = join(directory, 'keys.json');
  let keyServer: Server;
  let keySet = '';
  after(() => {
    rmSync(directory, { recursive: true });
    keyServer.close();
  });

  /** Makes a key, publishes it and returns what signs with it. */
  async function publish(kid: string, alg: string): Promise<(claims?: object) => Promise<string>> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    keySet = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg }] });
    writeFileSync(file, keySet);
    return (claims = {}) =>
      new SignJWT({ sub: 'bob', scope: 'media', ...claims })
        .setProtectedHeader({ alg, kid })
        .sign(privateKey);
  }

  before(async () => {
    keyServer = createServer((_request, response) => void response.end(keySet)).listen(0, '127.0.0.1');
    await once(keyServer, 'listening');
  });

  it('may stand in a file, which is read again when told to', async () => {
    const sign = await publish('one', 'ES256');
    await withServer({ auth: { jwks: file } }, async (server) => {
      assert.equal((await received(server.wsUrl, await sign())).status, 101);
      const signNew = await publish('two', 'RS256');
      assert.equal((await received(server.wsUrl, await signNew())).status, 401);
      server.reload();
      assert.equal((await received(server.wsUrl, await signNew())).status, 101);
      assert.equal((await received(server.wsUrl, await sign())).status, 401);
      writeFileSync(file, 'nonsense');
      server.reload();
      assert.equal((await received(server.wsUrl, await signNew())).status, 101);
    });
  });

  it('may come from a URL', async () => {
    const sign = await publish('three', 'EdDSA');
    const { port } = keyServer.address() as AddressInfo;
    await withServer({ auth: { jwks: `http://127.0.0.1:${port}/keys` } }, async ({ wsUrl }) => {
      assert.equal((await received(wsUrl, await sign())).status, 101);
      assert.equal((await received(wsUrl, await sign({ exp: 1 }))).status, 401);
    });
  });

  it('that cannot be had are no fault of the token, and are told to the operator', async () => {
    const sign = await publish('five', 'ES256');
    const broken = createServer((_request, response) => void response.end('nonsense')).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const { port } = broken.address() as AddressInfo;
    lines.length = 0;
    await withServer({ auth: { jwks: `http://127.0.0.1:${port}/keys` } }, async ({ wsUrl }) => {
      const refusal = await received(wsUrl, await sign());
      assert.deepEqual([refusal.status, refusal.text], [401, 'The keys that sign tokens cannot be had\n']);
      // Now nobody listens there.
      broken.close();
      broken.closeAllConnections();
      assert.match((await received(wsUrl, await sign())).text, /cannot be had/);
      assert.match((await received(wsUrl, 'no.jwt.atall')).text, /not known/);
    });
    const told = lines.join('').match(/"level":40[^\n]*"reason":"The keys[^\n]*"err":/g);
    assert.equal(told?.length, 2);
  });

  it('never count as the secret of HS256', async () => {
    await publish('four', 'RS256');
    await withServer({ auth: { jwks: file } }, async ({ wsUrl }) => {
      const forged = await new SignJWT({ scope: 'admin' })
        .setProtectedHeader({ alg: 'HS256', kid: 'four' })
        .sign(new TextEncoder().encode(keySet));
      assert.equal((await received(wsUrl, forged)).status, 401);
    });
  });

  it('must be reachable safely, and be keys', async () => {
    for (const jwks of ['http://example.com/keys', '/does/not/exist.json']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is clearer
      await assert.rejects(startServer({ ...base, auth: { jwks } }), ConfigError);
    }
  });
});

describe('the table of scopes', () => {
  it('covers every method of the protocol that touches objects', () => {
    const scopes = [
      'create',
      'release',
      'invoke',
      'subscribe',
      'unsubscribe',
      'describe',
      'ref',
      'unref',
      'closeSession',
    ];
    for (const method of scopes) assert.ok(scopeOf({ kind: 'request', id: 1, method, params: {} }), method);
    const release = { kind: 'request', id: 1, method: 'closeSession', params: { release: true } } as const;
    assert.equal(scopeOf(release), 'create');
  });

  it('gives administrators alone every operation of the ServerManager but what clients ask first', () => {
    const operations = [...(api.findClass('ServerManager')?.operations.keys() ?? [])];
    const open = operations.filter((operation) => {
      const params = { object: SERVER_MANAGER_ID, operation };
      return scopeOf({ kind: 'request', id: 1, method: 'invoke', params }) !== 'admin';
    });
    assert.deepEqual(
      open.toSorted(),
      ['getId', 'getInfo', 'getKmd', 'getName'].filter((name) => operations.includes(name)),
    );
  });
});
