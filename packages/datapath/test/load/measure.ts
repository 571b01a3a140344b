/**
 * Measures one forwarding process: one publisher and N viewers in this process on one core, the process under test on
 * another. The argument is a `Measurement` as JSON, the result a `MeasurementResult` as one line of JSON.
 * @module
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { TransportAddress } from '@rivero/transport';
import { Arena } from '../../src/Arena.ts';
import { RouterProcess } from '../../src/RouterProcess.ts';
import { Peer, PeerContext } from '../Peer.ts';
import { extensions, videoHeaderLength, videoPacket, vp8 } from '../videoPacket.ts';
import { LoadSockets } from './LoadSockets.ts';

/** What to measure. */
interface Measurement {
  readonly kind: 'router' | 'floor';
  readonly viewers: number;
  /** Packets sent at once. */
  readonly burst: number;
  /** Packets per second that all viewers together should get. */
  readonly packetsPerSecond: number;
  readonly seconds: number;
}

const payloadBytes = 1100;
/** Size of a forwarded packet: header with abs-send-time, payload, tag. */
const forwardedBytes = 20 + payloadBytes + 16;
const publisherSsrc = 0xcafe0001;
const warmUpUs = 1_500_000;
const drainEveryUs = 800;
/** One in so many packets is decrypted, compared, and its latency taken. */
const sampleEvery = 31;
const testedCore = '0';
const loadCore = cpus().length > 1 ? '1' : '0';

// Holds because bench/forwarding.ts passes exactly this.
const measurement = JSON.parse(process.argv[2] ?? '{}') as Measurement;
const arena = new Arena(1 << 29);
const sockets = new LoadSockets(arena);
const addresses = Array.from({ length: measurement.viewers + 1 }, () => sockets.open());

/** A forwarding process under test. */
interface Subject {
  readonly pid: number;
  /** Sends the packets with these numbers at once. */
  publish(first: number, count: number): void;
  /** Takes what came to a viewer; true if it was media. */
  receive(viewer: number, at: number, length: number, arrivedUs: number): boolean;
  /** Every few milliseconds. */
  tick(): void;
  close(): Promise<void>;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const latenciesUs: number[] = [];
let isMeasuring = false;
let bad = 0;
/** Gathers the datagrams that the publisher sends at once. */
let burst: Uint8Array[] | undefined;

takePrecedence();
pin(process.pid, loadCore);
const subject = measurement.kind === 'router' ? await startRouter() : await startFloor();
process.stdout.write(`${JSON.stringify(await run())}\n`);
await subject.close();
process.exit(0);

async function run(): Promise<unknown> {
  const { viewers, burst, packetsPerSecond, seconds } = measurement;
  const startUs = sockets.nowUs();
  const endUs = startUs + warmUpUs + seconds * 1e6;
  const perUs = packetsPerSecond / viewers / 1e6;
  let sent = 0;
  let received = 0;
  let drainedUs = 0;
  let tickedUs = 0;
  let before = { cpuUs: 0, received: 0, sent: 0, us: 0 };
  for (;;) {
    const nowUs = sockets.nowUs();
    if (!isMeasuring && nowUs >= startUs + warmUpUs) {
      isMeasuring = true;
      before = { cpuUs: cpuUs(subject.pid), received, sent, us: nowUs };
    }
    if (nowUs >= endUs) break;
    if ((nowUs - startUs) * perUs >= sent + burst) {
      subject.publish(sent, burst);
      sent += burst;
    }
    if (nowUs - drainedUs >= drainEveryUs) {
      drainedUs = nowUs;
      received += drainAll();
    }
    // A core that spins would slow its neighbour down: they share power, and often more.
    const dueUs = Math.min(drainedUs + drainEveryUs, startUs + (sent + burst) / perUs);
    if (dueUs - nowUs > 60) Atomics.wait(sleeper, 0, 0, 0.05);
    if (nowUs - tickedUs >= 5000) {
      tickedUs = nowUs;
      subject.tick();
      // Let the event loop have its turn: operations, events, the publisher's socket.
      await new Promise((resolve) => setImmediate(resolve)); // oxlint-disable-line no-await-in-loop
    }
  }
  isMeasuring = false;
  const spentUs = cpuUs(subject.pid) - before.cpuUs;
  const elapsedS = (sockets.nowUs() - before.us) / 1e6;
  await pause(200);
  received += drainAll();
  const output = received - before.received;
  const expected = (sent - before.sent) * viewers;
  latenciesUs.sort((a, b) => a - b);
  return {
    ...measurement,
    measuredPerSecond: Math.round(output / elapsedS),
    lost: Math.max(0, expected - output),
    usPerPacket: spentUs / output,
    load: spentUs / elapsedS / 1e6,
    p50Us: percentile(0.5),
    p99Us: percentile(0.99),
    samples: latenciesUs.length,
    bad,
    rssMb: rssMb(subject.pid),
  };
}

function drainAll(): number {
  let media = 0;
  for (let viewer = 1; viewer < addresses.length; viewer++) {
    sockets.drain(viewer, (at, length, arrivedUs) => {
      if (subject.receive(viewer, at, length, arrivedUs)) media++;
    });
  }
  return media;
}

async function startRouter(): Promise<Subject> {
  const router = await RouterProcess.start(
    { udpPort: 0, addresses: ['127.0.0.1'] },
    {
      onEvent: () => {},
      onExit: (reason) => {
        throw new Error(`Router process ended: ${reason}`);
      },
    },
  );
  pin(router.pid, testedCore);
  const target = loopback(router.ready.udpPort);
  const context = new PeerContext(arena);
  const peers = addresses.map((address, i) => {
    return new Peer(context, address, true, (datagram, remote) => {
      if (burst === undefined) sockets.send(i, [datagram], remote);
      else burst.push(datagram);
    });
  });
  const [publisher, ...viewers] = peers;
  if (publisher === undefined) throw new Error('unreachable');
  await join(router, publisher, 0, peers, target);
  const common = { kind: 'video', mid: '0', codecs: [vp8], extensions } as const;
  await router.request('produce', { transportId: '0', producerId: 'in', ssrcs: [publisherSsrc], ...common });
  for (const [i, viewer] of viewers.entries()) {
    const transportId = `${i + 1}`;
    await join(router, viewer, i + 1, peers, target); // oxlint-disable-line no-await-in-loop
    const consumerId = `out${i}`;
    // oxlint-disable-next-line no-await-in-loop
    await router.request('consume', { transportId, consumerId, ssrc: 1000 + i, cname: 'c', ...common });
    await router.request('link', { consumerId, producerId: 'in' }); // oxlint-disable-line no-await-in-loop
  }
  return routerSubject(router, peers, target);
}

function routerSubject(router: RouterProcess, peers: readonly Peer[], target: TransportAddress): Subject {
  const counts = new Int32Array(peers.length);
  const highest = new Int32Array(peers.length);
  let ticks = 0;
  return {
    pid: router.pid,
    publish: (first, count) => {
      const datagrams: Uint8Array[] = [];
      burst = datagrams;
      for (let i = first; i < first + count; i++) peers[0]?.sendRtp(numberedPacket(i), videoHeaderLength);
      burst = undefined;
      sockets.send(0, datagrams, target);
    },
    receive: (viewer, at, length, arrivedUs) => {
      const peer = peers[viewer];
      const first = arena.view.getUint8(at);
      const second = arena.view.getUint8(at + 1);
      if (first < 128 || first > 191 || (second >= 192 && second <= 223)) {
        peer?.receive(at, length, target);
        return false;
      }
      highest[viewer] = arena.view.getUint16(at + 2);
      const count = (counts[viewer] ?? 0) + 1;
      counts[viewer] = count;
      if (peer !== undefined && count % sampleEvery === 1) sample(peer, at, length, arrivedUs, target);
      return true;
    },
    tick: () => {
      ticks++;
      sockets.drain(0, (at, length) => peers[0]?.receive(at, length, target));
      // Each peer has its timers looked after every 100 ms, and reports once a second, as browsers do.
      for (let i = ticks % 20; i < peers.length; i += 20) peers[i]?.handleTimeout();
      for (let i = ticks % 200; i < peers.length; i += 200) report(peers[i], i, highest[i] ?? 0);
    },
    close: () => router.close(),
  };
}

/** Opens the transport and waits for the keys. */
async function join(
  router: RouterProcess,
  peer: Peer,
  number: number,
  peers: readonly Peer[],
  target: TransportAddress,
): Promise<void> {
  await peer.join(router, `${number}`);
  const deadline = performance.now() + 10_000;
  while (peer.srtp === undefined) {
    if (performance.now() > deadline) throw new Error(`Peer ${number} did not connect`);
    sockets.drain(number, (at, length) => peers[number]?.receive(at, length, target));
    peer.handleTimeout();
    await new Promise((resolve) => setImmediate(resolve)); // oxlint-disable-line no-await-in-loop
  }
}

function sample(peer: Peer, at: number, length: number, arrivedUs: number, target: TransportAddress): void {
  let isGood = false;
  peer.onRtp = (start, plainLength, headerLength) => {
    const payload = start + headerLength;
    const { view } = arena;
    if (isMeasuring) latenciesUs.push(arrivedUs - view.getFloat64(payload + 8));
    const number = view.getUint32(payload + 16);
    isGood = plainLength - headerLength === payloadBytes;
    for (let i = 20; i < payloadBytes; i += 7)
      isGood &&= view.getUint8(payload + i) === ((number * 7 + i) & 0xff);
  };
  peer.receive(at, length, target);
  if (!isGood) bad++;
}

function report(peer: Peer | undefined, number: number, highestSequenceNumber: number): void {
  if (number === 0) {
    peer?.sendRtcp(publisherSsrc, [
      {
        type: 'senderReport',
        ssrc: publisherSsrc,
        ntp: { seconds: Math.floor(Date.now() / 1000) + 2_208_988_800, fraction: 0 },
        rtpTimestamp: 0,
        packetCount: 0,
        octetCount: 0,
        reports: [],
      },
    ]);
    return;
  }
  const ssrc = 999 + number;
  const block = { ssrc, fractionLost: 0, packetsLost: 0, highestSequenceNumber, jitter: 0 };
  const reports = [{ ...block, lastSenderReport: 0, delaySinceLastSenderReport: 0 }];
  peer?.sendRtcp(number, [{ type: 'receiverReport', ssrc: number, reports }]);
}

/** Packet `i`: a frame of its own, the first of every 30,000 a key frame; send time and number in the payload. */
function numberedPacket(i: number): Uint8Array {
  const packet = videoPacket({
    ssrc: publisherSsrc,
    sequenceNumber: i & 0xffff,
    timestamp: i * 3000,
    isKeyFrame: i % 30_000 === 0,
    payloadLength: payloadBytes,
  });
  const view = new DataView(packet.buffer, videoHeaderLength);
  view.setFloat64(8, sockets.nowUs());
  view.setUint32(16, i);
  for (let k = 20; k < payloadBytes; k++) view.setUint8(k, (i * 7 + k) & 0xff);
  return packet;
}

async function startFloor(): Promise<Subject> {
  const ports = addresses.slice(1).map(({ port }) => port);
  const child: ChildProcess = fork(
    fileURLToPath(new URL('./floor.ts', import.meta.url)),
    [JSON.stringify(ports)],
    {
      execArgv: process.execArgv,
    },
  );
  const [message] = await once(child, 'message');
  const target = loopback(Number(message.port));
  const pid = child.pid ?? 0;
  pin(pid, testedCore);
  const packet = new Uint8Array(forwardedBytes);
  const view = new DataView(packet.buffer);
  let received = 0;
  return {
    pid,
    publish: (_first, count) => {
      view.setFloat64(0, sockets.nowUs());
      sockets.send(
        0,
        Array.from({ length: count }, () => packet),
        target,
      );
    },
    receive: (_viewer, at, length, arrivedUs) => {
      if (isMeasuring && received++ % sampleEvery === 0)
        latenciesUs.push(arrivedUs - arena.view.getFloat64(at));
      if (length !== forwardedBytes) bad++;
      return true;
    },
    tick: () => {},
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function loopback(port: number): TransportAddress {
  const address = TransportAddress.parse('127.0.0.1', port);
  if (address === undefined) throw new RangeError(`'${port}' is no port`);
  return address;
}

/** Pins a process with all its threads to a core. */
function pin(pid: number, core: string): void {
  spawnSync('taskset', ['-a', '-c', '-p', core, `${pid}`]);
}

/** Where it is allowed, other work on the machine gives way: it should not be measured. */
function takePrecedence(): void {
  try {
    writeFileSync('/proc/self/autogroup', '-20');
  } catch {
    // Not root, or a kernel without autogroups: the figures are as noisy as the machine.
  }
}

/** CPU time of all threads of a process, microseconds. */
function cpuUs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    return sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  }, 0);
}

function rssMb(pid: number): number {
  const match = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1]) / 1024);
}

function percentile(share: number): number {
  return Math.round(latenciesUs[Math.floor(latenciesUs.length * share)] ?? 0);
}

function pause(timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeMs);
  });
}
