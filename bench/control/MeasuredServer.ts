/**
 * A server process that is watched from outside: its CPU time and memory as the kernel counts them.
 * @module
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const mainFile = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
const words = '--port 0 --udp-port 0 --host 127.0.0.1 --routers 1 --log-level warn'.split(' ');

/** CPU time of all threads of a process so far, milliseconds; 0 for one that has ended. */
function cpuMsOf(pid: number): number {
  let nanoseconds = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      // Documentation/scheduler/sched-stats of Linux: the first number is time on the CPU, nanoseconds.
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
  } catch {
    return 0;
  }
  return nanoseconds / 1e6;
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/**
 * Puts this process, and those that it starts from now on, before all ordinary ones, so that others on the machine do
 * not stand between a request and its answer. Returns whether that was allowed.
 */
export function raisePriority(): boolean {
  try {
    execFileSync('chrt', ['--all-tasks', '--rr', '--pid', '1', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A server process with one router, on ports that the system chooses. */
export class MeasuredServer {
  readonly #child: ChildProcess;
  /** URL of the WebSocket. */
  readonly wsUrl: string;

  private constructor(child: ChildProcess, wsUrl: string) {
    this.#child = child;
    this.wsUrl = wsUrl;
  }

  /** Starts a server, with these options of Node before those of ours; resolves when it accepts work. */
  static async start(nodeOptions: readonly string[] = []): Promise<MeasuredServer> {
    const child = spawn(process.execPath, ['--conditions=source', ...nodeOptions, mainFile, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) {
      const [, url] = /^rivero ready (\S+)/.exec(line) ?? [];
      if (url !== undefined) return new MeasuredServer(child, url);
    }
    throw new Error('The server did not start');
  }

  /** CPU time of the control process so far, milliseconds. */
  get controlCpuMs(): number {
    return cpuMsOf(this.#child.pid ?? 0);
  }

  /** CPU time of the router processes so far, milliseconds. */
  get routersCpuMs(): number {
    return childrenOf(this.#child.pid ?? 0).reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  }

  /** Resident memory of the control process, MiB. */
  get residentMiB(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Ends it; resolves when it has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
