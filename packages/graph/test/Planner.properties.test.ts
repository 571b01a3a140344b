import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type EdgeReason,
  type ElementPads,
  emptyPlan,
  type PadTable,
  type Plan,
  Planner,
  planChanges,
  planSteps,
  withoutBranches,
} from '@rivero/graph';
import { codecsMatch, type RtpCodec } from '@rivero/rtp';
import fc from 'fast-check';
import { forwardOnlyPlan } from './forwardOnlyPlan.ts';
import { change, edge, element, planner, words } from './planNotation.ts';
import { RunningMedia } from './RunningMedia.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const id = fc.constantFrom(...ids);
// Weighted so that most pairs share no codec but some do.
const codecs = fc.uniqueArray(
  fc.constantFrom('VP8', 'VP8', 'VP9', 'VP9/2', 'H264', 'H264', 'H264/0', 'H264/main', 'H265', 'AV1'),
  { minLength: 1, maxLength: 4, size: 'max' },
);
const forwarding = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom('web', 'web', 'cam', 'view'), codecs) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('pass'), fc.constant([])) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('port', 'none', 'cam', 'view'), fc.constant([])) },
);
const recorders = [['H264', 'H265'], ['VP8', 'VP9'], ['RAW'], ['AV1'], ['H264', 'RAW']];
const players = [[], ['RAW'], ['H264'], ['H264/?'], ['VP8', 'RAW'], ['AV1']];
const hosting = fc.oneof(
  fc.tuple(fc.constant('filter'), fc.constant([])),
  fc.tuple(fc.constantFrom('mix', 'mixEach'), fc.tuple(fc.constantFrom('hub', 'other', 'third'))),
  fc.tuple(fc.constant('player'), fc.constantFrom(...players)),
  fc.tuple(fc.constant('rec'), fc.constantFrom(...recorders)),
  fc.tuple(fc.constant('pass'), fc.tuple(id)),
);

/** Elements (`a=web(VP8)`), edges, removed edges, releases and pins as the notation has them. */
function stepsWith(kind: fc.Arbitrary<[string, readonly string[]]>): fc.Arbitrary<string[]> {
  const make = (name: string, [of, args]: [string, readonly string[]]): string =>
    `${name}=${of}(${args.join()})`;
  const first = fc.tuple(...ids.map((name) => kind.map((one) => make(name, one))));
  const sink = fc.tuple(id, fc.constantFrom('', '', '', '[slides]')).map((parts) => parts.join(''));
  const edges = fc
    .tuple(fc.constantFrom('', '', '', '-'), id, sink)
    .map(([sign, from, to]) => `${sign}${from}>${to}`);
  const pins = fc
    .tuple(id, fc.constantFrom('', 'VP8', 'H264', 'RAW', 'AV1', 'VP8@15', 'RAW@10'))
    .map((parts) => parts.join('*'));
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(id, kind).map(([name, one]) => make(name, one)) },
    { weight: 20, arbitrary: edges },
    { weight: 1, arbitrary: pins },
    { weight: 1, arbitrary: id.map((name) => `!${name}`) },
  );
  return fc
    .tuple(first, fc.array(step, { maxLength: 40, size: 'max' }))
    .map(([elements, steps]) => [...elements, ...steps]);
}

const anything = stepsWith(fc.oneof(forwarding, hosting));
const thorough = { numRuns: 400 };

/** Plays steps; after each, says which plan ran before and which runs now. */
function play(steps: readonly string[], made: Planner, each: (before: Plan, after: Plan) => void): void {
  let plan = emptyPlan;
  for (const step of steps) {
    change(made, step);
    const next = made.plan(plan);
    each(plan, next);
    plan = next;
  }
}

/** Everything that a plan can have and say. */
const everything = `
  forwards taps decoders encoders feeds rawLinks encodedLinks
  forward relay remux transcode raw nothing
  sourceNotNegotiated sinkNotNegotiated noSource circle noCodec filterWithoutMedia unsupported`;

describe('the properties below', () => {
  it('are tried on pipelines that have and say everything', () => {
    const seen = new Map<string, number>();
    const count = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (const steps of fc.sample(anything, { numRuns: 1000, seed: 1 })) {
      const plan = planner(steps.join(' ')).plan();
      for (const [name, part] of Object.entries(plan)) if (part instanceof Map && part.size > 0) count(name);
      for (const { reason } of plan.edges) {
        count(reason.state);
        if (reason.state === 'nothing') count(reason.cause);
      }
    }
    for (const what of words(everything))
      assert.ok((seen.get(what) ?? 0) >= 10, `${what}: ${seen.get(what)}`);
  });
});

describe('planSteps()', () => {
  it('leaves exactly the plan running after any sequence of changes, and dangles at no step', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const media = new RunningMedia();
        play(steps, new Planner({ hosts: true }), (before, after) => {
          for (const step of planSteps(before, after)) media.apply(step);
          media.equals(after);
        });
      }),
      thorough,
    );
  });

  it('turns any plan into any other at once, and back into nothing', () => {
    fc.assert(
      fc.property(anything, anything, (one, two) => {
        const [before, after] = [planner(one.join(' ')).plan(), planner(two.join(' ')).plan()];
        const media = new RunningMedia();
        for (const step of planSteps(emptyPlan, before)) media.apply(step);
        for (const step of planSteps(before, after)) media.apply(step);
        media.equals(after);
        for (const step of planSteps(after, emptyPlan)) media.apply(step);
        media.equals(emptyPlan);
      }),
      thorough,
    );
  });

  it('starts again what died with the hosts, and nothing else', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const plan = planner(steps.join(' ')).plan();
        const left = withoutBranches(plan);
        const media = new RunningMedia();
        for (const step of planSteps(emptyPlan, left)) media.apply(step);
        for (const step of planSteps(left, plan)) {
          assert.ok(step.op !== 'stop' && step.op !== 'unlink');
          media.apply(step);
        }
        media.equals(plan);
      }),
      thorough,
    );
  });

  it('has nothing to do when nothing has changed', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        play(steps, new Planner({ hosts: true }), () => undefined);
        const made = planner(steps.join(' '));
        const plan = made.plan();
        assert.deepEqual(planSteps(plan, made.plan(plan)), []);
      }),
    );
  });
});

/** What a producer sends: of an element, or of a feed. */
function sentBy(producerId: string, plan: Plan, pads: ReadonlyMap<string, PadTable>): RtpCodec | undefined {
  const feed = plan.feeds.get(producerId);
  if (feed) return feed.codec;
  const source = pads.get(producerId.replace(/\.in$/, ''))?.VIDEO?.source;
  return source?.role === 'producer' ? source.codecs[0] : undefined;
}

/** The pads and the pinned formats that are left after these steps. */
function leftAfter(steps: readonly string[]): { pads: Map<string, PadTable>; pins: Map<string, string> } {
  const pads = new Map<string, PadTable>();
  const pins = new Map<string, string>();
  for (const step of steps) {
    if (step.startsWith('!')) {
      pads.delete(step.slice(1));
      pins.delete(step.slice(1));
    } else if (step.includes('*')) pins.set(step.replace(/\*.*/, ''), step);
    else if (step.includes('=')) {
      const [name, both]: [string, ElementPads] = element(step);
      pads.set(name, { AUDIO: both, VIDEO: both });
    }
  }
  return { pads, pins };
}

function withoutCause(reason: EdgeReason): Record<string, unknown> {
  return Object.fromEntries(Object.entries(reason).filter(([key]) => key !== 'cause'));
}

describe('Planner.plan()', () => {
  it('gives every consumer a codec that it negotiated', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const plan = planner(steps.join(' ')).plan();
        const { pads } = leftAfter(steps);
        for (const [consumerId, producerId] of plan.forwards) {
          const sink = pads.get(consumerId)?.VIDEO?.sink;
          const sent = sentBy(producerId, plan, pads);
          assert.ok(sent && sink?.role === 'consumer', `${consumerId} ← ${producerId}`);
          assert.ok(
            sink.codecs.some((codec) => codecsMatch(sent, codec)),
            `${consumerId} takes ${sent.name}`,
          );
        }
      }),
      thorough,
    );
  });

  it('has a reason for every edge and serves every edge that says so', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const made = planner(steps.join(' '));
        const plan = made.plan();
        assert.deepEqual(
          plan.edges.map(({ connection }) => connection),
          [...made.connections.values()],
        );
        const running = [plan.taps, plan.decoders, plan.encoders, plan.feeds].flatMap((map) => [
          ...map.keys(),
        ]);
        const used = plan.edges.flatMap(({ reason }) =>
          'branches' in reason ? (reason.branches ?? []) : [],
        );
        assert.deepEqual([...new Set(used)].sort(), running.sort(), 'every branch serves an edge');
      }),
      thorough,
    );
  });

  it('has one decoder per stream, one encoder per source and format, one link per input', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const plan = planner(steps.join(' ')).plan();
        const media = new RunningMedia();
        for (const step of planSteps(emptyPlan, plan)) media.apply(step);
        assert.equal(
          new Set([...plan.decoders.values()].map(({ streamId }) => streamId)).size,
          plan.decoders.size,
        );
      }),
    );
  });

  it('never links host nodes in a circle', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const plan = planner(steps.join(' ')).plan();
        const next = new Map<string, string[]>();
        for (const { fromId, nodeId } of [...plan.rawLinks.values(), ...plan.encodedLinks.values()]) {
          const from = /out\((\w+),/.exec(fromId)?.[1];
          if (from) next.set(from, [...(next.get(from) ?? []), nodeId]);
        }
        const visit = (node: string, path: readonly string[]): void => {
          assert.ok(!path.includes(node), `circle ${[...path, node].join('>')}`);
          for (const after of next.get(node) ?? []) visit(after, [...path, node]);
        };
        for (const node of next.keys()) visit(node, []);
      }),
      thorough,
    );
  });

  it('depends on what there is, not on how it came about', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const made = planner(steps.join(' '));
        const again = new Planner({ hosts: true });
        const { pads, pins } = leftAfter(steps);
        for (const [name, table] of pads) again.setElement(name, table);
        for (const connection of made.connections.values()) again.connections.add(connection);
        for (const pin of pins.values()) change(again, pin);
        assert.deepEqual(again.plan(), made.plan());
      }),
    );
  });

  it('needs no more encoders for keeping what runs', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const made = new Planner({ hosts: true });
        play(steps, made, (_, after) => assert.equal(after.encoders.size, made.plan().encoders.size));
      }),
    );
  });

  it('does without decoders and encoders where transcoding is forbidden', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const plan = planner(steps.join(' '), { hosts: true, transcoding: 'forbid' }).plan();
        assert.equal(plan.decoders.size + plan.encoders.size, 0);
        for (const { reason } of plan.edges) assert.notEqual(reason.state, 'transcode');
      }),
      thorough,
    );
  });

  it('would be what it then is', () => {
    fc.assert(
      fc.property(anything, id, id, (steps, from, to) => {
        const made = planner(steps.join(' '));
        const connection = edge(`${from}>${to}`);
        const reason = made.wouldBe(connection);
        made.connections.add(connection);
        const found = made
          .plan()
          .edges.find((one) => JSON.stringify(one.connection) === JSON.stringify(connection));
        assert.deepEqual(found?.reason, reason);
      }),
    );
  });

  it('is, without hosts, what it was before there were any', () => {
    fc.assert(
      fc.property(stepsWith(forwarding), (steps) => {
        // A relay that hands on another element's sink, and pins, are not part of the plainest plan.
        const plain = steps.filter((step) => !/pass\(\w|\*/.test(step));
        const made = planner(plain.join(' '), { hosts: false });
        const connections = [...made.connections.values()];
        const expected = forwardOnlyPlan(leftAfter(plain).pads, connections);
        const plan = made.plan();
        assert.deepEqual(plan.forwards, expected.forwards);
        const reasons = plan.edges.map(({ reason }) => withoutCause(reason));
        assert.deepEqual(reasons, expected.reasons);
        const { taps, decoders, encoders, feeds, rawLinks, encodedLinks } = plan;
        for (const map of [taps, decoders, encoders, feeds, rawLinks, encodedLinks])
          assert.equal(map.size, 0);
        const changes = planChanges(emptyPlan, plan).map((change) => ({ op: 'forward', ...change }));
        assert.deepEqual(planSteps(emptyPlan, plan), changes);
      }),
      thorough,
    );
  });
});
