/**
 * `StatsSampler` over reports written out by hand; no browser.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatsSampler } from '../src/peerStats.ts';

type Entry = Record<string, unknown>;

const report = (...entries: Entry[]): Map<string, Entry> =>
  new Map(entries.map((entry) => [String(entry['id']), entry]));

const pair = (timestamp: number, bytesSent: number, more: Entry = {}): Entry => ({
  id: 'P',
  type: 'candidate-pair',
  timestamp,
  bytesSent,
  bytesReceived: bytesSent * 2,
  currentRoundTripTime: 0.012,
  state: 'succeeded',
  nominated: true,
  ...more,
});

describe('StatsSampler', () => {
  it('says nothing that the report does not say', () => {
    const stats = new StatsSampler().sample(report());
    assert.equal(stats.roundTripMs, undefined);
    assert.equal(stats.outgoingBitrateBps, 0);
    assert.deepEqual(stats.incoming, { audio: undefined, video: undefined });
  });

  it('needs two reports for a bitrate', () => {
    const sampler = new StatsSampler();
    assert.equal(sampler.sample(report(pair(1000, 500))).outgoingBitrateBps, 0);
    const second = sampler.sample(report(pair(1500, 1500)));
    assert.equal(second.outgoingBitrateBps, 16_000);
    assert.equal(second.incomingBitrateBps, 32_000);
    assert.equal(second.roundTripMs, 12);
  });

  it('never says a negative bitrate, nor an infinite one for two reports of one moment', () => {
    const sampler = new StatsSampler();
    sampler.sample(report(pair(1000, 500)));
    assert.equal(sampler.sample(report(pair(2000, 100))).outgoingBitrateBps, 0);
    assert.equal(sampler.sample(report(pair(2000, 900))).outgoingBitrateBps, 0);
  });

  it('prefers the pair that the transport names over another nominated one', () => {
    const other = pair(1000, 0, { id: 'Q', currentRoundTripTime: 0.5 });
    const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
    assert.equal(new StatsSampler().sample(report(other, transport, pair(1000, 0))).roundTripMs, 12);
    assert.equal(new StatsSampler().sample(report(other, pair(1000, 0))).roundTripMs, 500);
  });

  it('follows an outgoing stream to its codec and to the far end', () => {
    const stats = new StatsSampler().sample(
      report(
        {
          id: 'O',
          type: 'outbound-rtp',
          kind: 'video',
          codecId: 'C',
          remoteId: 'R',
          framesEncoded: 9,
          bytesSent: 1,
        },
        { id: 'C', type: 'codec', mimeType: 'video/VP8' },
        { id: 'R', type: 'remote-inbound-rtp', kind: 'video', packetsLost: 3 },
      ),
    );
    assert.equal(stats.outgoing.video?.codec, 'VP8');
    assert.equal(stats.outgoing.video?.packetsLost, 3);
    assert.equal(stats.outgoing.video?.framesEncoded, 9);
    assert.equal(stats.outgoing.audio, undefined);
  });
});
