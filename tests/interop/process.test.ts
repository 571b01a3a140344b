/**
 * The server as users start it, through npm, and what happens when one of its processes dies. What the command line
 * itself does is in tests/conformance/process.test.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { Control } from './harness/Control.ts';
import { assertPlays, eventually, PagePeer } from './harness/PagePeer.ts';
import { commandLineOf, isAlive, RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';
import { loopback } from './harness/loopback.ts';

/** Processes below the server that carry media. */
function routersOf(rivero: RiveroProcess): number[] {
  return rivero.descendants.filter((pid) => commandLineOf(pid).includes('datapath'));
}

describe('npm start', () => {
  it('prints the ready line once and nothing else of ours on standard output', async () => {
    await using rivero = await RiveroProcess.start({ byNpm: true });
    await delay(500);
    const lines = rivero.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('> '));
    assert.equal(lines.length, 1, rivero.stdout);
    assert.match(lines[0] ?? '', /^rivero ready ws:\/\/\S+:\d+\/kurento http:\/\/\S+:\d+\/$/);
    assert.equal((await fetch(rivero.httpUrl)).status, 200);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with all its processes within 5 s of a ${signal} to npm, with pipelines open`, async () => {
      await using rivero = await RiveroProcess.start({ byNpm: true });
      using control = await Control.open(rivero.wsUrl);
      const pipeline = await control.create('MediaPipeline');
      await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
      const processes = rivero.descendants;
      assert.ok(routersOf(rivero).length > 0, processes.map(commandLineOf).join('\n'));

      const startedMs = performance.now();
      process.kill(rivero.pid, signal);
      await rivero.exited;
      await eventually(
        'all ended',
        () => processes.filter(isAlive),
        (alive) => alive.length === 0,
        5000,
      );
      assert.ok(performance.now() - startedMs < 5000, `took ${performance.now() - startedMs} ms`);
    });
  }
});

describe('a server process', () => {
  it('starts under node --watch, whose children are asked to report modules on their channel', async () => {
    await using rivero = await RiveroProcess.start({ env: { WATCH_REPORT_DEPENDENCIES: '1' } });
    assert.ok(routersOf(rivero).length > 0);
  });

  it('takes its router processes along when it is killed', async () => {
    await using rivero = await RiveroProcess.start();
    const routers = routersOf(rivero);
    assert.ok(routers.length > 0);
    process.kill(rivero.pid, 'SIGKILL');
    await eventually(
      'routers ended',
      () => routers.filter(isAlive),
      (alive) => alive.length === 0,
      5000,
    );
  });
});

describe('a killed router process', () => {
  it('raises Error on its pipelines; new pipelines work at once, with media', async () => {
    await using rivero = await RiveroProcess.start({ args: ['--routers', '1'] });
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const page = await browser.open();
    const before = await loopback(control, await PagePeer.create(page));
    await assertPlays(() => before.peer.figures(), 1);
    const errors: Readonly<Record<string, unknown>>[] = [];
    await control.on(before.pipeline, 'Error', (data) => errors.push(data));

    const [router] = routersOf(rivero);
    assert.ok(router !== undefined);
    process.kill(router, 'SIGKILL');

    const after = await loopback(control, await PagePeer.create(page));
    await assertPlays(() => after.peer.figures(), 2);
    await eventually(
      'Error event',
      () => errors.length,
      (count) => count > 0,
    );
    assert.equal(typeof errors[0]?.['description'], 'string');
    await control.release(before.pipeline);
    await control.release(after.pipeline);
  });
});
