/**
 * Follows which elements media flows into and out of, from the plan and the producers that are alive.
 * @module
 */
import type { MediaType, ProducerOwner } from './elements.ts';
import type { Plan } from './Plan.ts';

/** One pad whose media began or ceased to flow. */
export interface FlowChange {
  /** The element of the pad. */
  readonly elementId: string;
  /** Media type of the pad. */
  readonly type: MediaType;
  /** `in`: the element receives from the pipeline; `out`: it gives to the pipeline. */
  readonly direction: 'in' | 'out';
  /** True if media began to flow, false if it ceased. */
  readonly flowing: boolean;
}

/** Remembers what flowed and tells what changed. */
export class FlowTracker {
  #flowing = new Map<string, FlowChange>();

  /** The pads that changed since the last update, given the plan and the producers and host outputs that send now. */
  update(
    plan: Plan,
    producers: Iterable<ProducerOwner>,
    flowingProducers: ReadonlySet<string>,
  ): FlowChange[] {
    const now = new Map<string, FlowChange>();
    const mark = (elementId: string, type: MediaType, direction: 'in' | 'out'): void => {
      now.set(`${direction} ${type} ${elementId}`, { elementId, type, direction, flowing: true });
    };
    for (const { producerId, elementId, type } of producers) {
      if (flowingProducers.has(producerId)) mark(elementId, type, 'out');
    }
    for (const { connection, reason } of plan.edges) {
      if (!('producerId' in reason) || !flowingProducers.has(reason.producerId ?? '')) continue;
      mark(connection.sinkId, connection.type, 'in');
      // A filter gives as soon as it gets.
      if (reason.state === 'relay' || ('passesOn' in reason && reason.passesOn))
        mark(connection.sinkId, connection.type, 'out');
    }
    const changes = [...missing(now, this.#flowing)];
    for (const ended of missing(this.#flowing, now)) changes.push({ ...ended, flowing: false });
    this.#flowing = now;
    return changes;
  }

  /** True while media flows through this pad. */
  isFlowing(elementId: string, type: MediaType, direction: 'in' | 'out'): boolean {
    return this.#flowing.has(`${direction} ${type} ${elementId}`);
  }
}

/** The values of `all` whose keys `known` lacks. */
function* missing(
  all: ReadonlyMap<string, FlowChange>,
  known: ReadonlyMap<string, FlowChange>,
): Generator<FlowChange> {
  for (const [key, change] of all) if (!known.has(key)) yield change;
}
