/**
 * WebRtcEndpoint: two-way media with a browser, carried by one transport of a router process.
 * @module
 */
import type { ElementPads, MediaType } from '@rivero/graph';
import { KurentoError } from '@rivero/model';
import type * as api from '@rivero/model/server';
import type { NegotiatedMedia, NegotiatedSession, SdpConfig } from '@rivero/rtp';
import type { RouterEventListener } from '../media/RouterLink.ts';
import { consumerIdOf, RouterTransport } from '../media/RouterTransport.ts';
import type { Placement } from '../objects/ServerContext.ts';
import { dscpOf } from './dscp.ts';
import { IceCandidates } from './IceCandidates.ts';
import { rtpStats, sessionStats } from './rtpStats.ts';
import type { LocalCandidates } from './SdpEndpoint.ts';
import { type WebRtcEndpointOptions, WebRtcSettings } from './WebRtcSettings.ts';
import { keyTypeOf, localIdentity, webRtcSdpConfig } from './webRtcSdp.ts';

/** All sections are bundled on one transport with RTCP: there is one stream and one component. */
const stream = { streamId: 1, componentId: 1 } as const;
/** The same where the API wants text. */
const streamText = { streamId: '1', componentId: '1' } as const;

/** An endpoint that speaks WebRTC. */
export class WebRtcEndpoint extends WebRtcSettings implements api.WebRtcEndpoint {
  readonly #options: WebRtcEndpointOptions;
  readonly #identity = localIdentity();
  readonly #candidates = new IceCandidates();
  #transport: RouterTransport | undefined;
  #sendsVideo = false;
  #remoteMaxKbps = 0;
  #iceState: api.IceComponentState = 'DISCONNECTED';
  #dtlsState: api.DtlsConnectionState = 'NEW';
  #pair: api.IceCandidatePair | undefined;

  /** Makes the endpoint; its transport opens with its first SDP. */
  constructor(placement: Placement, options: WebRtcEndpointOptions) {
    super(placement);
    this.#options = options;
  }

  /** @throws {KurentoError} `ICE_GATHER_CANDIDATES_ERROR` before the SDP. */
  async gatherCandidates(): Promise<void> {
    const transport = this.#transport;
    if (!transport)
      throw new KurentoError('ICE_GATHER_CANDIDATES_ERROR', 'Candidates are gathered after the SDP');
    if (!this.#candidates.beginGathering()) return;
    const own = this.interfaceNames;
    const interfaces = own.length > 0 ? own : this.context.media.options.interfaces;
    for (const candidate of await transport.gatherCandidates(interfaces))
      this.#announce(this.announced(candidate));
    this.#candidates.complete = true;
    this.raise('IceGatheringDone');
  }

  /** Garbage is ignored, as Kurento does; @throws {KurentoError} `ICE_ADD_CANDIDATE_ERROR` for a bad index. */
  async addIceCandidate({ candidate: given }: { candidate: api.IceCandidate }): Promise<void> {
    const { candidate, sdpMLineIndex } = given;
    // None before the SDP, nor after one that was refused.
    const sections = this.negotiation?.sections ?? [];
    if (sdpMLineIndex < 0 || (sections.length > 0 && sdpMLineIndex >= sections.length)) {
      throw new KurentoError('ICE_ADD_CANDIDATE_ERROR', `There is no media section ${sdpMLineIndex}`);
    }
    // Of a rejected section: the remote gathered before it knew.
    if (candidate === '' || sections[sdpMLineIndex]?.rejected === true) return;
    if (this.#candidates.keep(candidate)) return;
    await this.#transport?.addCandidate(candidate);
  }

  /** @throws {KurentoError} `MEDIA_OBJECT_OPERATION_NOT_SUPPORTED`: there are no data channels yet. */
  createDataChannel(): void {
    throw noDataChannels();
  }

  /** @throws {KurentoError} `MEDIA_OBJECT_OPERATION_NOT_SUPPORTED`: there are no data channels yet. */
  closeDataChannel(): void {
    throw noDataChannels();
  }

  /** The selected pair, if there is one. */
  getICECandidatePairs(): api.IceCandidatePair[] {
    return this.#pair ? [this.#pair] : [];
  }

  getIceConnectionState(): api.IceConnection[] {
    return [{ ...streamText, componentId: stream.componentId, state: this.#iceState }];
  }

  getDtlsConnectionState(): api.DtlsConnection[] {
    return [{ ...streamText, connectionId: this.id, state: this.#dtlsState }];
  }

  override async requestKeyframe(): Promise<void> {
    const sources = this.media.connections.find({ sinkId: this.id, type: 'VIDEO' });
    if (!this.#transport || !this.#sendsVideo || sources.length === 0) {
      throw new KurentoError('MEDIA_OBJECT_OPERATION_NOT_SUPPORTED', 'This endpoint consumes no video');
    }
    await this.#transport.requestKeyFrame(consumerIdOf(this.#transport.id, 'VIDEO'));
  }

  override async getStats({ mediaType }: { mediaType?: MediaType }): Promise<Record<string, api.Stats>> {
    const own = await super.getStats({});
    // The counters of a router process end with it.
    if (!this.#transport?.link.alive) return own;
    const nowMs = this.context.clock.nowMs();
    const session = mediaType ? {} : sessionStats(this.id, nowMs);
    return { ...own, ...session, ...rtpStats(await this.#transport.stats(), mediaType, nowMs) };
  }

  override onRouterLost(reason: string): void {
    if (this.#transport) {
      this.#listener.iceStateChanged({ transportId: this.id, state: 'FAILED' });
      this.#listener.dtlsStateChanged({ transportId: this.id, state: 'CLOSED' });
      this.#pair = undefined;
    }
    super.onRouterLost(reason);
  }

  protected override sdpConfig(limits: Pick<SdpConfig, 'maxAudioRecvKbps' | 'maxVideoRecvKbps'>): SdpConfig {
    return webRtcSdpConfig(
      this.#identity,
      this.#options,
      this.media.link().ready,
      this.context.defaults,
      limits,
    );
  }

  protected override localCandidates(): LocalCandidates {
    return { candidates: this.#candidates.local, complete: this.#candidates.complete };
  }

  protected override async openTransport(offering: boolean): Promise<void> {
    const { iceUfrag, icePassword } = this.#identity;
    const request = {
      iceUfrag,
      icePassword,
      iceControlling: offering,
      certificateKeyType: keyTypeOf(this.#options),
      dscp: dscpOf(this.#options.qosDscp) ?? dscpOf(this.context.defaults.qosDscp ?? '') ?? 0,
    };
    this.#transport = await RouterTransport.open(this.id, this.media.link(), request, this.#listener);
    // Released while the router worked: nobody else will close it.
    if (this.released) await this.#transport.close();
  }

  protected override async startMedia(session: NegotiatedSession): Promise<void> {
    const transport = this.#transport;
    if (!transport) throw new Error('The transport is opened before media starts');
    // A remote whose every section was rejected has neither address nor certificate.
    if (session.medias.every(({ rejected }) => rejected)) return;
    // Asked for all at once: the router does them in this order, and one wait is shorter than ten.
    const connected = transport.connect({
      remoteUfrag: session.remoteIce.ufrag,
      remotePassword: session.remoteIce.password,
      remoteIceLite: session.remoteIce.lite,
      dtlsRole: session.dtlsRole,
      remoteFingerprints: session.remoteFingerprints,
    });
    const streams = new Map<MediaType, Promise<readonly [MediaType, ElementPads]>>();
    for (const media of session.medias) {
      const type = mediaTypeOf(media);
      if (type && !streams.has(type)) streams.set(type, this.#openStreams(transport, type, media));
    }
    const remote = session.remoteCandidates.map(({ candidate }) => candidate);
    const candidates = [...remote, ...this.#candidates.takeWaiting()];
    const [pads] = await Promise.all([
      Promise.all(streams.values()),
      connected,
      ...candidates.map((candidate) => transport.addCandidate(candidate)),
      this.applyBandwidth(),
    ]);
    await this.setPads(Object.fromEntries(pads));
  }

  protected override async applyBandwidth(): Promise<void> {
    await this.#transport?.setBandwidth(this.bandwidth(this.#remoteMaxKbps));
  }

  protected override async onRelease(): Promise<void> {
    await super.onRelease();
    await this.#transport?.close();
  }

  async #openStreams(
    transport: RouterTransport,
    type: MediaType,
    media: NegotiatedMedia,
  ): Promise<readonly [MediaType, ElementPads]> {
    const { direction, codecs } = media;
    const receives = direction === 'sendrecv' || direction === 'recvonly';
    const sends = direction === 'sendrecv' || direction === 'sendonly';
    if (type === 'VIDEO') {
      this.#sendsVideo = sends;
      this.#remoteMaxKbps = media.remoteMaxKbps;
    }
    const [producerId, consumerId] = await Promise.all([
      receives ? transport.produce(type, media) : undefined,
      sends ? transport.consume(type, media) : undefined,
    ]);
    const pads: ElementPads = {
      ...(producerId !== undefined && { source: { role: 'producer', producerId, codecs } }),
      ...(consumerId !== undefined && { sink: { role: 'consumer', consumerId, codecs } }),
    };
    return [type, pads];
  }

  #announce(candidate: string): void {
    this.#candidates.local.push(candidate);
    // With bundle the candidate is announced once for each section that shares the transport (spec 3.7).
    for (const { mid, index, rejected } of this.negotiation?.sections ?? []) {
      if (rejected) continue;
      this.raise('IceCandidateFound', { candidate: { candidate, sdpMid: mid, sdpMLineIndex: index } });
    }
  }

  #transportChanged(): void {
    const iceUp = this.#iceState === 'CONNECTED' || this.#iceState === 'READY';
    this.setConnectionState(iceUp && this.#dtlsState === 'CONNECTED' ? 'CONNECTED' : 'DISCONNECTED');
  }

  /** What the router tells of our transport and its streams. */
  readonly #listener: RouterEventListener = {
    iceStateChanged: ({ state }) => {
      this.#iceState = state;
      this.raise('IceComponentStateChanged', { ...stream, state });
      this.#transportChanged();
    },
    candidatePairSelected: ({ localCandidate, remoteCandidate }) => {
      this.#pair = { ...streamText, componentId: stream.componentId, localCandidate, remoteCandidate };
      this.raise('NewCandidatePairSelected', { candidatePair: this.#pair });
    },
    dtlsStateChanged: ({ state }) => {
      this.#dtlsState = state;
      this.raise('DtlsConnectionStateChange', { ...streamText, connectionId: this.id, state });
      this.#transportChanged();
    },
    mediaStateChanged: ({ connected }) => this.setMediaState(connected ? 'CONNECTED' : 'DISCONNECTED'),
    // Once released, the element is forgotten, and what it received too.
    producerFlowChanged: ({ producerId, flowing }) => {
      if (!this.released) this.media.setFlowing(producerId, flowing);
    },
    // A viewer's own leg: the pipeline's view of it follows from the producer and the plan.
    consumerFlowChanged: () => undefined,
  };
}

/** The media type of a section that carries RTP, or undefined for one that carries nothing. */
function mediaTypeOf({ kind, rejected }: NegotiatedMedia): MediaType | undefined {
  if (rejected || kind === 'application') return undefined;
  return kind === 'audio' ? 'AUDIO' : 'VIDEO';
}

function noDataChannels(): KurentoError {
  return new KurentoError('MEDIA_OBJECT_OPERATION_NOT_SUPPORTED', 'Data channels are not supported yet');
}
