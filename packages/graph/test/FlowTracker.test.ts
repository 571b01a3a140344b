import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlowTracker, type PadTable, Planner } from '@rivero/graph';

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
