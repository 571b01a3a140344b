/**
 * A peer connection inside a page, driven from the test; and the figures that tell whether media arrives.
 * @module
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** What has arrived at all peer connections of a page so far. */
export interface Figures {
  /** Video frames decoded. */
  readonly framesDecoded: number;
  /** Energy of the audio received; rises while there is sound (W3C webrtc-stats, totalAudioEnergy). */
  readonly audioEnergy: number;
  /** Picture size of the last frame, pixels. */
  readonly frameWidth: number;
  readonly packetsLost: number;
}

/** What a peer connection in a page does. */
export interface PagePeerOptions {
  /** Sends the fake camera and microphone. Default: true. */
  readonly sends?: boolean;
  /** Wants to receive. Default: true. */
  readonly receives?: boolean;
  /** What it sends and receives. Default: both. */
  readonly kinds?: readonly ('audio' | 'video')[];
  /** Waits for an offer: its tracks are there, but it describes nothing before. Default: false. */
  readonly answers?: boolean;
  /** The only codecs that it knows, such as `video/VP8`; of kinds that are not named, all. Default: all. */
  readonly codecs?: readonly string[];
}

declare global {
  /** The peer connections that the tests have made in this page. */
  var peers: RTCPeerConnection[];
}

/** One RTCPeerConnection of a page. */
export class PagePeer {
  readonly #page: Page;
  readonly #index: number;

  private constructor(page: Page, index: number) {
    this.#page = page;
    this.#index = index;
  }

  /** Makes a peer connection with audio and video. */
  static async create(
    page: Page,
    {
      sends = true,
      receives = true,
      kinds = ['audio', 'video'],
      answers = false,
      codecs = [],
    }: PagePeerOptions = {},
  ): Promise<PagePeer> {
    const direction = sends && receives ? 'sendrecv' : sends ? 'sendonly' : 'recvonly';
    const index = await page.evaluate(
      async ({ wanted, audio, video, answering }) => {
        globalThis.peers ??= [];
        const peer = new RTCPeerConnection();
        peer.ontrack = ({ track }) => {
          const sink = document.createElement(track.kind === 'video' ? 'video' : 'audio');
          sink.srcObject = new MediaStream([track]);
          sink.autoplay = true;
          document.body.append(sink);
        };
        if (wanted === 'recvonly') {
          if (audio && !answering) peer.addTransceiver('audio', { direction: wanted });
          if (video && !answering) peer.addTransceiver('video', { direction: wanted });
        } else {
          const stream = await navigator.mediaDevices.getUserMedia({ audio, video });
          for (const track of stream.getTracks()) {
            if (answering) peer.addTrack(track, stream);
            else peer.addTransceiver(track, { direction: wanted, streams: [stream] });
          }
        }
        return globalThis.peers.push(peer) - 1;
      },
      {
        // One of the three, as written above.
        wanted: direction as 'sendrecv' | 'sendonly' | 'recvonly',
        audio: kinds.includes('audio'),
        video: kinds.includes('video'),
        answering: answers,
      },
    );
    const peer = new PagePeer(page, index);
    if (codecs.length > 0) await peer.#restrict(codecs);
    return peer;
  }

  /** Makes it know only these codecs, of the kinds that they are of. */
  #restrict(codecs: readonly string[]): Promise<void> {
    return this.#page.evaluate(
      ([index, only]) => {
        for (const transceiver of globalThis.peers[index]!.getTransceivers()) {
          const known = RTCRtpReceiver.getCapabilities(transceiver.receiver.track.kind)?.codecs ?? [];
          const wished = known.filter(({ mimeType }) => only.includes(mimeType));
          if (wished.length > 0) transceiver.setCodecPreferences(wished);
        }
      },
      [this.#index, codecs] as const,
    );
  }

  /** Our offer, complete with all candidates. */
  createOffer(): Promise<string> {
    return this.#describe(undefined);
  }

  /** Takes an offer and gives our answer, complete with all candidates. */
  answer(offer: string): Promise<string> {
    return this.#describe(offer);
  }

  /** Turns the camera off, which sends black, or on again. */
  setCamera(enabled: boolean): Promise<void> {
    return this.#page.evaluate(
      ([index, on]) => {
        for (const { track } of globalThis.peers[index]!.getSenders())
          if (track?.kind === 'video') track.enabled = on;
      },
      [this.#index, enabled] as const,
    );
  }

  /** Sends another camera picture of this width instead, without negotiating. */
  replaceCamera(width: number, height: number): Promise<void> {
    return this.#page.evaluate(
      async ([index, w, h]) => {
        const video = { width: { exact: w }, height: { exact: h } };
        const [track] = (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks();
        const sender = globalThis.peers[index]!.getSenders().find((one) => one.track?.kind === 'video');
        await sender!.replaceTrack(track!);
      },
      [this.#index, width, height] as const,
    );
  }

  #describe(offer: string | undefined): Promise<string> {
    return this.#page.evaluate(
      async ([index, sdp]) => {
        const peer = globalThis.peers[index]!;
        if (sdp !== undefined) await peer.setRemoteDescription({ type: 'offer', sdp });
        await peer.setLocalDescription();
        while (peer.iceGatheringState !== 'complete') {
          await new Promise((resolve) =>
            peer.addEventListener('icegatheringstatechange', resolve, { once: true }),
          );
        }
        return peer.localDescription!.sdp;
      },
      [this.#index, offer] as const,
    );
  }

  /** Takes the answer. */
  acceptAnswer(sdp: string): Promise<void> {
    return this.#page.evaluate(
      ([index, answer]) => globalThis.peers[index]!.setRemoteDescription({ type: 'answer', sdp: answer }),
      [this.#index, sdp] as const,
    );
  }

  /** Takes a candidate of the server. */
  addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#page.evaluate(([index, init]) => globalThis.peers[index]!.addIceCandidate(init), [
      this.#index,
      candidate,
    ] as const);
  }

  /** Waits for an ICE connection state. */
  waitForConnection(state: RTCPeerConnectionState, timeoutMs = 15_000): Promise<unknown> {
    return this.#page.waitForFunction(
      ([index, wanted]) => globalThis.peers[index]!.connectionState === wanted,
      [this.#index, state] as const,
      { timeout: timeoutMs },
    );
  }

  /** What has arrived so far. */
  figures(): Promise<Figures> {
    return this.#page.evaluate(async (index) => {
      const figures = { framesDecoded: 0, audioEnergy: 0, frameWidth: 0, packetsLost: 0 };
      for (const entry of (await globalThis.peers[index]!.getStats()).values()) {
        if (entry.type !== 'inbound-rtp') continue;
        figures.framesDecoded += entry.framesDecoded ?? 0;
        figures.audioEnergy += entry.totalAudioEnergy ?? 0;
        figures.frameWidth ||= entry.frameWidth ?? 0;
        figures.packetsLost += entry.packetsLost ?? 0;
      }
      return figures;
    }, this.#index);
  }

  /** Ends the peer connection. */
  close(): Promise<void> {
    return this.#page.evaluate((index) => globalThis.peers[index]!.close(), this.#index);
  }
}

/** Waits until `read` gives something for which `holds` is true; fails with `what` after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  timeoutMs = 10_000,
): Promise<T> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    assert.ok(
      performance.now() < untilMs,
      `${what}: not within ${timeoutMs} ms, last seen ${JSON.stringify(value)}`,
    );
    await delay(50);
  }
}

/** Fails unless frames are decoded in each of the next seconds, and sound was heard in all of them together. */
export async function assertPlays(read: () => Promise<Figures>, seconds: number): Promise<Figures> {
  const first = await eventually('first frame', read, ({ framesDecoded }) => framesDecoded > 0);
  let last = first;
  for (let second = 1; second <= seconds; second++) {
    await delay(1000);
    const next = await read();
    assert.ok(
      next.framesDecoded > last.framesDecoded,
      `second ${second}: frames stay at ${last.framesDecoded} (${JSON.stringify(next)})`,
    );
    last = next;
  }
  assert.ok(last.audioEnergy > first.audioEnergy, `silence: audio energy stays at ${last.audioEnergy}`);
  return last;
}
