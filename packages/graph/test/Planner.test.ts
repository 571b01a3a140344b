import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Connection,
  emptyPlan,
  type MediaType,
  type PadTable,
  Planner,
  planChanges,
} from '@rivero/graph';
import type { RtpCodec } from '@rivero/rtp';
import fc from 'fast-check';

function codec(name: string, parameters: Record<string, string> = {}): RtpCodec {
  const clockRate = name === 'OPUS' ? 48_000 : name.startsWith('PCM') ? 8000 : 90_000;
  return { payloadType: 96, name, clockRate, channels: name === 'OPUS' ? 2 : 1, parameters, feedback: [] };
}

/** A WebRtcEndpoint that negotiated video with these codecs in both directions. */
function endpoint(id: string, ...names: string[]): PadTable {
  const codecs = names.map((name) => codec(name));
  return {
    VIDEO: {
      source: { role: 'producer', producerId: `${id}:in`, codecs },
      sink: { role: 'consumer', consumerId: `${id}:out`, codecs },
    },
  };
}

const relay: PadTable = {
  VIDEO: { source: { role: 'relay' }, sink: { role: 'relay' } },
  AUDIO: { source: { role: 'relay' }, sink: { role: 'relay' } },
};

function edge(sourceId: string, sinkId: string, type: MediaType = 'VIDEO'): Connection {
  return { sourceId, sinkId, type, sourceDescription: 'default', sinkDescription: 'default' };
}

/** A planner with these elements, joined in the order of `edges` such as `a>b`. */
function planner(elements: Record<string, PadTable>, ...edges: string[]): Planner {
  const made = new Planner();
  for (const [id, pads] of Object.entries(elements)) made.setElement(id, pads);
  for (const text of edges) {
    const [source = '', sink = ''] = text.split('>');
    made.connections.add(edge(source, sink));
  }
  return made;
}

const vp8 = { a: endpoint('a', 'VP8', 'H264'), b: endpoint('b', 'VP8'), c: endpoint('c', 'H264', 'VP8') };

describe('Planner', () => {
  const cases: readonly [string, Record<string, PadTable>, string[], Record<string, string>][] = [
    ['joins two endpoints with a common codec', vp8, ['a>b'], { 'b:out': 'a:in' }],
    ['joins an endpoint to itself', vp8, ['a>a'], { 'a:out': 'a:in' }],
    ['fans out', vp8, ['a>b', 'a>c'], { 'b:out': 'a:in', 'c:out': 'a:in' }],
    ['lets the last source win', vp8, ['a>b', 'c>b', 'a>b'], { 'b:out': 'a:in' }],
    ['goes by the codec that is sent, not by any that is shared', vp8, ['c>b'], {}],
    ['looks through a relay', { ...vp8, p: relay }, ['a>p', 'p>b'], { 'b:out': 'a:in' }],
    [
      'looks through relays in a row',
      { ...vp8, p: relay, q: relay },
      ['p>q', 'q>b', 'a>p'],
      { 'b:out': 'a:in' },
    ],
    [
      'fans out behind a relay',
      { ...vp8, p: relay },
      ['a>p', 'p>b', 'p>c'],
      { 'b:out': 'a:in', 'c:out': 'a:in' },
    ],
    ['stops at a circle of relays', { ...vp8, p: relay, q: relay }, ['p>q', 'q>p', 'q>b'], {}],
    ['stops at a relay without a source', { ...vp8, p: relay }, ['p>b'], {}],
    ['waits for a source that has not negotiated', { ...vp8, n: {} }, ['n>b'], {}],
    ['waits for a sink that has not negotiated', { ...vp8, n: {} }, ['a>n'], {}],
    ['knows nothing of unknown elements', vp8, ['x>b', 'a>y'], {}],
  ];
  for (const [claim, elements, edges, forwards] of cases) {
    it(claim, () => {
      assert.deepEqual(Object.fromEntries(planner(elements, ...edges).plan().forwards), forwards);
    });
  }

  const reasons: readonly [string, Record<string, PadTable>, string[], string, RegExp | undefined][] = [
    ['a>b', vp8, [], 'forward', undefined],
    ['c>b', vp8, [], 'transcode', /sends H264, the sink takes VP8/],
    ['a>n', { ...vp8, n: {} }, [], 'nothing', /sink has not negotiated/],
    ['n>a', { ...vp8, n: {} }, [], 'nothing', /source has not negotiated/],
    ['a>p', { ...vp8, p: relay }, [], 'relay', undefined],
    ['p>a', { ...vp8, p: relay }, [], 'nothing', /nothing is connected/],
    ['q>a', { ...vp8, p: relay, q: relay }, ['p>q', 'q>p'], 'nothing', /circle/],
  ];
  for (const [text, elements, others, state, why] of reasons) {
    it(`explains ${text} as ${state}${why ? ` (${why.source})` : ''}`, () => {
      const { edges } = planner(elements, ...others, text).plan();
      const reason = edges.at(-1)?.reason;
      assert.equal(reason?.state, state);
      if (why) assert.match(reason && 'why' in reason ? reason.why : '', why);
    });
  }

  it('does not route DATA', () => {
    const made = planner(vp8);
    made.connections.add(edge('a', 'b', 'DATA'));
    assert.equal(made.plan().edges[0]?.reason.state, 'nothing');
  });

  it('forgets an element together with its connections', () => {
    const made = planner(vp8, 'a>b', 'b>c', 'c>a');
    assert.deepEqual(made.removeElement('b'), [edge('a', 'b'), edge('b', 'c')]);
    assert.deepEqual(made.connections.find(), [edge('c', 'a')]);
  });

  it('finds the producer behind a sink', () => {
    const made = planner({ ...vp8, p: relay }, 'a>p', 'p>b');
    assert.equal(made.producerInto('p', 'VIDEO'), 'a:in');
    assert.equal(made.producerInto('b', 'VIDEO'), 'a:in');
    assert.equal(made.producerInto('b', 'AUDIO'), undefined);
  });
});

describe('planChanges()', () => {
  it('names only what differs', () => {
    const made = planner(vp8, 'a>b', 'a>a');
    const before = made.plan();
    made.connections.add(edge('b', 'a'));
    made.connections.remove(edge('a', 'b'));
    assert.deepEqual(planChanges(before, made.plan()), [
      { consumerId: 'b:out', producerId: null },
      { consumerId: 'a:out', producerId: 'b:in' },
    ]);
    assert.deepEqual(planChanges(before, before), []);
  });

  it('turns any plan into any other, whatever the order of steps', () => {
    const ids = ['a', 'b', 'c', 'p', 'q'];
    const id = fc.constantFrom(...ids);
    const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'drop', 'restore'), from: id, to: id });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const elements: Record<string, PadTable> = { ...vp8, p: relay, q: relay };
        const made = planner(elements);
        const running = new Map<string, string>();
        let plan = emptyPlan;
        for (const { kind, from, to } of steps) {
          if (kind === 'add') made.connections.add(edge(from, to));
          else if (kind === 'remove') made.connections.remove(edge(from, to));
          else if (kind === 'drop') made.removeElement(from);
          else made.setElement(from, elements[from] ?? {});
          const next = made.plan();
          for (const { consumerId, producerId } of planChanges(plan, next)) {
            if (producerId === null) running.delete(consumerId);
            else running.set(consumerId, producerId);
          }
          plan = next;
          assert.deepEqual(running, next.forwards);
        }
      }),
    );
  });
});
