/**
 * How the server process ends: by a second signal, and by itself; spec 4.1 and 4.7.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerProcess } from './ServerProcess.ts';

/** Runs `body` with a server process that has `settings` in its file. */
async function withServer(settings: unknown, body: (server: ServerProcess) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rivero-'));
  const file = join(directory, 'rivero.config.json');
  await writeFile(file, JSON.stringify(settings));
  const server = await ServerProcess.start(['--config', file]);
  try {
    await body(server);
  } finally {
    if (server.child.exitCode === null && server.child.signalCode === null) await server.ended('SIGKILL');
    await rm(directory, { recursive: true });
  }
}

/** A socket on which a pipeline was created, and the id of that. */
async function createPipeline(url: string): Promise<{ socket: WebSocket; id: string }> {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const reply = new Promise<string>((resolve) =>
    socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true }),
  );
  socket.send('{"jsonrpc":"2.0","id":1,"method":"create","params":{"type":"MediaPipeline","sessionId":"s"}}');
  return { socket, id: JSON.parse(await reply).result.value };
}

describe('the server process', () => {
  for (const [signal, exitCode] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`ends at once at a second ${signal}, but not because the first comes twice`, async () => {
      await withServer({ drainSeconds: 3600 }, async (server) => {
        const { socket } = await createPipeline(server.wsUrl);
        server.child.kill(signal);
        server.child.kill(signal);
        // Longer than the same signal may take on two ways.
        await delay(400);
        assert.equal(server.child.exitCode, null, 'waits for the pipeline to end');
        const startMs = performance.now();
        const { code } = await server.ended(signal);
        assert.equal(code, exitCode);
        assert.ok(performance.now() - startMs < 2000);
        socket.close();
      });
    });
  }

  it('ends itself in order above killLimit, when the last object has gone', async () => {
    await withServer({ resources: { killLimit: 1e-9 } }, async (server) => {
      const { socket, id } = await createPipeline(server.wsUrl);
      await delay(50);
      assert.equal(server.child.exitCode, null);
      const params = { object: id, sessionId: 's' };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'release', params }));
      const { code, stderr } = await server.ended();
      assert.equal(code, 0);
      assert.match(stderr, /no object is alive and resources are used up/);
    });
  });
});
