/**
 * Keeps the links between host nodes free of circles, which would hang the graph of a media host.
 * @module
 */

/** The links between host nodes so far. */
export class HostCircles {
  readonly #next = new Map<string, Set<string>>();
  readonly #reach = new Map<string, ReadonlySet<string>>();

  /** True if media that leaves `from` and enters `to` would come back to `from`. */
  closes(from: string, to: string): boolean {
    return from === to || this.#reachOf(to).has(from);
  }

  /** Notes a link. */
  add(from: string, to: string): void {
    const after = this.#next.get(from) ?? new Set();
    if (after.has(to)) return;
    this.#next.set(from, after.add(to));
    for (const [node, reach] of this.#reach) if (node === from || reach.has(from)) this.#reach.delete(node);
  }

  /** Every node that can be reached from this one. Remembered until a link changes it. */
  #reachOf(start: string): ReadonlySet<string> {
    const known = this.#reach.get(start);
    if (known) return known;
    const reached = new Set<string>();
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of this.#next.get(node) ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    this.#reach.set(start, reached);
    return reached;
  }
}
