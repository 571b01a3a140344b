/**
 * The welcome page: the camera goes through a WebRtcEndpoint and comes back, with live figures.
 * @module
 */
import { WebRtcPeer } from '@rivero/browser';
import { connect } from '@rivero/client';

/** How often the figures are read, milliseconds. */
const FIGURES_EVERY_MS = 500;

/** What the user can do about an error, by its code or type. */
const advice = new Map([
  ['PERMISSION_DENIED', 'The browser may not use the camera. Allow it in the address bar and start again.'],
  ['DEVICE_NOT_FOUND', 'No camera or microphone was found. Plug one in and start again.'],
  ['DEVICE_IN_USE', 'The camera is in use by another program. Close that and start again.'],
  [
    'INSECURE_CONTEXT',
    'Browsers give the camera only to pages from https or localhost. Open this page there.',
  ],
  ['NOT_SUPPORTED', 'This browser cannot do WebRTC. Try a current one.'],
  ['CONNECTION_FAILED', 'The server does not answer. Is it still running?'],
  ['CONNECTION_LOST', 'The connection to the server broke.'],
  ['MEDIA_OBJECT_NOT_AVAILABLE', 'This server cannot make a WebRtcEndpoint.'],
  ['NOT_ENOUGH_RESOURCES', 'The server has no room for another connection at the moment. Try again soon.'],
]);

/** The element with that id, which the page has. */
const element = (id) => document.getElementById(id);
const [startButton, stopButton, sound, status, local, remote] = [
  'start',
  'stop',
  'sound',
  'status',
  'local',
  'remote',
].map(element);

/** Thrown inside a run that was stopped, and shown to nobody. */
class Stopped extends Error {}

/** One run from Start to Stop. */
class Loopback {
  #peer = new WebRtcPeer({ mode: 'sendrecv', localVideo: local, remoteVideo: remote });
  /** What has to be ended, the latest first. */
  #endings = [];
  #stopped = false;

  /** Brings the camera to the server and back. */
  async start(address) {
    await this.#keep(() => this.#peer.dispose());
    this.#peer.on('connectionState', (state) => this.#connectionChanged(state));
    say('Waiting for the camera…');
    await this.#peer.start();
    say('Connecting…');
    // A server that wants a token lets in a page that was opened as /?access_token=….
    const accessToken = new URLSearchParams(location.search).get('access_token') ?? undefined;
    const client = await connect(address, accessToken === undefined ? {} : { accessToken });
    await this.#keep(() => client.close());
    client.on('closed', () => fail(this, { code: 'CONNECTION_LOST' }));
    const pipeline = await client.create('MediaPipeline');
    await this.#keep(() => pipeline.release());
    const endpoint = await pipeline.create('WebRtcEndpoint');
    await endpoint.on('IceCandidateFound', ({ candidate }) => {
      this.#peer.addIceCandidate(candidate).catch(() => {});
    });
    this.#peer.on('candidate', ({ candidate, sdpMid, sdpMLineIndex }) => {
      endpoint.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }).catch((error) => fail(this, error));
    });
    await endpoint.connect(endpoint);
    await this.#peer.negotiate((offer) => endpoint.processOffer(offer));
    await endpoint.gatherCandidates();
    const timer = setInterval(() => this.#showFigures().catch(() => {}), FIGURES_EVERY_MS);
    await this.#keep(() => clearInterval(timer));
  }

  /** Ends everything; the server releases its part. Idempotent. */
  async stop() {
    this.#stopped = true;
    for (const end of this.#endings.splice(0).reverse()) {
      try {
        await end();
      } catch {
        // The server may be gone; the rest has to end all the same.
      }
    }
  }

  /** Remembers how to end something; ends it at once if the run was stopped meanwhile. */
  async #keep(end) {
    this.#endings.push(end);
    if (!this.#stopped) return;
    await this.stop();
    throw new Stopped();
  }

  #connectionChanged(state) {
    if (this.#stopped) return;
    if (state === 'connected') say('Connected.');
    if (state === 'failed')
      fail(this, new Error('No way to the server was found: is its UDP port reachable?'));
  }

  async #showFigures() {
    const { roundTripMs, outgoingBitrateBps, incomingBitrateBps, incoming } = await this.#peer.stats();
    if (this.#stopped) return;
    const { audio, video } = incoming;
    show('roundTrip', roundTripMs, (ms) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`);
    show('bitrateOut', outgoingBitrateBps, kilobits);
    show('bitrateIn', incomingBitrateBps, kilobits);
    show('frames', video?.framesDecoded, (frames) => frames.toLocaleString('en'));
    show(
      'resolution',
      video?.width,
      (width) => `${width} × ${video?.height}, ${video?.framesPerSecond ?? 0}/s`,
    );
    show('codecs', video?.codec, (codec) => [codec, audio?.codec].filter(Boolean).join(', '));
    show('audioLevel', audio?.audioLevel, (level) => `${Math.round(level * 100)} %`);
    show('lost', video && video.packetsLost + (audio?.packetsLost ?? 0), String);
  }
}

function kilobits(bitrateBps) {
  return `${Math.round(bitrateBps / 1000).toLocaleString('en')} kbit/s`;
}

/** Shows a figure, or a dash while it is unknown. */
function show(name, value, print) {
  const target = document.querySelector(`[data-figure="${name}"]`);
  target.textContent = value === undefined ? '–' : print(value);
}

function say(text, isProblem = false) {
  status.textContent = text;
  status.classList.toggle('problem', isProblem);
}

let current;

function setRunning(loopback) {
  current = loopback;
  startButton.disabled = loopback !== undefined;
  stopButton.disabled = loopback === undefined;
  (loopback === undefined ? startButton : stopButton).focus();
}

/** Ends a run because of an error, and says what can be done. */
function fail(loopback, error) {
  if (current !== loopback) return;
  setRunning(undefined);
  const text = advice.get(error.code) ?? advice.get(error.type) ?? error.message ?? String(error);
  say(text, true);
  void loopback.stop();
}

async function start() {
  const loopback = new Loopback();
  setRunning(loopback);
  try {
    await loopback.start(address);
  } catch (error) {
    fail(loopback, error);
  }
}

async function stop() {
  const loopback = current;
  setRunning(undefined);
  say('Stopped.');
  await loopback?.stop();
}

async function findAddress() {
  const { webSocketPath } = await (await fetch('settings.json')).json();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/${webSocketPath}`;
}

const address = await findAddress();
element('address').textContent = address;
// The browser's echo cancellation keeps the returned sound out of the microphone.
sound.addEventListener('change', () => (remote.muted = !sound.checked));
startButton.addEventListener('click', () => void start());
stopButton.addEventListener('click', () => void stop());
// A page that goes away takes its pipeline along; the server would keep it for minutes otherwise.
addEventListener('pagehide', () => void current?.stop());
