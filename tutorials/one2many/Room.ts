/**
 * One presenter, any number of viewers, in one pipeline.
 * @module
 */
import type { KurentoClient, Remote } from '@rivero/client';
import type { Channel } from '../site/Channel.ts';
import type { Candidate } from '../site/candidate.ts';
import type { FromApp, FromPage } from './messages.ts';

/** A page that presents or views. */
export type Page = Channel<FromPage, FromApp>;

interface Presentation {
  readonly page: Page;
  readonly pipeline: Remote<'MediaPipeline'>;
  readonly endpoint: Remote<'WebRtcEndpoint'>;
  /** The endpoint of each viewer. */
  readonly viewers: Map<Page, Remote<'WebRtcEndpoint'>>;
}

/** Connects viewers to the presenter, whoever comes first, and tells them when the presenter leaves. */
export class Room {
  readonly #client: KurentoClient;
  #presentation: Presentation | undefined;
  /** Whether a presenter is being made; the place is taken from its first message on. */
  #preparing = false;

  /** An empty room on a media server. */
  constructor(client: KurentoClient) {
    this.#client = client;
  }

  /** Makes a page the presenter and answers its offer. @throws {Error} If there is one already. */
  async present(page: Page, sdpOffer: string): Promise<void> {
    await this.leave(page);
    if (this.#presentation || this.#preparing) throw new Error('Somebody else is presenting already');
    this.#preparing = true;
    try {
      const pipeline = await this.#client.create('MediaPipeline');
      try {
        const endpoint = await this.#answer(page, pipeline, sdpOffer);
        this.#presentation = { page, pipeline, endpoint, viewers: new Map() };
      } catch (error) {
        await pipeline.release();
        throw error;
      }
      // However the pipeline ends, the viewers hear of it.
      void pipeline.whenReleased().then(() => this.#ended(pipeline));
    } finally {
      this.#preparing = false;
    }
  }

  /** Connects a viewer to the presenter and answers its offer. @throws {Error} If nobody presents. */
  async view(page: Page, sdpOffer: string): Promise<void> {
    await this.leave(page);
    const presentation = this.#presentation;
    if (!presentation) throw new Error('Nobody is presenting yet');
    const endpoint = await this.#answer(page, presentation.pipeline, sdpOffer, presentation.endpoint);
    if (presentation.pipeline.released) throw new Error('The presentation is over');
    presentation.viewers.set(page, endpoint);
  }

  /** Hands a candidate of a page to its endpoint. */
  async addCandidate(page: Page, candidate: Candidate): Promise<void> {
    const presentation = this.#presentation;
    const endpoint = presentation?.page === page ? presentation.endpoint : presentation?.viewers.get(page);
    await endpoint?.addIceCandidate(candidate);
  }

  /** Takes a page out. If it is the presenter, everything ends and the viewers are told. */
  async leave(page: Page): Promise<void> {
    const presentation = this.#presentation;
    if (presentation?.page === page) {
      await presentation.pipeline.release();
      return;
    }
    const endpoint = presentation?.viewers.get(page);
    presentation?.viewers.delete(page);
    await endpoint?.release();
  }

  /** Makes the endpoint of a page, fed by `source` if given, and answers the page's offer. */
  async #answer(
    page: Page,
    pipeline: Remote<'MediaPipeline'>,
    sdpOffer: string,
    source?: Remote<'WebRtcEndpoint'>,
  ): Promise<Remote<'WebRtcEndpoint'>> {
    const endpoint = await pipeline.create('WebRtcEndpoint');
    try {
      await endpoint.on('IceCandidateFound', ({ candidate }) => page.send({ id: 'iceCandidate', candidate }));
      const sdpAnswer = await endpoint.processOffer(sdpOffer);
      await source?.connect(endpoint);
      page.send({ id: 'accepted', sdpAnswer });
      await endpoint.gatherCandidates();
      return endpoint;
    } catch (error) {
      await endpoint.release();
      throw error;
    }
  }

  #ended(pipeline: Remote<'MediaPipeline'>): void {
    const presentation = this.#presentation;
    if (presentation?.pipeline !== pipeline) return;
    this.#presentation = undefined;
    for (const page of [presentation.page, ...presentation.viewers.keys()]) {
      page.send({ id: 'stopCommunication', message: 'The presentation is over' });
    }
  }
}
