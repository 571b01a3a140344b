/**
 * Many deadlines behind one timer.
 * @module
 */

/** Something that wants to be called at a time that it knows. */
export interface Deadline {
  /** When it wants to be called, on the clock of `nowMs`, or undefined if not at all. */
  nextTimeoutMs(): number | undefined;
  /** Its time has come (or nearly: it must look itself). */
  handleTimeout(nowMs: number): void;
}

interface Entry {
  readonly dueMs: number;
  readonly deadline: Deadline;
}

/**
 * A binary heap in which entries are never moved when a deadline changes: an earlier time is added as another
 * entry, a later one is noticed when the old entry comes up. So looking again after each packet costs one comparison.
 */
export class DeadlineQueue {
  readonly #heap: Entry[] = [];
  /** The time of each deadline's earliest entry in the heap. */
  readonly #queued = new Map<Deadline, number>();

  /** Deadlines that are waited for. */
  get size(): number {
    return this.#queued.size;
  }

  /** When `run` is to be called next, or undefined. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  /** Looks at a deadline again. True if `nextMs` has become earlier. */
  update(deadline: Deadline): boolean {
    const dueMs = deadline.nextTimeoutMs();
    if (dueMs === undefined || dueMs >= (this.#queued.get(deadline) ?? Number.POSITIVE_INFINITY))
      return false;
    this.#queued.set(deadline, dueMs);
    this.#push({ dueMs, deadline });
    return this.#heap[0]?.deadline === deadline;
  }

  /** Forgets a deadline; its entries go when they come up. */
  remove(deadline: Deadline): void {
    this.#queued.delete(deadline);
  }

  /** Calls every deadline that is due. Each is called at most once, even if it asks for the past again. */
  run(nowMs: number): void {
    const due: Deadline[] = [];
    for (let top = this.#heap[0]; top !== undefined && top.dueMs <= nowMs; top = this.#heap[0]) {
      this.#pop();
      if (this.#queued.get(top.deadline) !== top.dueMs) continue; // Removed, or an earlier entry has been served.
      this.#queued.delete(top.deadline);
      const wantedMs = top.deadline.nextTimeoutMs();
      if (wantedMs !== undefined && wantedMs <= nowMs) due.push(top.deadline);
      else this.update(top.deadline);
    }
    for (const deadline of due) {
      deadline.handleTimeout(nowMs);
      this.update(deadline);
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.dueMs <= entry.dueMs) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      const child = this.#earlierChild(i);
      const below = heap[child];
      if (below === undefined || below.dueMs >= last.dueMs) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
  }

  #earlierChild(i: number): number {
    const left = this.#heap[2 * i + 1]?.dueMs ?? Number.POSITIVE_INFINITY;
    const right = this.#heap[2 * i + 2]?.dueMs ?? Number.POSITIVE_INFINITY;
    return right < left ? 2 * i + 2 : 2 * i + 1;
  }
}
