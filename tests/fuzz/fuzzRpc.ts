/**
 * Attacks a server process for a while and tells how it and an innocent client fared.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerProcess } from '../conformance/ServerProcess.ts';
import { attacks } from './attacks.ts';
import type { InnocentReport } from './innocent.ts';
import { raisePriority } from './priority.ts';

/** What is known after the attacks. */
export interface FuzzFigures {
  /** How often each attack was made. */
  readonly rounds: ReadonlyMap<string, number>;
  /** Times of the innocent client's pings, milliseconds, sorted. One that was not answered counts as infinite. */
  readonly pingsMs: readonly number[];
  /** Resident memory of the server before, at most, and a while after, MiB. */
  readonly residentMiB: { readonly before: number; readonly peak: number; readonly after: number };
  /** How many pipelines were left a while after. */
  readonly pipelinesLeft: number;
  /** How the server ended when told to. */
  readonly exitCode: number | null;
  /** Lines of its log that speak of a fault of its own. */
  readonly faults: readonly string[];
}

/** Attacks that go on at the same time. */
const WIDTH = 4;
/** Long enough for abandoned sessions to be collected, milliseconds. */
const SETTLE_MS = 5000;

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

/** A client of its own process, so that the attackers' work does not count as the server's; see `innocent.ts`. */
class InnocentClient {
  readonly #child: ChildProcess;

  constructor(url: string) {
    this.#child = fork(new URL('innocent.ts', import.meta.url), [url], { execArgv: process.execArgv });
  }

  /** Resolves when it pings. */
  async started(): Promise<void> {
    await once(this.#child, 'message');
  }

  /** Ends it; resolves with what it found. */
  async stop(): Promise<InnocentReport> {
    this.#child.send('stop');
    const [report] = await once(this.#child, 'message');
    // Holds because innocent.ts sends exactly this.
    return report as InnocentReport;
  }
}

/** Keeps `WIDTH` attacks going for so long. Returns how often each was made. */
async function attack(port: number, seconds: number, seed: number): Promise<Map<string, number>> {
  const rounds = new Map<string, number>();
  const names = [...attacks.keys()];
  const untilMs = performance.now() + seconds * 1000;
  let round = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const number = round++;
      const name = names[number % names.length] ?? '';
      rounds.set(name, (rounds.get(name) ?? 0) + 1);
      await attacks.get(name)?.({ port, seed: seed + number });
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return rounds;
}

/**
 * Starts a server, attacks it for so long, lets it settle, ends it. `seed` makes the same attacks again; `words` are
 * options of the server.
 */
export async function fuzzRpc(
  seconds: number,
  seed: number,
  words: readonly string[] = [],
): Promise<FuzzFigures> {
  raisePriority();
  const server = await ServerProcess.start(['--garbage-collector-period', '2', ...words]);
  const pid = server.child.pid ?? 0;
  const innocent = new InnocentClient(server.wsUrl);
  await innocent.started();
  const before = residentMiB(pid);
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), 100);
  try {
    const rounds = await attack(Number(new URL(server.wsUrl).port), seconds, seed);
    const { pingsMs } = await innocent.stop();
    await delay(SETTLE_MS);
    const after = residentMiB(pid);
    const late = new InnocentClient(server.wsUrl);
    await late.started();
    const { pipelines: pipelinesLeft } = await late.stop();
    const { code, stderr } = await server.ended('SIGTERM');
    const faults = stderr
      .split('\n')
      .filter((line) => /"level":[56]0/.test(line) || !/^(\{.*\})?$/.test(line));
    return { rounds, pingsMs, residentMiB: { before, peak, after }, pipelinesLeft, exitCode: code, faults };
  } finally {
    clearInterval(watch);
    if (server.child.exitCode === null) server.child.kill('SIGKILL');
  }
}
