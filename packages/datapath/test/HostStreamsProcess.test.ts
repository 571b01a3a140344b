/**
 * Streams between a router process and media hosts, whose place a real socket client takes.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { ntpOfUnixMs, serializeRtcp } from '@rivero/rtp';
import { FakeHost, frame, startHostedRouter } from './FakeHost.ts';
import {
  body,
  consume,
  counter,
  detour,
  encoderSsrc,
  joinPeer,
  openHost,
  packet,
  publisherSsrc,
  tapSsrc,
  viewerSsrc,
} from './hostedCall.ts';
import { eventually } from './SocketPeer.ts';
import { videoHeaderLength } from './videoPacket.ts';

describe('Streams to media hosts', () => {
  it('carry a publisher to a host, and what the host makes of it to a viewer', async () => {
    const { router, publisher, viewer, tap, encoder } = await detour();
    const sent = Array.from({ length: 60 }, (_, i) => packet(65_520 + i, i === 0));
    for (const each of sent) publisher.peer.sendRtp(each, videoHeaderLength);
    await eventually(() => viewer.received.length >= sent.length, 'all packets');
    assert.deepEqual(
      tap.rtp.packets.map((bytes) => body(bytes)),
      sent.map((bytes) => body(bytes)),
    );
    assert.ok(tap.rtp.packets.every((bytes) => new DataView(bytes.buffer).getUint32(8) === tapSsrc));
    assert.deepEqual(
      viewer.received.map(({ payload }) => payload.slice(8)),
      sent.map((bytes) => body(bytes)),
    );
    const { consumers } = await router.request('stats', { transportId: 'host-tap' });
    assert.equal(consumers[0]?.packetsSent, 60);
    const { producers } = await router.request('stats', { transportId: 'host-encoder' });
    assert.equal(producers[0]?.packetsReceived, 60);
    const dump = await router.request('dump', {});
    assert.equal(dump.transports, 4);
    assert.equal(dump.hostTransports, 2);
    assert.equal(dump.hostConnections, 4);
    assert.equal(dump.hostTraffic.packetsSent, 60);
    assert.equal(dump.hostTraffic.packetsReceived, 60);
    assert.equal(dump.traffic.packetsReceived, 60);
    for (const transportId of ['host-tap', 'host-encoder'])
      await router.request('closeTransport', { transportId });
    await eventually(
      () => [tap.rtp, tap.rtcp, encoder.rtp, encoder.rtcp].every(({ closed }) => closed),
      'closed',
    );
    const goodbye = tap.rtcp.rtcp.find(({ type }) => type === 'goodbye');
    assert.deepEqual(goodbye?.type === 'goodbye' && goodbye.ssrcs, [tapSsrc]);
    const ended = await router.request('dump', {});
    assert.deepEqual([ended.hostTransports, ended.hostConnections], [0, 0]);
    assert.deepEqual(ended.hostTraffic, dump.hostTraffic);
  });

  it('pass key frame requests both ways, throttled', async () => {
    const { router, publisher, viewer, tap, encoder } = await detour();
    for (let i = 0; i < 10; i++) publisher.peer.sendRtp(packet(i, i === 0), videoHeaderLength);
    await eventually(() => viewer.received.length === 10, 'media');
    const plisToEncoder = (): number =>
      encoder.rtcp.rtcp.filter((each) => each.type === 'pli' && each.mediaSsrc === encoderSsrc).length;
    const plisToPublisher = (): number =>
      publisher.peer.rtcp.filter((each) => each.type === 'pli' && each.mediaSsrc === publisherSsrc).length;
    const [toEncoder, toPublisher] = [plisToEncoder(), plisToPublisher()];
    viewer.peer.sendRtcp(1, [{ type: 'pli', senderSsrc: 1, mediaSsrc: viewerSsrc }]);
    await eventually(() => plisToEncoder() > toEncoder, 'the host is asked');
    const wish = serializeRtcp(7, [{ type: 'pli', senderSsrc: 7, mediaSsrc: tapSsrc }]);
    for (let i = 0; i < 50; i++) tap.rtcp.send(wish);
    await eventually(() => plisToPublisher() > toPublisher, 'the publisher is asked');
    await eventually(
      async () => (await router.request('stats', { transportId: 'host-tap' })).consumers[0]?.pliCount === 50,
      'all are counted',
    );
    assert.ok(plisToPublisher() - toPublisher <= 2, `${plisToPublisher() - toPublisher} requests`);
  });

  it('pass sender reports and bitrates both ways', async () => {
    const { router, events, publisher, viewer, tap, encoder } = await detour();
    const report = (ssrc: number, rtpTimestamp: number) =>
      ({
        type: 'senderReport',
        ssrc,
        ntp: ntpOfUnixMs(Date.now()),
        rtpTimestamp,
        packetCount: 0,
        octetCount: 0,
        reports: [],
      }) as const;
    let next = 0;
    const timer = setInterval(() => {
      publisher.peer.sendRtp(packet(next, next === 0), videoHeaderLength);
      if (next++ % 10 !== 0) return;
      publisher.peer.sendRtcp(publisherSsrc, [report(publisherSsrc, next * 3000)]);
      encoder.rtcp.send(serializeRtcp(encoderSsrc, [report(encoderSsrc, next * 3000)]));
      // The viewer takes less than it gets, and the host's decoder less than that.
      const wish = { type: 'remb', senderSsrc: 1 } as const;
      viewer.peer.sendRtcp(1, [{ ...wish, bitrateBps: 150_000, ssrcs: [viewerSsrc] }]);
      tap.rtcp.send(serializeRtcp(1, [{ ...wish, bitrateBps: 120_000, ssrcs: [tapSsrc] }]));
    }, 20);
    const isTold = (host: FakeHost, ssrc: number): boolean =>
      host.rtcp.some((each) => each.type === 'senderReport' && each.ssrc === ssrc && each.packetCount > 0);
    await eventually(() => isTold(tap.rtcp, tapSsrc), 'the host gets sender reports');
    await eventually(
      () => viewer.peer.rtcp.some((each) => each.type === 'senderReport' && each.ssrc === viewerSsrc),
      'the viewer gets sender reports',
    );
    const remb = (packets: readonly { type: string }[], bitrateBps: number): boolean =>
      packets.some((each) => each.type === 'remb' && 'bitrateBps' in each && each.bitrateBps === bitrateBps);
    await eventually(() => remb(encoder.rtcp.rtcp, 150_000), 'the host is told what the viewer takes');
    await eventually(
      () => events.some(({ name, event }) => name === 'hostBitrateWished' && event.bitrateBps === 150_000),
      'control is told what the viewer takes',
    );
    await eventually(() => remb(publisher.peer.rtcp, 120_000), 'the publisher is told what the host takes');
    clearInterval(timer);
    const stats = await router.request('stats', { transportId: 'host-encoder' });
    assert.equal(stats.producers[0]?.rembBps, 150_000);
  });

  it('limit no publisher before the host has asked for it', async () => {
    const { publisher } = await detour();
    let next = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 5; i++) publisher.peer.sendRtp(packet(next, next++ === 0), videoHeaderLength);
    }, 20);
    const wished = (): number =>
      publisher.peer.rtcp.reduce(
        (most, each) => (each.type === 'remb' ? Math.max(most, each.bitrateBps) : most),
        0,
      );
    await eventually(() => wished() > 1_000_000, 'more than what is assumed of viewers');
    clearInterval(timer);
  });

  it('drop whole packets for a host that reads too slowly, and hold up nobody', async () => {
    const { router, publisher, tap } = await detour();
    const direct = await joinPeer(router, 'direct');
    await consume(router, 'direct', 'direct/out', 99);
    await router.request('link', { consumerId: 'direct/out', producerId: 'p/in' });
    publisher.peer.sendRtp(packet(0, true), videoHeaderLength);
    await eventually(() => direct.received.length === 1 && tap.rtp.packets.length === 1, 'media');
    tap.rtp.socket.pause();
    const total = 3000;
    for (let i = 1; i < total; i++) {
      publisher.peer.sendRtp(packet(i), videoHeaderLength);
      if (i % 20 === 0) await eventually(() => direct.received.length > i - 20, `packet ${i - 20}`);
    }
    await eventually(() => direct.received.length === total, 'the other viewer gets everything');
    const dropped = await counter(router, 'hostPacketsDropped');
    assert.ok(dropped > 1000, `${dropped} packets`);
    tap.rtp.socket.resume();
    await eventually(() => tap.rtp.packets.length === total - dropped, 'what was not dropped');
    // Whole packets in order: each frame that came is one that was sent.
    const numbers = tap.rtp.packets.map((bytes) => new DataView(bytes.buffer).getUint16(2));
    const first = numbers[0] ?? 0;
    for (const [i, bytes] of tap.rtp.packets.entries()) {
      const offset = ((numbers[i] ?? 0) - first) & 0xffff;
      assert.equal(body(bytes) === body(packet(offset, offset === 0)), true, `packet ${i}`);
    }
    publisher.peer.sendRtp(packet(total), videoHeaderLength);
    await eventually(() => tap.rtp.packets.length === total - dropped + 1, 'it goes on');
    // The memory of the queue comes back with the end of the connection.
    const before = (await router.request('dump', {})).memoryBytes;
    await router.request('closeTransport', { transportId: 'host-tap' });
    await eventually(async () => (await router.request('dump', {})).memoryBytes < before, 'memory');
  });

  it('take packets in any pieces, and drop what is no packet', async () => {
    const { router, viewer, encoder } = await detour();
    const sent = Array.from({ length: 40 }, (_, i) => packet(i, i === 0, encoderSsrc));
    const stream = Buffer.concat([
      frame(randomBytes(5)),
      ...sent.flatMap((each, i) => [
        frame(each),
        ...(i % 7 === 0 ? [frame(randomBytes(2100)), frame(new Uint8Array())] : []),
      ]),
    ]);
    for (let at = 0; at < stream.length; ) {
      const length = 1 + ((at * 7919) % 1900);
      encoder.rtp.socket.write(stream.subarray(at, at + length));
      at += length;
      await turn();
    }
    await eventually(() => viewer.received.length === sent.length, 'all packets');
    assert.deepEqual(
      viewer.received.map(({ payload }) => payload.slice(8)),
      sent.map((bytes) => body(bytes)),
    );
    assert.equal(await counter(router, 'hostFramesTooLong'), 6);
    assert.equal(await counter(router, 'exceptions'), 0);
  });

  it('survive arbitrary bytes on both connections', async () => {
    const { router, viewer, encoder, tap } = await detour();
    const pieces = fc.sample(fc.uint8Array({ maxLength: 300 }), { numRuns: 600, seed: 5 });
    for (const [i, piece] of pieces.entries()) {
      if (i % 3 === 0) piece.set([0x80, i % 2 === 0 ? 96 : 206].slice(0, piece.length));
      for (const { rtp, rtcp } of [encoder, tap]) {
        rtp.socket.write(frame(piece));
        rtcp.socket.write(frame(piece));
      }
      if (i % 50 === 0) await turn();
    }
    const before = viewer.received.length;
    for (let i = 0; i < 5; i++) encoder.rtp.send(packet(i, true, encoderSsrc));
    await eventually(() => viewer.received.length >= before + 3, 'media still flows');
    assert.equal(await counter(router, 'exceptions'), 0);
  });

  it('tell the end of a connection at once, by which the stream is over', async () => {
    for (const kind of ['rtp', 'rtcp'] as const) {
      const { router, path, events, tap, encoder, publisher } = await detour();
      publisher.peer.sendRtp(packet(0, true), videoHeaderLength);
      const startedMs = performance.now();
      encoder[kind].socket.destroy();
      const ended = () => events.filter(({ name }) => name === 'hostStreamEnded');
      await eventually(() => ended().length > 0, 'the event');
      const [first] = ended();
      assert.ok(first?.name === 'hostStreamEnded' && first.event.transportId === 'host-encoder');
      assert.ok(
        first.event.reason.length > 0 && first.atMs - startedMs < 200,
        `${first.atMs - startedMs} ms`,
      );
      const other = encoder[kind === 'rtp' ? 'rtcp' : 'rtp'];
      await eventually(() => other.closed, 'the other connection is closed');
      // The id is used up; the other stream goes on.
      const late = await FakeHost.connect(path, 'host-encoder/rtp');
      await eventually(() => late.closed, 'refused');
      const before = tap.rtp.packets.length;
      publisher.peer.sendRtp(packet(1, true), videoHeaderLength);
      await eventually(() => tap.rtp.packets.length > before, 'the tap goes on');
      await router.request('stats', { transportId: 'host-encoder' });
      await router.request('closeTransport', { transportId: 'host-encoder' });
      // After which the id is free again.
      events.length = 0;
      await openHost({ router, path, events }, 'host-encoder');
      assert.equal(ended().length, 0);
      await router.close();
    }
  });

  it('end with the host that is killed', async () => {
    const { router, path, events } = await startHostedRouter();
    await router.request('openHostTransport', { transportId: 'host', rtpStreamId: 'a' });
    const script = `const s = require('node:net').connect(${JSON.stringify(path)}, () => s.write('\\0\\x01a'));`;
    const host = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    await eventually(() => events.length === 1, 'connected');
    const exited = once(host, 'exit');
    const startedMs = performance.now();
    host.kill('SIGKILL');
    await eventually(() => events.length === 2, 'the event');
    assert.ok((events[1]?.atMs ?? 0) - startedMs < 500);
    await exited;
  });
});
