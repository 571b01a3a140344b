/**
 * Chooses the fewest formats that leave nobody without one.
 * @module
 */

// 2^8 subsets are tried in well under a millisecond; browsers offer six or seven formats.
const exactLimit = 8;

/**
 * The fewest formats such that each of `wishes` contains one. Among equally few first what is `running`, then what suits
 * the earlier wishes best. Wishes are ordered by preference and not empty. With more than eight formats the answer is a
 * good one, not always the smallest.
 */
export function smallestCover(
  wishes: readonly (readonly string[])[],
  running: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const distinct = [...new Map(wishes.map((wish) => [wish.join('\n'), wish])).values()];
  const formats = [...new Set(distinct.flat())];
  return formats.length > exactLimit
    ? greedyCover(distinct, running)
    : exactCover(distinct, formats, running);
}

function exactCover(
  wishes: readonly (readonly string[])[],
  formats: readonly string[],
  running: ReadonlySet<string>,
): ReadonlySet<string> {
  // Nearly always one format suits everybody; then larger sets need not be looked at.
  const shared = formats.filter((format) => wishes.every((wish) => wish.includes(format)));
  const candidates = shared.length > 0 ? shared.map((format) => [format]) : subsetsOf(formats);
  let best: { chosen: ReadonlySet<string>; costs: number[] } | undefined;
  for (const candidate of candidates) {
    const chosen = new Set(candidate);
    if (best && chosen.size > best.chosen.size) continue;
    const ranks = wishes.map((wish) => wish.findIndex((format) => chosen.has(format)));
    if (ranks.includes(-1)) continue;
    const started = candidate.filter((format) => !running.has(format));
    const costs = [chosen.size, started.length, ...ranks];
    if (!best || isLess(costs, best.costs)) best = { chosen, costs };
  }
  return best?.chosen ?? new Set();
}

function* subsetsOf(formats: readonly string[]): Generator<string[]> {
  for (let subset = 1; subset < 1 << formats.length; subset++) {
    yield formats.filter((_, index) => subset & (1 << index));
  }
}

/** True if `a` is smaller than `b` at the first place where they differ. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((cost, index) => cost !== b[index]);
  return place >= 0 && (a[place] ?? 0) < (b[place] ?? 0);
}

function greedyCover(wishes: readonly (readonly string[])[], running: ReadonlySet<string>): Set<string> {
  const chosen = new Set<string>();
  let open = wishes;
  while (open.length > 0) {
    const counts = new Map<string, number>();
    // What runs counts a little more. Sorting is stable: among equals what an earlier wish prefers stays first.
    for (const format of open.flat()) {
      counts.set(format, (counts.get(format) ?? (running.has(format) ? 0.5 : 0)) + 1);
    }
    const [best] = [...counts].sort(([, a], [, b]) => b - a);
    if (!best) break;
    chosen.add(best[0]);
    open = open.filter((wish) => !wish.includes(best[0]));
  }
  return chosen;
}
