/**
 * The handle that control holds of a router process.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HostStreamEvents, RouterEvents, RouterOperations, RouterReady } from './operations.ts';
import type { OperationName, RouterMessage, RouterSettings } from './routerMessages.ts';

/**
 * Packets leave no garbage, so a router needs little room for young objects. With V8's default of 16 MiB a router that
 * had joined 2,000 pairs of endpoints held 275 MiB, with this 160.
 */
const youngGeneration = '--max-semi-space-size=2';

/** How to start a router process. */
export interface RouterProcessOptions extends RouterSettings {
  /** Time to answer an operation, milliseconds. After it the process is killed. 5,000 when left out. */
  readonly deadlineMs?: number;
}

/** Who hears of a router process. */
export interface RouterProcessListener {
  /** Something happened in the router. */
  onEvent<K extends keyof RouterEvents>(name: K, event: RouterEvents[K]): void;
  /** Something happened to a transport to a media host. May be left out by who opens none. */
  onHostEvent?<K extends keyof HostStreamEvents>(name: K, event: HostStreamEvents[K]): void;
  /** The process is gone, and everything in it. Not called after `close`. */
  onExit(reason: string): void;
}

const defaultDeadlineMs = 5000;
/** Two keys are made at start; a busy machine may take a while. */
const startDeadlineMs = 20_000;
const closeDeadlineMs = 2000;

interface Pending {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** A running router process. */
export class RouterProcess {
  /** What the process told when it was ready. */
  readonly ready: RouterReady;
  /** Process id. */
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #listener: RouterProcessListener;
  readonly #deadlineMs: number;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #exitReason: string | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Starts a process and waits until it accepts operations.
   * @throws {Error} if it does not come up, for instance because the port is taken.
   */
  static async start(options: RouterProcessOptions, listener: RouterProcessListener): Promise<RouterProcess> {
    const child = forkRouter(options);
    const ready = await waitUntilReady(child);
    return new RouterProcess(child, ready, options.deadlineMs ?? defaultDeadlineMs, listener);
  }

  private constructor(
    child: ChildProcess,
    ready: RouterReady,
    deadlineMs: number,
    listener: RouterProcessListener,
  ) {
    this.#child = child;
    this.ready = ready;
    this.pid = child.pid ?? 0;
    this.#deadlineMs = deadlineMs;
    this.#listener = listener;
    // Holds because the other end of this channel is our own routerProcess.ts.
    child.on('message', (message) => this.#receive(message as RouterMessage));
    child.once('exit', (code, signal) => this.#exited(signal ?? `code ${code}`));
    child.once('disconnect', () => child.kill('SIGKILL'));
    child.on('error', () => child.kill('SIGKILL'));
    if (child.exitCode !== null || child.signalCode !== null) this.#exited('exited at once');
  }

  /**
   * Asks for an operation.
   * @throws {Error} with the router's text if it refuses, or if the process is gone.
   */
  request<K extends keyof RouterOperations>(
    name: K,
    request: RouterOperations[K]['request'],
  ): Promise<RouterOperations[K]['reply']> {
    // Holds because the router replies to each operation with its own type.
    return this.#request(name, request) as Promise<RouterOperations[K]['reply']>;
  }

  /** Ends the process: asks first, kills it after two seconds. Resolves when it is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #request(operation: OperationName, request: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#exitReason !== undefined || this.#closing !== undefined) {
        reject(new Error(`Router process is gone: ${this.#exitReason ?? 'closed'}`));
        return;
      }
      const id = this.#nextId++;
      const timer = setTimeout(() => this.#overdue(operation), this.#deadlineMs);
      this.#pending.set(id, { resolve, reject, timer });
      this.#child.send({ id, operation, request });
    });
  }

  #receive(message: RouterMessage): void {
    if ('event' in message) {
      this.#listener.onEvent(message.event, message.data);
      return;
    }
    if ('hostEvent' in message) {
      this.#listener.onHostEvent?.(message.hostEvent, message.data);
      return;
    }
    if (!('id' in message)) return;
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    if ('error' in message) pending.reject(new Error(message.error));
    else pending.resolve(message.reply);
  }

  #overdue(operation: OperationName): void {
    this.#child.kill('SIGKILL');
    this.#exited(`'${operation}' was not answered within ${this.#deadlineMs} ms`);
  }

  #exited(reason: string): void {
    if (this.#exitReason !== undefined) return;
    this.#exitReason = reason;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new Error(`Router process is gone: ${reason}`));
    }
    this.#pending.clear();
    if (this.#closing === undefined) this.#listener.onExit(reason);
  }

  async #close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (child.connected) child.send({ close: true });
    const timer = setTimeout(() => child.kill('SIGKILL'), closeDeadlineMs);
    await exited;
    clearTimeout(timer);
  }
}

function forkRouter({ udpPort, addresses, datapath, certificateFiles }: RouterProcessOptions): ChildProcess {
  const settings: RouterSettings = {
    udpPort,
    ...(addresses === undefined ? {} : { addresses }),
    ...(datapath === undefined ? {} : { datapath }),
    ...(certificateFiles === undefined ? {} : { certificateFiles }),
  };
  // `node --watch` asks its child, and all below, to report modules over the channel; ours is for operations.
  const { WATCH_REPORT_DEPENDENCIES: _, ...env } = process.env;
  // The file beside this one: TypeScript in the tree, JavaScript in the published package.
  const file = new URL(
    import.meta.url.endsWith('.ts') ? './routerMain.ts' : './routerMain.js',
    import.meta.url,
  );
  return fork(fileURLToPath(file), [JSON.stringify(settings)], {
    execArgv: [...moduleFlags(process.execArgv), youngGeneration],
    serialization: 'advanced',
    env,
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

function waitUntilReady(child: ChildProcess): Promise<RouterReady> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => {});
      child.kill('SIGKILL');
      reject(new Error(`Router process did not start: ${reason}`));
    };
    const timer = setTimeout(() => fail(`not ready within ${startDeadlineMs} ms`), startDeadlineMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(signal ?? `code ${code}`));
    child.once('message', (message) => {
      // Holds because the other end of this channel is our own routerMain.ts.
      const first = message as RouterMessage;
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
