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
  type PadTable,
  type Plan,
  type PlannedEdge,
  Planner,
  type PlanStep,
  planSteps,
  type TranscodingChange,
  TranscodingTracker,
} from '@rivero/graph';
import { HostError, type HostEvents } from '@rivero/gst';
import { KurentoError } from '@rivero/model';
import type { Logger } from 'pino';
import type { HostServices } from './HostServices.ts';
import type { HostFailure } from './MediaServices.ts';
import { LossLimit } from './LossLimit.ts';
import type { MediaNode } from './MediaNode.ts';
import { elementsOf, transcoderOf, withoutIds } from './planParts.ts';
import type { RouterLink } from './RouterLink.ts';
import type { RouterPool } from './RouterPool.ts';
import { TranscodingBranches } from './TranscodingBranches.ts';

/** Bit rates that an element wants of encoders, bit/s; 0 for no limit. */
export interface EncoderBitrates {
  /** Where encoders start. */
  target: number;
  /** Lowest. */
  min: number;
  /** Highest. */
  max: number;
}

/** Who wants to know what happens to a pipeline's media. */
export interface PipelineMediaListener {
  /** Media began or ceased to flow through a pad. */
  onFlow(change: FlowChange): void;
  /** An edge that nobody can serve: both ends are negotiated, share no codec, and no host may help. Told once per edge. */
  onUnserved(edge: PlannedEdge): void;
  /** An element's media leaves transcoded or not, told at the first of each. */
  onTranscoding(change: TranscodingChange): void;
  /** Something failed in a media host on the way of an element's media. */
  onHostFailure(elementId: string, failure: HostFailure): void;
  /** The router process died, and with it all transports of the pipeline. */
  onLost(reason: string): void;
}

/** Binds a pipeline to a router process at its first transport and applies plans to it. */
export class PipelineMedia {
  readonly #planner = new Planner();
  readonly #flows = new FlowTracker();
  readonly #transcoding = new TranscodingTracker();
  readonly #flowing = new Set<string>();
  readonly #bitrates = new Map<string, Readonly<EncoderBitrates>>();
  readonly #nodes = new Map<string, MediaNode>();
  #unservedTold = new Set<string>();
  readonly #pool: RouterPool;
  readonly #hosts: HostServices;
  readonly #branches: TranscodingBranches;
  readonly #losses = new LossLimit();
  readonly #listener: PipelineMediaListener;
  readonly #log: Logger;
  #link: RouterLink | undefined;
  #forgetLoss: (() => void) | undefined;
  #plan: Plan = emptyPlan;
  /** What was applied last. */
  #applied: Plan = emptyPlan;
  /** Branches and producers of `#applied` that do not exist any more, or never did. */
  readonly #gone = new Set<string>();
  #hostsKnown = false;
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  #closed = false;

  /** Makes the media of a pipeline without elements; no process is chosen yet. */
  constructor(pool: RouterPool, hosts: HostServices, listener: PipelineMediaListener, log: Logger) {
    this.#pool = pool;
    this.#hosts = hosts;
    this.#listener = listener;
    this.#log = log;
    this.#branches = new TranscodingBranches(
      hosts,
      {
        onLost: (ids, reason, error) => this.#lose(ids, reason, error),
        onFlow: (producerId, flowing) => this.setFlowing(producerId, flowing),
        bitrateOf: (encoderId, wishedBps) => this.#bitrateOf(encoderId, wishedBps),
      },
      log,
    );
    if (hosts.abilities !== undefined || hosts.options.mode === 'off') this.#countOnHosts();
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

  /** Makes a host node known, to which links of plans may lead. */
  addNode(nodeId: string, node: MediaNode): void {
    this.#nodes.set(nodeId, node);
  }

  /** Forgets a host node. */
  removeNode(nodeId: string): void {
    this.#nodes.delete(nodeId);
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
    this.#transcoding.forget(elementId);
    this.#bitrates.delete(elementId);
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

  /** True once this element has transcoded this media. */
  isTranscoding(elementId: string, type: MediaType): boolean {
    return this.#transcoding.isTranscoding(elementId, type);
  }

  /** Bit rates of the encoders of what this element gives. They follow at once. */
  setBitrates(elementId: string, bitrates: EncoderBitrates): void {
    this.#bitrates.set(elementId, { ...bitrates });
    this.#branches.steer();
  }

  /**
   * Refuses a connection that the policy of the server forbids.
   *
   * @throws {KurentoError} `CONNECT_ERROR`
   */
  async admit(connection: Connection): Promise<void> {
    if (this.#hosts.options.transcoding === 'allow') return;
    await this.#hosts.discover();
    this.#countOnHosts();
    const reason = this.#planner.wouldBe(connection);
    if (reason.state !== 'forbidden') return;
    throw new KurentoError('CONNECT_ERROR', `Transcoding is forbidden on this server: ${reason.why}`);
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

  /** Ends its branches and forgets everything. The transports are closed by their owners. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#forgetLoss?.();
    this.#flowing.clear();
    await this.#running;
    await this.#branches.close();
  }

  async #apply(): Promise<void> {
    if (this.#closed) return;
    const before = withoutIds(this.#applied, this.#gone);
    this.#gone.clear();
    this.#plan = this.#planner.plan(before);
    this.#updateFlows();
    this.#tellEdges();
    const link = this.#link;
    if (!link?.alive) {
      this.#applied = this.#plan;
      return;
    }
    const steps = planSteps(before, this.#plan);
    this.#applied = this.#plan;
    if (steps.length > 0) this.#log.debug({ steps }, 'plan changes');
    await this.#takeSteps(link, steps);
    for (const node of this.#nodes.values()) node.settled();
  }

  /** One step after the other, but consumers change their sources all at once. */
  async #takeSteps(link: RouterLink, steps: readonly PlanStep[]): Promise<void> {
    let forwards: Promise<void>[] = [];
    for (const step of steps) {
      if (step.op === 'forward') {
        forwards.push(this.#forward(link, step.consumerId, step.producerId));
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- what a step starts, the next one uses
      await Promise.all(forwards);
      forwards = [];
      // oxlint-disable-next-line no-await-in-loop -- as above
      await this.#takeStep(link, step);
    }
    await Promise.all(forwards);
  }

  async #forward(link: RouterLink, consumerId: string, producerId: string | null): Promise<void> {
    try {
      await link.request('link', { consumerId, producerId });
    } catch (error) {
      // A stream that was closed while the request was under way needs no link any more.
      this.#log.debug({ err: error }, 'link refused');
    }
  }

  async #takeStep(link: RouterLink, step: Exclude<PlanStep, { op: 'forward' }>): Promise<void> {
    const { id } = 'branch' in step ? step.branch : step.link;
    try {
      if (step.op === 'link' || step.op === 'unlink') await this.#changeLink(link, step);
      else if (step.op === 'stop') await this.#stop(step);
      else await this.#start(link, step);
    } catch (error) {
      this.#gone.add(id);
      if ('branch' in step && step.kind === 'encoder') this.#gone.add(step.branch.producerId);
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn({ err: error, id }, 'branch does not start');
      this.#fail('link' in step ? [step.link.fromId] : [id], {
        type: 'UNEXPECTED_ELEMENT_ERROR',
        description: `No transcoding: ${reason}`,
        errorCode: 0,
      });
      // A host that died meanwhile has a successor.
      if (error instanceof HostError && error.type === 'HOST_GONE') this.#rebuild();
    }
  }

  async #changeLink(
    router: RouterLink,
    { op, link }: Extract<PlanStep, { op: 'link' | 'unlink' }>,
  ): Promise<void> {
    const node = this.#nodes.get(link.nodeId);
    if (op === 'unlink') return node?.unlink(link.type);
    const stream = this.#branches.streamOf(link.fromId);
    if (stream === undefined) throw new HostError('NOT_FOUND', `There is no stream '${link.fromId}'`);
    await node?.link(link.type, stream, router);
  }

  async #start(link: RouterLink, step: Extract<PlanStep, { op: 'start' }>): Promise<void> {
    if (step.kind === 'tap') this.#branches.startTap(step.branch);
    if (step.kind === 'decoder') await this.#branches.startDecoder(link, step.branch);
    // An encoder is a producer from its start; its feed has nothing to add.
    if (step.kind === 'encoder') await this.#branches.startEncoder(link, step.branch);
  }

  async #stop(step: Extract<PlanStep, { op: 'stop' }>): Promise<void> {
    if (step.kind === 'tap') this.#branches.stopTap(step.branch.id);
    if (step.kind === 'decoder') await this.#branches.stopDecoder(step.branch.id);
    if (step.kind !== 'encoder') return;
    await this.#branches.stopEncoder(step.branch.id);
    this.setFlowing(step.branch.producerId, false);
  }

  #lose(ids: readonly string[], reason: string, error: HostEvents['error'] | undefined): void {
    for (const id of ids) {
      this.#gone.add(id);
      for (const link of this.#applied.encodedLinks.values()) if (link.fromId === id) this.#gone.add(link.id);
      const producerId = this.#applied.encoders.get(id)?.producerId;
      if (producerId === undefined) continue;
      this.#gone.add(producerId);
      this.#flowing.delete(producerId);
    }
    this.#updateFlows();
    const { type, description, errorCode } = error ?? {
      type: 'UNEXPECTED_ELEMENT_ERROR',
      description: `The media host ended: ${reason}`,
      errorCode: 0,
    };
    this.#fail(ids, { type, description, errorCode });
    this.#rebuild();
  }

  /** Starts again what was lost, unless it is lost again and again. */
  #rebuild(): void {
    if (this.#closed || !this.#losses.admit(performance.now())) return;
    this.sync().catch((error: unknown) => this.#log.error({ err: error }, 'branches are not rebuilt'));
  }

  #fail(ids: readonly string[], failure: HostFailure): void {
    for (const elementId of elementsOf(this.#plan, new Set(ids)))
      this.#listener.onHostFailure(elementId, failure);
  }

  #bitrateOf(encoderId: string, wishedBps: number | undefined): number {
    const bitrates = this.#bitrates.get(transcoderOf(this.#plan, encoderId) ?? '');
    if (bitrates === undefined) return wishedBps ?? defaultBitrateBps;
    const { target, min, max } = bitrates;
    return Math.max(min, Math.min(wishedBps ?? target, max === 0 ? Number.POSITIVE_INFINITY : max));
  }

  #countOnHosts(): void {
    this.#hostsKnown = true;
    const { abilities, options } = this.#hosts;
    this.#planner.configure({ hosts: abilities ?? false, transcoding: options.transcoding });
  }

  /** Looks for hosts, once, and plans again with what is found. */
  #discover(): void {
    if (this.#hostsKnown) return;
    this.#hosts
      .discover()
      .then(() => {
        this.#countOnHosts();
        return this.sync();
      })
      .catch((error: unknown) => this.#log.error({ err: error }, 'media hosts are not used'));
  }

  #updateFlows(): void {
    const changes = this.#flows.update(this.#plan, this.#planner.producers(), this.#flowing);
    for (const change of changes) this.#listener.onFlow(change);
  }

  #tellEdges(): void {
    const unserved = new Set<string>();
    for (const edge of this.#plan.edges) {
      const { connection, reason } = edge;
      const isUnserved =
        (reason.state === 'transcode' && reason.producerId === undefined) ||
        reason.state === 'forbidden' ||
        (reason.state === 'nothing' && reason.cause === 'unsupported');
      if (!isUnserved) continue;
      if (!this.#hostsKnown) {
        this.#discover();
        break;
      }
      const key = `${JSON.stringify(connection)} ${reason.why}`;
      unserved.add(key);
      if (!this.#unservedTold.has(key)) this.#listener.onUnserved(edge);
    }
    this.#unservedTold = unserved;
    for (const change of this.#transcoding.update(this.#plan)) this.#listener.onTranscoding(change);
  }
}

/** Of an encoder whose element is gone; bit/s, Kurento's default. */
const defaultBitrateBps = 300_000;
