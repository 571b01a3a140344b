/**
 * One WebRTC connection between this page and a media server: devices, offer and answer, trickled candidates,
 * and replaceable tracks, over the browser's `RTCPeerConnection` (W3C webrtc, JSEP RFC 9429).
 * @module
 */
import { kindOf, LocalMedia, show } from './LocalMedia.ts';
import { type Listener, TypedEvents } from './TypedEvents.ts';
import { WebRtcPeerError } from './WebRtcPeerError.ts';
import { type MediaSource, openSource } from './mediaSource.ts';
import { type MediaKind, type PeerStats, StatsSampler } from './peerStats.ts';

/** Which way media goes, seen from the page. */
export type PeerMode = 'sendrecv' | 'sendonly' | 'recvonly';

/** How to make a `WebRtcPeer`. */
export interface WebRtcPeerOptions {
  /** Which way media goes. Default `sendrecv`. */
  readonly mode?: PeerMode;
  /** What is sent. Default `camera`. Not used in `recvonly`. */
  readonly source?: MediaSource;
  /**
   * Which kinds take part and what is asked of the devices. A kind set to `false` is neither sent nor received.
   * Default: sound, and a picture of about 640x480 at 30 frames/s.
   */
  readonly constraints?: MediaStreamConstraints;
  /** STUN and TURN servers and the like. Default: none, which suffices where the server is reachable directly. */
  readonly configuration?: RTCConfiguration;
  /** A connection made by the page, instead of one made from `configuration`. */
  readonly connection?: RTCPeerConnection;
  /** Shows what is sent, without sound. */
  readonly localVideo?: HTMLMediaElement;
  /** Shows what is received. */
  readonly remoteVideo?: HTMLMediaElement;
  /** `true`, or the label and options of the data channel that is opened with the offer. Default: none. */
  readonly dataChannel?: boolean | ({ readonly label?: string } & RTCDataChannelInit);
}

/** What a `WebRtcPeer` tells its listeners. */
export interface WebRtcPeerEvents {
  /** A local candidate to send to the server. Those found before the first listener came are kept for it. */
  candidate: RTCIceCandidate;
  /** All local candidates were found. */
  candidatesDone: undefined;
  /** Media arrives; once per connection, with the stream that all received tracks join. */
  remoteStream: MediaStream;
  /** One received track. */
  track: MediaStreamTrack;
  /** The state of the connection changed. */
  connectionState: RTCPeerConnectionState;
  /** A data channel was opened, by this page or by the server. */
  dataChannel: RTCDataChannel;
  /** A message came on a data channel. */
  message: string | Blob | ArrayBuffer;
  /** A sent track ended by itself: the user stopped sharing, or the device is gone. */
  ended: MediaKind;
  /** The peer was disposed. */
  disposed: undefined;
}

const kinds: readonly MediaKind[] = ['audio', 'video'];

/** A page's end of a WebRTC connection. Make one with `await WebRtcPeer.open(options)`; end it with `dispose()`. */
export class WebRtcPeer extends TypedEvents<WebRtcPeerEvents> {
  /** Which way media goes. */
  readonly mode: PeerMode;
  /** The browser's connection, for what this class does not cover. */
  readonly connection: RTCPeerConnection;
  /** What is received; empty until the first track comes. */
  readonly remoteStream: MediaStream = new MediaStream();

  readonly #options: WebRtcPeerOptions;
  readonly #local: LocalMedia;
  readonly #senders = new Map<MediaKind, RTCRtpSender>();
  readonly #sampler = new StatsSampler();
  readonly #keptCandidates: RTCIceCandidate[] = [];
  #earlyCandidates: (() => Promise<void>)[] | undefined = [];
  #dataChannel: RTCDataChannel | undefined;
  #started: Promise<void> | undefined;
  #disposed = false;

  /** Opens the source and returns the peer, ready for `generateOffer` or `processOffer`. @throws {WebRtcPeerError} */
  static async open(options: WebRtcPeerOptions = {}): Promise<WebRtcPeer> {
    const peer = new WebRtcPeer(options);
    try {
      await peer.start();
    } catch (error) {
      peer.dispose();
      throw error;
    }
    return peer;
  }

  /** Makes the connection but opens nothing yet: add listeners, then call `start` or `generateOffer`. */
  constructor(options: WebRtcPeerOptions = {}) {
    super();
    this.mode = options.mode ?? 'sendrecv';
    this.#options = options;
    this.#local = new LocalMedia((kind) => this.emit('ended', kind));
    this.connection = options.connection ?? new RTCPeerConnection(options.configuration);
    this.connection.addEventListener('icecandidate', ({ candidate }) => this.#foundCandidate(candidate));
    this.connection.addEventListener('track', ({ track }) => this.#gotTrack(track));
    this.connection.addEventListener('datachannel', ({ channel }) => this.#adopt(channel));
    this.connection.addEventListener('connectionstatechange', () =>
      this.emit('connectionState', this.connection.connectionState),
    );
  }

  /** What is sent; its tracks change when they are replaced, the stream stays. */
  get localStream(): MediaStream {
    return this.#local.stream;
  }

  /** The data channel, once there is one. */
  get dataChannel(): RTCDataChannel | undefined {
    return this.#dataChannel;
  }

  /** Whether `dispose` was called. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Whether sound has content; in `recvonly` of what is received, otherwise of what is sent. */
  get audioEnabled(): boolean {
    return this.#local.enabled('audio');
  }

  /** Mutes or unmutes sound. */
  set audioEnabled(enabled: boolean) {
    this.#setEnabled('audio', enabled);
  }

  /** Whether the picture has content; in `recvonly` of what is received, otherwise of what is sent. */
  get videoEnabled(): boolean {
    return this.#local.enabled('video');
  }

  /** Blackens or restores the picture. */
  set videoEnabled(enabled: boolean) {
    this.#setEnabled('video', enabled);
  }

  /** Adds a listener; the first one for `candidate` is given those found so far. Returns this peer. */
  override on<Name extends keyof WebRtcPeerEvents>(
    name: Name,
    listener: Listener<WebRtcPeerEvents[Name]>,
  ): this {
    super.on(name, listener);
    if (name === 'candidate') {
      for (const candidate of this.#keptCandidates.splice(0)) this.emit('candidate', candidate);
    }
    return this;
  }

  /** Opens the source; further calls return the same promise. @throws {WebRtcPeerError} */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** The page's offer, starting the search for candidates. @throws {WebRtcPeerError} `WRONG_STATE` when called twice. */
  async generateOffer(): Promise<string> {
    await this.start();
    this.#assertAlive();
    if (this.connection.localDescription || this.connection.remoteDescription) {
      throw new WebRtcPeerError('WRONG_STATE', 'This peer has negotiated already; make a new one');
    }
    for (const kind of kinds) this.#addTransceiver(kind);
    this.#openDataChannel();
    return await this.#describe(async () => await this.connection.createOffer());
  }

  /** The page's answer to an offer of the server. @throws {WebRtcPeerError} `SDP_REJECTED`. */
  async processOffer(offer: string): Promise<string> {
    await this.start();
    await this.#applyRemote({ type: 'offer', sdp: offer });
    for (const transceiver of this.connection.getTransceivers()) await this.#fillTransceiver(transceiver);
    const answer = await this.#describe(async () => await this.connection.createAnswer());
    await this.#applyEarlyCandidates();
    return answer;
  }

  /** Takes the server's answer. @throws {WebRtcPeerError} `WRONG_STATE` without an offer, `SDP_REJECTED`. */
  async processAnswer(answer: string): Promise<void> {
    this.#assertAlive();
    if (this.connection.signalingState !== 'have-local-offer') {
      throw new WebRtcPeerError('WRONG_STATE', 'No offer is waiting for an answer');
    }
    await this.#applyRemote({ type: 'answer', sdp: answer });
    await this.#applyEarlyCandidates();
  }

  /** Offers, lets `exchange` fetch the server's answer, and takes it. */
  async negotiate(exchange: (offer: string) => Promise<string>): Promise<void> {
    const offer = await this.generateOffer();
    await this.processAnswer(await exchange(offer));
  }

  /**
   * Adds a candidate of the server. Before the server's description is known candidates are kept, and the
   * promise settles when they were applied. Candidates that come after `dispose` are ignored.
   * @throws {WebRtcPeerError} `CANDIDATE_REJECTED`.
   */
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    const apply = async (): Promise<void> => {
      if (this.#disposed) return;
      try {
        await this.connection.addIceCandidate(candidate);
      } catch (cause) {
        throw new WebRtcPeerError('CANDIDATE_REJECTED', `Candidate refused: ${candidate.candidate}`, {
          cause,
        });
      }
    };
    const early = this.#earlyCandidates;
    if (!early) return apply();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    early.push(() => apply().then(resolve, reject));
    return promise;
  }

  /** Sends another picture, or none, without negotiating again. @throws {WebRtcPeerError} `WRONG_STATE`. */
  replaceVideo(track: MediaStreamTrack | null): Promise<void> {
    return this.#replace('video', track, false);
  }

  /** Sends other sound, or none, without negotiating again. @throws {WebRtcPeerError} `WRONG_STATE`. */
  replaceAudio(track: MediaStreamTrack | null): Promise<void> {
    return this.#replace('audio', track, false);
  }

  /** Switches to another source, say the screen; a kind that it lacks stays. @throws {WebRtcPeerError} */
  async replaceSource(source: MediaSource, constraints?: MediaStreamConstraints): Promise<void> {
    const media = await openSource(source, constraints);
    try {
      for (const track of media.stream.getTracks()) await this.#replace(kindOf(track), track, media.owned);
      this.#assertAlive();
    } catch (error) {
      this.#local.refuse(media);
      if (this.#disposed) this.#local.stop();
      throw error;
    }
  }

  /** Sends on the data channel. @throws {WebRtcPeerError} `WRONG_STATE` when there is no open one. */
  send(data: string | Blob | ArrayBuffer): void {
    if (this.#dataChannel?.readyState !== 'open') {
      throw new WebRtcPeerError('WRONG_STATE', 'The data channel is not open');
    }
    // `send` takes each type of the union, but its overloads do not take the union itself.
    this.#dataChannel.send(data as string);
  }

  /** Figures of this moment; bitrates are averages since the previous call. */
  async stats(): Promise<PeerStats> {
    const report = await this.connection.getStats();
    return this.#sampler.sample(report);
  }

  /** Ends the connection, stops the devices that the peer opened and clears the video elements; may be repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#dataChannel?.close();
    this.connection.close();
    this.#local.stop();
    for (const element of [this.#options.localVideo, this.#options.remoteVideo]) {
      if (element) element.srcObject = null;
    }
    void this.#applyEarlyCandidates();
    this.emit('disposed', undefined);
    this.removeListeners();
  }

  async #start(): Promise<void> {
    this.#assertAlive();
    if (this.mode === 'recvonly') return;
    const media = await openSource(this.#options.source ?? 'camera', this.#options.constraints);
    this.#local.add(media);
    if (this.#disposed) {
      this.#local.stop();
      this.#assertAlive();
    }
    const { localVideo } = this.#options;
    if (localVideo) {
      localVideo.muted = true;
      show(this.#local.stream, localVideo);
    }
  }

  #assertAlive(): void {
    if (this.#disposed) throw new WebRtcPeerError('DISPOSED', 'The peer was disposed');
  }

  #direction(kind: MediaKind): RTCRtpTransceiverDirection {
    if (this.mode === 'recvonly') return 'recvonly';
    if (this.#local.track(kind)) return this.mode;
    return this.mode === 'sendrecv' ? 'recvonly' : 'inactive';
  }

  #addTransceiver(kind: MediaKind): void {
    const direction = this.#direction(kind);
    if (this.#options.constraints?.[kind] === false || direction === 'inactive') return;
    const { sender } = this.connection.addTransceiver(this.#local.track(kind) ?? kind, {
      direction,
      streams: [this.#local.stream],
    });
    if (direction !== 'recvonly') this.#senders.set(kind, sender);
  }

  async #fillTransceiver(transceiver: RTCRtpTransceiver): Promise<void> {
    const kind = kindOf(transceiver.receiver.track);
    const unwanted = this.#options.constraints?.[kind] === false || this.#senders.has(kind);
    transceiver.direction = unwanted ? 'inactive' : this.#direction(kind);
    const track = this.#local.track(kind);
    if (unwanted || !track) return;
    this.#senders.set(kind, transceiver.sender);
    await transceiver.sender.replaceTrack(track);
  }

  async #describe(create: () => Promise<RTCSessionDescriptionInit>): Promise<string> {
    try {
      await this.connection.setLocalDescription(await create());
    } catch (cause) {
      this.#assertAlive();
      throw new WebRtcPeerError('SDP_REJECTED', 'The browser could not describe this connection', { cause });
    }
    return this.connection.localDescription?.sdp ?? '';
  }

  async #applyRemote(description: RTCSessionDescriptionInit): Promise<void> {
    this.#assertAlive();
    try {
      await this.connection.setRemoteDescription(description);
    } catch (cause) {
      this.#assertAlive();
      throw new WebRtcPeerError('SDP_REJECTED', `The browser refused the server's ${description.type}`, {
        cause,
      });
    }
  }

  async #applyEarlyCandidates(): Promise<void> {
    const early = this.#earlyCandidates ?? [];
    this.#earlyCandidates = undefined;
    await Promise.all(early.map((apply) => apply()));
  }

  async #replace(kind: MediaKind, track: MediaStreamTrack | null, owned: boolean): Promise<void> {
    this.#assertAlive();
    const sender = this.#senders.get(kind);
    if (!sender && this.connection.localDescription) {
      throw new WebRtcPeerError('WRONG_STATE', `This peer was negotiated without sending ${kind}`);
    }
    await sender?.replaceTrack(track);
    this.#local.replace(kind, track ?? undefined, owned);
  }

  #setEnabled(kind: MediaKind, enabled: boolean): void {
    this.#local.setEnabled(kind, enabled);
    for (const track of this.remoteStream.getTracks()) if (track.kind === kind) this.#applyEnabled(track);
  }

  #applyEnabled(track: MediaStreamTrack): void {
    if (this.mode === 'recvonly') track.enabled = this.#local.enabled(kindOf(track));
  }

  #foundCandidate(candidate: RTCIceCandidate | null): void {
    // An empty string marks the end for one media line (RFC 8838 section 14); null marks the end of all.
    if (!candidate) this.emit('candidatesDone', undefined);
    else if (candidate.candidate === '') return;
    else if (this.listenerCount('candidate') > 0) this.emit('candidate', candidate);
    else this.#keptCandidates.push(candidate);
  }

  #gotTrack(track: MediaStreamTrack): void {
    const first = this.remoteStream.getTracks().length === 0;
    this.remoteStream.addTrack(track);
    this.#applyEnabled(track);
    if (first) {
      if (this.#options.remoteVideo) show(this.remoteStream, this.#options.remoteVideo);
      this.emit('remoteStream', this.remoteStream);
    }
    this.emit('track', track);
  }

  #openDataChannel(): void {
    const wanted = this.#options.dataChannel;
    if (!wanted) return;
    const { label = 'data', ...init } = wanted === true ? {} : wanted;
    this.#adopt(this.connection.createDataChannel(label, init));
  }

  #adopt(channel: RTCDataChannel): void {
    this.#dataChannel = channel;
    channel.addEventListener('open', () => this.emit('dataChannel', channel));
    channel.addEventListener('message', ({ data }) => this.emit('message', data));
  }
}
