/**
 * Health, figures, audit log, debug namespaces: what operators see of a running server.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pino, type Logger } from 'pino';
import { WebSocket } from 'ws';
import { AuditLog } from '../src/ops/AuditLog.ts';
import { isDebugged, subsystemLog } from '../src/ops/logs.ts';
import { maskSecrets } from '../src/ops/maskSecrets.ts';
import { startServer, type RunningServer, type StartOptions } from '../src/startServer.ts';
import { textOf, type Json } from './harness.ts';

const base = { port: 0, udpPort: 0, routers: 0, host: '127.0.0.1' };
const directory = mkdtempSync(join(tmpdir(), 'rivero-operations-'));
after(() => rmSync(directory, { recursive: true }));

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

/** Sends requests one after the other over one socket; resolves with the replies. */
async function talk(
  url: string,
  requests: readonly (readonly [method: string, params: object])[],
): Promise<Json[]> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const replies: Json[] = [];
  for (const [id, [method, params]] of requests.entries()) {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [data] = await once(socket, 'message');
    replies.push(JSON.parse(String(data)));
  }
  socket.close();
  await once(socket, 'close');
  return replies;
}

async function get(
  server: RunningServer,
  path: string,
): Promise<{ status: number; text: string; type: string }> {
  const response = await fetch(new URL(path, server.httpUrl));
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, text: await response.text(), type };
}

/** The value of a figure. */
function figure(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  assert.ok(line !== undefined, `${name} in\n${text}`);
  return Number(line.split(' ').at(-1));
}

describe('/health', () => {
  it('is live and ready while the server works', async () => {
    await withServer({}, async (server) => {
      assert.deepEqual(JSON.parse((await get(server, '/health/live')).text), { status: 'live' });
      const ready = await get(server, '/health/ready');
      assert.deepEqual([ready.status, JSON.parse(ready.text)], [200, { status: 'ready' }]);
    });
  });

  it('is not ready while draining, and then no pipeline is made', async () => {
    await withServer({ drainSeconds: 3600 }, async (server) => {
      const create = ['create', { type: 'MediaPipeline', sessionId: 'one' }] as const;
      const [created] = await talk(server.wsUrl, [create]);
      const drained = server.drain();
      const ready = await get(server, '/health/ready');
      assert.deepEqual(
        [ready.status, JSON.parse(ready.text)],
        [503, { status: 'not ready', reason: 'draining' }],
      );
      assert.equal((await get(server, '/health/live')).status, 200);
      const object = created!['result']!['value'];
      const [refused, released] = await talk(server.wsUrl, [
        ['create', { type: 'MediaPipeline', sessionId: 'two' }],
        ['release', { object, sessionId: 'two' }],
      ]);
      assert.equal(refused!['error']!['code'], 40009);
      assert.ok('result' in released!);
      // The last pipeline is gone: no need to wait for the hour to pass.
      await drained;
    });
  });
});

describe('/metrics', () => {
  it('tells what the server holds and answers', async () => {
    await withServer({}, async (server) => {
      const socket = new WebSocket(server.wsUrl);
      await once(socket, 'open');
      await talk(server.wsUrl, [
        ['create', { type: 'MediaPipeline', sessionId: 'one' }],
        ['create', { type: 'NoSuch', sessionId: 'one' }],
        ['ping', {}],
        ['invented-by-a-client', {}],
      ]);
      const { status, type, text } = await get(server, '/metrics');
      assert.equal(status, 200);
      assert.match(type, /^text\/plain; version=0\.0\.4/);
      assert.equal(figure(text, 'rivero_websockets'), 1);
      assert.equal(figure(text, 'rivero_sessions'), 1);
      assert.equal(figure(text, 'rivero_objects{type="kurento.MediaPipeline"}'), 1);
      const duration = 'rivero_request_duration_seconds_count';
      assert.equal(figure(text, `${duration}{method="create",outcome="ok"}`), 1);
      assert.equal(figure(text, `${duration}{method="create",outcome="40108"}`), 1);
      assert.equal(figure(text, `${duration}{method="unknown",outcome="-32601"}`), 1);
      assert.ok(!text.includes('invented-by-a-client'));
      assert.ok(figure(text, 'rivero_event_loop_delay_seconds{quantile="0.99"}') >= 0);
      assert.ok(figure(text, 'rivero_process_cpu_seconds_total{process="control"}') > 0);
      assert.ok(figure(text, 'rivero_process_resident_memory_bytes{process="control"}') > 1e7);
      socket.close();
    });
  });

  it('tells what each router does', async () => {
    await withServer({ routers: 1 }, async (server) => {
      const { text } = await get(server, '/metrics');
      const [link] = server.context.media.pool.links;
      assert.ok(link !== undefined);
      const router = `router="${link.ready.udpPort}"`;
      for (const name of [
        'transports',
        'producers',
        'consumers',
        'packets_received_total',
        'bytes_sent_total',
      ]) {
        assert.equal(figure(text, `rivero_router_${name}{${router}}`), 0, name);
      }
      assert.equal(figure(text, `rivero_router_events_total{${router},event="datagramsReceived"}`), 0);
      assert.ok(
        figure(text, `rivero_process_resident_memory_bytes{process="router ${link.ready.udpPort}"}`) > 1e7,
      );
      const again = await get(server, '/metrics');
      assert.equal(figure(again.text, `rivero_router_packets_received_total{${router}}`), 0);
    });
  });

  it('may be turned off', async () => {
    await withServer({ metrics: false }, async (server) =>
      assert.equal((await get(server, '/metrics')).status, 404),
    );
  });
});

describe('the audit log', () => {
  const file = join(directory, 'audit', 'audit.log');

  it('has a line for every request, inner ones included: who, what, object, outcome, duration', async () => {
    const token = 'a-token-of-the-audit-test';
    const auth = { tokens: [{ token, name: 'front desk', scopes: ['create'] }] };
    await withServer({ audit: { file }, auth }, async (server) => {
      const operations = [{ jsonrpc: '2.0', id: 0, method: 'create', params: { type: 'MediaPipeline' } }];
      const [reply] = await talk(`${server.wsUrl}?access_token=${token}`, [
        ['transaction', { operations, sessionId: 'desk' }],
        ['invoke', { object: 'manager_ServerManager', operation: 'getSessions', sessionId: 'desk' }],
        ['describe', { object: 'x'.repeat(10_000), sessionId: 'desk' }],
      ]);
      assert.ok('result' in reply!);
    });
    const text = readFileSync(file, 'utf8');
    assert.ok(!text.includes(token));
    const lines: Json[] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map((line) => [line['who'], line['session'], line['method'], line['outcome'], line['code']]),
      [
        ['front desk', 'desk', 'create', 'ok', undefined],
        ['front desk', 'desk', 'transaction', 'ok', undefined],
        ['front desk', 'desk', 'invoke', 'error', -32001],
        ['front desk', 'desk', 'describe', 'error', 40101],
      ],
    );
    const [create, , invoke, describe_] = lines;
    assert.equal(create!['type'], 'MediaPipeline');
    assert.deepEqual([invoke!['object'], invoke!['operation']], ['manager_ServerManager', 'getSessions']);
    assert.equal(describe_!['object']?.length, 512);
    for (const line of lines) {
      assert.match(textOf(line['time']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.ok(Number(line['durationMs']) >= 0);
      assert.match(textOf(line['address']), /127\.0\.0\.1$/);
    }
  });

  it('goes on in a new file after the old one was moved away', async () => {
    const moved = join(directory, 'moved.log');
    await withServer({ audit: { file } }, async (server) => {
      await talk(server.wsUrl, [['ping', {}]]);
      // Written at the latest a second later; here by the new file.
      renameSync(file, moved);
      server.reload();
      await talk(server.wsUrl, [['ping', {}]]);
    });
    const all = readFileSync(moved, 'utf8') + readFileSync(file, 'utf8');
    assert.equal(all.match(/"method":"ping"/g)?.length, 2);
    assert.match(readFileSync(file, 'utf8'), /ping/);
  });

  it('does not let the server start where it cannot be written', async () => {
    await assert.rejects(startServer({ ...base, audit: { file: '/dev/null/audit.log' } }), /'audit\.file'/);
  });

  it('loses lines instead of waiting for a slow disk, and says how many', async () => {
    const audit = await AuditLog.open('/dev/full', pino({ enabled: false }));
    const request = { kind: 'request', id: 1, method: 'x'.repeat(512), params: {} } as const;
    const requester = { send: () => {}, spareSessionId: '', sessionIds: new Set<string>(), open: true };
    const report = { request, requester, sessionId: undefined, durationMs: 0, error: undefined };
    for (let i = 0; i < 50_000; i++) audit.finished(report);
    assert.ok(audit.dropped > 0, String(audit.dropped));
    await audit.close();
  });
});

/** A log and the lines that went to it. */
function recorded(level: string): { log: Logger; lines: Json[] } {
  const lines: Json[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}

describe('debug namespaces', () => {
  const cases: [string, string, boolean][] = [
    ['rivero:rpc', 'rivero:rpc', true],
    ['rivero:rpc', 'rivero:http', false],
    ['rivero:*', 'rivero:http', true],
    ['*', 'rivero:http', true],
    ['a,rivero:http b', 'rivero:http', true],
    ['rivero:*,-rivero:http', 'rivero:http', false],
    ['', 'rivero:rpc', false],
    ['rivero:r', 'rivero:rpc', false],
  ];
  for (const [namespaces, name, expected] of cases) {
    it(`${expected ? 'open' : 'do not open'} ${name} with '${namespaces}'`, () => {
      assert.equal(isDebugged(namespaces, name), expected);
    });
  }

  it('open one subsystem and leave the others as they are', () => {
    const { log, lines } = recorded('warn');
    subsystemLog(log, 'rpc', 'rivero:rpc').trace('seen');
    subsystemLog(log, 'http', 'rivero:rpc').trace('not seen');
    assert.deepEqual(
      lines.map((line) => [line['subsystem'], line['msg']]),
      [['rpc', 'seen']],
    );
  });
});

describe('the log', () => {
  it('has every message at level trace, without secrets, and is quiet at level info', async () => {
    const loud = recorded('trace');
    const turnUrl = 'user:swordfish@192.0.2.1:3478';
    const messages: [string, object][] = [
      ['create', { type: 'MediaPipeline', sessionId: 'one' }],
      ['invoke', { object: 'x', operation: 'setTurnUrl', operationParams: { turnUrl }, sessionId: 'one' }],
      [
        'invoke',
        {
          object: 'x',
          operation: 'processOffer',
          operationParams: { offer: 'v=0\r\na=ice-pwd:swordfish\r\n' },
        },
      ],
    ];
    await withServer({ log: loud.log }, ({ wsUrl }) =>
      talk(`${wsUrl}?access_token=swordfish`, messages).then(() => {}),
    );
    const rpc = loud.lines.filter((line) => JSON.stringify(line['subsystem']) === '"rpc"');
    assert.deepEqual(
      rpc.map((line) => line['msg']),
      ['in', 'out', 'in', 'out', 'in', 'out'],
    );
    assert.ok(!JSON.stringify(loud.lines).includes('swordfish'));

    const quiet = recorded('info');
    await withServer({ log: quiet.log }, ({ wsUrl }) => talk(wsUrl, messages).then(() => {}));
    assert.deepEqual(quiet.lines, []);
  });
});

describe('maskSecrets', () => {
  const cases: [string, string][] = [
    ['a=ice-pwd:abc+/def\r\na=x', 'a=ice-pwd:***\r\na=x'],
    ['{"o":"a=ice-pwd:abc\\r\\na=x"}', '{"o":"a=ice-pwd:***\\r\\na=x"}'],
    [
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***|2^20',
    ],
    ['{"password":"abc","n":1}', '{"password":"***","n":1}'],
    ['{\\"token\\": \\"abc\\"}', '{\\"token\\": \\"***\\"}'],
    ['{"turnURL":"turn:me:abc@h"}', '{"turnURL":"***"}'],
    ['rtsp://me:abc@camera/1', 'rtsp://me:***@camera/1'],
    ['"me:abc@192.0.2.1:3478"', '"me:***@192.0.2.1:3478"'],
    ['/kurento?access_token=abc&x=1', '/kurento?access_token=***&x=1'],
    ['Bearer abc.def-_~+/=', 'Bearer ***'],
    ['{"id":1,"method":"ping"}', '{"id":1,"method":"ping"}'],
    ['o=- 1 1 IN IP4 127.0.0.1', 'o=- 1 1 IN IP4 127.0.0.1'],
  ];
  for (const [text, masked] of cases) {
    it(`turns ${JSON.stringify(text)} into ${JSON.stringify(masked)}`, () => {
      assert.equal(maskSecrets(text), masked);
    });
  }

  it('takes no long time over long texts', () => {
    const startMs = performance.now();
    for (const text of ['a'.repeat(1e6), 'a:'.repeat(5e5), '"key":"'.repeat(1e5), 'a=crypto:'.repeat(1e5)])
      maskSecrets(text);
    assert.ok(performance.now() - startMs < 2000, `${performance.now() - startMs} ms`);
  });
});
