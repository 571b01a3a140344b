/**
 * The decoders and encoders of one pipeline, as branches of media hosts.
 *
 * ```text
 * router ─tap─→ decoder ─→ tee ─→ encoder ─feed─→ router     (a branch; each encoder is a part of it)
 *                            └──→ encoder ─feed─→ router
 * ```
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Decoder, Encoder, Framerate, Tap } from '@rivero/graph';
import { decodeText, encoderName, encodeText, HostError, type MediaCodec } from '@rivero/gst';
import type { HostEvents } from '@rivero/gst';
import type { Logger } from 'pino';
import type { HostServices } from './HostServices.ts';
import { HostStream, type StreamDescription } from './HostStream.ts';
import type { RouterLink } from './RouterLink.ts';
import { streamCodec, tableCodec } from './streamCodec.ts';

/** Who hears of branches that end by themselves. */
export interface TranscodingListener {
  /** These decoders and encoders are gone. `error`: what an element said, if it was not the process that ended. */
  onLost(ids: readonly string[], reason: string, error?: HostEvents['error']): void;
  /** Packets of an encoder began or ceased to come. */
  onFlow(producerId: string, flowing: boolean): void;
  /** Bit/s for an encoder whose viewers asked for `wishedBps`, undefined when none has asked. */
  bitrateOf(encoderId: string, wishedBps: number | undefined): number;
}

interface RunningDecoder {
  readonly branchId: string;
  readonly stream: HostStream;
}

interface RunningEncoder {
  readonly decoderId: string;
  readonly branchId: string;
  readonly name: string;
  readonly codec: MediaCodec;
  readonly description: StreamDescription;
  readonly stream: HostStream;
  wishedBps: number | undefined;
  bitrateBps: number;
}

/** Name of the element at which decoded media parts. */
const teeName = 'raw';
const placement = { purpose: 'transcoding', policy: 'shared' } as const;
// Two seconds at 30 frames: spec 3.3 says 60. Viewers that join ask for a key frame anyway.
const keyFrameDistance = 60;

/** Starts and stops what plans say. Every call is made after the one before has ended. */
export class TranscodingBranches {
  readonly #hosts: HostServices;
  readonly #listener: TranscodingListener;
  readonly #log: Logger;
  readonly #taps = new Map<string, Tap>();
  readonly #decoders = new Map<string, RunningDecoder>();
  readonly #encoders = new Map<string, RunningEncoder>();
  #names = 0;

  /** No branches yet. */
  constructor(hosts: HostServices, listener: TranscodingListener, log: Logger) {
    this.#hosts = hosts;
    this.#listener = listener;
    this.#log = log;
  }

  /** Notes where a stream comes from. Each of its users opens a consumer of its own, which costs next to nothing. */
  startTap(tap: Tap): void {
    this.#taps.set(tap.id, tap);
  }

  /** The router producer that a tap or an encoder stands for, and what it gives; undefined if it is gone. */
  streamOf(id: string): StreamDescription | undefined {
    return this.#taps.get(id) ?? this.#encoders.get(id)?.description;
  }

  /** Forgets a stream. */
  stopTap(id: string): void {
    this.#taps.delete(id);
  }

  /** Starts to decode. @throws {Error} if the router or a host refuses. */
  async startDecoder(link: RouterLink, { id, streamId, codec }: Decoder): Promise<void> {
    const tap = this.#taps.get(streamId);
    if (tap === undefined) throw new HostError('NOT_FOUND', `There is no stream '${streamId}' to decode`);
    const stream = await HostStream.tap(link, tap);
    const branchId = randomUUID();
    const incoming = {
      name: 'in',
      rtp: 'rtp',
      rtcp: 'rtcp',
      payloadType: codec.payloadType,
      clockRate: codec.clockRate,
      parameters: codec.parameters,
    };
    const text = `${decodeText(tableCodec(codec), incoming)} ! tee name=${teeName} allow-not-linked=true`;
    const request = { branchId, text, sockets: stream.sockets('rtp', 'rtcp') };
    this.#decoders.set(id, { branchId, stream });
    try {
      await stream.listenTo(tap.producerId);
      await this.#hosts.launch(request, placement, {
        onEvent: (name, event) => this.#onEvent(id, name, event),
        onLost: (reason) => this.#lose(id, reason),
      });
    } catch (error) {
      this.#decoders.delete(id);
      await stream.close();
      throw error;
    }
  }

  /** Stops to decode. */
  async stopDecoder(id: string): Promise<void> {
    const decoder = this.#decoders.get(id);
    this.#decoders.delete(id);
    if (decoder === undefined) return;
    await this.#hosts.closeBranch(decoder.branchId);
    await decoder.stream.close();
  }

  /** Starts to encode what a decoder gives, into a producer of the router. @throws {Error} if anybody refuses. */
  async startEncoder(
    link: RouterLink,
    { id, rawId, type, codec, framerate, producerId }: Encoder,
  ): Promise<void> {
    const decoder = this.#decoders.get(rawId);
    if (decoder === undefined) throw new HostError('NOT_FOUND', `There is no decoded media '${rawId}'`);
    const stream = await HostStream.feed(
      link,
      { producerId, type, codec: streamCodec(codec) },
      {
        onFlow: (flowing) => this.#listener.onFlow(producerId, flowing),
        onBitrate: (bitrateBps) => this.#wish(id, bitrateBps),
      },
    );
    const name = `out${this.#names++}`;
    const { branchId } = decoder;
    const bitrateBps = this.#listener.bitrateOf(id, undefined);
    const table = tableCodec(codec);
    const [rtp, rtcp] = [`${name}-rtp`, `${name}-rtcp`];
    const outgoing = { name, rtp, rtcp, payloadType: codec.payloadType, ssrc: stream.ssrc, keyFrameDistance };
    // What is heard is never worth less than the codec's own bit rate: Kurento's settings are those of video.
    const encode = encodeText(table, type === 'VIDEO' ? { ...outgoing, bitrateBps } : outgoing);
    // The part's open pad is that of the element which the text names last; before it come pads inside of rtpbin.
    const head = `identity name=${name}-head ! ${framerate === undefined ? '' : framerateText(framerate)}${encode}`;
    const text = `${head} queue max-size-buffers=2 ! ${name}-head.`;
    try {
      await this.#hosts.request('link', {
        branchId,
        partId: name,
        text,
        sockets: stream.sockets(rtp, rtcp),
        from: { element: teeName, pad: 'src_%u' },
      });
    } catch (error) {
      await stream.close();
      throw error;
    }
    this.#encoders.set(id, {
      decoderId: rawId,
      branchId,
      name,
      codec: table,
      description: { producerId, type, codec },
      stream,
      wishedBps: undefined,
      bitrateBps,
    });
  }

  /** Stops to encode. */
  async stopEncoder(id: string): Promise<void> {
    const encoder = this.#encoders.get(id);
    this.#encoders.delete(id);
    if (encoder === undefined) return;
    await this.#hosts
      .request('unlink', { branchId: encoder.branchId, partId: encoder.name })
      .catch((error: unknown) => this.#log.debug({ err: error, id }, 'encoder was gone'));
    await encoder.stream.close();
  }

  /** Applies bit rates that have changed. */
  steer(): void {
    for (const id of this.#encoders.keys()) this.#applyBitrate(id);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    const decoders = [...this.#decoders.values()];
    const streams = [...decoders, ...this.#encoders.values()].map(({ stream }) => stream);
    this.#taps.clear();
    this.#decoders.clear();
    this.#encoders.clear();
    await Promise.all(decoders.map(({ branchId }) => this.#hosts.closeBranch(branchId)));
    await Promise.all(streams.map((stream) => stream.close()));
  }

  #onEvent<K extends keyof HostEvents>(id: string, name: K, event: HostEvents[K]): void {
    if (name === 'warning') this.#log.warn({ data: event }, 'a transcoder worries');
    if (name !== 'error') return;
    // Holds because the name says which event it is.
    const error = event as HostEvents['error'];
    const decoder = this.#decoders.get(id);
    if (decoder !== undefined) void this.#hosts.closeBranch(decoder.branchId);
    this.#lose(id, error.description, error);
  }

  #lose(id: string, reason: string, error?: HostEvents['error']): void {
    const decoder = this.#decoders.get(id);
    if (decoder === undefined) return;
    this.#decoders.delete(id);
    void decoder.stream.close();
    const ids = [id];
    for (const [encoderId, { decoderId, stream }] of this.#encoders) {
      if (decoderId !== id) continue;
      ids.push(encoderId);
      this.#encoders.delete(encoderId);
      void stream.close();
    }
    this.#listener.onLost(ids, reason, error);
  }

  #wish(id: string, bitrateBps: number): void {
    const encoder = this.#encoders.get(id);
    if (encoder === undefined) return;
    encoder.wishedBps = bitrateBps;
    this.#applyBitrate(id);
  }

  #applyBitrate(id: string): void {
    const encoder = this.#encoders.get(id);
    const setting = encoder?.codec.kind === 'video' ? encoder.codec.bitrate : undefined;
    if (encoder === undefined || setting === undefined) return;
    const bitrateBps = this.#listener.bitrateOf(id, encoder.wishedBps);
    if (bitrateBps === encoder.bitrateBps) return;
    encoder.bitrateBps = bitrateBps;
    const value = Math.max(1, Math.round(bitrateBps / setting.unitBps));
    const { branchId, name } = encoder;
    const element = encoderName(name);
    this.#hosts
      .request('set', { branchId, element, property: setting.property, value })
      .catch((error: unknown) => this.#log.debug({ err: error, id }, 'bit rate was not set'));
  }
}

function framerateText({ numerator, denominator }: Framerate): string {
  return `videorate ! capsfilter caps=video/x-raw,framerate=${numerator}/${denominator} ! `;
}
