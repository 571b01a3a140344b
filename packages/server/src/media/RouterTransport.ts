/**
 * Control's side of one router transport: its ids, its operations and its events.
 * @module
 */
import type {
  ConnectTransport,
  OpenTransport,
  RouterOperations,
  SetBandwidth,
  TransportStats,
} from '@rivero/datapath';
import type { MediaType } from '@rivero/graph';
import { KurentoError } from '@rivero/model';
import type { NegotiatedMedia } from '@rivero/rtp';
import type { RouterEventListener, RouterLink } from './RouterLink.ts';

/** The id of the producer that receives a media type on a transport. */
function producerIdOf(transportId: string, type: MediaType): string {
  return `${transportId}/${type}/in`;
}

/** The id of the consumer that sends a media type on a transport. */
export function consumerIdOf(transportId: string, type: MediaType): string {
  return `${transportId}/${type}/out`;
}

type WithoutId<T> = Omit<T, 'transportId'>;

/**
 * One ICE + DTLS transport in a router process. Every call rejects once the process is gone, or once it is closed:
 * its owner may be released while it negotiates.
 */
export class RouterTransport {
  /** Unique in the router. */
  readonly id: string;
  /** The process that it lives in. */
  readonly link: RouterLink;
  readonly #listener: RouterEventListener;
  readonly #streams: string[] = [];
  #closed = false;

  private constructor(id: string, link: RouterLink, listener: RouterEventListener) {
    this.id = id;
    this.link = link;
    this.#listener = listener;
  }

  /** Opens the transport; from then on events reach `listener`. */
  static async open(
    id: string,
    link: RouterLink,
    options: WithoutId<OpenTransport>,
    listener: RouterEventListener,
  ): Promise<RouterTransport> {
    const transport = new RouterTransport(id, link, listener);
    link.listen(id, listener);
    link.transportCount += 1;
    try {
      await link.request('openTransport', { ...options, transportId: id });
    } catch (error) {
      transport.#detach();
      throw error;
    }
    return transport;
  }

  /** Collects host candidates of the named interfaces, all when none is named. `candidate:` strings. */
  async gatherCandidates(interfaces: readonly string[]): Promise<readonly string[]> {
    const { candidates } = await this.#request('gatherCandidates', { transportId: this.id, interfaces });
    return candidates;
  }

  /** Tells the remote description. */
  async connect(remote: WithoutId<ConnectTransport>): Promise<void> {
    await this.#request('connectTransport', { ...remote, transportId: this.id });
  }

  /** Adds a remote candidate. False if it is of no use to us. */
  async addCandidate(candidate: string): Promise<boolean> {
    const { accepted } = await this.#request('addCandidate', { transportId: this.id, candidate });
    return accepted;
  }

  /** Sets the limits of spec 3.9. */
  async setBandwidth(limits: WithoutId<SetBandwidth>): Promise<void> {
    await this.#request('setBandwidth', { ...limits, transportId: this.id });
  }

  /** Opens the producer of a negotiated section and returns its id. */
  async produce(type: MediaType, media: NegotiatedMedia): Promise<string> {
    const producerId = producerIdOf(this.id, type);
    const { mid, codecs, extensions, remoteSsrcs } = media;
    const kind = type === 'AUDIO' ? 'audio' : 'video';
    const request = {
      transportId: this.id,
      producerId,
      kind,
      mid,
      codecs,
      ssrcs: remoteSsrcs,
      extensions,
    } as const;
    await this.#open(producerId, 'produce', request);
    return producerId;
  }

  /** Opens the consumer of a negotiated section and returns its id. It is silent until it is linked. */
  async consume(type: MediaType, media: NegotiatedMedia): Promise<string> {
    const consumerId = consumerIdOf(this.id, type);
    const { mid, codecs, extensions, localSsrc: ssrc, cname } = media;
    const kind = type === 'AUDIO' ? 'audio' : 'video';
    const request = { transportId: this.id, consumerId, kind, mid, codecs, ssrc, cname, extensions } as const;
    await this.#open(consumerId, 'consume', request);
    return consumerId;
  }

  /** Asks the source of a consumer for a key frame. */
  async requestKeyFrame(consumerId: string): Promise<void> {
    await this.#request('requestKeyFrame', { consumerId });
  }

  /** Counters of all streams of this transport. */
  async stats(): Promise<TransportStats> {
    return this.#request('stats', { transportId: this.id });
  }

  /** Closes it with all its streams. Idempotent; succeeds also when the process is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#detach();
    if (this.link.alive) await this.link.request('closeTransport', { transportId: this.id });
  }

  /** Opens a stream whose events reach the listener. */
  #open<K extends 'produce' | 'consume'>(
    id: string,
    operation: K,
    request: RouterOperations[K]['request'],
  ): Promise<RouterOperations[K]['reply']> {
    if (!this.#closed) {
      this.#streams.push(id);
      this.link.listen(id, this.#listener);
    }
    return this.#request(operation, request);
  }

  /** @throws {KurentoError} `MEDIA_OBJECT_NOT_FOUND` once it is closed: it has the id of its endpoint. */
  async #request<K extends keyof RouterOperations>(
    operation: K,
    request: RouterOperations[K]['request'],
  ): Promise<RouterOperations[K]['reply']> {
    if (this.#closed) throw new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${this.id}' not found`);
    return this.link.request(operation, request);
  }

  #detach(): void {
    this.#closed = true;
    this.link.transportCount -= 1;
    for (const id of [this.id, ...this.#streams]) this.link.forget(id);
  }
}
