/**
 * What has to be done so that router and hosts follow from one plan to the next, in an order that never dangles.
 * @module
 */
import type { Decoder, Encoder, Feed, HostLink, Plan, Tap } from './Plan.ts';

/** Joins a consumer to another source, or to none. */
export interface LinkChange {
  /** The consumer whose source changes. */
  readonly consumerId: string;
  /** The new source, or null for none. */
  readonly producerId: string | null;
}

/** Starts or stops a branch. */
export type BranchStep<Op extends 'start' | 'stop'> =
  | { readonly op: Op; readonly kind: 'tap'; readonly branch: Tap }
  | { readonly op: Op; readonly kind: 'decoder'; readonly branch: Decoder }
  | { readonly op: Op; readonly kind: 'encoder'; readonly branch: Encoder }
  | { readonly op: Op; readonly kind: 'feed'; readonly branch: Feed };

/** Makes or ends a link into a host node. */
export interface LinkStep<Op extends 'link' | 'unlink'> {
  /** What to do. */
  readonly op: Op;
  /** Whether the media is decoded. */
  readonly kind: 'raw' | 'encoded';
  /** The link. */
  readonly link: HostLink;
}

/** One step. What an earlier step starts a later one may use. */
export type PlanStep =
  | ({ readonly op: 'forward' } & LinkChange)
  | LinkStep<'link'>
  | LinkStep<'unlink'>
  | BranchStep<'start'>
  | BranchStep<'stop'>;

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

/**
 * What has to be done, one after the other, so that router and hosts do `after` instead of `before`.
 *
 * First what nobody replaces lets go, then inputs that change are unlinked, then new branches start from the source on,
 * then links and consumers move over to them, and at last branches without users stop, from the sink on. A viewer whose
 * encoder changes so keeps its picture until the new one is there.
 */
export function planSteps(before: Plan, after: Plan): PlanStep[] {
  const forwards = planChanges(before, after).map((change) => ({ op: 'forward', ...change }) as const);
  return [
    ...forwards.filter(({ producerId }) => producerId === null),
    ...links('unlink', before, after),
    ...branches('tap', 'start', before.taps, after.taps),
    ...branches('decoder', 'start', before.decoders, after.decoders),
    ...branches('encoder', 'start', before.encoders, after.encoders),
    ...branches('feed', 'start', before.feeds, after.feeds),
    ...links('link', after, before),
    ...forwards.filter(({ producerId }) => producerId !== null),
    ...branches('feed', 'stop', after.feeds, before.feeds),
    ...branches('encoder', 'stop', after.encoders, before.encoders),
    ...branches('decoder', 'stop', after.decoders, before.decoders),
    ...branches('tap', 'stop', after.taps, before.taps),
  ];
}

/** One step for each link of `these` that `others` lacks. */
function links<Op extends 'link' | 'unlink'>(op: Op, these: Plan, others: Plan): LinkStep<Op>[] {
  const raw = missing(others.rawLinks, these.rawLinks);
  const encoded = missing(others.encodedLinks, these.encodedLinks);
  return [
    ...raw.map((link) => ({ op, kind: 'raw', link }) as const),
    ...encoded.map((link) => ({ op, kind: 'encoded', link }) as const),
  ];
}

/** One step for each branch of `these` that `others` lacks. */
function branches<Kind extends string, Op extends 'start' | 'stop', Branch>(
  kind: Kind,
  op: Op,
  others: ReadonlyMap<string, Branch>,
  these: ReadonlyMap<string, Branch>,
): { op: Op; kind: Kind; branch: Branch }[] {
  return missing(others, these).map((branch) => ({ op, kind, branch }));
}

/** The values of `these` whose ids `others` lacks. */
function missing<T>(others: ReadonlyMap<string, T>, these: ReadonlyMap<string, T>): T[] {
  return [...these].filter(([id]) => !others.has(id)).map(([, value]) => value);
}
