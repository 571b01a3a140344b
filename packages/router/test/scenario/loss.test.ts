/**
 * A bad network on both legs: every packet is recovered, or it is known to be lost.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World } from '../peers/World.ts';

const badNetwork = { delayMs: 15, jitterMs: 50, lossPercent: 5, duplicatePercent: 2 };

for (const { seed, firstSequenceNumber } of [
  { seed: 1, firstSequenceNumber: 0 },
  { seed: 2, firstSequenceNumber: 64_900 },
  { seed: 3, firstSequenceNumber: 32_700 },
  { seed: 4, firstSequenceNumber: 65_535 },
]) {
  describe(`Loss of 5 %, jitter of 50 ms, reordering, duplicates; seed ${seed}`, () => {
    const world = new World(seed, badNetwork);
    const { publisher } = world.publish('camera', {
      ssrc: 1000,
      name: 1,
      firstSequenceNumber,
      firstTimestamp: 0xffff_0000,
      firstPictureId: 32_700,
    });
    const viewers = [20, 21, 22].map((ssrc) => world.watch(`viewer${ssrc}`, ssrc).viewer);
    for (const ssrc of [20, 21, 22]) world.link(`viewer${ssrc}`, 'camera');
    world.run(10_000);
    publisher.running = false;
    world.run(14_000);

    it('recovers every packet from the first key frame on', () => {
      for (const viewer of viewers) {
        assert.ok(viewer.packets.size > 850, `${viewer.packets.size} packets`);
        assert.deepEqual(viewer.holes, []);
      }
    });

    it('delivers the packets in the order in which they were sent, each once', () => {
      for (const viewer of viewers) {
        const tags = viewer.inOrder.map(({ tag }) => tag);
        assert.deepEqual(
          tags,
          tags.map((_, i) => (tags[0] ?? 0) + i),
        );
        assert.equal(viewer.inOrder[0]?.isKeyFrame, true);
      }
    });

    it('repeats packets bit by bit', () => {
      // The viewer compares each duplicate with the first; here, that there were any.
      for (const viewer of viewers) assert.ok(viewer.duplicates > 0);
      assert.ok((world.router.dump().counters['resent'] ?? 0) > 50);
    });

    it('keeps timestamps and picture ids of the source', () => {
      for (const viewer of viewers) {
        const first = viewer.inOrder[0];
        assert.ok(first);
        for (const packet of viewer.inOrder) {
          const original = publisher.sent.get(packet.tag);
          assert.ok(original);
          const start = publisher.sent.get(first.tag);
          assert.ok(start);
          const passed =
            new DataView(original.packet.buffer).getUint32(4) -
            new DataView(start.packet.buffer).getUint32(4);
          assert.equal((packet.timestamp - first.timestamp) | 0, passed | 0);
          assert.equal(packet.payloadType, 120);
          assert.equal(packet.mid, 'video');
        }
      }
    });

    it('reports what it asked for and what was lost', () => {
      const [producer] = world.router.stats('camera', world.nowMs)?.producers ?? [];
      assert.ok(producer);
      assert.ok(producer.nackCount > 10);
      assert.equal(producer.packetsLost, 0);
      // Nobody can know of a packet lost before the first or behind the last that arrived.
      const unseen = publisher.sent.size - producer.packetsReceived;
      assert.ok(unseen >= 0 && unseen <= 2, `${unseen} unseen`);
      assert.ok(
        producer.jitterSeconds > 0.005 && producer.jitterSeconds < 0.05,
        `${producer.jitterSeconds} s`,
      );
      assert.equal(world.router.dump().counters['nackHopeless'], 0);
    });

    it('holds one cache for all viewers', () => {
      assert.equal(world.test.regions.heldBytes, 262_144);
    });
  });
}

describe('A publisher that repairs nothing', () => {
  it('is reported as lossy, and asked for a key frame when packets are given up', () => {
    const world = new World(9, { delayMs: 15, jitterMs: 0, lossPercent: 5, duplicatePercent: 0 });
    const { publisher } = world.publish('camera', { ssrc: 1000, name: 1, firstSequenceNumber: 0 });
    world.watch('viewer', 20);
    world.link('viewer', 'camera');
    const repair = publisher.receiveRtcp.bind(publisher);
    publisher.receiveRtcp = (bytes, nowMs) => {
      // Everything but compounds with a NACK (transport feedback behind report and names).
      if (!hasNack(bytes)) repair(bytes, nowMs);
    };
    world.run(20_000);
    const [producer] = world.router.stats('camera', world.nowMs)?.producers ?? [];
    assert.ok(producer);
    assert.ok(producer.packetsLost > 30, `${producer.packetsLost} lost`);
    assert.ok((world.router.dump().counters['nackHopeless'] ?? 0) > 10);
    assert.ok(producer.pliCount > 5);
    assert.ok(publisher.keyFrames > 5);
    const reported = publisher.received.filter((packet) => packet.type === 'receiverReport');
    assert.ok(reported.some(({ reports }) => (reports[0]?.fractionLost ?? 0) > 0));
  });
});

function hasNack(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4 + 4 * view.getUint16(at + 2)) {
    if (view.getUint8(at + 1) === 205) return true;
  }
  return false;
}
