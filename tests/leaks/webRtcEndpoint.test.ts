/**
 * Nothing is left behind: objects, descriptors, threads and memory of control and router, before and after many endpoints.
 *
 * Control runs in this process, where its heap can be collected and measured; the router is a process of its own, as
 * always, and is measured by what the system says of it.
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type RunningServer, startServer } from '@rivero/server';
import { Control } from '../interop/harness/Control.ts';
import { joinBySdp } from '../interop/harness/loopback.ts';
import { eventually } from '../interop/harness/PagePeer.ts';

/** Growth of the heap of control that is no leak, MiB: caches and compiled code. Measured after a full collection. */
const heapGrowthMib = 2;
/** Growth of a router process that is no leak, MiB: its heap breathes between collections. */
const routerGrowthMib = 16;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What one process holds. */
interface Holdings {
  readonly descriptors: number;
  readonly threads: number;
  /** Used heap after a collection for this process, resident memory for another; MiB. */
  readonly memoryMib: number;
}

function holdingsOf(pid: number): Holdings {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const ours = pid === process.pid;
  if (ours) collectGarbage();
  const bytes = ours ? process.memoryUsage().heapUsed : read('VmRSS') * 1024;
  const descriptors = readdirSync(`/proc/${pid}/fd`).length;
  return { descriptors, threads: read('Threads'), memoryMib: Math.round(bytes / 104_857.6) / 10 };
}

/** Uses a connection of its own, so that nothing of the client is left when it ends. */
async function withPipeline(
  { wsUrl }: RunningServer,
  use: (control: Control, pipeline: string) => Promise<void>,
): Promise<void> {
  using control = await Control.open(wsUrl);
  const pipeline = await control.create('MediaPipeline');
  await use(control, pipeline);
  assert.deepEqual(await control.invoke(pipeline, 'getChildren'), []);
  await control.release(pipeline);
}

/** An endpoint that offers, gathers and is connected, but has no peer. */
async function offerOnce(control: Control, pipeline: string): Promise<void> {
  const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
  await control.invoke(endpoint, 'generateOffer');
  await control.invoke(endpoint, 'gatherCandidates');
  await control.invoke(endpoint, 'connect', { sink: endpoint });
  await control.release(endpoint);
}

/** Two endpoints that are joined by SDP until ICE and DTLS are up. */
async function joinOnce(control: Control, pipeline: string): Promise<void> {
  const create = (): Promise<string> => control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
  const [offerer, answerer] = [await create(), await create()];
  const { promise, resolve } = Promise.withResolvers<void>();
  await control.on(
    offerer,
    'ConnectionStateChanged',
    ({ newState }) => newState === 'CONNECTED' && resolve(),
  );
  await joinBySdp(control, offerer, answerer);
  await promise;
  await control.release(offerer);
  await control.release(answerer);
}

interface Load {
  readonly name: string;
  readonly once: (control: Control, pipeline: string) => Promise<void>;
  /** Times before the first look; the heap of a router stands still after these. */
  readonly warmUp: number;
  /** Times between the two looks. */
  readonly times: number;
}

const loads: readonly Load[] = [
  { name: '5,000 endpoints that offered', once: offerOnce, warmUp: 20_000, times: 5000 },
  { name: '1,000 pairs of endpoints that were connected', once: joinOnce, warmUp: 2000, times: 1000 },
];

async function run(server: RunningServer, { once }: Load, times: number): Promise<void> {
  await withPipeline(server, async (control, pipeline) => {
    const width = 20;
    for (let done = 0; done < times; done += width) {
      await Promise.all(Array.from({ length: width }, () => once(control, pipeline)));
    }
  });
}

/** Fails unless a process holds what it held before, and little more memory. */
async function assertNothingLeft(
  name: string,
  pid: number,
  first: Holdings,
  growthMib: number,
): Promise<void> {
  // The last sockets and transports close after the answer to their release.
  const last = await eventually(
    `${name}: descriptors and threads, first ${JSON.stringify(first)}`,
    () => holdingsOf(pid),
    ({ descriptors, threads }) => descriptors <= first.descriptors && threads <= first.threads,
  );
  console.log(`${name}: before ${JSON.stringify(first)} after ${JSON.stringify(last)}`);
  assert.ok(last.memoryMib - first.memoryMib < growthMib, `${name}: memory grew, ${JSON.stringify(last)}`);
}

describe('released', () => {
  for (const load of loads) {
    it(`${load.name} leave nothing in control and router`, async () => {
      const server = await startServer({
        port: 0,
        udpPort: 0,
        host: '127.0.0.1',
        routers: 1,
        interfaces: ['lo'],
        // Answers are remembered for 20 s, within a bound; that is no leak, but would look like one here.
        disableRequestCache: true,
      });
      try {
        const [router] = server.context.media.pool.links;
        assert.ok(router !== undefined);
        // Packet memory that the shared sockets of a router hold for its whole life.
        const { memoryBytes: memoryOfSockets } = await router.request('dump', {});
        await run(server, load, load.warmUp);
        const before = { control: holdingsOf(process.pid), router: holdingsOf(router.pid) };
        await run(server, load, load.times);
        await assertNothingLeft('control', process.pid, before.control, heapGrowthMib);
        await assertNothingLeft('router', router.pid, before.router, routerGrowthMib);
        const { transports, producers, consumers, memoryBytes } = await router.request('dump', {});
        assert.deepEqual(
          { transports, producers, consumers, memoryBytes },
          { transports: 0, producers: 0, consumers: 0, memoryBytes: memoryOfSockets },
        );
        assert.deepEqual(server.context.registry.pipelines, []);
      } finally {
        await server.close();
      }
    });
  }
});
