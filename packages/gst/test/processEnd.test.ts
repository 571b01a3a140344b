/**
 * How a media host ends: killed, hung, closed, orphaned.
 * @module
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HostError, type HostErrorType } from '../src/HostError.ts';
import { eventually, startHost } from './TestHost.ts';

const picture = 'videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=30/1';

function refusal(type: HostErrorType, message: RegExp = /./): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.type === type && message.test(error.message);
}

describe('HostProcess end', () => {
  it('is told within a second of SIGKILL, and pending operations fail', async () => {
    const test = await startHost();
    await test.host.request('launch', { branchId: 'a', text: `${picture} ! fakesink` });
    const pending = assert.rejects(
      Promise.all(Array.from({ length: 200 }, () => test.host.request('dump', {}))),
      refusal('HOST_GONE', /SIGKILL/),
    );
    const startedMs = performance.now();
    process.kill(test.host.pid, 'SIGKILL');
    await eventually(() => test.exit !== undefined, 'exit', 1000);
    assert.ok(performance.now() - startedMs < 1000);
    assert.equal(test.exit, 'SIGKILL');
    await pending;
    await assert.rejects(test.host.request('ping', {}), refusal('HOST_GONE'));
  });

  it('comes within the deadline when it hangs, asked or not', async () => {
    for (const asked of [true, false]) {
      const test = await startHost({ deadlineMs: 1500, pingIntervalMs: 100 });
      process.kill(test.host.pid, 'SIGSTOP');
      if (asked) {
        await assert.rejects(
          test.host.request('dump', {}),
          refusal('HOST_GONE', /'(dump|ping)' was not answered/),
        );
      }
      await eventually(() => test.exit !== undefined, 'exit', 4000);
      assert.match(test.exit ?? '', /not answered within 1500 ms/);
      await eventually(() => !existsSync(`/proc/${test.host.pid}`), 'the process is gone', 2000);
    }
  });

  it('is not told after close, which leaves no process', async () => {
    const test = await startHost();
    await test.host.request('launch', { branchId: 'a', text: `${picture} ! fakesink` });
    await test.host.close();
    assert.equal(test.exit, undefined);
    assert.equal(existsSync(`/proc/${test.host.pid}`), false);
    await assert.rejects(test.host.request('ping', {}), refusal('HOST_GONE'));
  });

  it('comes when its parent dies, also when it hangs', async () => {
    const parent = fork(new URL('./orphan.ts', import.meta.url), { stdio: ['ignore', 2, 2, 'ipc'] });
    const [pid] = (await once(parent, 'message')) as [number];
    assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /hostMain/);
    process.kill(pid, 'SIGSTOP');
    parent.kill('SIGKILL');
    await eventually(() => !existsSync(`/proc/${pid}`), 'the host is gone', 3000);
  });
});
