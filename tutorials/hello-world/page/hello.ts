/**
 * The page of hello-world: a click on Start sends the camera, and shows what comes back.
 * @module
 */
import { WebRtcPeer } from '@rivero/browser';
import type { FromApp, FromPage } from '../messages.ts';

const start = element('start', HTMLButtonElement);
const stop = element('stop', HTMLButtonElement);
const status = element('status', HTMLElement);

const socket = new WebSocket(new URL('/signalling', location.href.replace(/^http/, 'ws')));
let peer: WebRtcPeer | undefined;

start.addEventListener('click', () => void call());
stop.addEventListener('click', () => {
  stop.disabled = true;
  send({ id: 'stop' });
});
socket.addEventListener('message', ({ data }) => {
  receive(JSON.parse(data)).catch((error: unknown) => hangUp(String(error)));
});
socket.addEventListener('close', () => hangUp('The application is gone. Reload the page to try again.'));

/** Opens the camera and sends an offer; the answer comes to `receive`. */
async function call(): Promise<void> {
  start.disabled = true;
  status.textContent = 'Opening the camera';
  try {
    peer = await WebRtcPeer.open({
      localVideo: element('local', HTMLVideoElement),
      remoteVideo: element('remote', HTMLVideoElement),
    });
    peer.on('connectionState', (state) => (status.textContent = `Connection: ${state}`));
    send({ id: 'start', sdpOffer: await peer.generateOffer() });
    // Candidates found so far are handed over now, after the offer that they belong to.
    peer.on('candidate', ({ candidate, sdpMid, sdpMLineIndex }) =>
      send({
        id: 'onIceCandidate',
        candidate: { candidate, sdpMid: sdpMid ?? '', sdpMLineIndex: sdpMLineIndex ?? 0 },
      }),
    );
    stop.disabled = false;
  } catch (error) {
    hangUp(error instanceof Error ? error.message : String(error));
  }
}

async function receive(message: FromApp): Promise<void> {
  switch (message.id) {
    case 'startResponse':
      await peer?.processAnswer(message.sdpAnswer);
      break;
    case 'iceCandidate':
      await peer?.addIceCandidate(message.candidate);
      break;
    case 'stopped':
      hangUp('Stopped');
      break;
    case 'error':
      hangUp(message.message);
  }
}

function hangUp(reason: string): void {
  peer?.dispose();
  peer = undefined;
  start.disabled = socket.readyState !== WebSocket.OPEN;
  stop.disabled = true;
  status.textContent = reason;
}

function send(message: FromPage): void {
  socket.send(JSON.stringify(message));
}

function element<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${type.name} '${id}'`);
}
