/**
 * The media of one pipeline: keeps the router doing what the planner says, and tells what flows.
 * @module
 */
import {
  type Connection,
  emptyPlan,
  type FlowChange,
  FlowTracker,
  type MediaType,
  mediaTypes,
  type PadTable,
  type PlannedEdge,
  Planner,
  planChanges,
} from '@rivero/graph';
import type { Logger } from 'pino';
import type { RouterLink } from './RouterLink.ts';
import type { RouterPool } from './RouterPool.ts';

/** Who wants to know what happens to a pipeline's media. */
export interface PipelineMediaListener {
  /** Media began or ceased to flow through a pad. */
  onFlow(change: FlowChange): void;
  /** An edge that nobody can serve: both ends are negotiated and share no codec. Told once per edge. */
  onUnserved(edge: PlannedEdge): void;
  /** An edge is served without transcoding. Told once per source pad. */
  onForwarded(sourceId: string, type: MediaType): void;
  /** The router process died, and with it all transports of the pipeline. */
  onLost(reason: string): void;
}

/** Binds a pipeline to a router process at its first transport and applies plans to it. */
export class PipelineMedia {
  readonly #planner = new Planner();
  readonly #flows = new FlowTracker();
  readonly #flowing = new Set<string>();
  readonly #forwardTold = new Set<string>();
  #unservedTold = new Set<string>();
  readonly #pool: RouterPool;
  readonly #listener: PipelineMediaListener;
  readonly #log: Logger;
  #link: RouterLink | undefined;
  #forgetLoss: (() => void) | undefined;
  #plan = emptyPlan;
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  /** Makes the media of a pipeline without elements; no process is chosen yet. */
  constructor(pool: RouterPool, listener: PipelineMediaListener, log: Logger) {
    this.#pool = pool;
    this.#listener = listener;
    this.#log = log;
  }

  /** Connections of the pipeline, to be read and changed; call `sync` after a change. */
  get connections(): Planner['connections'] {
    return this.#planner.connections;
  }

  /**
   * The process of this pipeline, chosen at the first call. After the process died the answer stays the dead
   * one, whose requests are refused: the media of this pipeline is gone.
   *
   * @throws {KurentoError} `NOT_ENOUGH_RESOURCES` if no process runs.
   */
  link(): RouterLink {
    if (this.#link) return this.#link;
    const link = this.#pool.place();
    this.#link = link;
    this.#forgetLoss = link.onLost((reason) => {
      this.#flowing.clear();
      this.#updateFlows();
      this.#listener.onLost(reason);
    });
    return link;
  }

  /** Waits for a process if none has been chosen and none is alive; to be called before the first `link`. */
  async ready(): Promise<void> {
    if (!this.#link) await this.#pool.ready();
  }

  /** What the pads of an element can do now; call `sync` afterwards. */
  setPads(elementId: string, pads: PadTable): void {
    this.#planner.setElement(elementId, pads);
  }

  /** Takes an element out, makes the router follow and returns the connections that ended. */
  async removeElement(elementId: string): Promise<Connection[]> {
    for (const { producerId, elementId: owner } of this.#planner.producers()) {
      if (owner === elementId) this.#flowing.delete(producerId);
    }
    const ended = this.#planner.removeElement(elementId);
    for (const type of mediaTypes) this.#forwardTold.delete(`${type} ${elementId}`);
    await this.sync();
    return ended;
  }

  /** Notes that a producer sends or is silent. */
  setFlowing(producerId: string, flowing: boolean): void {
    if (flowing) this.#flowing.add(producerId);
    else this.#flowing.delete(producerId);
    this.#updateFlows();
  }

  /** Producers that send now. */
  get flowingProducers(): number {
    return this.#flowing.size;
  }

  /** True while media flows through this pad. */
  isFlowing(elementId: string, type: MediaType, direction: 'in' | 'out'): boolean {
    return this.#flows.isFlowing(elementId, type, direction);
  }

  /** Every connection with the reason for what happens to it, as of now. */
  edges(): readonly PlannedEdge[] {
    return this.#planner.plan().edges;
  }

  /** Makes the router do what the connections say. Calls that come while one is under way share the next one. */
  sync(): Promise<void> {
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      this.#running = this.#apply();
      return this.#running;
    });
    return this.#waiting;
  }

  /** Forgets everything. The transports are closed by their owners. */
  close(): void {
    this.#forgetLoss?.();
    this.#flowing.clear();
  }

  async #apply(): Promise<void> {
    const before = this.#plan;
    this.#plan = this.#planner.plan();
    this.#updateFlows();
    this.#tellEdges();
    const link = this.#link;
    if (!link?.alive) return;
    const changes = planChanges(before, this.#plan);
    if (changes.length > 0) this.#log.debug({ changes }, 'links change');
    const results = await Promise.allSettled(changes.map((change) => link.request('link', change)));
    for (const result of results) {
      // A stream that was closed while the request was under way needs no link any more.
      if (result.status === 'rejected') this.#log.debug({ err: result.reason as unknown }, 'link refused');
    }
  }

  #updateFlows(): void {
    const changes = this.#flows.update(this.#plan, this.#planner.producers(), this.#flowing);
    for (const change of changes) this.#listener.onFlow(change);
  }

  #tellEdges(): void {
    const unserved = new Set<string>();
    for (const edge of this.#plan.edges) {
      const { connection, reason } = edge;
      if (reason.state === 'transcode') {
        const key = `${JSON.stringify(connection)} ${reason.why}`;
        unserved.add(key);
        if (!this.#unservedTold.has(key)) this.#listener.onUnserved(edge);
      }
      if (reason.state === 'forward') this.#tellForwarded(connection.sourceId, connection.type);
    }
    this.#unservedTold = unserved;
  }

  #tellForwarded(sourceId: string, type: MediaType): void {
    const key = `${type} ${sourceId}`;
    if (this.#forwardTold.has(key)) return;
    this.#forwardTold.add(key);
    this.#listener.onForwarded(sourceId, type);
  }
}
