/**
 * Real media through a router process and GStreamer: decoded and encoded on the way, also when a host is killed.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeText,
  describeInstallation,
  encodeText,
  HostProcess,
  type MediaCodec,
  mediaCodec,
  type SocketRequest,
} from '@rivero/gst';
import { codecs, type RtpCodec, timestampDistance, unixMsOfNtp } from '@rivero/rtp';
import { Camera } from './Camera.ts';
import { type HostedRouter, startHostedRouter } from './FakeHost.ts';
import { joinPeer, produce, publisherSsrc, viewerSsrc } from './hostedCall.ts';
import { arena, type SocketPeer } from './SocketPeer.ts';
import { extensions, vp8 } from './videoPacket.ts';

const h264: RtpCodec = {
  payloadType: 102,
  name: 'H264',
  clockRate: 90_000,
  channels: 1,
  parameters: { 'packetization-mode': '1', 'profile-level-id': '42e01f' },
  feedback: ['nack', 'nack pli', 'goog-remb'],
};
const encoderSsrc = 0xbeef0001;
const tapSsrc = 0x1234;

const { reason, missing } = await describeInstallation();
// Whatever else keeps a host from starting is a failure, not a reason to skip.
assert.ok(reason === undefined || /lib(gst|gobject|glib)/.test(reason), reason);
const needed = ['vp8enc', 'vp8dec', 'x264enc', 'rtpbin', 'rtpstreampay', 'matroskamux'];
const lacking = needed.filter((name) => missing.includes(name));
const skip = reason ?? (lacking.length > 0 ? `GStreamer has no ${lacking.join(', ')}` : false);
if (skip !== false) console.log(`Skipped, because GStreamer is not installed: ${skip}`);

function codec(name: string): MediaCodec {
  const found = mediaCodec(name);
  assert.ok(found !== undefined);
  return found;
}

async function startHost(): Promise<HostProcess> {
  const host = await HostProcess.start({}, { onEvent: () => {}, onExit: () => {} });
  after(() => host.close());
  return host;
}

async function until(
  claim: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await claim())) {
    assert.ok(performance.now() < deadline, `not within ${timeoutMs} ms: ${what}`);
    await sleep(5);
  }
}

/** What a viewer saw of one packet. */
interface SeenPacket {
  readonly atMs: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly isKeyFrame: boolean;
}

/** A peer that watches one consumer. */
async function watch(
  { router }: HostedRouter,
  transportId: string,
  ssrc: number,
  offered: RtpCodec,
): Promise<{ peer: SocketPeer; seen: SeenPacket[]; keyFrames: () => number }> {
  const peer = await joinPeer(router, transportId);
  const seen: SeenPacket[] = [];
  const descriptor = codecs.get(offered.name);
  assert.ok(descriptor !== undefined);
  peer.peer.onRtp = (at, length, headerLength) => {
    const payload = at + headerLength;
    seen.push({
      atMs: performance.now(),
      sequenceNumber: arena.view.getUint16(at + 2),
      timestamp: arena.view.getUint32(at + 4),
      isKeyFrame: descriptor.isKeyFrame(arena, payload, length - headerLength),
    });
  };
  const common = { kind: 'video', mid: '0', codecs: [offered], extensions, cname: 'c', ssrc } as const;
  await router.request('consume', { transportId, consumerId: `${transportId}/out`, ...common });
  const keyFrames = (): number => seen.filter(({ isKeyFrame }) => isKeyFrame).length;
  return { peer, seen, keyFrames };
}

function socket({ path }: HostedRouter, name: string, streamId: string): SocketRequest {
  return { name, path, streamId };
}

/** Transports for a branch that turns VP8 of `p/in` into H264, and the branch. */
async function transcode(hosted: HostedRouter, host: HostProcess, name: string): Promise<void> {
  const { router } = hosted;
  const streams = (transportId: string) => ({
    transportId,
    rtpStreamId: `${transportId}/rtp`,
    rtcpStreamId: `${transportId}/rtcp`,
  });
  const [tap, encoded] = [`${name}-tap`, `${name}-encoded`];
  const common = { kind: 'video', mid: '0', extensions: {} } as const;
  await router.request('openHostTransport', streams(tap));
  await router.request('consume', {
    ...common,
    transportId: tap,
    consumerId: tap,
    codecs: [vp8],
    ssrc: tapSsrc,
    cname: 'c',
  });
  await router.request('link', { consumerId: tap, producerId: 'p/in' });
  await router.request('openHostTransport', streams(encoded));
  await router.request('produce', {
    ...common,
    transportId: encoded,
    producerId: encoded,
    codecs: [h264],
    ssrcs: [encoderSsrc],
  });
  const incoming = decodeText(codec('VP8'), {
    name: 'i',
    rtp: 'ir',
    rtcp: 'ic',
    payloadType: vp8.payloadType,
  });
  const outgoing = encodeText(codec('H264'), {
    name: 'o',
    rtp: 'or',
    rtcp: 'oc',
    payloadType: h264.payloadType,
    ssrc: encoderSsrc,
    keyFrameDistance: 100_000,
  });
  await host.request('launch', {
    branchId: name,
    text: `${incoming} ! ${outgoing}`,
    sockets: [
      socket(hosted, 'ir', `${tap}/rtp`),
      socket(hosted, 'ic', `${tap}/rtcp`),
      socket(hosted, 'or', `${encoded}/rtp`),
      socket(hosted, 'oc', `${encoded}/rtcp`),
    ],
  });
}

describe('Media through a router and media hosts', { skip }, () => {
  it('VP8 becomes H264; its viewers get key frames; a killed host is told, replaced, and disturbs nobody', async () => {
    const hosted = await startHostedRouter();
    const { router, events } = hosted;
    const [cameraHost, host, spare] = await Promise.all([startHost(), startHost(), startHost()]);
    const publisher = await joinPeer(router, 'p');
    await produce(router, 'p', 'p/in', publisherSsrc);
    const direct = await watch(hosted, 'direct', 99, vp8);
    await router.request('link', { consumerId: 'direct/out', producerId: 'p/in' });
    const camera = await Camera.start(cameraHost, publisher, publisherSsrc);
    await until(() => direct.seen.length > 10, 'VP8 without a host');

    await transcode(hosted, host, 'first');
    const viewer = await watch(hosted, 'v', viewerSsrc, h264);
    await router.request('link', { consumerId: 'v/out', producerId: 'first-encoded' });
    await until(() => viewer.seen.length > 30, 'H264');
    assert.equal(viewer.seen[0]?.isKeyFrame, true);

    for (let i = 0; i < 3; i++) {
      // Longer than the throttle of the router.
      await sleep(600);
      const before = viewer.keyFrames();
      const askedMs = performance.now();
      viewer.peer.peer.sendRtcp(1, [{ type: 'pli', senderSsrc: 1, mediaSsrc: viewerSsrc }]);
      await until(() => viewer.keyFrames() > before, `key frame ${i}`);
      console.log(`PLI to key frame: ${Math.round(performance.now() - askedMs)} ms`);
      assert.ok(performance.now() - askedMs < 1000);
    }

    // The encoder's clock reaches the viewer: its last packet, by its sender report, is of about now.
    const isReport = () => viewer.peer.peer.rtcp.findLast((each) => each.type === 'senderReport');
    await until(() => isReport() !== undefined, 'a sender report');
    const report = isReport();
    const last = viewer.seen.at(-1);
    assert.ok(report?.type === 'senderReport' && last !== undefined);
    const ageMs = Date.now() - unixMsOfNtp(report.ntp);
    const mediaMs = timestampDistance(last.timestamp, report.rtpTimestamp) / 90;
    assert.ok(Math.abs(ageMs - mediaMs) < 1000, `${mediaMs} ms of media in ${ageMs} ms`);

    viewer.peer.peer.sendRtcp(1, [{ type: 'remb', senderSsrc: 1, bitrateBps: 123_000, ssrcs: [viewerSsrc] }]);
    const isWished = () =>
      events.some(({ name, event }) => name === 'hostBitrateWished' && event.bitrateBps === 123_000);
    await until(isWished, 'what the viewer takes');

    // Two ask the publisher now: the router, which misses packets, and the decoder, through the router.
    camera.isLossy = true;
    const requests = camera.keyFrameRequests;
    const hasAsked = async (): Promise<boolean> => {
      const { consumers } = await router.request('stats', { transportId: 'first-tap' });
      // GStreamer's VP8 depayloader wants headers too, for which its RTP session sends FIR.
      const asked = (consumers[0]?.pliCount ?? 0) + (consumers[0]?.firCount ?? 0);
      return asked > 0 && camera.keyFrameRequests > requests;
    };
    await until(hasAsked, 'the decoder asks for a key frame');
    camera.isLossy = false;
    const { length } = viewer.seen;
    await until(() => viewer.seen.length > length + 30, 'H264 goes on');

    const killedMs = performance.now();
    process.kill(host.pid, 'SIGKILL');
    const ended = () => events.filter(({ name }) => name === 'hostStreamEnded');
    await until(() => ended().length === 2, 'both streams have ended');
    const toldMs = Math.max(...ended().map(({ atMs }) => atMs)) - killedMs;
    assert.ok(toldMs < 1000, `told after ${toldMs} ms`);
    await transcode(hosted, spare, 'second');
    await router.request('link', { consumerId: 'v/out', producerId: 'second-encoded' });
    await until(() => (viewer.seen.at(-1)?.atMs ?? 0) > killedMs + toldMs + 500, 'H264 from the spare host');
    const gapMs = Math.max(...viewer.seen.map(({ atMs }, i) => atMs - (viewer.seen[i - 1]?.atMs ?? atMs)));
    for (const each of ['first-tap', 'first-encoded'])
      await router.request('closeTransport', { transportId: each });
    await sleep(Math.max(0, killedMs + 1500 - performance.now()));

    console.log(
      `Host killed: told after ${Math.round(toldMs)} ms, picture back after ${Math.round(gapMs)} ms`,
    );
    // The viewer's stream goes on by one number at a time, and never back in time.
    for (const [i, { sequenceNumber, timestamp }] of viewer.seen.entries()) {
      const before = viewer.seen[i - 1];
      if (before === undefined) continue;
      assert.equal(sequenceNumber, (before.sequenceNumber + 1) & 0xffff);
      assert.ok(timestampDistance(timestamp, before.timestamp) >= 0);
    }
    assertUndisturbed(camera, direct.seen, killedMs);
    const { hostTransports, hostConnections, counters } = await router.request('dump', {});
    assert.deepEqual([hostTransports, hostConnections], [2, 4]);
    assert.equal(counters['hostPacketsDropped'], 0);
    assert.equal(counters['exceptions'], 0);
  });

  it('a player that seeks back and forth goes on for its viewers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rivero-player-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'film.mkv');
    const hosted = await startHostedRouter();
    const { router } = hosted;
    let eos = false;
    const host = await HostProcess.start(
      {},
      {
        onEvent: (name) => {
          eos ||= name === 'eos';
        },
        onExit: () => {},
      },
    );
    after(() => host.close());
    const picture = 'video/x-raw,width=160,height=120,framerate=30/1';
    await host.request('launch', {
      branchId: 'film',
      text:
        `videotestsrc num-buffers=600 ! ${picture} ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=30 ! ` +
        `matroskamux ! filesink location=${file}`,
    });
    await until(() => eos, 'the film is made');
    await host.request('close', { branchId: 'film' });

    const ids = { transportId: 'player', rtpStreamId: 'player/rtp', rtcpStreamId: 'player/rtcp' };
    await router.request('openHostTransport', ids);
    const common = { kind: 'video', mid: '0', extensions: {}, codecs: [vp8] } as const;
    const producerId = 'film';
    await router.request('produce', { ...common, transportId: 'player', producerId, ssrcs: [encoderSsrc] });
    const viewer = await watch(hosted, 'v', viewerSsrc, vp8);
    await router.request('link', { consumerId: 'v/out', producerId });
    const outgoing = encodeText(codec('VP8'), {
      name: 'o',
      rtp: 'or',
      rtcp: 'oc',
      payloadType: vp8.payloadType,
      ssrc: encoderSsrc,
    });
    await host.request('launch', {
      branchId: 'player',
      text: `filesrc location=${file} ! matroskademux ! vp8dec ! clocksync ! ${outgoing}`,
      sockets: [socket(hosted, 'or', 'player/rtp'), socket(hosted, 'oc', 'player/rtcp')],
    });
    await until(() => viewer.seen.length > 45, 'the film begins');
    for (const positionNs of [10_000_000_000n, 1_000_000_000n, 5_000_000_000n]) {
      await sleep(1500);
      const before = viewer.keyFrames();
      await host.request('seek', { branchId: 'player', positionNs, accurate: false });
      const { length } = viewer.seen;
      await until(
        () => viewer.keyFrames() > before && viewer.seen.length > length + 20,
        `goes on at ${positionNs} ns`,
      );
    }
    for (const [i, { sequenceNumber, timestamp, atMs }] of viewer.seen.entries()) {
      const before = viewer.seen[i - 1];
      if (before === undefined) continue;
      assert.equal(sequenceNumber, (before.sequenceNumber + 1) & 0xffff);
      const ticks = timestampDistance(timestamp, before.timestamp);
      const elapsedMs = atMs - before.atMs;
      assert.ok(ticks >= 0 && ticks / 90 < elapsedMs + 500, `${ticks / 90} ms of media in ${elapsedMs} ms`);
    }
    assert.ok(
      ((await router.request('dump', {})).counters['restart'] ?? 0) >= 3,
      'the timestamps did jump back',
    );
  });
});

/** Every packet around the kill came, and soon after it was sent. */
function assertUndisturbed({ sentMs }: Camera, seen: readonly SeenPacket[], killedMs: number): void {
  const around = seen.filter(({ atMs }) => atMs > killedMs - 500 && atMs < killedMs + 1500);
  assert.ok(around.length > 40, `${around.length} packets`);
  const offset = shiftOf(sentMs, seen);
  let [longestGapMs, longestDelayMs] = [0, 0];
  for (const [i, { sequenceNumber, atMs }] of around.entries()) {
    const before = around[i - 1];
    const delayMs = atMs - (sentMs.get((sequenceNumber - offset) & 0xffff) ?? Number.NEGATIVE_INFINITY);
    longestDelayMs = Math.max(longestDelayMs, delayMs);
    if (before === undefined) continue;
    assert.equal(sequenceNumber, (before.sequenceNumber + 1) & 0xffff);
    longestGapMs = Math.max(longestGapMs, atMs - before.atMs);
  }
  console.log(`Others: gap ${Math.round(longestGapMs)} ms, delay ${Math.round(longestDelayMs)} ms at most`);
  assert.ok(longestDelayMs < 200, `delay of ${longestDelayMs} ms`);
  assert.ok(longestGapMs < 200, `gap of ${longestGapMs} ms`);
}

/** Our sequence numbers minus those of the camera: the viewer's first packet is the last one sent before it came. */
function shiftOf(sentMs: ReadonlyMap<number, number>, seen: readonly SeenPacket[]): number {
  const [first] = seen;
  assert.ok(first !== undefined);
  const sent = [...sentMs].filter(([, atMs]) => atMs <= first.atMs).at(-1);
  assert.ok(sent !== undefined);
  return first.sequenceNumber - sent[0];
}
