/**
 * `kurentoUtils` in Chromium, used as pages written for kurento-utils use it.
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

describe('kurentoUtils', () => {
  it('works with callbacks and without new', async () => {
    const result = await browser.page.evaluate(async () => {
      const { WebRtcPeer } = bench.kurentoUtils;
      const video = document.createElement('video');
      const seen: unknown[] = [];
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sender = WebRtcPeer.WebRtcPeerSendonly(
        {
          onicecandidate: (candidate) => receiver.addIceCandidate(candidate, () => {}),
          mediaConstraints: { video: true },
        },
        function (this: unknown, error) {
          if (error) return reject(error);
          seen.push(this === sender, sender instanceof WebRtcPeer.WebRtcPeerSendonly);
          sender.generateOffer((offerError, offer = '', processAnswer) => {
            if (offerError) return reject(offerError);
            receiver.processOffer(offer, (answerError, answer = '') => {
              if (answerError) return reject(answerError);
              processAnswer?.(answer, (doneError) => (doneError ? reject(doneError) : resolve()));
            });
          });
        },
      );
      const receiver = new WebRtcPeer.WebRtcPeerRecvonly({ remoteVideo: video });
      receiver.on('icecandidate', (candidate) =>
        sender.addIceCandidate(candidate, (error) => error && reject(error)),
      );
      await promise;
      await bench.until(() => receiver.currentFrame?.width);
      const shown = video.srcObject === receiver.getRemoteStream();
      seen.push(shown, receiver.getLocalSessionDescriptor()?.type, sender.getRemoteSessionDescriptor()?.type);
      sender.enabled = false;
      seen.push(sender.audioEnabled, sender.getLocalStream()?.getVideoTracks()[0]?.enabled);
      sender.dispose();
      receiver.dispose();
      return seen;
    });
    assert.deepEqual(result, [true, true, true, 'answer', 'answer', false, false]);
  });

  it('works with promises, new, a mode by name and data channels', async () => {
    const result = await browser.page.evaluate(async () => {
      const { WebRtcPeer } = bench.kurentoUtils;
      const received: unknown[] = [];
      const a = new WebRtcPeer('recvonly', {
        dataChannels: true,
        dataChannelConfig: { id: 'chat', onopen: () => a.send('hi') },
      });
      const b = new WebRtcPeer('recvonly', {
        dataChannels: true,
        dataChannelConfig: { onmessage: ({ data }) => received.push(data) },
      });
      a.on('icecandidate', (candidate) => void b.addIceCandidate(candidate));
      b.on('icecandidate', (candidate) => void a.addIceCandidate(candidate));
      await a.ready;
      await a.processAnswer(await b.processOffer(await a.generateOffer()));
      await bench.until(() => received.length);
      const labels = [a.dataChannel?.label, b.dataChannel?.label];
      a.dispose();
      b.dispose();
      return { received, labels };
    });
    assert.deepEqual(result, { received: ['hi'], labels: ['chat', 'chat'] });
  });

  it('gives errors to the callback, and rejects nothing that nobody handles', async () => {
    const result = await browser.page.evaluate(async () => {
      const unhandled: unknown[] = [];
      addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)));
      const error = await new Promise((resolve) => {
        bench.kurentoUtils.WebRtcPeer.WebRtcPeerSendrecv(
          { mediaConstraints: { video: { width: { exact: 100_000 } } } },
          (given) => resolve(given),
        );
      });
      const peer = bench.kurentoUtils.WebRtcPeer.WebRtcPeerRecvonly({}, () => {});
      const second = await new Promise((resolve) => peer.processAnswer('v=0', resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      peer.dispose();
      const code = (value: unknown): unknown => (value instanceof bench.WebRtcPeerError ? value.code : value);
      return { codes: [code(error), code(second)], unhandled };
    });
    assert.deepEqual(result, { codes: ['CONSTRAINTS_NOT_MET', 'WRONG_STATE'], unhandled: [] });
  });
});
