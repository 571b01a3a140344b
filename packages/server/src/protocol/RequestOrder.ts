/**
 * Which requests of one connection wait for which.
 * @module
 */
import { memberOf } from './RequestParams.ts';

/** What requests that wait for each other have in common: the id of a tree of objects, or a mark of our own. */
export type OrderKey = string | symbol;

/** Key of a request that waits for all earlier ones and that all later ones wait for. */
const EVERYTHING: unique symbol = Symbol('everything');

/**
 * Which requests of one connection wait for which.
 *
 * Kurento handles the requests of a connection strictly one after the other, so one slow call delays the
 * keep-alive ping behind it. Here only requests to the same tree of objects (a pipeline with all that is in it,
 * or the ServerManager) keep their order; what concerns everything waits for everything, and all that comes later
 * waits for it; ping waits for nothing.
 * A client that awaits its answers sees no difference. One that sends without waiting can rely on order only
 * where it can matter: everything inside one pipeline happens as sent.
 */
export class RequestOrder {
  readonly #tails = new Map<OrderKey, Promise<unknown>>();

  /** Runs `task` after the earlier tasks with the same `key`; at once if `key` is undefined. */
  run<T>(key: OrderKey | undefined, task: () => Promise<T>): Promise<T> {
    if (key === undefined) return task();
    const earlier = this.#earlier(key);
    const work = earlier.length === 0 ? task() : Promise.all(earlier).then(task);
    const tail = work.then(
      () => {},
      () => {},
    );
    if (key === EVERYTHING) this.#tails.clear();
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return work;
  }

  #earlier(key: OrderKey): readonly Promise<unknown>[] {
    if (key === EVERYTHING) return [...this.#tails.values()];
    // Who came after a task that concerned everything has waited for it already.
    const tail = this.#tails.get(key) ?? this.#tails.get(EVERYTHING);
    return tail === undefined ? [] : [tail];
  }
}

/** Methods that touch no single tree: they read or end whole sessions. */
const WIDE: ReadonlySet<string> = new Set(['closeSession', 'transaction']);

/** Id of the root of the tree that the id `object` belongs to (spec 1.6). */
function rootOf(object: string): string {
  const slash = object.indexOf('/');
  return slash < 0 ? object : object.slice(0, slash);
}

/** Key of a request that no other has: it keeps its order only towards what concerns everything. */
function alone(): OrderKey {
  return Symbol('alone');
}

/** The key under which a request keeps its order; undefined if it may run at any time. */
export function orderKey(method: string, params: unknown): OrderKey | undefined {
  if (method === 'ping') return undefined;
  if (WIDE.has(method)) return EVERYTHING;
  if (method === 'create') {
    const given = memberOf(params, 'constructorParams');
    const owner = memberOf(given, 'mediaPipeline') ?? memberOf(given, 'hub');
    return typeof owner === 'string' ? rootOf(owner) : alone();
  }
  const object = memberOf(params, 'object');
  return typeof object === 'string' ? rootOf(object) : alone();
}
