/**
 * Collects the branches that a plan needs: each is made at the first demand and shared after it.
 * @module
 */
import type { RtpCodec } from '@rivero/rtp';
import {
  type Connection,
  type Framerate,
  type HostSinkPad,
  type HostTransformPad,
  inputName,
  type MediaType,
} from './elements.ts';
import { enteringCodec, formatKey } from './hostCodecs.ts';
import type { Decoder, Encoder, Feed, HostLink, Tap } from './Plan.ts';
import type { EncodedSource, RawSource } from './SourceStreams.ts';

/** A stream or decoded media within the hosts, with the branches on the way to it. */
export interface Reached {
  /** Its id. */
  readonly id: string;
  /** Ids of the branches, from the source on. */
  readonly branches: readonly string[];
}

/** Text that two frame rates share exactly if they are the same; empty for none. */
function framerateKey(framerate: Framerate | undefined): string {
  return framerate ? `@${framerate.numerator}/${framerate.denominator}` : '';
}

/** Text that two raw sources share exactly if they are the same. */
export function rawKey({ begin, framerate }: RawSource): string {
  return (typeof begin === 'string' ? begin : encodedKey(begin)) + framerateKey(framerate);
}

/** Text that two encoded sources share exactly if they are the same. */
export function encodedKey(source: EncodedSource): string {
  if (source.place === 'host') return `${source.outputId}|${formatKey(enteringCodec(source.codec))}`;
  return `tap(${source.producerId}|${formatKey(enteringCodec(source.codec))})`;
}

/** Id of what these raw sources are within the host. */
function rawId({ begin }: RawSource): string {
  return typeof begin === 'string' ? begin : `dec(${encodedKey(begin)})`;
}

/** Id of the encoder that makes this format of decoded media. */
export function encoderId(source: RawSource, format: string): string {
  return `enc(${rawId(source)}${framerateKey(source.framerate)}|${format})`;
}

/** Id of the feed that gives encoded media of a host node to the router in this format. */
export function outputFeedId(source: EncodedSource, format: string): string {
  return `feed(${encodedKey(source)}|${format})`;
}

/** Branches by id. Every id is made of what the branch depends on, so equal ids mean equal branches. */
export class HostBranches {
  /** Streams that enter the hosts. */
  readonly taps: Map<string, Tap> = new Map();
  /** Decoders. */
  readonly decoders: Map<string, Decoder> = new Map();
  /** Encoders. */
  readonly encoders: Map<string, Encoder> = new Map();
  /** Streams that leave the hosts. */
  readonly feeds: Map<string, Feed> = new Map();
  /** Decoded media into nodes. */
  readonly rawLinks: Map<string, HostLink> = new Map();
  /** Encoded media into nodes. */
  readonly encodedLinks: Map<string, HostLink> = new Map();

  /** Brings encoded media into the host. */
  encoded(source: EncodedSource, type: MediaType): Reached {
    if (source.place === 'host') return { id: source.outputId, branches: [] };
    const id = encodedKey(source);
    if (!this.taps.has(id)) {
      this.taps.set(id, { id, producerId: source.producerId, type, codec: enteringCodec(source.codec) });
    }
    return { id, branches: [id] };
  }

  /** Brings decoded media into being. */
  raw(source: RawSource, type: MediaType): Reached {
    const { begin } = source;
    const id = rawId(source);
    if (typeof begin === 'string') return { id, branches: [] };
    const stream = this.encoded(begin, type);
    if (!this.decoders.has(id)) {
      this.decoders.set(id, { id, streamId: stream.id, type, codec: enteringCodec(begin.codec) });
    }
    return { id, branches: [...stream.branches, id] };
  }

  /** Encodes decoded media. */
  encoder(source: RawSource, type: MediaType, codec: RtpCodec): Reached {
    const raw = this.raw(source, type);
    const { framerate } = source;
    const id = encoderId(source, formatKey(codec));
    if (!this.encoders.has(id)) {
      const producerId = `feed(${id})`;
      this.encoders.set(id, { id, rawId: raw.id, type, codec, producerId, ...(framerate && { framerate }) });
    }
    return { id, branches: [...raw.branches, id] };
  }

  /** Gives the stream of an encoder to the router. */
  feedEncoder(encoder: Reached, type: MediaType, codec: RtpCodec): Reached {
    return this.#feed(`feed(${encoder.id})`, encoder, type, codec);
  }

  /** Gives encoded media of a host node to the router. */
  feedOutput(source: EncodedSource, type: MediaType, codec: RtpCodec): Reached {
    const id = outputFeedId(source, formatKey(codec));
    return this.#feed(id, this.encoded(source, type), type, codec);
  }

  /** Links encoded media into a node. */
  linkEncoded(
    from: Reached,
    codec: RtpCodec,
    sink: HostSinkPad | HostTransformPad,
    connection: Connection,
  ): void {
    const format = enteringCodec(codec);
    this.#link(this.encodedLinks, from.id, `|${formatKey(format)}`, sink, connection, { codec: format });
  }

  /** Links decoded media into a node. */
  linkRaw(
    from: Reached,
    framerate: Framerate | undefined,
    sink: HostSinkPad | HostTransformPad,
    connection: Connection,
  ): void {
    const more = framerate && { framerate };
    this.#link(this.rawLinks, from.id, framerateKey(framerate), sink, connection, more);
  }

  #feed(id: string, { id: streamId, branches }: Reached, type: MediaType, codec: RtpCodec): Reached {
    if (!this.feeds.has(id)) this.feeds.set(id, { id, streamId, type, codec });
    return { id, branches: [...branches, id] };
  }

  #link(
    links: Map<string, HostLink>,
    fromId: string,
    format: string,
    sink: HostSinkPad | HostTransformPad,
    connection: Connection,
    more: Pick<HostLink, 'codec' | 'framerate'> | undefined,
  ): void {
    const { nodeId } = sink;
    const input = inputName(sink, connection);
    const id = `${fromId}${format}>in(${nodeId},${input})`;
    links.set(id, { id, fromId, nodeId, input, type: connection.type, ...more });
  }
}
