/**
 * The constructors and method names of kurento-utils over `WebRtcPeer`, so that a page written for it keeps
 * working. Every method takes a Node-style callback and returns nothing or, without one, returns a promise.
 *
 * Differences from the original: no public STUN servers are added by themselves; screen sharing takes its sound
 * from the screen, not from the microphone; `simulcast` and `multistream` (Plan B SDP, gone from browsers) are
 * accepted and have no effect; `hark` is not included.
 * @module
 */
import { TypedEvents } from './TypedEvents.ts';
import { type PeerMode, WebRtcPeer, type WebRtcPeerOptions } from './WebRtcPeer.ts';
import type { MediaSource } from './mediaSource.ts';

/** Called with an error, or with `undefined` and the results. */
export type NodeCallback<Results extends readonly unknown[] = []> = (
  error: unknown,
  ...results: Partial<Results>
) => void;

/** Called with an offer and the function that takes its answer. */
export type OfferCallback = NodeCallback<[string, (answer: string, done: NodeCallback) => void]>;

/** The options of kurento-utils; unknown ones are ignored. */
export interface KurentoUtilsOptions {
  /** Name of the peer. Default: a random UUID. */
  readonly id?: string;
  /** Shows what is sent. */
  readonly localVideo?: HTMLMediaElement | undefined;
  /** Shows what is received. */
  readonly remoteVideo?: HTMLVideoElement | undefined;
  /** Picture to send instead of the camera's. */
  readonly videoStream?: MediaStream;
  /** Sound to send instead of the microphone's. */
  readonly audioStream?: MediaStream;
  /** What is asked of the devices. Default: sound, and a picture 640 wide at 15 frames/s. */
  readonly mediaConstraints?: MediaStreamConstraints;
  /** A connection made by the page. */
  readonly peerConnection?: RTCPeerConnection;
  /** Where the picture comes from; `screen` and `window` are one in today's browsers. Default `webcam`. */
  readonly sendSource?: 'webcam' | 'screen' | 'window';
  /** Whether to open a data channel. */
  readonly dataChannels?: boolean;
  /** The data channel's label, options and handlers. */
  readonly dataChannelConfig?: DataChannelConfig;
  /** STUN and TURN servers. */
  readonly configuration?: RTCConfiguration;
  /** Called with each local candidate. */
  readonly onicecandidate?: (candidate: RTCIceCandidate) => void;
  /** Called when all local candidates were found. */
  readonly oncandidategatheringdone?: () => void;
  /** Called with the received stream. */
  readonly onaddstream?: (event: { readonly stream: MediaStream }) => void;
  /** Called when the browser wants a negotiation. */
  readonly onnegotiationneeded?: (event: Event) => void;
}

/** The data channel of `KurentoUtilsOptions`. */
export interface DataChannelConfig {
  /** Label of the channel. */
  readonly id?: string;
  /** Ordering and reliability. */
  readonly options?: RTCDataChannelInit;
  /** Called when the channel opens. */
  readonly onopen?: (event: Event) => void;
  /** Called when the channel closes. */
  readonly onclose?: (event: Event) => void;
  /** Called with each message. */
  readonly onmessage?: (event: MessageEvent) => void;
  /** Called when the send buffer has run low. */
  readonly onbufferedamountlow?: (event: Event) => void;
  /** Called when the channel fails. */
  readonly onerror?: (event: Event) => void;
}

/** Events of `KurentoUtilsPeer`. */
export interface KurentoUtilsEvents {
  /** A local candidate to send to the server. */
  icecandidate: RTCIceCandidate;
  /** All local candidates were found. */
  candidategatheringdone: undefined;
}

/** A peer with the methods of kurento-utils. */
export class KurentoUtilsPeer extends TypedEvents<KurentoUtilsEvents> {
  /** Name of the peer. */
  readonly id: string;
  /** Shows what is sent. */
  readonly localVideo: HTMLMediaElement | undefined;
  /** Shows what is received. */
  readonly remoteVideo: HTMLVideoElement | undefined;
  /** The peer that does the work. */
  readonly peer: WebRtcPeer;
  /** Settles when the devices are open, as the constructor's callback does. */
  readonly ready: Promise<void>;

  /** Opens the devices, then calls `callback` with this peer as `this`. */
  constructor(mode: PeerMode, options: KurentoUtilsOptions = {}, callback?: NodeCallback) {
    super();
    this.id = options.id ?? crypto.randomUUID();
    this.localVideo = options.localVideo;
    this.remoteVideo = options.remoteVideo;
    this.peer = new WebRtcPeer(peerOptions(mode, options));
    this.#listen(options);
    this.ready = this.peer.start();
    if (callback) settle(this.ready, () => callback.call(this, undefined), callback.bind(this));
  }

  /** The browser's connection. */
  get peerConnection(): RTCPeerConnection {
    return this.peer.connection;
  }

  /** The data channel, once there is one. */
  get dataChannel(): RTCDataChannel | undefined {
    return this.peer.dataChannel;
  }

  /** Whether both sound and picture have content. */
  get enabled(): boolean {
    return this.audioEnabled && this.videoEnabled;
  }

  /** Mutes or unmutes both. */
  set enabled(enabled: boolean) {
    this.audioEnabled = enabled;
    this.videoEnabled = enabled;
  }

  /** Whether sound has content. */
  get audioEnabled(): boolean {
    return this.peer.audioEnabled;
  }

  /** Mutes or unmutes sound. */
  set audioEnabled(enabled: boolean) {
    this.peer.audioEnabled = enabled;
  }

  /** Whether the picture has content. */
  get videoEnabled(): boolean {
    return this.peer.videoEnabled;
  }

  /** Blackens or restores the picture. */
  set videoEnabled(enabled: boolean) {
    this.peer.videoEnabled = enabled;
  }

  /** The received picture of this moment, on a canvas of its size; `undefined` without `remoteVideo`. */
  get currentFrame(): HTMLCanvasElement | undefined {
    if (!this.remoteVideo) return undefined;
    const canvas = document.createElement('canvas');
    canvas.width = this.remoteVideo.videoWidth;
    canvas.height = this.remoteVideo.videoHeight;
    canvas.getContext('2d')?.drawImage(this.remoteVideo, 0, 0);
    return canvas;
  }

  /** Makes an offer. */
  generateOffer(): Promise<string>;
  /** Makes an offer; the callback also gets `processAnswer`. */
  generateOffer(callback: OfferCallback): void;
  generateOffer(callback?: OfferCallback): Promise<string> | void {
    const processAnswer = (answer: string, done: NodeCallback): void => this.processAnswer(answer, done);
    const offer = this.peer.generateOffer();
    return this.#hand(offer, callback && ((error, sdp) => callback.call(this, error, sdp, processAnswer)));
  }

  /** Answers an offer of the server. */
  processOffer(offer: string): Promise<string>;
  /** Answers an offer of the server. */
  processOffer(offer: string, callback: NodeCallback<[string]>): void;
  processOffer(offer: string, callback?: NodeCallback<[string]>): Promise<string> | void {
    return this.#hand(this.peer.processOffer(offer), callback);
  }

  /** Takes the server's answer. */
  processAnswer(answer: string): Promise<void>;
  /** Takes the server's answer. */
  processAnswer(answer: string, callback: NodeCallback): void;
  processAnswer(answer: string, callback?: NodeCallback): Promise<void> | void {
    return this.#hand(this.peer.processAnswer(answer), callback);
  }

  /** Adds a candidate of the server; kept until the server's description is known. */
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>;
  /** Adds a candidate of the server; kept until the server's description is known. */
  addIceCandidate(candidate: RTCIceCandidateInit, callback: NodeCallback): void;
  addIceCandidate(candidate: RTCIceCandidateInit, callback?: NodeCallback): Promise<void> | void {
    return this.#hand(this.peer.addIceCandidate(candidate), callback);
  }

  /** Sends on the data channel. */
  send(data: string | Blob | ArrayBuffer): void {
    this.peer.send(data);
  }

  /** Shows what is sent in `localVideo`, without sound. */
  showLocalVideo(): void {
    if (!this.localVideo) return;
    this.localVideo.muted = true;
    this.localVideo.srcObject = this.peer.localStream;
  }

  /** The sent stream; `undefined` beyond index 0. */
  getLocalStream(index = 0): MediaStream | undefined {
    return index === 0 ? this.peer.localStream : undefined;
  }

  /** The received stream; `undefined` beyond index 0. */
  getRemoteStream(index = 0): MediaStream | undefined {
    return index === 0 ? this.peer.remoteStream : undefined;
  }

  /** The page's description, once there is one. */
  getLocalSessionDescriptor(): RTCSessionDescription | null {
    return this.peer.connection.localDescription;
  }

  /** The server's description, once there is one. */
  getRemoteSessionDescriptor(): RTCSessionDescription | null {
    return this.peer.connection.remoteDescription;
  }

  /** Adds a listener, as `on`. */
  addListener<Name extends keyof KurentoUtilsEvents>(
    name: Name,
    listener: (payload: KurentoUtilsEvents[Name]) => void,
  ): this {
    return this.on(name, listener);
  }

  /** Removes a listener, as `off`. */
  removeListener<Name extends keyof KurentoUtilsEvents>(
    name: Name,
    listener: (payload: KurentoUtilsEvents[Name]) => void,
  ): this {
    return this.off(name, listener);
  }

  /** Ends the connection and stops the devices. */
  dispose(): void {
    this.peer.dispose();
    this.removeListeners();
  }

  #hand<T>(work: Promise<T>, callback: ((error: unknown, value?: T) => void) | undefined): Promise<T> | void {
    if (!callback) return work;
    settle(work, (value) => callback.call(this, undefined, value), callback.bind(this));
  }

  #listen(options: KurentoUtilsOptions): void {
    const { onicecandidate, oncandidategatheringdone, onaddstream, onnegotiationneeded } = options;
    if (onicecandidate) this.on('icecandidate', onicecandidate);
    if (oncandidategatheringdone) this.on('candidategatheringdone', oncandidategatheringdone);
    if (onaddstream) this.peer.on('remoteStream', (stream) => onaddstream({ stream }));
    if (onnegotiationneeded) this.peerConnection.addEventListener('negotiationneeded', onnegotiationneeded);
    this.peer.on('candidatesDone', () => this.emit('candidategatheringdone', undefined));
    this.peer.on('dataChannel', (channel) => handleChannel(channel, options.dataChannelConfig));
    if (onicecandidate) this.#forwardCandidates();
  }

  #forwarding = false;

  /** Candidates wait in the inner peer until someone listens here. */
  #forwardCandidates(): void {
    if (this.#forwarding) return;
    this.#forwarding = true;
    this.peer.on('candidate', (candidate) => this.emit('icecandidate', candidate));
  }

  /** Adds a listener; the first one for `icecandidate` is given those found so far. Returns this peer. */
  override on<Name extends keyof KurentoUtilsEvents>(
    name: Name,
    listener: (payload: KurentoUtilsEvents[Name]) => void,
  ): this {
    super.on(name, listener);
    if (name === 'icecandidate') this.#forwardCandidates();
    return this;
  }
}

/** A constructor of kurento-utils: works with and without `new`. */
export interface PeerConstructor<Arguments extends readonly unknown[]> {
  /** Makes a peer. */
  new (...given: Arguments): KurentoUtilsPeer;
  /** Makes a peer, without `new`. */
  (...given: Arguments): KurentoUtilsPeer;
}

type ModeArguments = [options?: KurentoUtilsOptions, callback?: NodeCallback];

/** What kurento-utils exports, as far as it is served here. */
export interface KurentoUtils {
  /** Makes a peer of a mode; the fixed modes are its members. */
  readonly WebRtcPeer: PeerConstructor<[mode: PeerMode, ...ModeArguments]> & {
    /** Sends and receives. */
    readonly WebRtcPeerSendrecv: PeerConstructor<ModeArguments>;
    /** Only sends. */
    readonly WebRtcPeerSendonly: PeerConstructor<ModeArguments>;
    /** Only receives. */
    readonly WebRtcPeerRecvonly: PeerConstructor<ModeArguments>;
    /** Wraps a connection so that early remote candidates are kept until its remote description is set. */
    readonly bufferizeCandidates: typeof bufferizeCandidates;
  };
}

/** The kurento-utils namespace; pages with classic scripts put it on `globalThis`. */
export const kurentoUtils: KurentoUtils = {
  WebRtcPeer: Object.assign(
    constructorOf((mode: PeerMode, ...rest: ModeArguments) => new KurentoUtilsPeer(mode, ...rest)),
    {
      WebRtcPeerSendrecv: constructorOf(
        (...given: ModeArguments) => new KurentoUtilsPeer('sendrecv', ...given),
      ),
      WebRtcPeerSendonly: constructorOf(
        (...given: ModeArguments) => new KurentoUtilsPeer('sendonly', ...given),
      ),
      WebRtcPeerRecvonly: constructorOf(
        (...given: ModeArguments) => new KurentoUtilsPeer('recvonly', ...given),
      ),
      bufferizeCandidates,
    },
  ),
};

/** A function callable with and without `new`, whose results are instances of it. */
function constructorOf<Arguments extends readonly unknown[]>(
  make: (...given: Arguments) => KurentoUtilsPeer,
): PeerConstructor<Arguments> {
  function construct(...given: Arguments): KurentoUtilsPeer {
    return make(...given);
  }
  construct.prototype = KurentoUtilsPeer.prototype;
  // Holds: `new` on a plain function that returns an object yields that object.
  return construct as unknown as PeerConstructor<Arguments>;
}

function bufferizeCandidates(
  connection: RTCPeerConnection,
  onerror?: (error: unknown) => void,
): (candidate: RTCIceCandidateInit, callback?: NodeCallback) => void {
  const early: (() => void)[] = [];
  connection.addEventListener('signalingstatechange', () => {
    if (connection.remoteDescription) for (const apply of early.splice(0)) apply();
  });
  return (candidate, callback = (error): void => void (error && onerror?.(error))) => {
    const apply = (): void =>
      settle(connection.addIceCandidate(candidate), () => callback(undefined), callback);
    if (connection.remoteDescription) apply();
    else early.push(apply);
  };
}

function peerOptions(mode: PeerMode, options: KurentoUtilsOptions): WebRtcPeerOptions {
  const { localVideo, remoteVideo, configuration, peerConnection, dataChannelConfig } = options;
  return {
    mode,
    source: sourceOf(options),
    constraints: options.mediaConstraints ?? { audio: true, video: { width: 640, frameRate: 15 } },
    ...(localVideo && { localVideo }),
    ...(remoteVideo && { remoteVideo }),
    ...(configuration && { configuration }),
    ...(peerConnection && { connection: peerConnection }),
    dataChannel: options.dataChannels
      ? { label: dataChannelConfig?.id ?? 'WebRtcPeer-data', ...dataChannelConfig?.options }
      : false,
  };
}

function sourceOf({ videoStream, audioStream, sendSource }: KurentoUtilsOptions): MediaSource {
  if (videoStream ?? audioStream) {
    return new MediaStream([
      ...(videoStream?.getVideoTracks() ?? []),
      ...((audioStream ?? videoStream)?.getAudioTracks() ?? []),
    ]);
  }
  return sendSource === 'screen' || sendSource === 'window' ? 'screen' : 'camera';
}

function handleChannel(channel: RTCDataChannel, config: DataChannelConfig = {}): void {
  channel.onclose = config.onclose ?? null;
  channel.onmessage = config.onmessage ?? null;
  channel.onbufferedamountlow = config.onbufferedamountlow ?? null;
  channel.onerror = config.onerror ?? null;
  config.onopen?.(new Event('open'));
}

/** Hands the outcome to callbacks; what a callback throws is the page's error, not the promise's. */
function settle<T>(work: Promise<T>, onValue: (value: T) => void, onError: (error: unknown) => void): void {
  work.then(onValue, onError).catch(reportError);
}
