/**
 * The media hosts of this server: looked for when something first needs them, and handed branches.
 * @module
 */
import type { HostAbilities } from '@rivero/graph';
import {
  type BranchOperation,
  type BranchPlacement,
  describeInstallation,
  type HostEvents,
  type HostOperations,
  HostPool,
  type Installation,
  type LaunchRequest,
  missingPackages,
} from '@rivero/gst';
import { KurentoError } from '@rivero/model';
import type { Logger } from 'pino';
import type { HostsConfig } from '../config/ServerConfig.ts';
import { hostAbilities } from './hostAbilities.ts';

/** Who wants to know what happens in a branch. */
export interface BranchListener {
  /** Something happened in the branch. */
  onEvent<K extends keyof HostEvents>(name: K, event: HostEvents[K]): void;
  /** The branch is gone, because its process is. */
  onLost(reason: string): void;
}

/** Media hosts, if GStreamer is installed and the settings want them. No process is started before the first need. */
export class HostServices {
  /** The settings in force. */
  readonly options: HostsConfig;
  readonly #log: Logger;
  readonly #listeners = new Map<string, BranchListener>();
  #abilities: HostAbilities | undefined;
  #installation: Promise<Installation | undefined> | undefined;
  #pool: Promise<HostPool> | undefined;
  #running: HostPool | undefined;
  #closed = false;

  /** Hosts that nobody has asked for yet. */
  constructor(options: HostsConfig, log: Logger) {
    this.options = options;
    this.#log = log;
  }

  /** What the hosts can do; undefined before `discover`, and when there are none. */
  get abilities(): HostAbilities | undefined {
    return this.#abilities;
  }

  /** Process ids of all hosts. */
  get processIds(): readonly number[] {
    const { spares = [], hosts = [] } = this.#running?.state ?? {};
    return [...spares, ...hosts.map(({ pid }) => pid)];
  }

  /** Finds out, once, what is installed. Undefined: there are no hosts, and the log says why. Never rejects. */
  async discover(): Promise<HostAbilities | undefined> {
    await this.#describe();
    return this.#abilities;
  }

  /**
   * Makes sure that these elements of GStreamer are there.
   *
   * @throws {KurentoError} `MEDIA_OBJECT_NOT_AVAILABLE`, which names what to install
   */
  async demand(what: string, factories: readonly string[]): Promise<void> {
    const installation = await this.#describe();
    if (installation === undefined)
      throw unavailable(`${what} needs a media host, and the setting hosts.mode is off`);
    const lacking = factories.filter((name) => !installation.available.includes(name));
    if (installation.version !== undefined && lacking.length === 0) return;
    const packages = missingPackages(lacking);
    const toInstall = packages.length > 0 ? packages : ['gstreamer1.0-plugins-base'];
    const why =
      installation.version === undefined
        ? (installation.reason ?? 'it cannot be loaded')
        : lacking.join(', ');
    throw unavailable(`${what} needs GStreamer (${why}): apt-get install ${toInstall.join(' ')}`);
  }

  /**
   * Makes a branch in a host that fits; from then on its events reach `listener`.
   *
   * @throws {HostError} with the host's reason, {Error} if no host comes up
   */
  async launch(request: LaunchRequest, placement: BranchPlacement, listener: BranchListener): Promise<void> {
    const pool = await this.#startPool();
    this.#listeners.set(request.branchId, listener);
    try {
      await pool.launch(request, placement);
    } catch (error) {
      this.#listeners.delete(request.branchId);
      throw error;
    }
  }

  /** Asks for an operation on a branch. @throws {HostError} with the host's reason */
  async request<K extends BranchOperation>(
    name: K,
    request: HostOperations[K]['request'],
  ): Promise<HostOperations[K]['reply']> {
    return (await this.#startPool()).request(name, request);
  }

  /** Ends a branch; nothing of it is told any more. Never rejects: a branch whose host is gone has ended. */
  async closeBranch(branchId: string): Promise<void> {
    if (!this.#listeners.delete(branchId)) return;
    try {
      await this.#running?.closeBranch(branchId);
    } catch (error) {
      this.#log.debug({ err: error, branchId }, 'branch was gone');
    }
  }

  /** Ends all hosts. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#pool?.then(
      (pool) => pool.close(),
      () => undefined,
    );
  }

  #describe(): Promise<Installation | undefined> {
    this.#installation ??= this.#look();
    return this.#installation;
  }

  async #look(): Promise<Installation | undefined> {
    if (this.options.mode === 'off') return undefined;
    const installation = await describeInstallation();
    const { version, reason, packages } = installation;
    if (version === undefined)
      this.#log.warn({ reason, packages }, 'no media hosts: GStreamer cannot be used');
    else {
      this.#abilities = hostAbilities(installation);
      this.#log.info({ version, missing: installation.missing, packages }, 'media hosts available');
    }
    return installation;
  }

  #startPool(): Promise<HostPool> {
    if (this.#closed) return Promise.reject(new Error('The media hosts are closed'));
    this.#pool ??= this.#start();
    return this.#pool;
  }

  async #start(): Promise<HostPool> {
    try {
      this.#running = await HostPool.start(
        { spares: this.options.spares },
        {
          onEvent: (name, event) => {
            this.#log.trace({ event: name, data: event }, 'event');
            this.#listeners.get(event.branchId)?.onEvent(name, event);
          },
          onBranchesLost: (branchIds, reason) => this.#lose(branchIds, reason),
        },
      );
      return this.#running;
    } catch (error) {
      // The next need tries again.
      this.#pool = undefined;
      throw error;
    }
  }

  #lose(branchIds: readonly string[], reason: string): void {
    this.#log.error({ branches: branchIds.length, reason }, 'media host lost');
    for (const branchId of branchIds) {
      const listener = this.#listeners.get(branchId);
      this.#listeners.delete(branchId);
      listener?.onLost(reason);
    }
  }
}

function unavailable(message: string): KurentoError {
  return new KurentoError('MEDIA_OBJECT_NOT_AVAILABLE', message);
}
