/**
 * Several sources become one stream without a jump, at every wrap.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sendHistorySize } from '../src/SendHistory.ts';
import { StreamContinuity } from '../src/StreamContinuity.ts';

const edges = [0, 1, 1023, 1024, 32_766, 32_767, 32_768, 65_533, 65_534, 65_535];

/** Sends packet `i` of a source whose numbers start at `first`. */
function send(stream: StreamContinuity, first: number, i: number): number {
  const sequenceNumber = stream.sequenceNumber((first + i) & 0xffff);
  assert.equal(stream.admit(sequenceNumber), true);
  stream.note(i * 3000, (100 + i) & 0x7fff, i & 0xff);
  return sequenceNumber;
}

for (const from of edges) {
  for (const to of edges) {
    it(`StreamContinuity goes from a source at ${from} to one at ${to} without a gap`, () => {
      const stream = new StreamContinuity(65_530, 0xffff_fff0);
      const sent: number[] = [];
      for (const first of [from, to]) {
        stream.start({ sequenceNumber: first, timestamp: 0, pictureId: 100, tl0PicIdx: 0 }, 40, 90_000);
        for (let i = 0; i < 20; i++) sent.push(send(stream, first, i));
      }
      assert.deepEqual(
        sent,
        sent.map((_, i) => (65_531 + i) & 0xffff),
      );
    });
  }
}

describe('StreamContinuity', () => {
  it('lets the timestamp go on by the time that passed', () => {
    const stream = new StreamContinuity(0, 0xffff_ff00);
    stream.start({ sequenceNumber: 7, timestamp: 1000, pictureId: -1, tl0PicIdx: -1 }, 12_345, 90_000);
    assert.equal(stream.timestamp(1000) >>> 0, 0xffff_ff00);
    send(stream, 7, 0);
    stream.note(4000, -1, -1);
    stream.start({ sequenceNumber: 9, timestamp: 0xffff_fff0, pictureId: -1, tl0PicIdx: -1 }, 50, 90_000);
    assert.equal(stream.timestamp(0xffff_fff0) >>> 0, (0xffff_ff00 + 3000 + 4500) >>> 0);
  });

  it('lets at least one tick pass', () => {
    const stream = new StreamContinuity(0, 0);
    const start = { sequenceNumber: 0, timestamp: 0, pictureId: -1, tl0PicIdx: -1 };
    stream.start(start, 0, 90_000);
    send(stream, 0, 0);
    stream.start(start, 0, 90_000);
    assert.equal(stream.timestamp(0), 1);
  });

  for (const pictureId of [0, 1, 126, 127, 128, 32_766, 32_767]) {
    it(`goes on with picture ids across the wrap, from ${pictureId}`, () => {
      const stream = new StreamContinuity(0, 0);
      stream.start({ sequenceNumber: 0, timestamp: 0, pictureId, tl0PicIdx: 255 }, 0, 90_000);
      stream.admit(stream.sequenceNumber(0));
      stream.note(0, pictureId, 255);
      stream.start({ sequenceNumber: 0, timestamp: 0, pictureId: 5, tl0PicIdx: 9 }, 33, 90_000);
      assert.equal(stream.pictureId(5), (pictureId + 1) & 0x7fff);
      assert.equal(stream.tl0PicIdx(9), 0);
      assert.equal(stream.pictureId(6), (pictureId + 2) & 0x7fff);
    });
  }

  it('keeps a gap of the source, so that the viewer asks for it', () => {
    const stream = new StreamContinuity(10, 0);
    stream.start({ sequenceNumber: 100, timestamp: 0, pictureId: -1, tl0PicIdx: -1 }, 0, 90_000);
    assert.equal(stream.sequenceNumber(105), 16);
    assert.equal(stream.sourceSequenceNumber(16), 105);
  });

  it('refuses packets from before the switch, and still does after the numbers have wrapped', () => {
    const stream = new StreamContinuity(10, 0);
    stream.start({ sequenceNumber: 100, timestamp: 0, pictureId: -1, tl0PicIdx: -1 }, 0, 90_000);
    send(stream, 100, 0);
    assert.equal(stream.admit(stream.sequenceNumber(99)), false);
    assert.equal(stream.covers(stream.sequenceNumber(99)), false);
    assert.equal(stream.covers(stream.sequenceNumber(100)), true);
    assert.equal(stream.covers(stream.sequenceNumber(101)), false);
    for (let i = 1; i < 100_000; i++) send(stream, 100, i);
    assert.equal(stream.admit(stream.sequenceNumber(100 + 99_999 - 5)), true);
    assert.equal(stream.admit(stream.sequenceNumber(100 + 99_999 - sendHistorySize + 1)), true);
    assert.equal(stream.admit(stream.sequenceNumber(100 + 99_999 - sendHistorySize)), false);
  });
});
