/**
 * RTCP in both directions: reports, clocks, names, REMB, BYE.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unixMsOfNtp } from '@rivero/rtp';
import { World } from '../peers/World.ts';

const camera = { ssrc: 1000, name: 1, firstSequenceNumber: 0, firstTimestamp: 123_456, packetBytes: 1000 };

describe('Sender reports', () => {
  it('name the same instant on our clock as the publisher on its own', () => {
    const world = new World(1);
    world.publish('camera', { ...camera, clockOffsetMs: 1_700_000_000_000 });
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(10_000);
    const reports = viewer.rtcp.filter(({ packet }) => packet.type === 'senderReport');
    assert.ok(reports.length >= 8, `${reports.length} reports`);
    const first = viewer.inOrder[0];
    assert.ok(first);
    for (const { packet, atMs } of reports) {
      assert.ok(packet.type === 'senderReport');
      assert.equal(packet.ssrc, 20);
      const instantMs = unixMsOfNtp(packet.ntp);
      assert.ok(Math.abs(instantMs - (atMs - 10)) <= 1.01);
      // The first packet left the camera at 0 and is known to be 10 ms old when it arrives, as the report was.
      const sinceFirstMs = ((packet.rtpTimestamp - first.timestamp) | 0) / 90;
      assert.ok(Math.abs(sinceFirstMs - (instantMs - 10)) <= 1.01, `${sinceFirstMs} at ${instantMs}`);
    }
    const last = reports.at(-1);
    assert.ok(last?.packet.type === 'senderReport');
    const sent = viewer.packets.size;
    assert.ok(Math.abs(last.packet.packetCount - sent) < 120);
    assert.equal(last.packet.octetCount, last.packet.packetCount * 1000);
  });

  it('keep their mapping through a switch of the source', () => {
    const world = new World(2);
    world.publish('camera', camera);
    world.publish('screen', {
      ...camera,
      ssrc: 2000,
      name: 2,
      firstTimestamp: 0xf000_0000,
      clockOffsetMs: -5000,
    });
    const { viewer } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(4000);
    world.link('viewer', 'screen');
    world.run(9000);
    const arrivals = [...viewer.packets.entries()];
    for (const { packet, atMs } of viewer.rtcp) {
      if (packet.type !== 'senderReport' || atMs < 5500) continue;
      // The packet nearest to the report: their distance on the media clock is that on ours.
      const [number, near] = arrivals.reduce((best, entry) =>
        distance(entry[0], atMs) < distance(best[0], atMs) ? entry : best,
      );
      const mediaMs = ((packet.rtpTimestamp - near.timestamp) | 0) / 90;
      const wallMs = atMs - (viewer.arrivalMs.get(number) ?? 0);
      // One network delay stands between the camera and the router, and is part of neither.
      assert.ok(Math.abs(mediaMs - wallMs) <= 11.5, `${mediaMs} against ${wallMs}`);
    }
    function distance(number: number, atMs: number): number {
      return Math.abs((viewer.arrivalMs.get(number) ?? 0) - atMs);
    }
  });

  it('give the viewer’s round trip', () => {
    const world = new World(3, { delayMs: 35, jitterMs: 0, lossPercent: 0, duplicatePercent: 0 });
    world.publish('camera', camera);
    world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(8000);
    const [consumer] = world.router.stats('viewer', world.nowMs)?.consumers ?? [];
    assert.ok(consumer);
    assert.ok(Math.abs(consumer.roundTripTimeSeconds - 0.07) < 0.003, `${consumer.roundTripTimeSeconds} s`);
    assert.equal(consumer.packetsLost, 5);
    assert.equal(consumer.fractionLost, 26 / 256);
    assert.equal(consumer.bytesSent, consumer.packetsSent * 1000);
    assert.ok(Math.abs(consumer.targetBitrateBps - 720_000) < 75_000, `${consumer.targetBitrateBps} bit/s`);
  });
});

describe('Receiver reports', () => {
  it('come every 500 to 1000 ms behind each other, with name and REMB', () => {
    const world = new World(4);
    const { publisher } = world.publish('camera', camera);
    world.run(20_000);
    const reports = publisher.count('receiverReport');
    assert.ok(reports >= 19 && reports <= 41, `${reports} reports`);
    assert.equal(publisher.count('sourceDescription'), reports);
    assert.ok(publisher.count('remb') >= reports - 1);
    const last = publisher.received.findLast(({ type }) => type === 'receiverReport');
    assert.ok(last?.type === 'receiverReport');
    const [block] = last.reports;
    assert.equal(block?.ssrc, 1000);
    assert.equal(block?.fractionLost, 0);
    assert.notEqual(block?.lastSenderReport, 0);
  });

  it('are all that a producer without viewers costs', () => {
    const world = new World(5, { delayMs: 10, jitterMs: 0, lossPercent: 5, duplicatePercent: 0 });
    const { publisher } = world.publish('camera', camera);
    world.run(5000);
    assert.equal(publisher.count('nack'), 0);
    assert.equal(publisher.count('pli'), 0);
    assert.equal(world.test.regions.heldBytes, 0);
    assert.ok((world.router.stats('camera', 0)?.producers[0]?.packetsLost ?? 0) > 0);
  });

  it('end when nothing flows any more, and the router needs no timer', () => {
    const world = new World(6);
    const { publisher } = world.publish('camera', camera);
    world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(3000);
    publisher.running = false;
    world.run(8000);
    assert.deepEqual(
      world.events.filter((event) => event.includes('stopped')),
      ['camera stopped VP8', 'viewer stopped'],
    );
    const before = publisher.count('receiverReport');
    world.run(12_000);
    assert.equal(publisher.count('receiverReport'), before);
  });
});

describe('REMB', () => {
  function lastRemb(world: World, viewerBps: readonly number[], untilMs = 6000): number {
    const { publisher } = world.publish('camera', camera);
    viewerBps.forEach((bps, i) => {
      const { viewer, session } = world.watch(`viewer${i}`, 20 + i);
      session.setBandwidth({
        minVideoReceiveBps: 0,
        maxVideoReceiveBps: 0,
        minVideoSendBps: 100_000,
        maxVideoSendBps: 600_000,
      });
      viewer.rembBps = bps;
      world.link(`viewer${i}`, 'camera');
    });
    world.run(untilMs);
    const remb = publisher.received.findLast(({ type }) => type === 'remb');
    assert.ok(remb?.type === 'remb');
    assert.deepEqual(remb.ssrcs, [1000]);
    // 18 bits of mantissa.
    assert.ok(Math.abs((world.router.stats('camera', 0)?.producers[0]?.rembBps ?? 0) - remb.bitrateBps) < 16);
    return remb.bitrateBps;
  }

  for (const { claim, viewers, expected } of [
    {
      claim: 'is the smallest that any viewer takes',
      viewers: [400_000, 250_000, 500_000],
      expected: 250_000,
    },
    { claim: 'is raised to minVideoSendBandwidth', viewers: [50_000], expected: 100_000 },
    { claim: 'is cut to maxVideoSendBandwidth', viewers: [5_000_000], expected: 600_000 },
    { claim: 'is rembOnConnect before the first', viewers: [0], expected: 300_000 },
  ]) {
    it(claim, () => assert.ok(Math.abs(lastRemb(new World(7), viewers) - expected) < 16));
  }

  it('grows from the received rate when nobody watches', () => {
    // 90 packets a second of 1000 bytes: 720 kbit/s.
    const bps = lastRemb(new World(8), [], 10_000);
    assert.ok(bps > 720_000 && bps < 1_500_000, `${bps} bit/s`);
  });

  it('obeys the limits of the publisher’s session', () => {
    for (const { limits, expected } of [
      { limits: { minVideoReceiveBps: 0, maxVideoReceiveBps: 200_000 }, expected: 200_000 },
      { limits: { minVideoReceiveBps: 3_000_000, maxVideoReceiveBps: 0 }, expected: 3_000_000 },
    ]) {
      const world = new World(9);
      const { publisher, session } = world.publish('camera', camera);
      session.setBandwidth({ ...limits, minVideoSendBps: 0, maxVideoSendBps: 0 });
      world.run(5000);
      const remb = publisher.received.findLast(({ type }) => type === 'remb');
      assert.ok(remb?.type === 'remb' && Math.abs(remb.bitrateBps - expected) < 16);
    }
  });
});

describe('Media state and BYE', () => {
  it('follow RTCP, BYE and silence of the remote', () => {
    const world = new World(10);
    const { publisher } = world.publish('camera', camera);
    world.run(2000);
    assert.deepEqual(world.events, ['camera in VP8', 'camera connected']);
    publisher.running = false;
    world.run(13_000);
    assert.deepEqual(world.events.slice(2), ['camera stopped VP8', 'camera disconnected']);
  });

  it('a closed consumer says goodbye', () => {
    const world = new World(11);
    world.publish('camera', camera);
    const { viewer, session } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(1000);
    session.closeConsumer('viewer');
    const before = viewer.packets.size;
    world.run(1500);
    const goodbye = viewer.rtcp.find(({ packet }) => packet.type === 'goodbye');
    assert.ok(goodbye?.packet.type === 'goodbye');
    assert.deepEqual(goodbye.packet.ssrcs, [20]);
    // What was on its way still arrives: at most one frame of six packets.
    assert.ok(viewer.packets.size - before <= 6);
    assert.equal(world.router.dump().consumers, 0);
  });
});
