/**
 * What a packet between a router and a media host costs the router process: CPU by the kernel's account, over a real
 * unix socket, with this process in the place of the host.
 * @module
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RouterProcess } from '@rivero/datapath';

const payloadBytes = 1100;
const codec = { payloadType: 96, name: 'VP8', clockRate: 90_000, channels: 1, parameters: {}, feedback: [] };
const ssrc = 0xbeef0001;
/** Frames that are written at once: one packet, a small picture, a key frame. */
const bursts = [1, 5, 50];
const warmUpWrites = 500;

/** Frames of RFC 4571 with VP8 packets; their numbers are set before each write. */
class FrameBurst {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #count: number;
  #next = 0;

  constructor(count: number) {
    const frameBytes = 2 + 12 + payloadBytes;
    this.bytes = new Uint8Array(count * frameBytes);
    this.#view = new DataView(this.bytes.buffer);
    this.#count = count;
    for (let i = 0; i < count; i++) {
      const at = i * frameBytes;
      this.#view.setUint16(at, frameBytes - 2);
      this.#view.setUint16(at + 2, 0x8060);
      this.#view.setUint32(at + 10, ssrc);
      // One partition begins here (RFC 7741 section 4.2); the first payload byte says key frame.
      this.bytes[at + 14] = 0x10;
    }
  }

  /** Gives the packets the next numbers. */
  advance(): void {
    const frameBytes = this.bytes.length / this.#count;
    for (let i = 0; i < this.#count; i++, this.#next++) {
      this.#view.setUint16(i * frameBytes + 4, this.#next & 0xffff);
      this.#view.setUint32(i * frameBytes + 6, (this.#next * 3000) >>> 0);
    }
  }
}

/** CPU time of a process, nanoseconds. */
function cpuNs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}

async function greet(path: string, streamId: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  const id = Buffer.from(streamId);
  socket.write(Buffer.concat([Buffer.of(0, id.length), id]));
  return socket;
}

/** Writes packets, a millisecond apart, so that the router reads each burst by itself. */
async function send(socket: Socket, burst: FrameBurst, writes: number): Promise<void> {
  for (let i = 0; i < writes; i++) {
    burst.advance();
    await new Promise((resolve) => {
      socket.write(burst.bytes, resolve);
    });
    await sleep(1);
  }
}

async function open(router: RouterProcess, path: string, transportId: string): Promise<Socket> {
  await router.request('openHostTransport', { transportId, rtpStreamId: transportId });
  return greet(path, transportId);
}

/** Prints nanoseconds of CPU per packet from a host, and to hosts. */
export async function benchHostStreams(seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rivero-bench-'));
  const path = join(folder, 'router.sock');
  const router = await RouterProcess.start({ udpPort: 0 }, { onEvent: () => {}, onExit: () => {} });
  try {
    await router.request('listenForHosts', { path });
    for (const burst of bursts) await measure(router, path, burst, seconds);
  } finally {
    await router.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(router: RouterProcess, path: string, burst: number, seconds: number): Promise<void> {
  const common = { kind: 'video', mid: '0', codecs: [codec], extensions: {} } as const;
  const from = await open(router, path, 'from');
  await router.request('produce', { ...common, transportId: 'from', producerId: 'p', ssrcs: [ssrc] });
  const frames = new FrameBurst(burst);
  await send(from, frames, warmUpWrites);
  const inNs = await perPacket(router, from, frames, seconds);
  const to = await open(router, path, 'to');
  to.resume();
  await router.request('consume', { ...common, transportId: 'to', consumerId: 'c', ssrc: 7, cname: 'c' });
  await router.request('link', { consumerId: 'c', producerId: 'p' });
  await send(from, frames, warmUpWrites);
  const bothNs = await perPacket(router, from, frames, seconds);
  const { counters, hostTraffic } = await router.request('dump', {});
  if (hostTraffic.packetsSent === 0) throw new Error('Nothing was sent to the host');
  console.log(
    `${burst} packets at once: ${Math.round(inNs)} ns from a host, ${Math.round(bothNs - inNs)} ns to a host ` +
      `(${counters['hostPacketsDropped']} dropped so far)`,
  );
  for (const transportId of ['from', 'to']) await router.request('closeTransport', { transportId });
}

/** CPU of the router per packet that it gets, nanoseconds. */
async function perPacket(
  router: RouterProcess,
  socket: Socket,
  frames: FrameBurst,
  seconds: number,
): Promise<number> {
  const before = cpuNs(router.pid);
  const receivedBefore = await packetsReceived(router);
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) await send(socket, frames, 20);
  const received = (await packetsReceived(router)) - receivedBefore;
  return (cpuNs(router.pid) - before) / received;
}

async function packetsReceived(router: RouterProcess): Promise<number> {
  return (await router.request('dump', {})).hostTraffic.packetsReceived;
}
