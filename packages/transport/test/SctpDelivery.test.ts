/**
 * What an association delivers over networks of all kinds.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Weather } from './network.ts';
import { numbered, sctpPair } from './sctpPair.ts';

const weathers: readonly [name: string, weather: Weather][] = [
  ['a fair network', {}],
  ['5 % loss', { lossPercent: 5 }],
  ['20 % loss', { lossPercent: 20 }],
  ['reordering', { jitterMs: 30 }],
  ['20 % duplication and reordering', { duplicatePercent: 20, jitterMs: 20 }],
  ['10 % loss, duplication and reordering', { lossPercent: 10, duplicatePercent: 10, jitterMs: 40 }],
  ['a line of 1 Mbit/s', { bitrateBps: 1_000_000 }],
  ['a line of 300 kbit/s with 3 % loss', { bitrateBps: 300_000, lossPercent: 3 }],
];

describe('SctpAssociation (delivery)', () => {
  for (const interleaving of [false, true]) {
    for (const [name, weather] of weathers) {
      it(`delivers every message once and in order per stream over ${name}, ${interleaving ? 'I-DATA' : 'DATA'}`, () => {
        for (const seed of [1, 2, 3]) {
          const { network, left, right, connect } = sctpPair({ ...weather, seed }, { interleaving });
          connect();
          const sent = new Map<number, Uint8Array[]>();
          const lengths = [4, 100, 1100, 1101, 5000, 30_000];
          for (let number = 0; number < 60; number++) {
            const streamId = number % 4;
            const bytes = numbered(number, lengths[number % lengths.length]!);
            sent.set(streamId, [...(sent.get(streamId) ?? []), bytes]);
            assert.equal(left.association.send(streamId, 53, bytes, {}, network.nowMs), 'accepted');
            network.run(5);
          }
          network.run(300_000, () => right.messages.length >= 60);
          network.run(2000);
          assert.equal(right.messages.length, 60, `seed ${seed}`);
          for (const [streamId, messages] of sent) {
            const arrived = right.messages.filter((message) => message.streamId === streamId);
            assert.deepEqual(
              arrived.map(({ bytes }) => bytes),
              messages,
            );
          }
          assert.deepEqual([left.association.state, right.association.state], ['connected', 'connected']);
        }
      });
    }
  }
});
