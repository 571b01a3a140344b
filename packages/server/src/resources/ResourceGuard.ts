/**
 * Refuses new objects while a resource of the machine runs short, and ends a server that leaks.
 * @module
 */
import { KurentoError } from '@rivero/model';
import type { Logger } from 'pino';
import type { ResourcesConfig } from '../config.ts';
import type { Clock } from '../objects/ServerContext.ts';

/** How much of one resource is used. */
export interface ResourceUsage {
  /** What it is, for messages: `open files of process 7`. */
  readonly what: string;
  /** The share that is used, 0 to 1. */
  readonly share: number;
}

/** What the server uses of the machine. */
export interface MachineUsage {
  /** Resources that run out: open files, memory. */
  readonly exhaustible: readonly ResourceUsage[];
  /** CPU of each router since the last look, share of one core. */
  readonly routerCpu: readonly number[];
}

/** What a guard works with. */
export interface ResourceGuardParts {
  /** The shares. */
  readonly config: ResourcesConfig;
  /** Looks at the machine. */
  readonly readUsage: () => Promise<MachineUsage>;
  /** The time of day. */
  readonly clock: Clock;
  /** Where the log goes. */
  readonly log: Logger;
  /** Ends the server in order. */
  readonly terminate: () => void;
}

/** How long a look at the machine counts, milliseconds. It costs about one. */
const LOOK_LIFETIME_MS = 1000;

/** Refuses new objects while a resource runs short (spec 4.1, 40009), and ends a server that leaks. */
export class ResourceGuard {
  readonly #parts: ResourceGuardParts;
  #shortage: string | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #terminated = false;

  /** Guards with the shares of `parts.config`. */
  constructor(parts: ResourceGuardParts) {
    this.#parts = parts;
  }

  /**
   * Called before an object is made. Returns a promise only when it has to look at the machine, which happens at
   * most once per second.
   *
   * @throws {KurentoError} NOT_ENOUGH_RESOURCES, also as a rejection
   */
  admit(): Promise<void> | void {
    const ageMs = this.#parts.clock.nowMs() - this.#lookedMs;
    if (ageMs >= 0 && ageMs < LOOK_LIFETIME_MS) return this.#refuseIfShort();
    this.#looking ??= this.#look();
    return this.#looking.then(() => this.#refuseIfShort());
  }

  /**
   * Called when no object is alive. What is used now is used by nothing: above `killLimit` the server ends itself,
   * so that whoever watches over it can start it afresh.
   */
  async checkIdle(): Promise<void> {
    const { config, readUsage, terminate, log } = this.#parts;
    const { killLimit } = config;
    if (killLimit === undefined || this.#terminated) return;
    const { exhaustible } = await readUsage();
    const over = exhaustible.find(({ share }) => share > killLimit);
    if (over === undefined) return;
    this.#terminated = true;
    log.error({ ...over, killLimit }, 'no object is alive and resources are used up, stopping');
    terminate();
  }

  #refuseIfShort(): void {
    if (this.#shortage !== undefined) throw new KurentoError('NOT_ENOUGH_RESOURCES', this.#shortage);
  }

  async #look(): Promise<void> {
    const { readUsage, clock, log } = this.#parts;
    try {
      const before = this.#shortage;
      this.#shortage = this.#shortageIn(await readUsage());
      if (this.#shortage !== undefined && before === undefined) log.warn(this.#shortage);
    } catch (error) {
      // What cannot be looked at is no reason to refuse anybody.
      log.warn({ err: error }, 'resources cannot be read');
      this.#shortage = undefined;
    }
    this.#lookedMs = clock.nowMs();
    this.#looking = undefined;
  }

  #shortageIn({ exhaustible, routerCpu }: MachineUsage): string | undefined {
    const { exceptionLimit, cpuLimit } = this.#parts.config;
    const over = exhaustible.find(({ share }) => share > exceptionLimit);
    if (over !== undefined) return `Too many resources in use: ${percent(over.share)} of ${over.what}`;
    if (cpuLimit === undefined || routerCpu.length === 0) return undefined;
    // New pipelines go to the least busy router.
    const least = Math.min(...routerCpu);
    return least > cpuLimit
      ? `Too many resources in use: ${percent(least)} of a core by each router`
      : undefined;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
