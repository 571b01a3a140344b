/**
 * Questions about parts of a plan: what is left when branches die, and whom they concern.
 * @module
 */
import type { Plan } from '@rivero/graph';

/** A plan without these branches and producers, and without what is joined to them. */
export function withoutIds(plan: Plan, ids: ReadonlySet<string>): Plan {
  if (ids.size === 0) return plan;
  const without = <T>(branches: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...branches].filter(([id]) => !ids.has(id)));
  return {
    ...plan,
    forwards: new Map([...plan.forwards].filter(([, producerId]) => !ids.has(producerId))),
    taps: without(plan.taps),
    decoders: without(plan.decoders),
    encoders: without(plan.encoders),
    feeds: without(plan.feeds),
    rawLinks: without(plan.rawLinks),
    encodedLinks: without(plan.encodedLinks),
  };
}

/** The elements whose media passes through any of these branches: who transcodes and who receives, each once. */
export function elementsOf({ edges }: Plan, branchIds: ReadonlySet<string>): Set<string> {
  const elementIds = new Set<string>();
  for (const { connection, reason } of edges) {
    if (!('branches' in reason) || !reason.branches?.some((id) => branchIds.has(id))) continue;
    elementIds.add('by' in reason && reason.by !== undefined ? reason.by : connection.sourceId);
    elementIds.add(connection.sinkId);
  }
  return elementIds;
}

/** The element whose bit rates steer an encoder. */
export function transcoderOf({ edges }: Plan, encoderId: string): string | undefined {
  const reasons = edges.map(({ reason }) => reason);
  for (const reason of reasons)
    if (reason.state === 'transcode' && reason.branches?.includes(encoderId)) return reason.by;
  return undefined;
}
