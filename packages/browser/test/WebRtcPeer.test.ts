/**
 * `WebRtcPeer` in Chromium with fake devices, two peers in one page.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ChromiumPage } from './ChromiumPage.ts';
import type { bench as Bench } from './page/pair.ts';

declare const bench: typeof Bench;

let browser: ChromiumPage;

before(async () => {
  browser = await ChromiumPage.open();
});

after(async () => {
  await browser.close();
});

describe('WebRtcPeer', () => {
  it('sends camera and microphone both ways in sendrecv', async () => {
    const stats = await browser.page.evaluate(async () => {
      const local = document.createElement('video');
      const remote = document.createElement('video');
      const a = await bench.WebRtcPeer.open({ localVideo: local, remoteVideo: remote });
      const b = await bench.WebRtcPeer.open();
      await bench.join(a, b);
      const seen = await bench.until(async () => {
        const { incoming, outgoing, roundTripMs } = await a.stats();
        const flowing = (incoming.video?.framesDecoded ?? 0) > 3 && (incoming.audio?.bitrateBps ?? 0) > 0;
        return flowing ? { incoming, outgoing, roundTripMs } : undefined;
      });
      const shown = {
        local: local.srcObject === a.localStream,
        muted: local.muted,
        remote: remote.videoWidth,
      };
      a.dispose();
      b.dispose();
      return {
        ...seen,
        shown,
        cleared: remote.srcObject === null,
        ended: a.localStream.getTracks()[0]?.readyState,
      };
    });
    assert.equal(stats.incoming.video?.codec, 'VP8');
    assert.equal(stats.incoming.audio?.codec, 'opus');
    assert.equal(stats.incoming.video?.width, 640);
    assert.ok((stats.outgoing.video?.framesEncoded ?? 0) > 0);
    assert.equal(typeof stats.roundTripMs, 'number');
    assert.deepEqual(stats.shown, { local: true, muted: true, remote: 640 });
    assert.equal(stats.cleared, true);
    assert.equal(stats.ended, 'ended');
  });

  it('sends one way from sendonly to recvonly, without opening devices at the receiver', async () => {
    const result = await browser.page.evaluate(async () => {
      const a = await bench.WebRtcPeer.open({ mode: 'sendonly' });
      const b = new bench.WebRtcPeer({ mode: 'recvonly' });
      const events: string[] = [];
      b.on('remoteStream', (stream) => events.push(`stream ${stream === b.remoteStream}`));
      b.on('track', (track) => events.push(track.kind));
      await bench.join(a, b);
      await bench.until(async () => ((await b.stats()).incoming.video?.framesDecoded ?? 0) > 3);
      const { incoming } = await a.stats();
      const directions = a.connection.getTransceivers().map((transceiver) => transceiver.currentDirection);
      const opened = b.localStream.getTracks().length;
      a.dispose();
      b.dispose();
      return { incoming, directions, opened, events };
    });
    assert.deepEqual(result.events, ['stream true', 'audio', 'video']);
    assert.deepEqual(result.directions, ['sendonly', 'sendonly']);
    assert.equal(result.incoming.video, undefined);
    assert.equal(result.opened, 0);
  });

  it('receives as the offerer in recvonly, and leaves out a kind set to false', async () => {
    const result = await browser.page.evaluate(async () => {
      const a = await bench.WebRtcPeer.open({ mode: 'recvonly', constraints: { audio: false } });
      const b = await bench.WebRtcPeer.open({ mode: 'sendonly', constraints: { audio: false } });
      await bench.join(a, b);
      await bench.until(async () => ((await a.stats()).incoming.video?.framesDecoded ?? 0) > 3);
      const lines = a.connection.localDescription?.sdp.match(/^m=\w+/gm);
      a.dispose();
      b.dispose();
      return lines;
    });
    assert.deepEqual(result, ['m=video']);
  });

  it('replaces the picture while sending, keeps its own stream object, and leaves a given track running', async () => {
    const result = await browser.page.evaluate(async () => {
      const a = await bench.WebRtcPeer.open({ mode: 'sendonly', constraints: { audio: false } });
      const b = new bench.WebRtcPeer({ mode: 'recvonly' });
      await bench.join(a, b);
      const camera = a.localStream.getVideoTracks()[0];
      const stream = a.localStream;
      const track = bench.canvasStream(320, 180).getVideoTracks()[0] ?? null;
      await a.replaceVideo(track);
      await bench.until(async () => (await b.stats()).incoming.video?.width === 320);
      await a.replaceVideo(null);
      const left = a.localStream.getVideoTracks().length;
      const refused = await a.replaceAudio(null).catch((error) => error.code);
      a.dispose();
      b.dispose();
      return {
        same: stream === a.localStream,
        camera: camera?.readyState,
        given: track?.readyState,
        left,
        refused,
      };
    });
    assert.deepEqual(result, { same: true, camera: 'ended', given: 'live', left: 0, refused: 'WRONG_STATE' });
  });

  it('switches from the camera to the screen', async (context) => {
    const width = await browser.page.evaluate(async () => {
      const a = await bench.WebRtcPeer.open({ mode: 'sendonly' });
      const sound = a.localStream.getAudioTracks()[0];
      try {
        await a.replaceSource('screen');
      } catch (error) {
        return error instanceof bench.WebRtcPeerError ? error.code : String(error);
      } finally {
        a.dispose();
      }
      const label = a.localStream.getVideoTracks()[0]?.label ?? '';
      return { kept: sound === a.localStream.getAudioTracks()[0], camera: label.startsWith('fake_device') };
    });
    if (typeof width === 'string')
      return context.skip(`headless Chromium refused to share its screen: ${width}`);
    assert.deepEqual(width, { kept: true, camera: false });
  });

  it('leaves no device open when a source comes too late or has a kind that is not sent', async () => {
    const result = await browser.page.evaluate(async () => {
      const opened: MediaStreamTrack[] = [];
      const devices = navigator.mediaDevices;
      const original = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        const stream = await original(constraints);
        opened.push(...stream.getTracks());
        return stream;
      };
      const a = await bench.WebRtcPeer.open({ mode: 'sendonly', constraints: { audio: false } });
      const b = await bench.WebRtcPeer.open({ mode: 'recvonly' });
      await bench.join(a, b);
      const failures: unknown[] = [];
      const failed = (error: { readonly code: unknown }): void => void failures.push(error.code);
      await a.replaceSource('camera').catch(failed);
      const sent = a.localStream.getTracks();
      const stray = opened.filter((track) => track.readyState === 'live' && !sent.includes(track)).length;
      const late = a.replaceSource('camera', { audio: false }).catch(failed);
      a.dispose();
      await late;
      b.dispose();
      devices.getUserMedia = original;
      return { failures, stray, live: opened.filter((track) => track.readyState === 'live').length };
    });
    assert.deepEqual(result, { failures: ['WRONG_STATE', 'DISPOSED'], stray: 0, live: 0 });
  });

  it('mutes what it sends, also tracks that come later, and in recvonly what it receives', async () => {
    const result = await browser.page.evaluate(async () => {
      const a = await bench.WebRtcPeer.open({ mode: 'sendonly' });
      a.audioEnabled = false;
      a.videoEnabled = false;
      const b = new bench.WebRtcPeer({ mode: 'recvonly' });
      b.videoEnabled = false;
      await bench.join(a, b);
      const track = bench.canvasStream(64, 64).getVideoTracks()[0] ?? null;
      await a.replaceVideo(track);
      const sent = a.localStream.getTracks().map(({ kind, enabled }) => `${kind} ${enabled}`);
      const received = b.remoteStream.getTracks().map(({ kind, enabled }) => `${kind} ${enabled}`);
      a.videoEnabled = true;
      const now = track?.enabled;
      a.dispose();
      b.dispose();
      return { sent: sent.toSorted(), received: received.toSorted(), now };
    });
    assert.deepEqual(result.sent, ['audio false', 'video false']);
    assert.deepEqual(result.received, ['audio true', 'video false']);
    assert.equal(result.now, true);
  });

  it('keeps local candidates for the first listener and remote ones for the answer', async () => {
    const result = await browser.page.evaluate(async () => {
      const a = new bench.WebRtcPeer({ mode: 'recvonly' });
      const b = await bench.WebRtcPeer.open({ mode: 'sendonly' });
      const offer = await a.generateOffer();
      await bench.until(() => a.connection.iceGatheringState === 'complete');
      const answer = await b.processOffer(offer);
      await bench.until(() => b.connection.iceGatheringState === 'complete');
      let early = 0;
      const applied: Promise<void>[] = [];
      b.on('candidate', (candidate) => applied.push(a.addIceCandidate(candidate.toJSON())));
      a.on('candidate', (candidate) => {
        early++;
        void b.addIceCandidate(candidate.toJSON());
      });
      // Without the candidates of the answer, only those that were kept can connect the two.
      await a.processAnswer(answer.replaceAll(/^a=candidate.*\r\n/gm, ''));
      await Promise.all(applied);
      await bench.until(() => a.connection.connectionState === 'connected');
      a.dispose();
      b.dispose();
      return { early, applied: applied.length };
    });
    assert.ok(result.early > 0 && result.applied > 0, JSON.stringify(result));
  });

  it('carries messages on a data channel', async () => {
    const result = await browser.page.evaluate(async () => {
      const a = await bench.WebRtcPeer.open({
        mode: 'recvonly',
        dataChannel: { label: 'chat', ordered: true },
      });
      const b = new bench.WebRtcPeer({ mode: 'recvonly' });
      const early = (() => {
        try {
          a.send('too early');
        } catch (error) {
          return error instanceof bench.WebRtcPeerError && error.code;
        }
        return undefined;
      })();
      const received: unknown[] = [];
      b.on('message', (message) => typeof message === 'string' && b.send(`echo ${message}`));
      a.on('message', (message) => received.push(message));
      a.on('dataChannel', () => a.send('hello'));
      await bench.join(a, b);
      await bench.until(() => received.length);
      const label = b.dataChannel?.label;
      a.dispose();
      b.dispose();
      return { received, label, early };
    });
    assert.deepEqual(result, { received: ['echo hello'], label: 'chat', early: 'WRONG_STATE' });
  });
});

describe('WebRtcPeerError', () => {
  it('says by code what went wrong', async () => {
    const codes = await browser.page.evaluate(async () => {
      const codeOf = async (work: () => Promise<unknown>): Promise<unknown> => {
        try {
          await work();
          return 'no error';
        } catch (error) {
          return error instanceof bench.WebRtcPeerError ? error.code : error;
        }
      };
      const open = (constraints: MediaStreamConstraints): Promise<unknown> =>
        codeOf(() => bench.WebRtcPeer.open({ constraints }));
      const peer = new bench.WebRtcPeer({ mode: 'recvonly' });
      const codes: Record<string, unknown> = {
        tooWide: await open({ video: { width: { exact: 100_000 } } }),
        nothing: await open({ audio: false, video: false }),
        answerFirst: await codeOf(() => peer.processAnswer('v=0')),
        garbageOffer: await codeOf(() => peer.processOffer('garbage')),
      };
      await peer.generateOffer();
      codes['twice'] = await codeOf(() => peer.generateOffer());
      codes['garbageAnswer'] = await codeOf(() => peer.processAnswer('garbage'));
      const disposedWhileOpening = new bench.WebRtcPeer();
      const opening = codeOf(() => disposedWhileOpening.start());
      disposedWhileOpening.dispose();
      codes['disposed'] = await opening;
      codes['stopped'] = disposedWhileOpening.localStream
        .getTracks()
        .every((track) => track.readyState === 'ended');
      peer.dispose();
      return codes;
    });
    assert.deepEqual(codes, {
      tooWide: 'CONSTRAINTS_NOT_MET',
      nothing: 'CONSTRAINTS_NOT_MET',
      answerFirst: 'WRONG_STATE',
      garbageOffer: 'SDP_REJECTED',
      twice: 'WRONG_STATE',
      garbageAnswer: 'SDP_REJECTED',
      disposed: 'DISPOSED',
      stopped: true,
    });
  });
});
