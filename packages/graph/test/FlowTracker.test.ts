import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlowTracker, type PadTable, Planner } from '@rivero/graph';
import { planner, short } from './planNotation.ts';

const vp8 = { payloadType: 96, name: 'VP8', clockRate: 90_000, channels: 1, parameters: {}, feedback: [] };
const source: PadTable = { VIDEO: { source: { role: 'producer', producerId: 'in', codecs: [vp8] } } };
const relay: PadTable = { VIDEO: { source: { role: 'relay' }, sink: { role: 'relay' } } };
const viewer: PadTable = { VIDEO: { sink: { role: 'consumer', consumerId: 'out', codecs: [vp8] } } };

function chain(): Planner {
  const planner = new Planner();
  planner.setElement('a', source);
  planner.setElement('p', relay);
  planner.setElement('b', viewer);
  for (const [sourceId, sinkId] of [
    ['a', 'p'],
    ['p', 'b'],
  ] as const) {
    const edge = {
      sourceId,
      sinkId,
      type: 'VIDEO',
      sourceDescription: 'default',
      sinkDescription: 'default',
    } as const;
    planner.connections.add(edge);
  }
  return planner;
}

const asText = (changes: ReturnType<FlowTracker['update']>): string[] =>
  changes
    .map(({ elementId, direction, flowing }) => `${elementId} ${direction} ${flowing ? 'on' : 'off'}`)
    .sort((x, y) => x.localeCompare(y));

describe('FlowTracker', () => {
  it('sees media leave the source, pass the relay and arrive at the viewer', () => {
    const planner = chain();
    const tracker = new FlowTracker();
    assert.deepEqual(tracker.update(planner.plan(), planner.producers(), new Set()), []);
    const changes = tracker.update(planner.plan(), planner.producers(), new Set(['in']));
    assert.deepEqual(asText(changes), ['a out on', 'b in on', 'p in on', 'p out on']);
    assert.equal(tracker.isFlowing('p', 'VIDEO', 'out'), true);
    assert.equal(tracker.isFlowing('b', 'VIDEO', 'out'), false);
  });

  it('tells nothing twice', () => {
    const planner = chain();
    const tracker = new FlowTracker();
    tracker.update(planner.plan(), planner.producers(), new Set(['in']));
    assert.deepEqual(tracker.update(planner.plan(), planner.producers(), new Set(['in'])), []);
  });

  it('sees everything behind a cut edge fall silent', () => {
    const planner = chain();
    const tracker = new FlowTracker();
    tracker.update(planner.plan(), planner.producers(), new Set(['in']));
    planner.removeElement('p');
    const changes = tracker.update(planner.plan(), planner.producers(), new Set(['in']));
    assert.deepEqual(asText(changes), ['b in off', 'p in off', 'p out off']);
  });
});

describe('FlowTracker, with hosts', () => {
  const cases: readonly [string, string, string[], string[]][] = [
    // Claim, pipeline, what flows, pads that flow.
    [
      'sees nothing behind an encoder that does not send yet',
      'a=cam(VP8) b=view(H264) a>b',
      ['a'],
      ['a out'],
    ],
    [
      'sees a viewer get what an encoder sends',
      'a=cam(VP8) b=view(H264) a>b',
      ['a', 'a~H264'],
      ['a out', 'b in'],
    ],
    ['sees a recorder get what its source sends', 'a=cam(VP8) r=rec(VP8) a>r', ['a'], ['a out', 'r in']],
    ['sees a filter give as soon as it gets', 'a=cam(VP8) f=filter a>f', ['a'], ['a out', 'f in', 'f out']],
    [
      'sees filters in a row',
      'a=cam(VP8) f=filter g=filter a>f f>g',
      ['a'],
      ['a out', 'f in', 'f out', 'g in', 'g out'],
    ],
    ['sees a player', 'p=player(RAW) q=pass p>q', ['p'], ['p out', 'q in', 'q out']],
    ['sees a mixer get and give apart', 'a=cam(VP8) m=mix(hub) a>m', ['a'], ['a out', 'm in']],
    ['sees a mixer give', 'm=mix(hub) b=view(VP8) m>b', ['hub', 'hub~VP8'], ['b in', 'm out']],
  ];
  for (const [claim, text, flowing, expected] of cases) {
    it(claim, () => {
      const made = planner(text);
      const plan = made.plan();
      const known = [...[...made.producers()].map(({ producerId }) => producerId), ...plan.feeds.keys()];
      const ids = new Set(known.filter((id) => flowing.includes(short(id))));
      const changes = new FlowTracker().update(plan, made.producers(), ids);
      const video = changes.filter(({ type }) => type === 'VIDEO');
      assert.deepEqual(
        asText(video),
        expected.map((pad) => `${pad} on`),
      );
    });
  }
});
