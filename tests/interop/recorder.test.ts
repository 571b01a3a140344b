/**
 * Recordings of a browser's camera, as ffprobe sees them.
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { describeInstallation } from '@rivero/gst';
import { Control } from './harness/Control.ts';
import { negotiate } from './harness/loopback.ts';
import { eventually, PagePeer } from './harness/PagePeer.ts';
import { commandLineOf, RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

const { reason } = await describeInstallation();
// Whatever else keeps a host from starting is a failure, not a reason to skip.
assert.ok(reason === undefined || /lib(gst|gobject|glib)/.test(reason), reason);
const skip = reason === undefined ? false : `GStreamer is not installed: ${reason}`;

/** What a file holds. */
interface Probe {
  readonly codecs: readonly string[];
  readonly width: number;
  readonly durationSeconds: number;
  /** Pictures. */
  readonly videoPackets: number;
}

function probe(path: string): Probe {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-count_packets', '-of', 'json', path];
  const { streams, format } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
  const video = streams.find((one: { codec_type: string }) => one.codec_type === 'video');
  return {
    codecs: streams.map((one: { codec_name: string }) => one.codec_name).sort(),
    width: video?.width ?? 0,
    durationSeconds: Number(format.duration),
    videoPackets: Number(video?.nb_read_packets ?? 0),
  };
}

describe('RecorderEndpoint', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rivero-recorder-'));
  let rivero: RiveroProcess;
  let browser: TestBrowser;
  let control: Control;
  let pipeline: string;
  let camera: string;

  before(async () => {
    rivero = await RiveroProcess.start({ args: ['--log-level', 'debug'] });
    browser = await TestBrowser.start();
    control = await Control.open(rivero.wsUrl);
    pipeline = await control.create('MediaPipeline');
    camera = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    const peer = await PagePeer.create(await browser.open(), {
      receives: false,
      codecs: ['video/VP8', 'audio/opus'],
    });
    await negotiate(control, camera, peer);
  });
  after(async () => {
    control?.close();
    await browser?.[Symbol.asyncDispose]();
    await rivero?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(name: string, mediaProfile: string): Promise<{ recorder: string; events: string[] }> {
    const uri = `file://${folder}//${name}`;
    const recorder = await control.create('RecorderEndpoint', { mediaPipeline: pipeline, uri, mediaProfile });
    const events: string[] = [];
    for (const type of ['Recording', 'Paused', 'Stopped', 'Error'])
      await control.on(recorder, type, (data) =>
        events.push(type === 'Error' ? String(data['description']) : type),
      );
    await control.invoke(camera, 'connect', { sink: recorder });
    await control.invoke(recorder, 'record');
    await eventually(
      'Recording',
      () => Promise.resolve(events),
      (seen) => seen.includes('Recording'),
    );
    return { recorder, events };
  }

  /** Encoders that the server has started so far, as its log tells. */
  const encoders = (): number => rivero.output.match(/"op":"start","kind":"encoder"/g)?.length ?? 0;

  for (const [profile, codecs, name] of [
    ['WEBM', ['opus', 'vp8'], 'new/folder/a.webm'],
    ['MP4', ['aac', 'h264'], 'b.mp4'],
    ['MKV', ['aac', 'h264'], 'c.mkv'],
    ['WEBM_VIDEO_ONLY', ['vp8'], 'd.webm'],
    ['WEBM_AUDIO_ONLY', ['opus'], 'e.webm'],
    ['MP4_VIDEO_ONLY', ['h264'], 'f.mp4'],
    ['MP4_AUDIO_ONLY', ['aac'], 'g.mp4'],
    ['MKV_VIDEO_ONLY', ['h264'], 'h.mkv'],
    ['MKV_AUDIO_ONLY', ['aac'], 'i.mkv'],
  ] as const) {
    it(`records ${profile}`, async () => {
      const encodersBefore = encoders();
      const { recorder, events } = await start(name, profile);
      const startedMs = performance.now();
      await delay(3000);
      await control.invoke(recorder, 'stopAndWait');
      const seconds = (performance.now() - startedMs) / 1000;
      const file = probe(join(folder, name));
      assert.deepEqual(file.codecs, codecs);
      assert.ok(
        Math.abs(file.durationSeconds - seconds) < 1,
        `${file.durationSeconds} s of file in ${seconds} s`,
      );
      if (!profile.endsWith('AUDIO_ONLY')) assert.equal(file.width, 640);
      assert.deepEqual(events, ['Recording', 'Stopped']);
      if (profile.startsWith('WEBM')) assert.equal(encoders(), encodersBefore, 'passed through as it is');
      assert.equal(await control.invoke(recorder, 'getState'), 'STOP');
      await control.release(recorder);
    });
  }

  it('keeps what was written when the host is killed, and says so within a second', async () => {
    const [webm, mp4] = [await start('killed.webm', 'WEBM'), await start('killed.mp4', 'MP4')];
    await delay(4000);
    const hosts = rivero.descendants.filter((pid) => commandLineOf(pid).includes('hostMain'));
    for (const pid of hosts) process.kill(pid, 'SIGKILL');
    for (const { events } of [webm, mp4])
      await eventually(
        'Error',
        () => Promise.resolve(events),
        (seen) => seen.some((one) => /host ended/.test(one)),
        1000,
      );
    for (const [name, codecs] of [
      ['killed.webm', ['opus', 'vp8']],
      ['killed.mp4', ['aac', 'h264']],
    ] as const) {
      const { videoPackets, codecs: found } = probe(join(folder, name));
      assert.deepEqual(found, codecs);
      assert.ok(videoPackets > 30, `${name}: ${videoPackets} pictures`);
    }
    for (const { recorder } of [webm, mp4]) await control.release(recorder);
  });

  it('goes on in the same file when its source is swapped', async () => {
    const { recorder } = await start('swapped.webm', 'WEBM');
    await delay(1500);
    const other = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    const peer = await PagePeer.create(await browser.open(), {
      receives: false,
      codecs: ['video/VP8', 'audio/opus'],
    });
    await negotiate(control, other, peer);
    await peer.waitForConnection('connected');
    await control.invoke(other, 'connect', { sink: recorder });
    await delay(2000);
    await control.invoke(recorder, 'stopAndWait');
    const { durationSeconds, codecs, videoPackets } = probe(join(folder, 'swapped.webm'));
    assert.deepEqual(codecs, ['opus', 'vp8']);
    assert.ok(durationSeconds > 3 && videoPackets > 45, `${durationSeconds} s, ${videoPackets} pictures`);
    await control.release(recorder);
  });

  it('leaves out what comes during a pause, and tells each change', async () => {
    const { recorder, events } = await start('pause.webm', 'WEBM');
    await delay(2000);
    await control.invoke(recorder, 'pause');
    await delay(3000);
    await control.invoke(recorder, 'record');
    await delay(2000);
    await control.release(recorder);
    const { durationSeconds } = probe(join(folder, 'pause.webm'));
    assert.ok(durationSeconds > 3 && durationSeconds < 5.2, `${durationSeconds} s`);
    assert.deepEqual(events.slice(0, 3), ['Recording', 'Paused', 'Recording']);
  });
});
