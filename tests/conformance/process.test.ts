/**
 * The server as a process: its one line, its signals, its complaints; spec 4.7.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerProcess } from './ServerProcess.ts';

/** Ids of the direct children of a process. */
async function childrenOf(pid: number): Promise<number[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the server process', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints one line when ready and ends cleanly on ${signal}, children and pipelines included`, async () => {
      const server = await ServerProcess.start();
      const pid = server.child.pid ?? 0;
      const socket = new WebSocket(server.wsUrl);
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      const created = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
      socket.send('{"jsonrpc":"2.0","method":"create","params":{"type":"MediaPipeline"},"id":1}');
      await created;
      const children = await childrenOf(pid);
      const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
      const startMs = performance.now();
      const { code, stdout } = await server.ended(signal);
      assert.equal(code, 0);
      assert.ok(performance.now() - startMs < 5000);
      assert.equal((await closed).code, 1001);
      assert.equal(stdout.length, 1);
      assert.match(
        stdout[0] ?? '',
        /^rivero ready ws:\/\/127\.0\.0\.1:\d+\/kurento http:\/\/127\.0\.0\.1:\d+\/$/,
      );
      assert.deepEqual(children.filter(isAlive), []);
    });
  }

  it('explains itself', async () => {
    const server = new ServerProcess(['--help']);
    await assert.rejects(server.ready(), /did not start/);
    const { code, stdout } = await server.ended();
    assert.equal(code, 0);
    assert.match(stdout.join('\n'), /--udp-port/);
  });

  it('refuses wrong settings with status 2 and the name of the setting', async () => {
    const server = new ServerProcess(['--port', 'many']);
    await assert.rejects(server.ready(), /'port'/);
    assert.equal((await server.ended()).code, 2);
  });

  it('does not start on a port that is taken, and leaves no child behind', async () => {
    const first = await ServerProcess.start();
    try {
      const { port } = new URL(first.httpUrl);
      const second = new ServerProcess([
        '--port',
        port,
        '--udp-port',
        '0',
        '--host',
        '127.0.0.1',
        '--routers',
        '1',
      ]);
      await assert.rejects(second.ready(), /EADDRINUSE/);
      assert.equal((await second.ended()).code, 1);
    } finally {
      await first.ended('SIGTERM');
    }
  });
});
