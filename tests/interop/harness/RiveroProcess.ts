/**
 * The server as its users start it: a process of its own, on free ports.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const house = fileURLToPath(new URL('../../..', import.meta.url));
const readyLine = /^rivero ready (ws:\/\/\S+) (http:\/\/\S+)$/m;

/** How to start it. */
export interface RiveroOptions {
  /** Command-line arguments after the ports. */
  readonly args?: readonly string[];
  /** Starts it by `npm start`, as a user would, instead of directly. */
  readonly byNpm?: boolean;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running server process. */
export class RiveroProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  /** Ends with the exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.#stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk));
    this.exited = new Promise((resolve) => child.once('exit', resolve));
  }

  /** Starts a server with candidates on loopback and waits until it says that it is ready. */
  static async start({ args = [], byNpm = false, env = {} }: RiveroOptions = {}): Promise<RiveroProcess> {
    const ports = ['--port', '0', '--udp-port', '0', '--interfaces', 'lo', ...args];
    const direct = ['--conditions=source', 'packages/server/src/main.ts', ...ports];
    const [command, words] = byNpm ? ['npm', ['start', '--', ...ports]] : [process.execPath, direct];
    // Its own process group, so that whatever goes wrong nothing of it survives the test.
    const child = spawn(command, words, {
      cwd: house,
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new RiveroProcess(child);
    await server.#waitUntilReady();
    return server;
  }

  async #waitUntilReady(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (readyLine.test(this.#stdout)) resolve();
    };
    this.#child.stdout?.on('data', look);
    const timer = setTimeout(() => reject(new Error(`not ready within 20 s:\n${this.output}`)), 20_000);
    void this.exited.then((code) =>
      reject(new Error(`ended with ${code} before it was ready:\n${this.output}`)),
    );
    try {
      await promise;
    } catch (error) {
      this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#child.stdout?.off('data', look);
    }
  }

  /** Everything it has printed, standard output first. */
  get output(): string {
    return `${this.#stdout}${this.#stderr}`;
  }

  /** What it printed on standard output. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Process id of what was started: the server itself, or npm. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Process ids of everything that it started, nearest first. */
  get descendants(): number[] {
    return descendantsOf(this.pid);
  }

  /** WebSocket address of the protocol, on loopback. */
  get wsUrl(): string {
    return this.#address(1);
  }

  /** Address of the welcome page, on loopback. */
  get httpUrl(): string {
    return this.#address(2);
  }

  #address(group: 1 | 2): string {
    const url = new URL(readyLine.exec(this.#stdout)?.[group] ?? 'http://not-ready/');
    url.hostname = '127.0.0.1';
    return url.href;
  }

  /** Asks it to end by SIGTERM and waits for that; resolves with the milliseconds that it took. Kills it after 10 s. */
  async stop(): Promise<number> {
    const startedMs = performance.now();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), 10_000);
    await this.exited;
    clearTimeout(timer);
    return performance.now() - startedMs;
  }

  /** Ends it and all that it started, at once. */
  kill(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }

  /** Stops it if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop();
    this.kill();
  }
}

/** Children of a process, then theirs, as /proc tells them. */
function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** True while the process exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Full command line of a process. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
