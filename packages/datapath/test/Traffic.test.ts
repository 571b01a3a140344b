/**
 * Sums over streams.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConsumerStats, ProducerStats } from '@rivero/router';
import { addTraffic, noTraffic } from '../src/Traffic.ts';

const producer: ProducerStats = {
  producerId: 'p',
  kind: 'video',
  ssrc: 1,
  packetsReceived: 10,
  bytesReceived: 1000,
  packetsLost: 2,
  fractionLost: 0,
  jitterSeconds: 0,
  nackCount: 0,
  pliCount: 0,
  firCount: 0,
  rembBps: 0,
};
const consumer: ConsumerStats = {
  consumerId: 'c',
  kind: 'video',
  ssrc: 2,
  packetsSent: 20,
  bytesSent: 2000,
  packetsLost: 3,
  fractionLost: 0,
  roundTripTimeSeconds: 0,
  nackCount: 0,
  pliCount: 0,
  firCount: 0,
  rembBps: 0,
  targetBitrateBps: 0,
};

describe('addTraffic', () => {
  it('adds every stream of a session to what was before', () => {
    const once = addTraffic(noTraffic, { producers: [producer, producer], consumers: [consumer] });
    assert.deepEqual(once, {
      packetsReceived: 20,
      bytesReceived: 2000,
      packetsLost: 4,
      packetsSent: 20,
      bytesSent: 2000,
      remotePacketsLost: 3,
    });
    assert.equal(addTraffic(once, { producers: [producer], consumers: [] }).packetsReceived, 30);
    assert.equal(noTraffic.packetsReceived, 0);
  });
});
