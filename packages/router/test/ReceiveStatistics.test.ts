/**
 * RFC 3550 appendices A.1, A.3 and A.8, at every edge.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReceiveStatistics, receiveWindowSize, SequenceVerdict } from '../src/ReceiveStatistics.ts';

const starts = [0, 1, 31, 32, 1023, 1024, 32_767, 32_768, 64_512, 65_000, 65_534, 65_535];

for (const start of starts) {
  describe(`ReceiveStatistics from ${start}`, () => {
    const number = (i: number): number => (start + i) & 0xffff;
    const record = (statistics: ReceiveStatistics, i: number): number =>
      statistics.record(number(i), i * 3000, 90_000, (i * 100) / 3);

    it('counts on across the wrap', () => {
      const statistics = new ReceiveStatistics();
      for (let i = 0; i < 2000; i++) assert.equal(record(statistics, i), SequenceVerdict.newest);
      assert.equal(statistics.packetsReceived, 2000);
      assert.equal(statistics.packetsLost, 0);
      assert.equal(statistics.extendedHighest, start + 1999);
    });

    it('tells late packets from duplicates', () => {
      const statistics = new ReceiveStatistics();
      for (const i of [0, 1, 5]) record(statistics, i);
      assert.equal(statistics.packetsLost, 3);
      assert.equal(record(statistics, 3), SequenceVerdict.late);
      assert.equal(record(statistics, 3), SequenceVerdict.duplicate);
      assert.equal(record(statistics, 5), SequenceVerdict.duplicate);
      assert.equal(record(statistics, 2), SequenceVerdict.late);
      assert.equal(record(statistics, 4), SequenceVerdict.late);
      assert.equal(statistics.packetsLost, 0);
      assert.equal(statistics.hasReceived(number(3)), true);
      assert.equal(statistics.hasReceived(number(6)), false);
    });

    it('forgets the window cleanly over a wide gap', () => {
      const statistics = new ReceiveStatistics();
      for (let i = 0; i < 40; i++) record(statistics, i);
      assert.equal(record(statistics, 40 + receiveWindowSize), SequenceVerdict.newest);
      for (let i = 60; i < 40 + receiveWindowSize; i += 97) {
        assert.equal(record(statistics, i), SequenceVerdict.late);
      }
    });

    it('reports the fraction lost per interval', () => {
      const statistics = new ReceiveStatistics();
      for (let i = 0; i < 100; i++) if (i % 4 !== 1) record(statistics, i);
      statistics.interval();
      assert.equal(statistics.fractionLost, 64);
      assert.equal(statistics.packetsLost, 25);
      for (let i = 100; i < 200; i++) record(statistics, i);
      statistics.interval();
      assert.equal(statistics.fractionLost, 0);
      // More arrives than was expected, since what was lost is repaired: no loss.
      for (let i = 1; i < 100; i += 4) record(statistics, i);
      statistics.interval();
      assert.equal(statistics.fractionLost, 0);
      assert.equal(statistics.packetsLost, 0);
    });

    it('ignores a stray and follows a sender that starts over', () => {
      const statistics = new ReceiveStatistics();
      for (let i = 0; i < 10; i++) record(statistics, i);
      assert.equal(record(statistics, 20_000), SequenceVerdict.stray);
      assert.equal(record(statistics, 10), SequenceVerdict.newest);
      assert.equal(record(statistics, 20_000), SequenceVerdict.stray);
      assert.equal(record(statistics, 20_001), SequenceVerdict.restart);
      assert.equal(record(statistics, 20_002), SequenceVerdict.newest);
      assert.equal(statistics.packetsReceived, 2);
    });

    it('counts a packet from before the first as late', () => {
      const statistics = new ReceiveStatistics();
      record(statistics, 1);
      assert.equal(record(statistics, 0), SequenceVerdict.late);
      assert.equal(statistics.packetsLost, 0);
    });
  });
}

describe('ReceiveStatistics jitter', () => {
  it('is zero for an even stream and follows RFC 3550 appendix A.8 for an uneven one', () => {
    const statistics = new ReceiveStatistics();
    statistics.record(0, 0, 90_000, 0);
    statistics.record(1, 900, 90_000, 10);
    assert.equal(statistics.jitter, 0);
    // 16 ms late: 1440 ticks, a sixteenth of it.
    statistics.record(2, 1800, 90_000, 36);
    assert.equal(statistics.jitter, 90);
    statistics.record(3, 2700, 90_000, 46);
    assert.equal(statistics.jitter, 84.375);
  });

  it('stands a timestamp wrap and a very late clock', () => {
    const statistics = new ReceiveStatistics();
    const startMs = 1_790_000_000_000;
    statistics.record(0, 0xffff_fff0, 90_000, startMs);
    statistics.record(1, (0xffff_fff0 + 900) >>> 0, 90_000, startMs + 10);
    assert.equal(statistics.jitter, 0);
  });
});
