/**
 * The one object that is there from the start: facts about the server, births and deaths of all others.
 * @module
 */
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { KurentoError, type ClassInfo } from '@rivero/model';
import type * as api from '@rivero/model/server';
import { MediaObject } from './MediaObject.ts';
import type { MediaPipeline } from './MediaPipeline.ts';
import { cpuSeconds, memoryKib } from './processUsage.ts';
import type { ServerContext } from './ServerContext.ts';

/** Id of the only ServerManager (spec 1.6). */
export const SERVER_MANAGER_ID = 'manager_ServerManager';

/** Version of the API that the server speaks; clients compare it with their own. */
const API_VERSION = '7.3.0';
/** Modules that clients insist on, also while nothing in them can be created. */
const BASE_MODULES: readonly string[] = ['core', 'elements', 'filters'];

/** What the ServerManager asks of the rest of the server. */
export interface ServerFacts {
  /** Ids of the sessions that reference something, and an empty text for each socket without a session. */
  sessionIds(): readonly string[];
  /** Ids of the child processes, whose CPU and memory count as the server's. */
  processIds(): readonly number[];
  /** The classes that can be created. */
  readonly classes: readonly ClassInfo[];
  /** JSON text of the configuration's `metadata`. */
  readonly metadata: string;
}

/** Facts about the server; raises ObjectCreated and ObjectDestroyed. Lives as long as the server. */
export class ServerManager extends MediaObject implements api.ServerManager {
  readonly #facts: ServerFacts;

  /** Makes the manager of the server that `facts` are about. */
  constructor(context: ServerContext, facts: ServerFacts) {
    const info = context.api.findClass('ServerManager');
    if (info === undefined) throw new TypeError('The API has no ServerManager');
    super({ info, parent: undefined, context, id: SERVER_MANAGER_ID });
    this.#facts = facts;
  }

  /** Makes it known under its id; from now on it tells of all births and deaths. */
  override enter(): void {
    super.enter();
    this.context.registry.addListener({
      objectCreated: (object) => this.raise('ObjectCreated', { object }),
      objectDestroyed: (object) => this.raise('ObjectDestroyed', { objectId: object.id }),
    });
  }

  /** Does nothing but refuse: the manager lives as long as the server. */
  override release(): Promise<void> {
    return Promise.reject(
      new KurentoError('MEDIA_OBJECT_OPERATION_NOT_SUPPORTED', 'The ServerManager cannot be released'),
    );
  }

  /** Null: it belongs to no pipeline. */
  override getMediaPipeline(): null {
    return null;
  }

  /** Version, modules and the classes that can be created. */
  getInfo(): api.ServerInfo {
    const modules: api.ModuleInfo[] = [];
    for (const { name, version, generationTime } of this.context.api.modules) {
      const factories = this.#facts.classes.filter((info) => info.module === name).map((info) => info.name);
      if (factories.length === 0 && !BASE_MODULES.includes(name)) continue;
      modules.push({ name, version, generationTime, factories: factories.sort() });
    }
    return { version: API_VERSION, type: 'KMS', capabilities: ['transactions'], modules };
  }

  /** All pipelines, of all sessions. */
  getPipelines(): MediaPipeline[] {
    // The registry tells pipelines by their descriptor, whose only implementation is MediaPipeline.
    return this.context.registry.pipelines as MediaPipeline[];
  }

  /** Ids of the sessions that reference something, and an empty text for each socket without a session. */
  getSessions(): string[] {
    return [...this.#facts.sessionIds()];
  }

  /** JSON text of the configuration's `metadata`. */
  getMetadata(): string {
    return this.#facts.metadata;
  }

  /**
   * The description of a module, JSON text.
   *
   * @throws {KurentoError} UNDEFINED, the wire's name of 40500
   */
  getKmd(params: { moduleName: string }): string {
    const kmd = this.context.api.kmd(params.moduleName);
    if (kmd !== undefined) return kmd;
    throw new KurentoError('UNDEFINED', `KMD file not found for module '${params.moduleName}'`);
  }

  /** How many CPUs the process may use. */
  getCpuCount(): number {
    return availableParallelism();
  }

  /**
   * CPU used during the next `interval` milliseconds, percent of one core, child processes included.
   * Answers when the interval is over.
   */
  async getUsedCpu(params: { interval: number }): Promise<number> {
    const children = this.#facts.processIds();
    const usedBefore = await cpuSeconds(children);
    const startMs = performance.now();
    // Without a reference: a pending measurement does not keep a stopping server alive.
    await delay(Math.max(1, params.interval), undefined, { ref: false });
    const used = (await cpuSeconds(children)) - usedBefore;
    const elapsedSeconds = (performance.now() - startMs) / 1000;
    return Math.max(0, (100 * used) / elapsedSeconds);
  }

  /** Resident memory, KiB, child processes included. */
  getUsedMemory(): Promise<number> {
    return memoryKib(this.#facts.processIds());
  }
}
