/**
 * The planner: from elements and connections to what the router has to do, with a reason for every edge.
 * @module
 */
import { codecsMatch } from '@rivero/rtp';
import { ConnectionTable } from './ConnectionTable.ts';
import {
  type Connection,
  type ElementPads,
  type MediaType,
  mediaTypes,
  type PadTable,
  type ProducerOwner,
  type ProducerPad,
} from './elements.ts';

/** Why an edge carries media, or why not. */
export type EdgeReason =
  /** The router rewrites and forwards packets of this codec. */
  | { readonly state: 'forward'; readonly codec: string; readonly producerId: string }
  /** The edge hands its media to an element that passes it on. */
  | { readonly state: 'relay'; readonly producerId: string }
  /** Both ends are known and share no codec: a host has to transcode. */
  | { readonly state: 'transcode'; readonly from: string; readonly to: string; readonly why: string }
  /** No media can flow yet. */
  | { readonly state: 'nothing'; readonly why: string };

/** One edge with its reason. */
export interface PlannedEdge {
  /** The edge itself. */
  readonly connection: Connection;
  /** What happens to it. */
  readonly reason: EdgeReason;
}

/** What the router and the hosts have to do for a whole pipeline. */
export interface Plan {
  /** Consumer id → producer id. A consumer that is not named receives nothing. */
  readonly forwards: ReadonlyMap<string, string>;
  /** Every connection, with the reason for what happens to it. */
  readonly edges: readonly PlannedEdge[];
}

/** One change that turns a running plan into a new one. */
export interface LinkChange {
  /** The consumer whose source changes. */
  readonly consumerId: string;
  /** The new source, or null for none. */
  readonly producerId: string | null;
}

/** Plan of a pipeline without elements. */
export const emptyPlan: Plan = { forwards: new Map(), edges: [] };

/** Where the media of an edge comes from: a producer, or the reason why there is none. */
type Origin = { readonly pad: ProducerPad } | { readonly why: string };

/** Holds one pipeline's elements and connections and plans their media. */
export class Planner {
  /** The connections of the pipeline. */
  readonly connections: ConnectionTable = new ConnectionTable();
  readonly #pads = new Map<string, PadTable>();

  /** Adds an element, or replaces what is known of its pads. */
  setElement(elementId: string, pads: PadTable): void {
    this.#pads.set(elementId, pads);
  }

  /** Forgets an element and returns the connections that ended with it. */
  removeElement(elementId: string): Connection[] {
    this.#pads.delete(elementId);
    return this.connections.removeElement(elementId);
  }

  /** The producer whose media arrives at this sink pad through any number of relays, or undefined. */
  producerInto(sinkId: string, type: MediaType): string | undefined {
    const connection = this.connections.into(sinkId, type);
    const origin = connection && this.#originOf(connection);
    return origin && 'pad' in origin ? origin.pad.producerId : undefined;
  }

  /** Every producer with the element whose source pad it is. */
  *producers(): Generator<ProducerOwner> {
    for (const [elementId, table] of this.#pads) {
      for (const type of mediaTypes) {
        const source = table[type]?.source;
        if (source?.role === 'producer') yield { producerId: source.producerId, elementId, type };
      }
    }
  }

  /** Plans everything anew. Linear in the number of connections times the length of relay chains. */
  plan(): Plan {
    const forwards = new Map<string, string>();
    const edges: PlannedEdge[] = [];
    for (const connection of this.connections.values()) {
      const reason = this.explain(connection);
      edges.push({ connection, reason });
      const sink = this.#padsOf(connection.sinkId, connection.type).sink;
      if (reason.state === 'forward' && sink?.role === 'consumer') {
        forwards.set(sink.consumerId, reason.producerId);
      }
    }
    return { forwards, edges };
  }

  /** Why this connection carries media, or why not. */
  explain(connection: Connection): EdgeReason {
    if (connection.type === 'DATA') return { state: 'nothing', why: 'data channels are not routed yet' };
    const origin = this.#originOf(connection);
    if ('why' in origin) return { state: 'nothing', why: origin.why };
    const sink = this.#padsOf(connection.sinkId, connection.type).sink;
    if (!sink) return { state: 'nothing', why: 'the sink has not negotiated this media' };
    if (sink.role === 'relay') return { state: 'relay', producerId: origin.pad.producerId };
    const [sent] = origin.pad.codecs;
    const [wanted] = sink.codecs;
    if (!sent || !wanted) return { state: 'nothing', why: 'no codec was negotiated' };
    if (sink.codecs.some((codec) => codecsMatch(sent, codec))) {
      return { state: 'forward', codec: sent.name, producerId: origin.pad.producerId };
    }
    const why = `the source sends ${sent.name}, the sink takes ${sink.codecs.map(({ name }) => name).join(', ')}`;
    return { state: 'transcode', from: sent.name, to: wanted.name, why };
  }

  #padsOf(elementId: string, type: MediaType): ElementPads {
    return this.#pads.get(elementId)?.[type] ?? {};
  }

  #originOf(connection: Connection): Origin {
    const seen = new Set<string>();
    let edge: Connection | undefined = connection;
    while (edge) {
      const { source } = this.#padsOf(edge.sourceId, edge.type);
      if (!source) return { why: 'the source has not negotiated this media' };
      if (source.role === 'producer') return { pad: source };
      if (seen.has(edge.sourceId)) return { why: 'the elements are connected in a circle without a source' };
      seen.add(edge.sourceId);
      edge = this.connections.into(edge.sourceId, edge.type);
    }
    return { why: 'nothing is connected to the source' };
  }
}

/** What has to change so that the router does `after` instead of `before`; the rest keeps running. */
export function planChanges(before: Plan, after: Plan): LinkChange[] {
  const changes: LinkChange[] = [];
  for (const consumerId of before.forwards.keys()) {
    if (!after.forwards.has(consumerId)) changes.push({ consumerId, producerId: null });
  }
  for (const [consumerId, producerId] of after.forwards) {
    if (before.forwards.get(consumerId) !== producerId) changes.push({ consumerId, producerId });
  }
  return changes;
}
