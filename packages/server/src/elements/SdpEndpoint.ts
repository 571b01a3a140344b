/**
 * Endpoints that agree on media by SDP offer and answer: one negotiation in their life.
 * @module
 */
import { KurentoError } from '@rivero/model';
import type * as api from '@rivero/model/server';
import { type NegotiatedSession, type SdpConfig, SdpError, SdpNegotiation } from '@rivero/rtp';
import { MediaElement } from './MediaElement.ts';

/** Our own candidates, to be written into the local description. */
export interface LocalCandidates {
  /** `candidate:` texts, without the leading `a=`. */
  readonly candidates: readonly string[];
  /** True once gathering is done. */
  readonly complete: boolean;
}

/** Offer, answer and the limits that are written into SDP. */
export abstract class SdpEndpoint extends MediaElement implements api.SdpEndpoint {
  #maxAudioRecvKbps = 0;
  #maxVideoRecvKbps = 0;
  #negotiation: SdpNegotiation | undefined;

  /** Everything that our SDP says; asked for once, when the negotiation begins. */
  protected abstract sdpConfig(limits: Pick<SdpConfig, 'maxAudioRecvKbps' | 'maxVideoRecvKbps'>): SdpConfig;

  /** Opens what carries the media. `offering`: we made the offer. */
  protected abstract openTransport(offering: boolean): Promise<void>;

  /** Starts the media that both sides agreed on. */
  protected abstract startMedia(session: NegotiatedSession): Promise<void>;

  /** What is known of our own addresses. */
  protected abstract localCandidates(): LocalCandidates;

  /** The negotiation, once it began. */
  protected get negotiation(): SdpNegotiation | undefined {
    return this.#negotiation;
  }

  /** Ceiling of the video that we receive, kbit/s; 0 for none. */
  protected get maxVideoRecvKbps(): number {
    return this.#maxVideoRecvKbps;
  }

  async generateOffer({ options }: { options?: api.OfferOptions }): Promise<string> {
    const negotiation = await this.#begin();
    const offer = negotiating(() => negotiation.createOffer(options));
    await this.openTransport(true);
    return offer;
  }

  async processOffer({ offer }: { offer: string }): Promise<string> {
    const negotiation = await this.#begin();
    const answer = negotiating(() => negotiation.createAnswer(offer));
    await this.openTransport(false);
    await this.#start(negotiation);
    return answer;
  }

  async processAnswer({ answer }: { answer: string }): Promise<string> {
    const negotiation = this.#begun('SDP_END_POINT_NOT_OFFER_GENERATED', 'Offer not generated');
    negotiating(() => negotiation.acceptAnswer(answer));
    await this.#start(negotiation);
    return this.getLocalSessionDescriptor();
  }

  getLocalSessionDescriptor(): string {
    const negotiation = this.#begun('SDP_END_POINT_NO_LOCAL_SDP_ERROR', 'No local SDP');
    const { candidates, complete } = this.localCandidates();
    return negotiating(() => negotiation.localDescription(candidates, complete));
  }

  getRemoteSessionDescriptor(): string {
    const negotiation = this.#begun('SDP_END_POINT_NO_REMOTE_SDP_ERROR', 'No remote SDP');
    return negotiating(() => negotiation.remoteDescription());
  }

  protected override ownStats(): api.EndpointStats {
    return { ...super.ownStats(), __type__: 'EndpointStats', type: 'endpoint', E2ELatency: [] };
  }

  getMaxAudioRecvBandwidth(): number {
    return this.#maxAudioRecvKbps;
  }

  setMaxAudioRecvBandwidth({ maxAudioRecvBandwidth }: { maxAudioRecvBandwidth: number }): void {
    this.#maxAudioRecvKbps = maxAudioRecvBandwidth;
  }

  getMaxVideoRecvBandwidth(): number {
    return this.#maxVideoRecvKbps;
  }

  async setMaxVideoRecvBandwidth({
    maxVideoRecvBandwidth,
  }: {
    maxVideoRecvBandwidth: number;
  }): Promise<void> {
    this.#maxVideoRecvKbps = maxVideoRecvBandwidth;
    await this.applyBandwidth();
  }

  /** Passes changed limits on to a running transport. */
  protected abstract applyBandwidth(): Promise<void>;

  async #begin(): Promise<SdpNegotiation> {
    await this.media.ready();
    const limits = { maxAudioRecvKbps: this.#maxAudioRecvKbps, maxVideoRecvKbps: this.#maxVideoRecvKbps };
    this.#negotiation ??= new SdpNegotiation(this.sdpConfig(limits));
    return this.#negotiation;
  }

  #begun(type: ConstructorParameters<typeof KurentoError>[0], message: string): SdpNegotiation {
    if (this.#negotiation) return this.#negotiation;
    throw new KurentoError(type, message);
  }

  async #start(negotiation: SdpNegotiation): Promise<void> {
    const session = negotiation.result;
    if (!session) throw new KurentoError('SDP_END_POINT_PROCESS_OFFER_ERROR', 'Nothing was negotiated');
    await this.startMedia(session);
    if (this.released) throw new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${this.id}' not found`);
    this.raise('MediaSessionStarted');
  }
}

/** Runs a step of the negotiation; its errors are the caller's. */
function negotiating<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof SdpError) throw new KurentoError(error.type, error.message, { cause: error });
    throw error;
  }
}
