/**
 * Streams between a router and a media host: key frames by RTCP, and routers that stall or send garbage.
 * @module
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeText, encodeText, encoderName } from '../src/branchText.ts';
import { mediaCodec } from '../src/codecs.ts';
import type { SocketRequest } from '../src/operations.ts';
import { RouterEnd } from './RouterEnd.ts';
import { eventually, startHost } from './TestHost.ts';

const router = await RouterEnd.open();
after(() => router.close());
const shared = await startHost();
const vp8 = mediaCodec('vp8')!;
const picture = 'videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=30/1';

function socket(name: string, streamId: string): SocketRequest {
  return { name, path: router.path, streamId };
}

/** The first key frame flag of a VP8 packet (RFC 7741 section 4.2), for packets that begin a frame. */
function isVp8KeyFrame(packet: Uint8Array): boolean {
  const payload = packet.subarray(12);
  const [first = 0, extension = 0] = payload;
  if ((first & 0x10) === 0 || (first & 7) !== 0) return false;
  let at = 1;
  if ((first & 0x80) !== 0) {
    at = 2;
    if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) at++;
    if ((extension & 0x30) !== 0) at++;
  }
  return ((payload[at] ?? 1) & 1) === 0;
}

/** A receiver report and a picture loss indication (RFC 4585 section 6.3.1) for one stream. */
function pictureLossIndication(ssrc: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x80c9_0001);
  view.setUint32(4, 0x1234);
  view.setUint32(8, 0x81ce_0002);
  view.setUint32(12, 0x1234);
  view.setUint32(16, ssrc);
  return bytes;
}

/** True when a compound RTCP packet has a PLI or FIR in it. */
function asksForKeyFrame(packet: Uint8Array): boolean {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  for (let at = 0; at + 4 <= packet.length; at += 4 * (view.getUint16(at + 2) + 1)) {
    if (view.getUint8(at + 1) === 206 && [1, 4].includes(view.getUint8(at) & 31)) return true;
  }
  return false;
}

describe('HostProcess streams', () => {
  const { host } = shared;
  const ends = { name: 'v', rtp: 'rtp', rtcp: 'rtcp', payloadType: 96 };

  async function launchEncoder(branchId: string): Promise<void> {
    await host.request('launch', {
      branchId,
      text: `${picture} ! ${encodeText(vp8, { ...ends, ssrc: 0xabcd, keyFrameDistance: 100_000 })}`,
      sockets: [socket('rtp', `${branchId}/rtp`), socket('rtcp', `${branchId}/rtcp`)],
    });
  }

  it('a PLI from the router makes a key frame', async () => {
    await launchEncoder('pli');
    const [rtp, rtcp] = await Promise.all([router.stream('pli/rtp'), router.stream('pli/rtcp')]);
    let keyFrames = 0;
    let ssrc = 0;
    rtp.onPacket = (packet) => {
      ssrc = new DataView(packet.buffer, packet.byteOffset).getUint32(8);
      if (isVp8KeyFrame(packet)) keyFrames++;
    };
    await eventually(() => rtp.packets >= 20, 'packets');
    assert.equal(ssrc, 0xabcd);
    const before = keyFrames;
    for (let i = 1; i <= 3; i++) {
      const startedMs = performance.now();
      rtcp.send(pictureLossIndication(ssrc));
      await eventually(() => keyFrames >= before + i, `key frame ${i}`);
      assert.ok(performance.now() - startedMs < 1000, 'within a second');
    }
    await host.request('requestKeyFrame', { branchId: 'pli', element: encoderName('v') });
    await eventually(() => keyFrames >= before + 4, 'key frame by operation');
    await host.request('close', { branchId: 'pli' });
  });

  it('a decoder that misses packets asks the router for a key frame', async () => {
    await launchEncoder('lossy-out');
    await host.request('launch', {
      branchId: 'lossy-in',
      text: `${decodeText(vp8, ends)} ! fakesink sync=false async=false`,
      sockets: [socket('rtp', 'lossy-in/rtp'), socket('rtcp', 'lossy-in/rtcp')],
    });
    const [out, into, rtcp] = await Promise.all(
      ['lossy-out/rtp', 'lossy-in/rtp', 'lossy-in/rtcp'].map((id) => router.stream(id)),
    );
    let asked = 0;
    rtcp!.onPacket = (packet) => {
      if (asksForKeyFrame(packet)) asked++;
    };
    let count = 0;
    let lossy = false;
    out!.onPacket = (packet) => {
      count++;
      if (!lossy || count % 5 !== 0) into!.send(packet);
    };
    await eventually(() => count >= 30, 'packets');
    const before = asked;
    lossy = true;
    await eventually(() => asked > before, 'a request for a key frame');
    await host.request('close', { branchId: 'lossy-out' });
    await host.request('close', { branchId: 'lossy-in' });
  });

  it('sender reports come with the media', async () => {
    await launchEncoder('reports');
    const rtcp = await router.stream('reports/rtcp');
    let reports = 0;
    rtcp.onPacket = (packet) => {
      if (packet[1] === 200) reports++;
    };
    await eventually(() => reports > 0, 'a sender report');
    await host.request('close', { branchId: 'reports' });
  });

  it('a transcoder goes on when pictures change their size', async () => {
    const caps = (width: number, height: number): string =>
      `video/x-raw,width=${width},height=${height},framerate=30/1`;
    await host.request('launch', {
      branchId: 'size-out',
      text: `videotestsrc is-live=true ! capsfilter name=c caps="${caps(160, 120)}" ! ${encodeText(vp8, ends)}`,
      sockets: [socket('rtp', 'size-out/rtp'), socket('rtcp', 'size-out/rtcp')],
    });
    const out = { ...ends, name: 'o', rtp: 'out', rtcp: 'out-rtcp' };
    await host.request('launch', {
      branchId: 'size-in',
      text: `${decodeText(vp8, ends)} ! ${encodeText(mediaCodec('H264')!, out)}`,
      sockets: ['rtp', 'rtcp', 'out', 'out-rtcp'].map((name) => socket(name, `size-in/${name}`)),
    });
    await Promise.all([
      router.relay('size-out/rtp', 'size-in/rtp'),
      router.relay('size-out/rtcp', 'size-in/rtcp'),
      router.relay('size-in/rtcp', 'size-out/rtcp'),
    ]);
    const result = await router.stream('size-in/out');
    for (const [width, height] of [
      [320, 240],
      [64, 48],
      [160, 120],
    ] as const) {
      const before = result.packets;
      await eventually(() => result.packets > before + 10, 'H.264 packets');
      const request = { branchId: 'size-out', element: 'c', property: 'caps' };
      await host.request('set', { ...request, value: caps(width, height) });
    }
    const before = result.packets;
    await eventually(() => result.packets > before + 20, 'H.264 packets after the last change');
    const errors = shared.events.filter(
      ({ name, event }) => name === 'error' && event.branchId.startsWith('size'),
    );
    assert.deepEqual(errors, []);
    await host.request('close', { branchId: 'size-out' });
    await host.request('close', { branchId: 'size-in' });
  });

  it('a router that stops reading holds up nobody', async () => {
    const branchId = 'stalled';
    await host.request('launch', {
      branchId,
      text:
        `videotestsrc is-live=true pattern=snow ! video/x-raw,width=640,height=480,framerate=30/1 ! tee name=t ` +
        `t. ! ${encodeText(vp8, { ...ends, bitrateBps: 20_000_000 })} t. ! queue ! fakesink name=other sync=false`,
      sockets: [socket('rtp', 'stalled/rtp'), socket('rtcp', 'stalled/rtcp')],
    });
    (await router.stream('stalled/rtp')).stall();
    const rendered = async (): Promise<number> => {
      const { elements } = await host.request('stats', { branchId });
      return Number(/rendered=\(guint64\)(\d+)/.exec(elements['other'] ?? '')?.[1]);
    };
    await sleep(1500);
    const before = await rendered();
    const untilMs = performance.now() + 5000;
    while ((await rendered()) <= before) {
      assert.ok(performance.now() < untilMs, 'the other output goes on');
      await sleep(50);
    }
    const startedMs = performance.now();
    await host.request('close', { branchId });
    assert.ok(performance.now() - startedMs < 2000, 'it ends at once');
  });

  it('garbage from a router ends no host', async () => {
    await host.request('launch', {
      branchId: 'garbage',
      text: `${decodeText(vp8, ends)} ! fakesink sync=false async=false`,
      sockets: [socket('rtp', 'garbage/rtp'), socket('rtcp', 'garbage/rtcp')],
    });
    const [rtp, rtcp] = await Promise.all([router.stream('garbage/rtp'), router.stream('garbage/rtcp')]);
    for (let i = 0; i < 500; i++) {
      const packet = Uint8Array.from({ length: (i * 37) % 1400 }, (_, j) => (i * 31 + j * 7) & 0xff);
      if (i % 3 === 0) packet.set([0x80, 96, 0, i & 0xff].slice(0, packet.length));
      rtp.send(packet);
      rtcp.send(packet);
    }
    await sleep(200);
    await host.request('ping', {});
    await host.request('close', { branchId: 'garbage' });
    assert.equal(shared.exit, undefined);
  });
});
