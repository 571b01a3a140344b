/**
 * What a media host costs: start, launch on a spare, a property over IPC, and a VP8 640x480@30 re-encode.
 *
 * `npm run bench host`. Needs GStreamer. The stream goes from one host through this process, in the router's place, to a
 * second host that decodes and encodes it.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeText,
  encodeText,
  encoderName,
  HostPool,
  HostProcess,
  mediaCodec,
  type SocketRequest,
} from '@rivero/gst';
import { FrameReader, FrameWriter } from '@rivero/rtp';

const silent = { onEvent: () => undefined, onExit: () => undefined };
const picture = 'video/x-raw,width=640,height=480,framerate=30/1';
const stream = { name: 'v', rtp: 'rtp', rtcp: 'rtcp', payloadType: 96, bitrateBps: 1_000_000 };

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Median time of `count` runs, milliseconds. */
async function timeMs(count: number, run: (i: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const startMs = performance.now();
    await run(i);
    times.push(performance.now() - startMs);
  }
  return median(times);
}

/** Resident and private memory of a process, MB. */
function memoryOf(pid: number): string {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const sum = (pattern: RegExp): number =>
    [...text.matchAll(pattern)].reduce((total, [, kilobytes]) => total + Number(kilobytes) / 1000, 0);
  return `${sum(/^Rss: +(\d+)/gm).toFixed(0)} / ${sum(/^Private_\w+: +(\d+)/gm).toFixed(0)}`;
}

/** A listener in the router's place, which sends what arrives on one connection out of another. */
class Relay {
  readonly path: string;
  packets = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'rivero-bench-'));
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #writers = new Map<string, FrameWriter>();
  readonly #sockets = new Set<Socket>();
  readonly #routes: ReadonlyMap<string, string>;

  constructor(routes: ReadonlyMap<string, string>) {
    this.#routes = routes;
    this.path = join(this.#folder, 'router.sock');
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.path, resolve);
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.#folder, { recursive: true });
  }

  sockets(branch: string): SocketRequest[] {
    return ['in-rtp', 'in-rtcp', 'out-rtp', 'out-rtcp'].map((name) => ({
      name,
      path: this.path,
      streamId: `${branch}/${name}`,
    }));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const outlet = {
      waitingBytes: () => socket.writableLength,
      write: (bytes: Uint8Array) => socket.write(bytes),
    };
    let route: string | undefined;
    const reader = new FrameReader((packet) => {
      if (route === undefined) {
        const streamId = new TextDecoder().decode(packet);
        this.#writers.set(streamId, new FrameWriter(outlet, 1_000_000));
        route = this.#routes.get(streamId) ?? '';
        return;
      }
      this.packets++;
      this.#writers.get(route)?.add(packet);
    });
    socket.on('data', (bytes: Uint8Array) => {
      reader.push(bytes);
      if (route !== undefined) this.#writers.get(route)?.flush();
    });
    socket.on('error', () => undefined);
  }
}

/** CPU of a host that decodes and encodes VP8 640x480@30, percent of one core. */
async function reencodeCpuPercent(seconds: number): Promise<{ decode: number; both: number }> {
  const vp8 = mediaCodec('VP8');
  if (vp8 === undefined) throw new Error('VP8 is not in the table');
  const relay = new Relay(
    new Map([
      ['source/out-rtp', 'sink/in-rtp'],
      ['source/out-rtcp', 'sink/in-rtcp'],
      ['sink/in-rtcp', 'source/out-rtcp'],
    ]),
  );
  await relay.open();
  const [source, sink] = await Promise.all([HostProcess.start({}, silent), HostProcess.start({}, silent)]);
  const out = { ...stream, name: 'out', rtp: 'out-rtp', rtcp: 'out-rtcp' };
  const into = { ...stream, name: 'in', rtp: 'in-rtp', rtcp: 'in-rtcp' };
  const used = (names: string, branch: string): SocketRequest[] =>
    relay.sockets(branch).filter(({ name }) => name.startsWith(names));
  const measure = async (tail: string, sockets: SocketRequest[]): Promise<number> => {
    const text = `${decodeText(vp8, into)} ! ${tail}`;
    await sink.request('launch', { branchId: 'sink', text, sockets });
    const text2 = `videotestsrc is-live=true pattern=zone-plate kx2=20 ky2=20 kt=1 ! ${picture} ! ${encodeText(vp8, out)}`;
    await source.request('launch', { branchId: 'source', text: text2, sockets: used('out', 'source') });
    await sleep(1500);
    const before = await sink.request('dump', {});
    const startMs = performance.now();
    await sleep(seconds * 1000);
    const after = await sink.request('dump', {});
    const elapsedUs = (performance.now() - startMs) * 1000;
    await source.request('close', { branchId: 'source' });
    await sink.request('close', { branchId: 'sink' });
    return (100 * (after.cpuUs - before.cpuUs)) / elapsedUs;
  };
  const decode = await measure('fakesink sync=false async=false', used('in', 'sink'));
  const both = await measure(encodeText(vp8, out), relay.sockets('sink'));
  await Promise.all([source.close(), sink.close()]);
  relay.close();
  return { decode, both };
}

/** Prints the figures of media hosts. */
export async function benchHost(seconds: number): Promise<void> {
  const startMs = await timeMs(5, async () => {
    const host = await HostProcess.start({}, silent);
    void host.close();
  });
  const pool = await HostPool.start(
    { spares: 2 },
    { onEvent: () => undefined, onBranchesLost: () => undefined },
  );
  const text = `videotestsrc is-live=true ! ${picture} ! vp8enc name=${encoderName('v')} deadline=1 ! fakesink`;
  const launchesMs: number[] = [];
  for (let i = 0; i < 5; i++) {
    while (pool.state.spares.length < 2) await sleep(10);
    const startMs = performance.now();
    await pool.launch({ branchId: `spare${i}`, text }, { purpose: 'bench', policy: 'isolated' });
    launchesMs.push(performance.now() - startMs);
  }
  for (let i = 0; i < 5; i++) await pool.closeBranch(`spare${i}`);
  await pool.launch({ branchId: 'set', text }, { purpose: 'bench', policy: 'isolated' });
  const request = { branchId: 'set', element: encoderName('v'), property: 'target-bitrate' };
  const setMs = await timeMs(500, (i) => pool.request('set', { ...request, value: 500_000 + i }));
  while (pool.state.spares.length === 0) await sleep(10);
  const memory = memoryOf(pool.state.spares[0] ?? 0);
  await pool.close();
  const { decode, both } = await reencodeCpuPercent(seconds);
  console.log('\nmedia host\n');
  console.log('| what | figure |');
  console.log('|---|---|');
  console.log(`| start of a process until it accepts operations | ${startMs.toFixed(0)} ms |`);
  console.log(`| launch on a spare | ${median(launchesMs).toFixed(1)} ms |`);
  console.log(`| set a property over IPC | ${(1000 * setMs).toFixed(0)} µs |`);
  console.log(`| memory of a spare, resident / its own | ${memory} MB |`);
  console.log(`| VP8 640x480@30 decode | ${decode.toFixed(1)} % of a core |`);
  console.log(`| VP8 640x480@30 decode and encode, 1 Mbit/s | ${both.toFixed(1)} % of a core |`);
}
