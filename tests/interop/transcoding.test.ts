/**
 * Media that must change on its way: browsers without a common codec, one encoder for many, death of the media host.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { describeInstallation } from '@rivero/gst';
import type { Page } from 'playwright-core';
import { Control, type ProtocolEvent } from './harness/Control.ts';
import { negotiate } from './harness/loopback.ts';
import { assertPlays, eventually, PagePeer, type PagePeerOptions } from './harness/PagePeer.ts';
import { commandLineOf, RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

const { reason } = await describeInstallation();
// Whatever else keeps a host from starting is a failure, not a reason to skip.
assert.ok(reason === undefined || /lib(gst|gobject|glib)/.test(reason), reason);
const skip = reason === undefined ? false : `GStreamer is not installed: ${reason}`;

/** Media hosts of the server, spares too. */
function hostsOf(rivero: RiveroProcess): number[] {
  return rivero.descendants.filter((pid) => /hostMain/.test(commandLineOf(pid)));
}

/** Encoders that the server has started so far, as its log tells. */
function encodersStarted(rivero: RiveroProcess): number {
  return rivero.output.match(/"op":"start","kind":"encoder"/g)?.length ?? 0;
}

describe('A pipeline whose ends share no codec', { skip }, () => {
  let rivero: RiveroProcess;
  let browser: TestBrowser;
  let control: Control;
  let pipeline: string;
  let page: Page;

  before(async () => {
    rivero = await RiveroProcess.start({ args: ['--log-level', 'debug'] });
    browser = await TestBrowser.start();
    control = await Control.open(rivero.wsUrl);
  });
  beforeEach(async () => {
    pipeline = await control.create('MediaPipeline');
    page = await browser.open();
  });
  after(async () => {
    control?.close();
    await browser?.[Symbol.asyncDispose]();
    await rivero?.[Symbol.asyncDispose]();
  });

  async function join(options: PagePeerOptions): Promise<{ endpoint: string; peer: PagePeer }> {
    const peer = await PagePeer.create(page, options);
    const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    await negotiate(control, endpoint, peer);
    return { endpoint, peer };
  }

  async function heard(object: string, type: string): Promise<ProtocolEvent['data'][]> {
    const events: ProtocolEvent['data'][] = [];
    await control.on(object, type, (data) => events.push(data));
    return events;
  }

  it('is transcoded both kinds, by one encoder for two viewers; a killed host is told and replaced', async () => {
    const camera = await join({ receives: false, codecs: ['video/VP8', 'audio/opus'] });
    const transcoding = await heard(camera.endpoint, 'MediaTranscodingStateChanged');
    const errors = await heard(camera.endpoint, 'Error');
    const viewers = [];
    for (let i = 0; i < 2; i++) {
      const viewer = await join({ sends: false, codecs: ['video/H264', 'audio/PCMU'] });
      await control.invoke(camera.endpoint, 'connect', { sink: viewer.endpoint });
      viewers.push(viewer);
    }
    for (const { peer } of viewers) await assertPlays(() => peer.figures(), 2);
    assert.deepEqual(
      new Set(transcoding.map(({ mediaType, state }) => `${String(mediaType)} ${String(state)}`)),
      new Set(['VIDEO TRANSCODING', 'AUDIO TRANSCODING']),
    );
    for (const mediaType of ['AUDIO', 'VIDEO'])
      assert.equal(await control.invoke(camera.endpoint, 'isMediaTranscoding', { mediaType }), true);
    assert.deepEqual(errors, []);
    assert.equal(encodersStarted(rivero), 2, 'one for each kind');

    const late = await join({ sends: false, codecs: ['video/H264', 'audio/PCMU'] });
    await late.peer.waitForConnection('connected');
    await control.invoke(camera.endpoint, 'connect', { sink: late.endpoint });
    const joinedMs = performance.now();
    await eventually(
      'late picture',
      () => late.peer.figures(),
      (now) => now.framesDecoded > 0,
      2000,
    );
    console.log(`late viewer: first frame ${Math.round(performance.now() - joinedMs)} ms after its connect`);
    assert.equal(encodersStarted(rivero), 2, 'the late viewer shares them');
    await control.release(late.endpoint);

    const killedMs = performance.now();
    for (const pid of hostsOf(rivero)) process.kill(pid, 'SIGKILL');
    await eventually(
      'Error',
      () => Promise.resolve(errors.length),
      (count) => count > 0,
      1000,
    );
    console.log(`Error ${Math.round(performance.now() - killedMs)} ms after the death of the host`);
    for (const { peer } of viewers) {
      const { framesDecoded } = await peer.figures();
      await eventually(
        'media is back',
        () => peer.figures(),
        (now) => now.framesDecoded > framesDecoded + 20,
      );
      await assertPlays(() => peer.figures(), 2);
    }
    await control.release(pipeline);
    await page.context().close();
    // A shared host without branches lingers for 5 s; one spare stays.
    await eventually(
      'only the spare is left',
      () => Promise.resolve(hostsOf(rivero).length),
      (n) => n <= 1,
    );
  });

  it('comes and goes with its viewers while media flows', async () => {
    const camera = await join({ receives: false, codecs: ['video/VP8'] });
    const viewer = await join({ sends: false, codecs: ['video/VP9'] });
    for (let i = 0; i < 3; i++) {
      await control.invoke(camera.endpoint, 'connect', { sink: viewer.endpoint });
      await assertPlays(() => viewer.peer.figures(), 1);
      await control.invoke(camera.endpoint, 'disconnect', { sink: viewer.endpoint });
      await delay(100);
    }
    await control.release(pipeline);
    await page.context().close();
  });
});

describe('A server that forbids transcoding', { skip }, () => {
  it('refuses to connect what it would have to transcode, and says why', async () => {
    await using rivero = await RiveroProcess.start({ args: ['--hosts-transcoding', 'forbid'] });
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const page = await browser.open();
    const pipeline = await control.create('MediaPipeline');
    const join = async (options: PagePeerOptions): Promise<string> => {
      const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
      await negotiate(control, endpoint, await PagePeer.create(page, options));
      return endpoint;
    };
    const camera = await join({ receives: false, codecs: ['video/VP8'] });
    const sink = await join({ sends: false, codecs: ['video/VP9'] });
    await assert.rejects(control.invoke(camera, 'connect', { sink }), /40004: Transcoding is forbidden.*VP8/);
    assert.deepEqual(await control.invoke(camera, 'getSinkConnections'), []);
    await control.invoke(camera, 'connect', { sink, mediaType: 'AUDIO' });
  });
});
