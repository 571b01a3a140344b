/**
 * What the test page offers to tests: the package under test, and a signalling-free pair of peers.
 * @module
 */
import * as browser from '../../src/index.ts';

/** Makes `offerer` and `answerer` talk to each other: offer, answer and candidates both ways. */
async function join(offerer: browser.WebRtcPeer, answerer: browser.WebRtcPeer): Promise<void> {
  offerer.on('candidate', (candidate) => void answerer.addIceCandidate(candidate.toJSON()));
  answerer.on('candidate', (candidate) => void offerer.addIceCandidate(candidate.toJSON()));
  await offerer.negotiate((offer) => answerer.processOffer(offer));
}

/** Asks `read` on each animation-sized step until it returns something truthy. */
async function until<T>(read: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const value = await read();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A silent, moving picture that needs no device. */
function canvasStream(width: number, height: number): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    if (!context) return;
    context.fillStyle = `hsl(${frame++ % 360} 80% 50%)`;
    context.fillRect(0, 0, width, height);
  }, 40);
  return canvas.captureStream(25);
}

/** Everything a test can reach in the page. */
export const bench = { ...browser, join, until, canvasStream };

Object.assign(globalThis, { bench });
