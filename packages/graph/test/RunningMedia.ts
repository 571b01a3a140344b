/**
 * Stands for router and hosts: does the steps of a plan one by one and insists that nothing ever dangles.
 * @module
 */
import assert from 'node:assert/strict';
import type { Plan, PlanStep } from '@rivero/graph';

/** What runs. */
export class RunningMedia {
  readonly #running = new Map<string, Map<string, unknown>>(
    ['tap', 'decoder', 'encoder', 'feed', 'raw', 'encoded', 'forward'].map((kind) => [kind, new Map()]),
  );

  /** Does one step. */
  apply(step: PlanStep): void {
    if (step.op === 'forward') {
      const forwards = this.#of('forward');
      if (step.producerId === null) assert.ok(forwards.delete(step.consumerId), 'had a source');
      else forwards.set(step.consumerId, step.producerId);
    } else if (step.op === 'link' || step.op === 'unlink') this.#join(step.op, step.kind, step.link);
    else if (step.op === 'start') {
      assert.ok(!this.#of(step.kind).has(step.branch.id), `${step.branch.id} runs already`);
      this.#of(step.kind).set(step.branch.id, step.branch);
    } else assert.ok(this.#of(step.kind).delete(step.branch.id), `${step.branch.id} does not run`);
    this.check();
  }

  /** Insists that all that is referred to runs, and that nothing runs twice. */
  check(): void {
    const runs = (id: string): boolean =>
      id.endsWith('.in') ||
      id.startsWith('out(') ||
      ['tap', 'decoder', 'encoder', 'feed'].some((kind) => this.#of(kind).has(id));
    for (const [kind, member] of references) {
      for (const [id, one] of this.#of(kind)) {
        const target = typeof one === 'string' ? one : (one as Record<string, string>)[member];
        assert.ok(runs(target ?? ''), `${id} refers to ${target}, which does not run`);
      }
    }
    // While an output changes its format there may be one for the old and one for the new.
    once(this.#of('decoder'), ({ streamId, codec }) => `${streamId} ${JSON.stringify(codec)}`);
    once(this.#of('tap'), ({ producerId, codec }) => `${producerId} ${JSON.stringify(codec)}`);
    once(this.#of('encoder'), ({ rawId, codec, framerate }) => JSON.stringify([rawId, codec, framerate]));
    const inputs = new Map([...this.#of('raw'), ...this.#of('encoded')]);
    once(inputs, ({ nodeId, input, type }) => `${nodeId} ${input} ${type}`);
  }

  /** Insists that exactly the plan runs. */
  equals(plan: Plan): void {
    const { taps, decoders, encoders, feeds, rawLinks, encodedLinks, forwards } = plan;
    const expected = {
      tap: taps,
      decoder: decoders,
      encoder: encoders,
      feed: feeds,
      raw: rawLinks,
      encoded: encodedLinks,
    };
    for (const [kind, branches] of Object.entries({ ...expected, forward: forwards })) {
      assert.deepEqual(sorted(this.#of(kind)), sorted(branches), kind);
    }
  }

  #join(
    op: 'link' | 'unlink',
    kind: string,
    link: { id: string; nodeId: string; input: string; type: string },
  ): void {
    if (op === 'unlink') assert.ok(this.#of(kind).delete(link.id), `${link.id} was not linked`);
    else {
      assert.ok(!this.#of(kind).has(link.id), `${link.id} is linked already`);
      this.#of(kind).set(link.id, link);
    }
  }

  #of(kind: string): Map<string, unknown> {
    return this.#running.get(kind)!;
  }
}

const references: readonly (readonly [string, string])[] = [
  ['tap', 'producerId'],
  ['decoder', 'streamId'],
  ['encoder', 'rawId'],
  ['feed', 'streamId'],
  ['raw', 'fromId'],
  ['encoded', 'fromId'],
  ['forward', ''],
];

type Branch = Record<'streamId' | 'producerId' | 'rawId' | 'nodeId' | 'input' | 'type', string> & {
  codec: { name: string };
  framerate?: unknown;
};

function once(branches: ReadonlyMap<string, unknown>, key: (branch: Branch) => string): void {
  const keys = [...branches.values()].map((branch) => key(branch as Branch));
  assert.equal(new Set(keys).size, keys.length, `one of ${keys.join('; ')} twice`);
}

function sorted(map: ReadonlyMap<string, unknown>): [string, unknown][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
