/**
 * The planner: from elements and connections to what the router and the hosts have to do, with a reason for every edge.
 * @module
 */
import { ConnectionTable } from './ConnectionTable.ts';
import {
  type Connection,
  type MediaType,
  mediaTypes,
  type OutputFormat,
  outputId,
  type PadTable,
  type ProducerOwner,
} from './elements.ts';
import { type HostAbilities, standardHost } from './hostCodecs.ts';
import { type EdgeReason, emptyPlan, type Plan } from './Plan.ts';
import { PlanBuilder } from './PlanBuilder.ts';
import { formatPinKey, type PlanInput, type PlanPolicy, SourceStreams } from './SourceStreams.ts';

/** What the planner may count on. */
export interface PlannerOptions {
  /** Whether media hosts exist, or what they can do (`true`: `standardHost`). Without hosts media is only forwarded. */
  readonly hosts?: boolean | HostAbilities;
  /** `forbid`: no edge may decode or encode. Default `allow`. */
  readonly transcoding?: 'allow' | 'forbid';
}

/** Holds one pipeline's elements and connections and plans their media. */
export class Planner {
  /** The connections of the pipeline. */
  readonly connections: ConnectionTable = new ConnectionTable();
  readonly #pads = new Map<string, PadTable>();
  readonly #pins = new Map<string, OutputFormat>();
  #policy: PlanPolicy;

  /** Makes a planner without elements. It counts on no host unless told otherwise. */
  constructor(options: PlannerOptions = {}) {
    this.#policy = policyOf(options);
  }

  /** Replaces what the planner may count on; the next plan follows it. */
  configure(options: PlannerOptions): void {
    this.#policy = policyOf(options);
  }

  /** Adds an element, or replaces what is known of its pads. */
  setElement(elementId: string, pads: PadTable): void {
    this.#pads.set(elementId, pads);
  }

  /** Pins what leaves an element to a format, or lets it go. Kept until the element is removed. */
  setFormat(elementId: string, type: MediaType, format: OutputFormat | undefined): void {
    if (format) this.#pins.set(formatPinKey(elementId, type), format);
    else this.#pins.delete(formatPinKey(elementId, type));
  }

  /** Forgets an element and returns the connections that ended with it. */
  removeElement(elementId: string): Connection[] {
    this.#pads.delete(elementId);
    for (const type of mediaTypes) this.#pins.delete(formatPinKey(elementId, type));
    return this.connections.removeElement(elementId);
  }

  /** The producer (or host output) whose media arrives at this sink pad, through any number of elements. */
  producerInto(sinkId: string, type: MediaType): string | undefined {
    const connection = this.connections.into(sinkId, type);
    const stream = connection && new SourceStreams(this.#input()).of(connection.sourceId, type);
    return stream && 'originId' in stream ? stream.originId : undefined;
  }

  /** Every producer, and every output of a host, with the element whose source pad it is. */
  *producers(): Generator<ProducerOwner> {
    for (const [elementId, table] of this.#pads) {
      for (const type of mediaTypes) {
        const source = table[type]?.source;
        if (source?.role === 'producer') yield { producerId: source.producerId, elementId, type };
        if (source?.role === 'hostSource') yield { producerId: outputId(source, type), elementId, type };
      }
    }
  }

  /**
   * Plans everything anew. Linear in the number of elements and connections.
   *
   * Given the plan that runs, a format that is encoded already is kept where another would do no better.
   */
  plan(running: Plan = emptyPlan): Plan {
    return new PlanBuilder(this.#input(), running).build();
  }

  /**
   * Why this connection carries media, or why not; of one that does not exist, why it would. Plans everything. Given the
   * plan that runs, it says what `plan` would say.
   */
  explain(connection: Connection, running: Plan = emptyPlan): EdgeReason {
    return reasonOf(new PlanBuilder(this.#input(connection), running).build(), connection);
  }

  /**
   * What would become of this connection. `forbidden` also if an edge further on, that carries media now or would do so
   * for the first time, would be forbidden because of it: so `connect` can refuse. Changes nothing; plans everything.
   */
  wouldBe(connection: Connection): EdgeReason {
    const after = new PlanBuilder(this.#input(connection), emptyPlan).build();
    const own = reasonOf(after, connection);
    if (this.#policy.transcoding === 'allow' || own.state === 'forbidden') return own;
    const before = new Set(forbidden(this.plan()).map((edge) => edge.connection));
    const [worse] = forbidden(after).filter((edge) => !before.has(edge.connection));
    if (!worse) return own;
    const { sourceId, sinkId } = worse.connection;
    return { ...worse.reason, why: `behind it, from ${sourceId} to ${sinkId}: ${worse.reason.why}` };
  }

  /** What the plan depends on, as if this connection existed too. */
  #input(more?: Connection): PlanInput {
    const connections = [...this.connections.values()];
    const input = { pads: this.#pads, pins: this.#pins, policy: this.#policy };
    return { ...input, connections: more ? withConnection(connections, more) : connections };
  }
}

function policyOf({ hosts = false, transcoding = 'allow' }: PlannerOptions): PlanPolicy {
  const host = hosts === true ? standardHost : hosts || undefined;
  return { host, transcoding };
}

/** These connections with one more, which replaces the one into its sink pad unless it is that one. */
function withConnection(connections: readonly Connection[], more: Connection): Connection[] {
  const intoSameSink = (one: Connection): boolean =>
    one.sinkId === more.sinkId && one.type === more.type && one.sinkDescription === more.sinkDescription;
  const sameSource = (one: Connection): boolean =>
    one.sourceId === more.sourceId && one.sourceDescription === more.sourceDescription;
  const at = connections.findIndex(intoSameSink);
  const present = connections[at];
  if (present && sameSource(present)) return connections.with(at, more);
  return [...connections.filter((_, index) => index !== at), more];
}

function reasonOf(plan: Plan, connection: Connection): EdgeReason {
  const edge = plan.edges.find((one) => one.connection === connection);
  // Every connection that was planned has its edge.
  return edge?.reason ?? { state: 'nothing', why: 'the connection does not exist', cause: 'noSource' };
}

type Forbidden = Extract<EdgeReason, { state: 'forbidden' }>;

function forbidden({ edges }: Plan): { connection: Connection; reason: Forbidden }[] {
  return edges.flatMap(({ connection, reason }) =>
    reason.state === 'forbidden' ? [{ connection, reason }] : [],
  );
}
