/**
 * What one packet costs on its way through a complete router process, next to what the kernel alone costs.
 *
 * Each figure is a run of its own (`packages/datapath/test/load/measure.ts`): one publisher and N viewers with ICE,
 * DTLS, SRTP (AES-128-GCM), reports and consent checks on one core, the router process on the other.
 * @module
 */
import { execFile } from 'node:child_process';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What one run is about. */
interface Measurement {
  readonly kind: 'router' | 'floor';
  readonly viewers: number;
  readonly burst: number;
  readonly packetsPerSecond: number;
  readonly seconds: number;
}

/** What one run found. */
interface Figures {
  readonly measuredPerSecond: number;
  readonly lost: number;
  readonly usPerPacket: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly bad: number;
  readonly rssMb: number;
}

const run = promisify(execFile);
const program = fileURLToPath(new URL('../packages/datapath/test/load/measure.ts', import.meta.url));

/** Viewers, and the packets per second that all of them together get. */
const sizes = [
  { viewers: 1, packetsPerSecond: 10_000 },
  { viewers: 10, packetsPerSecond: 50_000 },
  { viewers: 100, packetsPerSecond: 100_000 },
  { viewers: 500, packetsPerSecond: 100_000 },
];
const bursts = [1, 5, 10];
const latencyPacketsPerSecond = 20_000;

async function measure(measurement: Measurement): Promise<Figures> {
  const flags = process.execArgv.filter((flag) => flag.startsWith('--conditions'));
  // A session of its own: its priority can then be raised without raising that of this terminal.
  const { stdout } = await run('setsid', [
    '-w',
    process.execPath,
    ...flags,
    program,
    JSON.stringify(measurement),
  ]);
  // Holds because measure.ts prints exactly this.
  return JSON.parse(stdout) as Figures;
}

/** Runs everything and prints two tables in Markdown. `seconds` is the time of each run. */
export async function benchForwarding(seconds: number): Promise<void> {
  const [cpu] = cpus();
  console.log(`## Forwarding 1 → N\n`);
  console.log(
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, Linux ${release()}, Node ${process.version}.`,
  );
  console.log(
    '1,100 bytes of payload, 1,136 bytes forwarded, SRTP AES-128-GCM, one core for the router process;',
  );
  console.log(
    'CPU µs per output packet, all threads and the kernel included. The floor is `recvmmsg` and `sendmmsg`',
  );
  console.log('of the same datagrams, singly, without encryption or a look at them.\n');
  console.log(
    '| viewers | packets at once | packets/s | kernel floor µs | router µs | router ÷ floor | RSS MB | lost |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const size of sizes) {
    const floor = await measure({ kind: 'floor', burst: 1, seconds, ...size }); // oxlint-disable-line no-await-in-loop
    for (const burst of bursts) {
      const figures = await measure({ kind: 'router', burst, seconds, ...size }); // oxlint-disable-line no-await-in-loop
      if (figures.bad > 0) throw new Error(`${figures.bad} packets came out wrong`);
      const cells = [
        size.viewers,
        burst,
        figures.measuredPerSecond,
        floor.usPerPacket.toFixed(2),
        figures.usPerPacket.toFixed(2),
        (figures.usPerPacket / floor.usPerPacket).toFixed(2),
        figures.rssMb,
        figures.lost,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
  await benchLatency(seconds);
}

async function benchLatency(seconds: number): Promise<void> {
  console.log(
    `\nFrom the publisher's send call to the viewer's socket, ${latencyPacketsPerSecond} packets/s in all:\n`,
  );
  console.log('| viewers | | p50 µs | p99 µs |');
  console.log('|---|---|---|---|');
  for (const viewers of [10, 100]) {
    for (const kind of ['floor', 'router'] as const) {
      const packetsPerSecond = latencyPacketsPerSecond;
      // oxlint-disable-next-line no-await-in-loop
      const { p50Us, p99Us } = await measure({ kind, burst: 1, viewers, packetsPerSecond, seconds });
      console.log(`| ${viewers} | ${kind} | ${p50Us} | ${p99Us} |`);
    }
  }
}
