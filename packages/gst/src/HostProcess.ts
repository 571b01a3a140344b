/**
 * The handle that control holds of a media host process.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HostError } from './HostError.ts';
import type { HostMessage, OperationName } from './hostMessages.ts';
import type { HostEvents, HostOperations, HostReady } from './operations.ts';

/** How to start a media host. */
export interface HostProcessOptions {
  /** Time to answer an operation, milliseconds. After it the process is killed. 5,000 when left out. */
  readonly deadlineMs?: number;
  /** Time between two looks whether it still answers, milliseconds. 1,000 when left out. */
  readonly pingIntervalMs?: number;
  /** Environment variables of the process beside those of control, for instance `GST_DEBUG`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Who hears of a media host. */
export interface HostProcessListener {
  /** Something happened in the host. */
  onEvent<K extends keyof HostEvents>(name: K, event: HostEvents[K]): void;
  /** The process is gone, and everything in it. Not called after `close`. */
  onExit(reason: string): void;
}

const defaultDeadlineMs = 5000;
const defaultPingIntervalMs = 1000;
/** The first start after an installation reads all plugins. */
const startDeadlineMs = 60_000;
const closeDeadlineMs = 3000;
/** State changes wait on libuv's pool, and file operations must not wait behind them. */
const poolThreads = 16;

interface Pending {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** A running media host process. */
export class HostProcess {
  /** What the process told when it was ready. */
  readonly ready: HostReady;
  /** Process id. */
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #listener: HostProcessListener;
  readonly #deadlineMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #pings: NodeJS.Timeout;
  #nextId = 1;
  #exitReason: string | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Starts a process and waits until it accepts operations.
   * @throws {Error} if it does not come up, for instance because GStreamer is not installed.
   */
  static async start(options: HostProcessOptions, listener: HostProcessListener): Promise<HostProcess> {
    const child = forkHost(options.environment ?? {});
    const ready = await waitUntilReady(child);
    return new HostProcess(child, ready, options, listener);
  }

  private constructor(
    child: ChildProcess,
    ready: HostReady,
    { deadlineMs = defaultDeadlineMs, pingIntervalMs = defaultPingIntervalMs }: HostProcessOptions,
    listener: HostProcessListener,
  ) {
    this.#child = child;
    this.ready = ready;
    this.pid = child.pid ?? 0;
    this.#deadlineMs = deadlineMs;
    this.#listener = listener;
    // Holds because the other end of this channel is our own hostMain.ts.
    child.on('message', (message) => this.#receive(message as HostMessage));
    child.once('exit', (code, signal) => this.#exited(signal ?? `code ${code}`));
    child.once('disconnect', () => child.kill('SIGKILL'));
    child.on('error', () => child.kill('SIGKILL'));
    this.#pings = setInterval(() => this.#ping(), pingIntervalMs);
    this.#pings.unref();
    if (child.exitCode !== null || child.signalCode !== null) this.#exited('exited at once');
  }

  /** True once the process is gone or is being closed. */
  get gone(): boolean {
    return this.#exitReason !== undefined || this.#closing !== undefined;
  }

  /**
   * Asks for an operation.
   * @throws {HostError} with the host's reason if it refuses, or HOST_GONE if the process is gone.
   */
  request<K extends keyof HostOperations>(
    name: K,
    request: HostOperations[K]['request'],
  ): Promise<HostOperations[K]['reply']> {
    // Holds because the host replies to each operation with its own type.
    return this.#request(name, request) as Promise<HostOperations[K]['reply']>;
  }

  /** Ends the process: asks first, kills it after three seconds. Resolves when it is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #request(operation: OperationName, request: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.gone) {
        reject(goneError(this.#exitReason ?? 'closed'));
        return;
      }
      const id = this.#nextId++;
      const timer = setTimeout(() => this.#overdue(operation), this.#deadlineMs);
      this.#pending.set(id, { resolve, reject, timer });
      this.#child.send({ id, operation, request });
    });
  }

  /** A host that hangs without being asked for anything is found out too. */
  #ping(): void {
    if (this.gone || this.#pending.size > 0) return;
    this.#request('ping', {}).catch(() => undefined);
  }

  #receive(message: HostMessage): void {
    if ('event' in message) {
      this.#listener.onEvent(message.event, message.data);
      return;
    }
    if (!('id' in message)) return;
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    if ('error' in message) pending.reject(new HostError(message.type, message.error));
    else pending.resolve(message.reply);
  }

  #overdue(operation: OperationName): void {
    this.#child.kill('SIGKILL');
    this.#exited(`'${operation}' was not answered within ${this.#deadlineMs} ms`);
  }

  #exited(reason: string): void {
    if (this.#exitReason !== undefined) return;
    this.#exitReason = reason;
    clearInterval(this.#pings);
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(goneError(reason));
    }
    this.#pending.clear();
    if (this.#closing === undefined) this.#listener.onExit(reason);
  }

  async #close(): Promise<void> {
    clearInterval(this.#pings);
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (child.connected) child.send({ close: true });
    const timer = setTimeout(() => child.kill('SIGKILL'), closeDeadlineMs);
    await exited;
    clearTimeout(timer);
  }
}

function goneError(reason: string): HostError {
  return new HostError('HOST_GONE', `Media host process is gone: ${reason}`);
}

function forkHost(environment: Readonly<Record<string, string>>): ChildProcess {
  // The file beside this one: TypeScript in the tree, JavaScript in the published package.
  const file = new URL(import.meta.url.endsWith('.ts') ? './hostMain.ts' : './hostMain.js', import.meta.url);
  return fork(fileURLToPath(file), [], {
    execArgv: moduleFlags(process.execArgv),
    env: { ...process.env, UV_THREADPOOL_SIZE: String(poolThreads), ...environment },
    serialization: 'advanced',
    // Standard output belongs to control, which promises one line on it.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
}

/** Flags of this process that decide how modules are found and read; the child needs the same ones. */
function moduleFlags(flags: readonly string[]): string[] {
  const result: string[] = [];
  flags.forEach((flag, i) => {
    if (
      /^(--conditions=|-C=|--(no-)?(experimental-)?strip-types|--disable-warning=|--no-warnings)/.test(flag)
    ) {
      result.push(flag);
    } else if (flag === '-C' || flag === '--conditions') result.push(flag, flags[i + 1] ?? '');
  });
  return result;
}

function waitUntilReady(child: ChildProcess): Promise<HostReady> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => {});
      child.kill('SIGKILL');
      reject(new Error(`Media host process did not start: ${reason}`));
    };
    const timer = setTimeout(() => fail(`not ready within ${startDeadlineMs} ms`), startDeadlineMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(signal ?? `code ${code}`));
    child.once('message', (message) => {
      // Holds because the other end of this channel is our own hostMain.ts.
      const first = message as HostMessage;
      if (!('ready' in first)) {
        fail('failed' in first ? first.failed : 'it said something unexpected');
        return;
      }
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(first.ready);
    });
  });
}
