/**
 * The page of one2many: presents the camera, or views what another page presents.
 * @module
 */
import { WebRtcPeer } from '@rivero/browser';
import type { FromApp, FromPage } from '../messages.ts';

const buttons = {
  presenter: element('presenter', HTMLButtonElement),
  viewer: element('viewer', HTMLButtonElement),
};
const stop = element('stop', HTMLButtonElement);
const status = element('status', HTMLElement);
const picture = element('picture', HTMLVideoElement);

const socket = new WebSocket(new URL('/signalling', location.href.replace(/^http/, 'ws')));
let peer: WebRtcPeer | undefined;

buttons.presenter.addEventListener('click', () => void join('presenter'));
buttons.viewer.addEventListener('click', () => void join('viewer'));
stop.addEventListener('click', () => {
  send({ id: 'stop' });
  hangUp('Stopped');
});
socket.addEventListener('message', ({ data }) => {
  receive(JSON.parse(data)).catch((error: unknown) => hangUp(String(error)));
});
socket.addEventListener('close', () => hangUp('The application is gone. Reload the page to try again.'));

/** Sends an offer as presenter or viewer; the answer comes to `receive`. */
async function join(role: 'presenter' | 'viewer'): Promise<void> {
  for (const button of Object.values(buttons)) button.disabled = true;
  status.textContent = role === 'presenter' ? 'Opening the camera' : 'Calling';
  try {
    peer = await WebRtcPeer.open(
      role === 'presenter'
        ? { mode: 'sendonly', localVideo: picture }
        : { mode: 'recvonly', remoteVideo: picture },
    );
    peer.on('connectionState', (state) => (status.textContent = `Connection: ${state}`));
    send({ id: role, sdpOffer: await peer.generateOffer() });
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
    case 'accepted':
      await peer?.processAnswer(message.sdpAnswer);
      break;
    case 'iceCandidate':
      await peer?.addIceCandidate(message.candidate);
      break;
    case 'rejected':
    case 'stopCommunication':
      hangUp(message.message);
  }
}

function hangUp(reason: string): void {
  peer?.dispose();
  peer = undefined;
  const gone = socket.readyState !== WebSocket.OPEN;
  for (const button of Object.values(buttons)) button.disabled = gone;
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
