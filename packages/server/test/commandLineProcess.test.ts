/**
 * The server as operators run it: a process with settings from files and the environment, signals, logs.
 * @module
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { Certificates } from './Certificates.ts';

const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const certificates = new Certificates();
const secret = 'the-secret-of-the-process-tests-is-long';
before(() => certificates.make('one', { password: secret }));
after(() => certificates.remove());

/** Settings that start quickly and on free ports. */
const quick = { port: 0, udpPort: 0, routers: 0, host: '127.0.0.1' };

/** A server process. */
class Process {
  readonly child: ChildProcess;
  /** URLs of the ready line. */
  readonly ready: Promise<string[]>;
  stdout = '';
  stderr = '';

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const { DEBUG: _, ...inherited } = process.env;
    this.child = spawn(process.execPath, ['--conditions=source', mainFile, ...words], {
      cwd: certificates.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, ...environment },
    });
    const ready = Promise.withResolvers<string[]>();
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    if (this.child.stdout !== null) {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.stdout += `${line}\n`;
        if (line.startsWith('rivero ready ')) ready.resolve(line.split(' ').slice(2));
      });
    }
    this.child.on('close', () => ready.reject(new Error(`The server did not start: ${this.stderr}`)));
    ready.promise.catch(() => {});
    this.ready = ready.promise;
  }

  /** Sends a signal, if any; resolves with the exit code. */
  async ended(signal?: NodeJS.Signals): Promise<number | null> {
    if (signal !== undefined) this.child.kill(signal);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }
}

/** A server with these settings in its file. */
function start(settings: object, environment: NodeJS.ProcessEnv = {}): Process {
  writeFileSync(certificates.path('rivero.config.json'), JSON.stringify({ ...quick, ...settings }));
  return new Process([], environment);
}

async function ask(socket: WebSocket, method: string, params: object): Promise<void> {
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: method, method, params }));
  await once(socket, 'message');
}

describe('rivero', () => {
  it('takes rivero.config.json from where it is started, and names wss and https when there is only TLS', async () => {
    const server = start({ plain: false, tls: { port: 0, certificate: 'one.pem', password: secret } });
    const [wsUrl = '', httpUrl = '', ...more] = await server.ready;
    assert.match(`${wsUrl} ${httpUrl}`, /^wss:\/\/127\.0\.0\.1:(\d+)\/kurento https:\/\/127\.0\.0\.1:\1\/$/);
    assert.deepEqual(more, []);
    const socket = new WebSocket(wsUrl, { ca: certificates.ca });
    await once(socket, 'open');
    await ask(socket, 'ping', {});
    socket.close();
    assert.equal(await server.ended('SIGTERM'), 0);
    assert.ok(!server.stderr.includes(secret));
  });

  it('names both listeners, the one without TLS first', async () => {
    const server = start({ tls: { port: 0, certificate: 'one.pem', password: secret } });
    assert.deepEqual(
      (await server.ready).map((url) => url.split(':')[0]),
      ['ws', 'http', 'wss', 'https'],
    );
    assert.equal(await server.ended('SIGTERM'), 0);
  });

  it('ends with 2 and words for the operator when a file that a setting names is of no use', async () => {
    const server = start({ tls: { port: 0, certificate: 'rivero.config.json' } });
    assert.equal(await server.ended(), 2);
    assert.match(server.stderr, /^'tls\.certificate': .*\nTry --help\.\n$/);
  });

  it('tells its settings and where they come from, without secrets', async () => {
    writeFileSync(
      certificates.path('rivero.config.json'),
      JSON.stringify({ ...quick, auth: { jwtSecret: secret } }),
    );
    const told = new Process(['config', '--media-mtu', '1000'], { RIVERO_PATH: 'media' });
    assert.equal(await told.ended(), 0);
    assert.match(told.stdout, /^port +0 +file rivero\.config\.json$/m);
    assert.match(told.stdout, /^path +"media" +environment RIVERO_PATH$/m);
    assert.match(told.stdout, /^media\.mtu +1000 +command line --media-mtu$/m);
    assert.match(told.stdout, /^auth\.jwtSecret +\*\*\* +file/m);
    assert.ok(!told.stdout.includes(secret));
  });

  it('prints every message with DEBUG=rivero:rpc, without secrets', async () => {
    const server = start({ logLevel: 'warn', auth: { tokens: [secret] } }, { DEBUG: 'rivero:rpc' });
    const [wsUrl = ''] = await server.ready;
    const socket = new WebSocket(`${wsUrl}?access_token=${secret}`);
    await once(socket, 'open');
    const operationParams = { offer: `v=0\r\na=ice-pwd:${secret}\r\n` };
    await ask(socket, 'invoke', { object: 'x', operation: 'processOffer', operationParams });
    socket.close();
    await server.ended('SIGTERM');
    const lines = server.stderr
      .trimEnd()
      .split('\n')
      .map((line): { subsystem: string; msg: string } => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ subsystem, msg }) => `${subsystem} ${msg}`),
      ['rpc in', 'rpc out'],
    );
    assert.match(server.stderr, /a=ice-pwd:\*\*\*/);
    assert.ok(!server.stderr.includes(secret));
  });

  it('writes the audit log to the end, and reads its files again at SIGHUP', async () => {
    const server = start({ audit: { file: 'audit.log' } });
    const [wsUrl = ''] = await server.ready;
    const socket = new WebSocket(wsUrl);
    await once(socket, 'open');
    server.child.kill('SIGHUP');
    await ask(socket, 'ping', {});
    assert.equal(await server.ended('SIGTERM'), 0);
    assert.match(readFileSync(certificates.path('audit.log'), 'utf8'), /"method":"ping","outcome":"ok"/);
  });

  it('lets clients finish after SIGTERM for as long as drainSeconds says, while it is not ready', async () => {
    const server = start({ drainSeconds: 60 });
    const [wsUrl = '', httpUrl = ''] = await server.ready;
    const socket = new WebSocket(wsUrl);
    await once(socket, 'open');
    await ask(socket, 'create', { type: 'MediaPipeline', sessionId: 's' });
    server.child.kill('SIGTERM');
    let status = 200;
    // The signal takes its time to arrive.
    // oxlint-disable-next-line no-await-in-loop -- asks again until it is so
    while (status === 200) ({ status } = await fetch(new URL('/health/ready', httpUrl)));
    assert.equal(status, 503);
    socket.send('{"jsonrpc":"2.0","id":9,"method":"closeSession","params":{"sessionId":"s"}}');
    assert.equal(await server.ended(), 0);
  });
});
