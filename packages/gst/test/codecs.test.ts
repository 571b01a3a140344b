/**
 * Every codec of the table through two branches and a router's end: raw → encode → packets → decode → raw.
 * @module
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { decodeText, encodeText } from '../src/branchText.ts';
import { type MediaCodec, mediaCodec, mediaCodecs } from '../src/codecs.ts';
import type { ErrorEvent, SocketRequest } from '../src/operations.ts';
import { RouterEnd } from './RouterEnd.ts';
import { elementMessages, eventually, startHost, type TestHost } from './TestHost.ts';

const host: TestHost = await startHost();
const router = await RouterEnd.open();
after(() => router.close());

function socket(name: string, streamId: string): SocketRequest {
  return { name, path: router.path, streamId };
}

function errorsOf(prefix: string): ErrorEvent[] {
  return host.events
    .filter((each) => each.name === 'error')
    .map(({ event }) => event)
    .filter(({ branchId }) => branchId.startsWith(prefix));
}

/** Launches an encoder and a decoder of a codec and joins them at the router's end. */
async function join(codec: MediaCodec, raw: string, measure: string): Promise<void> {
  const id = codec.name;
  const ends = { name: 'm', rtp: 'rtp', rtcp: 'rtcp', payloadType: 100 };
  await host.host.request('launch', {
    branchId: `${id}/in`,
    text: `${decodeText(codec, ends)} ! ${measure} ! fakesink sync=false async=false`,
    sockets: [socket('rtp', `${id}/in/rtp`), socket('rtcp', `${id}/in/rtcp`)],
  });
  await host.host.request('launch', {
    branchId: `${id}/out`,
    text: `${raw} ! ${encodeText(codec, ends)}`,
    sockets: [socket('rtp', `${id}/out/rtp`), socket('rtcp', `${id}/out/rtcp`)],
  });
  await router.relay(`${id}/out/rtp`, `${id}/in/rtp`);
  await router.relay(`${id}/out/rtcp`, `${id}/in/rtcp`);
  await router.relay(`${id}/in/rtcp`, `${id}/out/rtcp`);
}

async function part(codec: MediaCodec): Promise<void> {
  await host.host.request('close', { branchId: `${codec.name}/out` });
  await host.host.request('close', { branchId: `${codec.name}/in` });
}

describe('mediaCodecs', () => {
  for (const codec of mediaCodecs.filter(({ kind }) => kind === 'video')) {
    it(`carries a white picture through ${codec.name}`, async () => {
      const white =
        'videotestsrc is-live=true pattern=white ! video/x-raw,width=352,height=288,framerate=30/1';
      await join(codec, white, 'videoconvert ! video/x-raw,width=352,height=288 ! videoanalyse');
      const pictures = (): ReturnType<typeof elementMessages> =>
        elementMessages(host, `${codec.name}/in`, 'GstVideoAnalyse');
      await eventually(() => pictures().length >= 20 || errorsOf(codec.name).length > 0, '20 pictures');
      assert.deepEqual(errorsOf(codec.name), []);
      // White is 235 of 255.
      const luma = pictures().at(-1)?.fields['luma-average'];
      assert.ok(typeof luma === 'number' && Math.abs(luma - 235 / 255) < 0.03, `luma ${String(luma)}`);
      await part(codec);
    });
  }

  for (const codec of mediaCodecs.filter(({ kind }) => kind === 'audio')) {
    it(`carries a tone through ${codec.name}`, async () => {
      await join(
        codec,
        'audiotestsrc is-live=true freq=440 volume=0.5',
        'audioconvert ! level interval=100000000',
      );
      const levels = (): ReturnType<typeof elementMessages> =>
        elementMessages(host, `${codec.name}/in`, 'level');
      await eventually(() => levels().length >= 8 || errorsOf(codec.name).length > 0, '8 levels');
      assert.deepEqual(errorsOf(codec.name), []);
      // A sine of amplitude 0.5 has -9 dB.
      const rms = Number(/-?[\d.]+/.exec(String(levels().at(-1)?.fields['rms']))?.[0]);
      assert.ok(Math.abs(rms + 9.03) < 1.5, `${rms} dB`);
      await part(codec);
    });
  }

  it('leaves nothing behind', async () => {
    const dump = await host.host.request('dump', {});
    assert.deepEqual(dump.branches, {});
    assert.equal(dump.sockets, 0);
    await eventually(() => router.connections === 0, 'all connections closed');
  });

  it('is found by SDP name in any case', () => {
    assert.equal(mediaCodec('opus')?.name, 'OPUS');
    assert.equal(mediaCodec('AV1'), undefined);
  });
});
