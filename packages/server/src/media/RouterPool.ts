/**
 * The router processes of this server, one per core: placement of pipelines and replacement of the dead.
 * @module
 */
import type { RouterProcessOptions } from '@rivero/datapath';
import { KurentoError } from '@rivero/model';
import type { Logger } from 'pino';
import { RouterLink } from './RouterLink.ts';

/** How a pool starts its processes. */
export interface RouterPoolOptions extends Omit<RouterProcessOptions, 'udpPort'> {
  /** Number of processes. */
  readonly routers: number;
  /** UDP port of the first process, the next ones count up from it; 0 lets the system choose. */
  readonly udpPort: number;
}

/** Pauses before a process is started again, milliseconds; the last one repeats. */
const restartDelaysMs = [0, 100, 1000, 5000] as const;

/** How long `ready` waits, milliseconds. A process needs 0.2 s to start. */
const readyDeadlineMs = 5000;

/** Keeps `routers` processes running. */
export class RouterPool {
  readonly #options: RouterPoolOptions;
  readonly #log: Logger;
  readonly #links = new Map<number, RouterLink>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Set<() => void>();
  #closed = false;

  private constructor(options: RouterPoolOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** Starts all processes. Rejects, with none left running, if one of them cannot start. */
  static async start(options: RouterPoolOptions, log: Logger): Promise<RouterPool> {
    const pool = new RouterPool(options, log);
    const slots = Array.from({ length: options.routers }, (_, slot) => pool.#startSlot(slot));
    const results = await Promise.allSettled(slots);
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) return pool;
    await pool.close();
    throw failed.reason;
  }

  /** The processes that are alive. */
  get links(): readonly RouterLink[] {
    return [...this.#links.values()];
  }

  /**
   * Resolves once a process is alive, so that what follows the death of the only one works. Gives up after 5 s,
   * and at once where there is nothing to wait for; `place` says then what is wrong.
   */
  async ready(): Promise<void> {
    if (this.#links.size > 0 || this.#options.routers === 0 || this.#closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, readyDeadlineMs);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
  }

  /**
   * The least loaded process.
   *
   * @throws {KurentoError} `NOT_ENOUGH_RESOURCES` while all of them are being restarted.
   */
  place(): RouterLink {
    const [least] = this.links.toSorted((a, b) => a.transportCount - b.transportCount);
    if (!least) throw new KurentoError('NOT_ENOUGH_RESOURCES', 'No router process is running, try again');
    return least;
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#wake();
    const links = this.links;
    this.#links.clear();
    await Promise.all(links.map((link) => link.close()));
  }

  async #startSlot(slot: number): Promise<void> {
    const { routers: _, udpPort, ...options } = this.#options;
    const link = await RouterLink.start(
      { ...options, udpPort: udpPort === 0 ? 0 : udpPort + slot },
      this.#log,
    );
    if (this.#closed) return link.close();
    this.#links.set(slot, link);
    this.#wake();
    this.#log.info(
      { pid: link.pid, udpPort: link.ready.udpPort, datapath: link.ready.datapath },
      'router ready',
    );
    link.onLost(() => {
      this.#links.delete(slot);
      this.#restart(slot, 0);
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #restart(slot: number, attempt: number): void {
    const delayMs = restartDelaysMs[Math.min(attempt, restartDelaysMs.length - 1)];
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#startSlot(slot).catch((error: unknown) => {
        this.#log.error({ err: error, slot, attempt }, 'router process does not start');
        if (!this.#closed) this.#restart(slot, attempt + 1);
      });
    }, delayMs);
    this.#timers.add(timer);
  }
}
