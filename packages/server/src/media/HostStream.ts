/**
 * Control's side of one stream between a router and a media host.
 * @module
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { MediaType } from '@rivero/graph';
import type { SocketRequest } from '@rivero/gst';
import type { RtpCodec } from '@rivero/rtp';
import type { HostStreamListener, RouterLink } from './RouterLink.ts';

/** A stream of the router's producers or consumers. */
export interface StreamDescription {
  /** The router producer that the stream comes from, or that it becomes. */
  readonly producerId: string;
  /** Media type. */
  readonly type: MediaType;
  /** What travels. */
  readonly codec: RtpCodec;
}

/** What its owner wants to know of a stream. */
export interface StreamObserver {
  /** Packets of the producer began or ceased to come. Only of streams that leave a host. */
  onFlow?(flowing: boolean): void;
  /** What the viewers of the producer can take, bit/s. Only of streams that leave a host. */
  onBitrate?(bitrateBps: number): void;
}

const noExtensions = {};

/** A transport of the router with two connections to a branch: RTP and RTCP. */
export class HostStream {
  /** Unique in the router. */
  readonly id: string = randomUUID();
  /** SSRC of the packets. */
  readonly ssrc: number = randomInt(1, 2 ** 32);
  readonly #link: RouterLink;
  readonly #path: string;
  #producerId: string | undefined;
  #closed = false;

  private constructor(link: RouterLink, path: string) {
    this.#link = link;
    this.#path = path;
  }

  /** Opens a stream that brings what a producer gives to a host. It is silent until `listenTo`. */
  static async tap(
    link: RouterLink,
    { type, codec }: Omit<StreamDescription, 'producerId'>,
  ): Promise<HostStream> {
    const stream = await HostStream.#open(link, {});
    return stream.#orClose(() =>
      link.request('consume', {
        transportId: stream.id,
        consumerId: stream.id,
        kind: kindOf(type),
        mid: '0',
        codecs: [codec],
        ssrc: stream.ssrc,
        cname: stream.id,
        extensions: noExtensions,
      }),
    );
  }

  /** Opens a stream that brings what a host gives to the router, as a producer. */
  static async feed(
    link: RouterLink,
    { producerId, type, codec }: StreamDescription,
    observer: StreamObserver,
  ): Promise<HostStream> {
    const stream = await HostStream.#open(link, observer);
    stream.#producerId = producerId;
    link.listen(producerId, {
      iceStateChanged: ignore,
      candidatePairSelected: ignore,
      dtlsStateChanged: ignore,
      mediaStateChanged: ignore,
      consumerFlowChanged: ignore,
      producerFlowChanged: ({ flowing }) => observer.onFlow?.(flowing),
    });
    return stream.#orClose(() =>
      link.request('produce', {
        transportId: stream.id,
        producerId,
        kind: kindOf(type),
        mid: '0',
        codecs: [codec],
        ssrcs: [stream.ssrc],
        extensions: noExtensions,
      }),
    );
  }

  static async #open(link: RouterLink, observer: StreamObserver): Promise<HostStream> {
    const stream = new HostStream(link, await link.hostSocket());
    const { id } = stream;
    const listener: HostStreamListener = {
      hostStreamConnected: ignore,
      // The pool tells of the branch.
      hostStreamEnded: ignore,
      hostBitrateWished: ({ bitrateBps }) => observer.onBitrate?.(bitrateBps),
    };
    link.listenHost(id, listener);
    return stream.#orClose(() =>
      link.request('openHostTransport', {
        transportId: id,
        rtpStreamId: `${id}/rtp`,
        rtcpStreamId: `${id}/rtcp`,
      }),
    );
  }

  /** Brings what this producer gives from now on, beginning with a key frame, or nothing. Only of taps. */
  async listenTo(producerId: string | null): Promise<void> {
    if (this.#closed || !this.#link.alive) return;
    await this.#link.request('link', { consumerId: this.id, producerId });
  }

  /** The connections that a branch has to make, for launch text that uses `rtp` and `rtcp` as their names. */
  sockets(rtp: string, rtcp: string): SocketRequest[] {
    return [
      { name: rtp, path: this.#path, streamId: `${this.id}/rtp` },
      { name: rtcp, path: this.#path, streamId: `${this.id}/rtcp` },
    ];
  }

  /** Closes it. Idempotent; succeeds also when the router is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#link.forgetHost(this.id);
    if (this.#producerId !== undefined) this.#link.forget(this.#producerId);
    if (!this.#link.alive) return;
    // Fails only if the process ends meanwhile, or if it was never opened.
    await this.#link.request('closeTransport', { transportId: this.id }).catch(ignore);
  }

  async #orClose(step: () => Promise<unknown>): Promise<this> {
    try {
      await step();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}

function kindOf(type: MediaType): 'audio' | 'video' {
  return type === 'AUDIO' ? 'audio' : 'video';
}

function ignore(): void {}
