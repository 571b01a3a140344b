/**
 * Resource limits: 40009 while something runs short, the end of a server that leaks; spec 4.1.
 * @module
 */
import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { beforeEach, describe, it } from 'node:test';
import { KurentoError } from '@rivero/model';
import { pino } from 'pino';
import { MachineReader } from '../src/resources/MachineReader.ts';
import { ResourceGuard, type MachineUsage } from '../src/resources/ResourceGuard.ts';
import { makeCore, TestClient } from './harness.ts';

let nowMs: number;
let looks: number;
let usage: MachineUsage;
let terminated: number;
beforeEach(() => {
  nowMs = 1_000_000;
  looks = 0;
  terminated = 0;
  usage = { exhaustible: [], routerCpu: [] };
});

function guard(config: { exceptionLimit: number; killLimit?: number; cpuLimit?: number }): ResourceGuard {
  return new ResourceGuard({
    config,
    readUsage: async () => {
      looks++;
      return usage;
    },
    clock: { nowMs: () => nowMs },
    log: pino({ enabled: false }),
    terminate: () => terminated++,
  });
}

/** The error with which `admit` refuses; undefined if it does not. */
async function refusal(guarded: ResourceGuard): Promise<KurentoError | undefined> {
  try {
    await guarded.admit();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof KurentoError);
    return error;
  }
}

describe('exceptionLimit', () => {
  const files = (share: number): MachineUsage => ({
    exhaustible: [{ what: 'the open files of process 7', share }],
    routerCpu: [],
  });

  for (const [share, refused] of [
    [0, false],
    [0.8, false],
    [0.801, true],
    [1, true],
  ] as const) {
    it(`${refused ? 'refuses' : 'admits'} at ${share} of 0.8`, async () => {
      usage = files(share);
      assert.equal((await refusal(guard({ exceptionLimit: 0.8 })))?.code, refused ? 40009 : undefined);
    });
  }

  it('looks at the machine at most once per second, and sees when it is better', async () => {
    const guarded = guard({ exceptionLimit: 0.5 });
    usage = files(0.9);
    const all = await Promise.all(Array.from({ length: 100 }, () => refusal(guarded)));
    assert.ok(all.every((error) => error?.type === 'NOT_ENOUGH_RESOURCES'));
    assert.equal(all[0]?.message, 'Too many resources in use: 90 % of the open files of process 7');
    usage = files(0.1);
    nowMs += 999;
    assert.ok(await refusal(guarded));
    assert.equal(looks, 1);
    nowMs += 1;
    assert.equal(await refusal(guarded), undefined);
    assert.equal(looks, 2);
  });

  it('makes create answer 40009 and leaves everything else alone', async () => {
    let short = false;
    const core = makeCore({
      admitObject: () => {
        if (short) throw new KurentoError('NOT_ENOUGH_RESOURCES', 'Too many resources in use');
      },
    });
    const client = new TestClient(core);
    const mediaPipeline = await client.create('MediaPipeline', {}, 's');
    short = true;
    assert.deepEqual(
      (await client.ask('create', { type: 'PassThrough', constructorParams: { mediaPipeline } }))['error'],
      {
        code: 40009,
        data: { type: 'NOT_ENOUGH_RESOURCES' },
        message: 'Too many resources in use',
      },
    );
    assert.equal(await client.invoke(mediaPipeline, 'getName'), mediaPipeline);
    await client.call('release', { object: mediaPipeline });
  });
});

describe('cpuLimit', () => {
  it('counts the least busy router, and nothing by default', async () => {
    usage = { exhaustible: [], routerCpu: [1, 0.7] };
    assert.equal(await refusal(guard({ exceptionLimit: 0.1 })), undefined);
    assert.equal(await refusal(guard({ exceptionLimit: 0.8, cpuLimit: 0.7 })), undefined);
    assert.equal(
      (await refusal(guard({ exceptionLimit: 0.8, cpuLimit: 0.6 })))?.message,
      'Too many resources in use: 70 % of a core by each router',
    );
  });
});

describe('killLimit', () => {
  it('ends a server without objects that uses more, once', async () => {
    usage = { exhaustible: [{ what: 'the memory', share: 0.71 }], routerCpu: [] };
    const guarded = guard({ exceptionLimit: 0.8, killLimit: 0.7 });
    await guarded.checkIdle();
    await guarded.checkIdle();
    assert.equal(terminated, 1);
  });

  it('does nothing below it, and nothing unless it is set', async () => {
    usage = { exhaustible: [{ what: 'the memory', share: 0.7 }], routerCpu: [] };
    await guard({ exceptionLimit: 0.8, killLimit: 0.7 }).checkIdle();
    await guard({ exceptionLimit: 0.1 }).checkIdle();
    assert.equal(terminated, 0);
  });
});

describe('MachineReader', () => {
  it('sees the open files of this process come and go, and its memory', async () => {
    const reader = new MachineReader(
      () => [],
      () => nowMs,
    );
    const share = async (): Promise<number> => (await reader.read()).exhaustible[0]?.share ?? 0;
    const before = await share();
    const files = await Promise.all(Array.from({ length: 50 }, () => open('/dev/null')));
    const during = await share();
    await Promise.all(files.map((file) => file.close()));
    assert.ok(before > 0 && during > before && during < 1, `${before} ${during}`);
    assert.ok((await share()) < during);
    const memory = (await reader.read()).exhaustible.at(-1);
    assert.ok(memory?.what === 'the memory' && memory.share > 0 && memory.share < 1);
  });

  it('measures CPU between two readings, and skips processes that are gone', async () => {
    const reader = new MachineReader(
      () => [process.pid, 2 ** 22 + 1],
      () => performance.now(),
    );
    assert.deepEqual((await reader.read()).routerCpu, [0, 0]);
    const untilMs = performance.now() + 60;
    while (performance.now() < untilMs);
    const [own = 0, gone] = (await reader.read()).routerCpu;
    assert.ok(own > 0.1, String(own));
    assert.equal(gone, 0);
  });
});
