/**
 * The media hosts of a server: spare ones wait ready, branches are given to them, and dead ones are replaced.
 * @module
 */
import { Backoff } from './Backoff.ts';
import { HostError } from './HostError.ts';
import { HostProcess, type HostProcessOptions } from './HostProcess.ts';
import type { HostDump, HostEvents, HostOperations, LaunchRequest } from './operations.ts';

/**
 * Who shares a process with a branch. `shared`: all branches of the same purpose, until the process is full.
 * `isolated`: nobody; for launch text of users and for elements that are known to crash.
 */
export type HostPolicy = 'shared' | 'isolated';

/** Where a branch is to run. */
export interface BranchPlacement {
  /** What it is for, for instance `recorder`. Branches of different purposes never share a process. */
  readonly purpose: string;
  /** Who shares its process. */
  readonly policy: HostPolicy;
}

/** How to run a pool. */
export interface HostPoolOptions extends HostProcessOptions {
  /** Processes that wait ready. 1 when left out. */
  readonly spares?: number;
  /** Branches of one shared process. 50 when left out. */
  readonly branchesPerHost?: number;
}

/** Who hears of a pool. */
export interface HostPoolListener {
  /** Something happened in a branch. */
  onEvent<K extends keyof HostEvents>(name: K, event: HostEvents[K]): void;
  /** These branches are gone, because their process is. They can be launched again at once. */
  onBranchesLost(branchIds: readonly string[], reason: string): void;
}

/** Operations on one branch that the pool passes on; `launch` and `close` it does itself. */
export type BranchOperation = Exclude<
  keyof HostOperations,
  'launch' | 'close' | 'dump' | 'describe' | 'ping'
>;

/** A process with its branches. */
interface Host {
  readonly process: HostProcess;
  readonly placement: BranchPlacement;
  readonly branchIds: Set<string>;
  /** Ends a shared process that has no branches. */
  linger: NodeJS.Timeout | undefined;
}

const defaultSpares = 1;
const defaultBranchesPerHost = 50;
/** A shared process without branches ends after this long, so that leaks of libraries end with it, milliseconds. */
const lingerMs = 5000;
/** Time from the use of a spare to the start of its replacement, milliseconds. */
const refillDelayMs = 100;
/** A launch waits for a host at most this long when none is ready, milliseconds. */
const hostWaitMs = 10_000;

/** What a pool runs now. */
export interface HostPoolState {
  /** Process ids of spares. */
  readonly spares: readonly number[];
  /** Processes with branches. */
  readonly hosts: readonly { readonly pid: number; readonly purpose: string; readonly branches: number }[];
}

/** Hands branches to media hosts. */
export class HostPool {
  readonly #options: HostPoolOptions;
  readonly #listener: HostPoolListener;
  readonly #spares: HostProcess[] = [];
  readonly #hosts = new Set<Host>();
  /** The host of each branch. */
  readonly #byBranch = new Map<string, Host>();
  /** Branches that are being launched or closed: whoever waits for that is told by an error. */
  readonly #inTransit = new Set<string>();
  /** Launches that wait for a spare, oldest first. */
  readonly #waiting: ((spare: HostProcess | undefined) => void)[] = [];
  readonly #backoff = new Backoff();
  /** Shared hosts that are about to be, by purpose. */
  readonly #opening = new Map<string, Promise<Host>>();
  #starting = 0;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: HostPoolOptions, listener: HostPoolListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /**
   * Starts a pool, and waits for its first spare.
   * @throws {Error} if no process comes up, for instance because GStreamer is not installed.
   */
  static async start(options: HostPoolOptions, listener: HostPoolListener): Promise<HostPool> {
    const pool = new HostPool(options, listener);
    pool.#addSpare(await pool.#startProcess());
    pool.#refill();
    return pool;
  }

  /** What runs now. */
  get state(): HostPoolState {
    return {
      spares: this.#spares.map(({ pid }) => pid),
      hosts: [...this.#hosts].map(({ process, placement, branchIds }) => ({
        pid: process.pid,
        purpose: placement.purpose,
        branches: branchIds.size,
      })),
    };
  }

  /**
   * Makes a branch in a host that fits. Its id must be unique within the pool.
   * @throws {HostError} with the host's reason; HOST_GONE if no host is there in time.
   */
  async launch(request: LaunchRequest, placement: BranchPlacement): Promise<void> {
    const { branchId } = request;
    if (this.#byBranch.has(branchId))
      throw new HostError('INVALID_REQUEST', `There is already a branch '${branchId}'`);
    const host = await this.#hostFor(placement);
    if (this.#byBranch.has(branchId))
      throw new HostError('INVALID_REQUEST', `There is already a branch '${branchId}'`);
    host.branchIds.add(branchId);
    this.#byBranch.set(branchId, host);
    this.#inTransit.add(branchId);
    try {
      await host.process.request('launch', request);
    } catch (error) {
      this.#forget(branchId);
      throw error;
    } finally {
      this.#inTransit.delete(branchId);
    }
  }

  /**
   * Asks for an operation on a branch.
   * @throws {HostError} NOT_FOUND if there is no such branch, or with the host's reason.
   */
  async request<K extends BranchOperation>(
    name: K,
    request: HostOperations[K]['request'],
  ): Promise<HostOperations[K]['reply']> {
    return await this.#hostOf(request.branchId).process.request(name, request);
  }

  /** Ends a branch. An isolated host ends with it. @throws {HostError} NOT_FOUND, HOST_GONE */
  async closeBranch(branchId: string): Promise<void> {
    const { process } = this.#hostOf(branchId);
    this.#inTransit.add(branchId);
    try {
      await process.request('close', { branchId });
    } finally {
      this.#inTransit.delete(branchId);
      this.#forget(branchId);
    }
  }

  /** What each process holds, by process id. */
  async dump(): Promise<ReadonlyMap<number, HostDump>> {
    const processes = [...this.#spares, ...[...this.#hosts].map(({ process }) => process)];
    const dumps = await Promise.all(
      processes.map(async (each): Promise<[number, HostDump]> => [each.pid, await each.request('dump', {})]),
    );
    return new Map(dumps);
  }

  /** Ends every process. Nobody is told. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    for (const { linger } of this.#hosts) clearTimeout(linger);
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    const processes = [...this.#spares, ...[...this.#hosts].map(({ process }) => process)];
    await Promise.all(processes.map((each) => each.close()));
  }

  #hostOf(branchId: string): Host {
    const host = this.#byBranch.get(branchId);
    if (host === undefined) throw new HostError('NOT_FOUND', `There is no branch '${branchId}'`);
    return host;
  }

  #findShared({ purpose, policy }: BranchPlacement): Host | undefined {
    if (policy === 'isolated') return undefined;
    const most = this.#options.branchesPerHost ?? defaultBranchesPerHost;
    return [...this.#hosts].find(
      ({ placement, branchIds, process }) =>
        placement.policy === 'shared' &&
        placement.purpose === purpose &&
        branchIds.size < most &&
        !process.gone,
    );
  }

  #hostFor(placement: BranchPlacement): Promise<Host> | Host {
    if (placement.policy === 'isolated') return this.#openHost(placement);
    const { purpose } = placement;
    const found = this.#findShared(placement) ?? this.#opening.get(purpose);
    if (found !== undefined) return found;
    const opening = this.#openHost(placement).finally(() => this.#opening.delete(purpose));
    this.#opening.set(purpose, opening);
    return opening;
  }

  async #openHost(placement: BranchPlacement): Promise<Host> {
    const process = await this.#takeSpare();
    const host: Host = { process, placement, branchIds: new Set(), linger: undefined };
    this.#hosts.add(host);
    // Forking takes this process some 10 ms, and the launch that waits for this host comes first.
    setTimeout(() => this.#refill(), refillDelayMs).unref();
    return host;
  }

  async #takeSpare(): Promise<HostProcess> {
    const ready = this.#spares.shift();
    if (ready !== undefined) return ready;
    this.#refill();
    const spare = await this.#waitForSpare();
    if (spare === undefined) throw new HostError('HOST_GONE', 'No media host is ready');
    return spare;
  }

  #waitForSpare(): Promise<HostProcess | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const give = (spare: HostProcess | undefined): void => {
        clearTimeout(timer);
        resolve(spare);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(give), 1);
        resolve(undefined);
      }, hostWaitMs);
      this.#waiting.push(give);
    });
  }

  /** A process that is ready goes to who waits longest, or waits itself. */
  #addSpare(process: HostProcess): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#spares.push(process);
    else waiting(process);
  }

  /** Starts processes until enough wait ready or come up, after a delay when they keep failing. */
  #refill(): void {
    if (this.#closed || this.#restart !== undefined) return;
    const wanted = (this.#options.spares ?? defaultSpares) + this.#waiting.length;
    const delayMs = this.#backoff.delayMs(performance.now());
    if (this.#spares.length + this.#starting >= wanted) return;
    if (delayMs > 0) {
      this.#restart = setTimeout(() => {
        this.#restart = undefined;
        this.#startSpares(wanted);
      }, delayMs);
      return;
    }
    this.#startSpares(wanted);
  }

  #startSpares(wanted: number): void {
    while (!this.#closed && this.#spares.length + this.#starting < wanted) void this.#startSpare();
  }

  async #startSpare(): Promise<void> {
    this.#starting++;
    try {
      const process = await this.#startProcess();
      this.#starting--;
      if (this.#closed) await process.close();
      else this.#addSpare(process);
    } catch {
      this.#starting--;
      this.#backoff.failed(performance.now());
      this.#refill();
    }
  }

  async #startProcess(): Promise<HostProcess> {
    let started: HostProcess | undefined;
    started = await HostProcess.start(this.#options, {
      onEvent: (name, event) => this.#listener.onEvent(name, event),
      onExit: (reason) => {
        if (started !== undefined) this.#exited(started, reason);
      },
    });
    return started;
  }

  #exited(process: HostProcess, reason: string): void {
    this.#backoff.failed(performance.now());
    const spare = this.#spares.indexOf(process);
    if (spare >= 0) this.#spares.splice(spare, 1);
    const host = [...this.#hosts].find((each) => each.process === process);
    if (host !== undefined) {
      this.#hosts.delete(host);
      clearTimeout(host.linger);
      const lost = [...host.branchIds].filter((branchId) => !this.#inTransit.has(branchId));
      for (const branchId of host.branchIds) this.#byBranch.delete(branchId);
      if (lost.length > 0) this.#listener.onBranchesLost(lost, reason);
    }
    this.#refill();
  }

  /** A branch is no more. */
  #forget(branchId: string): void {
    const host = this.#byBranch.get(branchId);
    if (host === undefined) return;
    this.#byBranch.delete(branchId);
    host.branchIds.delete(branchId);
    if (host.branchIds.size > 0) return;
    if (host.placement.policy === 'isolated') {
      this.#endHost(host);
      return;
    }
    clearTimeout(host.linger);
    host.linger = setTimeout(() => {
      if (host.branchIds.size === 0) this.#endHost(host);
    }, lingerMs);
    host.linger.unref();
  }

  #endHost(host: Host): void {
    this.#hosts.delete(host);
    void host.process.close();
  }
}
