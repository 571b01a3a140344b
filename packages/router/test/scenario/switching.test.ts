/**
 * Viewers that come late, and viewers whose source is switched.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serializeRtcp, unixMsOfNtp } from '@rivero/rtp';
import { Publisher } from '../peers/Publisher.ts';
import type { Viewer } from '../peers/Viewer.ts';
import { World } from '../peers/World.ts';

const camera = {
  ssrc: 1000,
  name: 1,
  firstSequenceNumber: 65_000,
  firstTimestamp: 5_000_000,
  firstPictureId: 32_760,
};
const screen = {
  ssrc: 2000,
  name: 2,
  firstSequenceNumber: 300,
  firstTimestamp: 0xffff_8000,
  firstPictureId: 77,
};

/** Asserts that nothing in the stream jumps: numbers by one, time forward, picture ids by at most one. */
function assertContinuous(viewer: Viewer): void {
  const packets = viewer.inOrder;
  assert.deepEqual(viewer.holes, []);
  for (let i = 1; i < packets.length; i++) {
    const before = packets[i - 1];
    const packet = packets[i];
    assert.ok(before && packet);
    const elapsedTicks = (packet.timestamp - before.timestamp) | 0;
    assert.ok(elapsedTicks >= 0 && elapsedTicks <= 90 * 600, `timestamp goes on by ${elapsedTicks} ticks`);
    const pictures = (packet.pictureId - before.pictureId) & 0x7fff;
    assert.ok(pictures <= 1, `picture id goes on by ${pictures}`);
    assert.ok(((packet.tl0PicIdx - before.tl0PicIdx) & 0xff) <= 1);
    // A new picture has a new time, and the other way round.
    assert.equal(pictures === 0, elapsedTicks === 0);
  }
}

describe('A source whose timestamps jump back, as a player that seeks', () => {
  for (const behindMs of [600, 3000, 3_600_000]) {
    it(`goes on without a jump for viewers: ${behindMs} ms`, () => {
      const world = new World(11);
      const { publisher } = world.publish('player', camera);
      const { viewer } = world.watch('viewer', 20);
      world.link('viewer', 'player');
      world.run(5000);
      publisher.behindMs = behindMs;
      world.run(5300);
      publisher.behindMs = behindMs + 2000;
      world.run(10_000);
      assertContinuous(viewer);
      assert.equal(world.router.dump().counters['restart'], 2);
      const last = viewer.inOrder.at(-1);
      const lastMs = Math.max(...viewer.arrivalMs.values());
      assert.ok(last !== undefined && lastMs > 9900, `last packet at ${lastMs} ms`);
      // Sender reports go on with the new timeline: the last packet's time, told by the last report, is that of now.
      const { packet: report, atMs } =
        viewer.rtcp.findLast(({ packet }) => packet.type === 'senderReport') ?? {};
      assert.ok(report?.type === 'senderReport' && atMs !== undefined && atMs > 8000);
      const toldMs = unixMsOfNtp(report.ntp) + ((last.timestamp - report.rtpTimestamp) | 0) / 90;
      assert.ok(Math.abs(toldMs - lastMs) < 60, `${toldMs} ms for a packet of ${lastMs} ms`);
    });
  }

  it('is not taken for one when frames are only out of order', () => {
    const world = new World(12);
    const { publisher } = world.publish('player', camera);
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'player');
    for (let i = 1; i <= 20; i++) {
      publisher.behindMs = i % 2 === 0 ? 0 : 300;
      world.run(i * 100);
    }
    assert.equal(world.router.dump().counters['restart'], 0);
    assert.deepEqual(viewer.holes, []);
  });
});

describe('A late viewer', () => {
  it('starts with a key frame, for which the publisher is asked once', () => {
    const world = new World(1);
    const { publisher } = world.publish('camera', camera);
    const first = world.watch('first', 20).viewer;
    world.link('first', 'camera');
    world.run(3000);
    const before = publisher.count('pli');
    const late = world.watch('late', 21).viewer;
    world.link('late', 'camera');
    world.run(3200);
    assert.equal(publisher.count('pli') - before, 1);
    assert.equal(late.inOrder[0]?.isKeyFrame, true);
    const waitedMs = Math.min(...late.arrivalMs.values()) - 3000;
    assert.ok(waitedMs < 100, `${waitedMs} ms`);
    world.run(6000);
    assert.equal(publisher.count('pli') - before, 1);
    assertContinuous(first);
    assertContinuous(late);
  });

  it('costs one request, however many come at once', () => {
    const world = new World(2);
    const { publisher } = world.publish('camera', camera);
    world.run(1000);
    for (let ssrc = 100; ssrc < 150; ssrc++) {
      world.watch(`viewer${ssrc}`, ssrc);
      world.link(`viewer${ssrc}`, 'camera');
    }
    world.run(3000);
    assert.ok(publisher.count('pli') <= 2, `${publisher.count('pli')} requests`);
    assert.equal(world.events.filter((event) => event.endsWith(' out')).length, 50);
  });

  it('gets nothing, and costs nothing, before its keys exist', () => {
    const world = new World(3);
    const { publisher } = world.publish('camera', camera);
    const session = world.router.openSession('dark', {
      openStream: () => ({
        reserve: () => assert.fail('reserved'),
        commit: () => undefined,
        close: () => undefined,
      }),
      sendRtcp: () => undefined,
    });
    session.consume(
      { consumerId: 'dark', kind: 'video', mid: '0', codecs: [], ssrc: 5, cname: 'c', extensions: {} },
      0,
    );
    world.link('dark', 'camera');
    world.run(2000);
    assert.equal(publisher.count('pli'), 0);
    assert.equal(world.test.regions.heldBytes, 0);
  });

  it('joins on the worst network too', () => {
    for (let seed = 0; seed < 5; seed++) {
      const world = new World(seed, { delayMs: 40, jitterMs: 60, lossPercent: 10, duplicatePercent: 3 });
      world.publish('camera', camera);
      world.run(2000);
      const { viewer } = world.watch('late', 21);
      world.link('late', 'camera');
      world.run(6000);
      assert.equal(viewer.inOrder[0]?.isKeyFrame, true, `seed ${seed}`);
      assert.ok(viewer.packets.size > 100, `seed ${seed}: ${viewer.packets.size} packets`);
    }
  });
});

describe('A switch of the source', () => {
  it('shows no jump, and no gap in time', () => {
    const world = new World(4);
    world.publish('camera', camera);
    const { publisher } = world.publish('screen', screen);
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    for (const [untilMs, source] of [
      [2000, 'screen'],
      [4000, 'camera'],
      [6000, 'screen'],
      [8000, 'camera'],
    ] as const) {
      world.run(untilMs);
      world.link('viewer', source);
    }
    world.run(10_000);
    assertContinuous(viewer);
    const sources = viewer.inOrder.map(({ tag }) => tag >>> 24);
    const switches = sources.filter((source, i) => i > 0 && source !== sources[i - 1]).length;
    assert.equal(switches, 4);
    viewer.inOrder.forEach((packet, i) => {
      if (i > 0 && sources[i] !== sources[i - 1]) assert.equal(packet.isKeyFrame, true);
    });
    assert.equal(publisher.count('pli'), 2);
    // The old source goes on until the new one's key frame: no frozen picture.
    const arrivals = [...viewer.arrivalMs.values()].sort((a, b) => a - b);
    for (let i = 1; i < arrivals.length; i++) {
      assert.ok((arrivals[i] ?? 0) - (arrivals[i - 1] ?? 0) < 80, `silence at ${arrivals[i - 1]}`);
    }
  });

  it('lets the old source go when the new one does not come', () => {
    const world = new World(5);
    world.publish('camera', camera);
    const { publisher } = world.publish('screen', screen);
    publisher.running = false;
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(3000);
    world.link('viewer', 'screen');
    world.run(8000);
    const last = Math.max(...viewer.arrivalMs.values());
    assert.ok(last >= 4900 && last <= 5100, `last packet at ${last} ms`);
  });

  it('continues after a pause by the time that passed', () => {
    const world = new World(6);
    world.publish('camera', camera);
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(2000);
    world.link('viewer', null);
    world.run(5000);
    world.link('viewer', 'camera');
    world.run(7000);
    const packets = viewer.inOrder;
    assert.deepEqual(viewer.holes, []);
    const gap = packets.findIndex(
      ({ timestamp }, i) => i > 0 && timestamp - (packets[i - 1]?.timestamp ?? 0) > 9000,
    );
    const elapsedMs = ((packets[gap]?.timestamp ?? 0) - (packets[gap - 1]?.timestamp ?? 0)) / 90;
    assert.ok(elapsedMs > 2990 && elapsedMs < 3100, `${elapsedMs} ms`);
    assert.equal(packets[gap]?.isKeyFrame, true);
    assert.equal(((packets[gap]?.pictureId ?? 0) - (packets[gap - 1]?.pictureId ?? 0)) & 0x7fff, 1);
  });

  it('survives a publisher that starts over with other numbers', () => {
    const world = new World(7);
    const { publisher, session } = world.publish('camera', camera);
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(2000);
    publisher.running = false;
    world.run(2100);
    const again: Uint8Array[] = [];
    const pli = serializeRtcp(1, [{ type: 'pli', senderSsrc: 1, mediaSsrc: camera.ssrc }]);
    const restarted = new Publisher(
      { ...screen, ssrc: camera.ssrc, firstSequenceNumber: 20_000 },
      (packet) => {
        again.push(packet);
      },
    );
    for (let i = 0; i < 1000; i++) {
      restarted.tick(i);
      for (const packet of again.splice(0)) {
        if (packet[1] !== 200) session.receiveRtp(world.test.receive(packet), packet.length, -1, world.nowMs);
      }
      world.run(world.nowMs + 1);
      // The restarted publisher is not on the network of the world: it hears of one request only.
      if (i === 300) restarted.receiveRtcp(pli, i);
    }
    world.run(world.nowMs + 100);
    assert.equal(world.router.dump().counters['restart'], 1);
    assert.ok((world.router.stats('camera', world.nowMs)?.producers[0]?.pliCount ?? 0) >= 2);
    assert.deepEqual(viewer.holes, []);
    assert.ok(viewer.inOrder.some(({ tag }) => tag >>> 24 === screen.name));
  });
});
