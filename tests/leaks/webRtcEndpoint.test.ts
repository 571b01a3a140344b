/**
 * Nothing is left behind: objects, descriptors, threads and memory of every process, before and after 2,000 endpoints.
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Control } from '../interop/harness/Control.ts';
import { eventually } from '../interop/harness/PagePeer.ts';
import { RiveroProcess } from '../interop/harness/RiveroProcess.ts';

/** What one process holds, as /proc tells it. */
interface Holdings {
  readonly descriptors: number;
  readonly threads: number;
  /** Resident memory, MiB. */
  readonly memoryMib: number;
}

/** Endpoints created and released between the two looks, and before the first, so that caches are filled. */
const rounds = 2000;
const warmUpRounds = 1000;

/** Growth that is no leak: the heap breathes by some MiB between collections. A leaked endpoint would be some kB. */
const memoryGrowthMib = 16;

function holdingsOf(pid: number): Holdings {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: read('Threads'),
    memoryMib: read('VmRSS') / 1024,
  };
}

/** Creates and releases endpoints that have offered and gathered, twenty at a time. */
async function churn(control: Control, pipeline: string, count: number): Promise<void> {
  const once = async (): Promise<void> => {
    const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    await control.invoke(endpoint, 'generateOffer');
    await control.invoke(endpoint, 'gatherCandidates');
    await control.invoke(endpoint, 'connect', { sink: endpoint });
    await control.release(endpoint);
  };
  for (let done = 0; done < count; done += 20) await Promise.all(Array.from({ length: 20 }, once));
}

describe('2,000 WebRtcEndpoints created and released', () => {
  it('leave objects, descriptors, threads and memory of control and router where they were', async () => {
    await using rivero = await RiveroProcess.start({ args: ['--routers', '1'] });
    using control = await Control.open(rivero.wsUrl);
    const pipeline = await control.create('MediaPipeline');
    const processes = [rivero.pid, ...rivero.descendants];
    assert.ok(processes.length >= 2, 'a control and a router process');

    await churn(control, pipeline, warmUpRounds);
    const before = processes.map(holdingsOf);
    await churn(control, pipeline, rounds);
    assert.deepEqual(await control.invoke(pipeline, 'getChildren'), []);
    for (const [index, pid] of processes.entries()) {
      const first = before[index]!;
      // The last transports close after their release is answered.
      const last = await eventually(
        `descriptors and threads of process ${index}, first ${JSON.stringify(first)}`,
        () => holdingsOf(pid),
        ({ descriptors, threads }) => descriptors <= first.descriptors && threads <= first.threads,
      );
      console.log(`process ${index}: before ${JSON.stringify(first)} after ${JSON.stringify(last)}`);
      assert.ok(last.memoryMib - first.memoryMib < memoryGrowthMib, `process ${index}: memory grew`);
    }
  });

  it('leave nothing when the pipeline is released with its endpoints', async () => {
    await using rivero = await RiveroProcess.start({ args: ['--routers', '1'] });
    using control = await Control.open(rivero.wsUrl);
    const processes = [rivero.pid, ...rivero.descendants];
    const before = processes.map(holdingsOf);
    for (let round = 0; round < 20; round++) {
      const pipeline = await control.create('MediaPipeline');
      await Promise.all(
        Array.from({ length: 20 }, () => control.create('WebRtcEndpoint', { mediaPipeline: pipeline })),
      );
      await control.release(pipeline);
    }
    assert.deepEqual(await control.invoke('manager_ServerManager', 'getPipelines'), []);
    for (const [index, pid] of processes.entries()) {
      await eventually(
        `descriptors of process ${index}`,
        () => holdingsOf(pid).descriptors,
        (descriptors) => descriptors <= before[index]!.descriptors,
      );
    }
  });
});
