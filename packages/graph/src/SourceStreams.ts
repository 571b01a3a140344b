/**
 * Finds what leaves the source pad of each element: through relays, filters and pinned formats, back to where it begins.
 * @module
 */
import type { RtpCodec } from '@rivero/rtp';
import {
  type Connection,
  type Framerate,
  type HostSourcePad,
  type MediaType,
  type OutputFormat,
  outputId,
  type PadTable,
  type ProducerPad,
  type SourcePad,
} from './elements.ts';
import { type HostAbilities, hostName, rawName } from './hostCodecs.ts';
import type { NothingCause } from './Plan.ts';

/** What hosts there are, and whether they may decode and encode. */
export interface PlanPolicy {
  /** Undefined: there is no host. */
  readonly host: HostAbilities | undefined;
  /** `forbid`: hosts may mux, mix and packetize, but neither decode nor encode. */
  readonly transcoding: 'allow' | 'forbid';
}

/** Everything that a plan depends on. */
export interface PlanInput {
  /** Pads of each element. */
  readonly pads: ReadonlyMap<string, PadTable>;
  /** Pinned formats by `formatPinKey`. */
  readonly pins: ReadonlyMap<string, OutputFormat>;
  /** All connections in the order in which they were made. */
  readonly connections: readonly Connection[];
  /** What hosts may do. */
  readonly policy: PlanPolicy;
}

/** Encoded media where it begins: at a router producer or at an output of a host node. */
export type EncodedSource =
  | { readonly place: 'router'; readonly producerId: string; readonly codec: RtpCodec }
  | { readonly place: 'host'; readonly outputId: string; readonly codec: RtpCodec };

/** Decoded media: an output of a host node, or what decoding gives. */
export interface RawSource {
  /** The output of a host node that gives it, or what has to be decoded. */
  readonly begin: string | EncodedSource;
  /** Frame rate to convert to. */
  readonly framerate: Framerate | undefined;
}

/** What leaves a source pad. */
export interface SourceStream {
  /** The producer or output whose flow tells that media flows. */
  readonly originId: string;
  /** Name of its codec, `RAW`, or undefined if none was negotiated. */
  readonly from: string | undefined;
  /** It as it is encoded; undefined if it is raw, or if a pinned format forbids to pass it as it is. */
  readonly encoded: EncodedSource | undefined;
  /** It decoded; undefined if no host can. */
  readonly raw: RawSource | undefined;
  /** The format it should have, and the element that says so; undefined if it has it or none is pinned. */
  readonly pin: { readonly elementId: string; readonly name: string } | undefined;
  /** The nearest host node that it leaves, or undefined if it comes from the router. */
  readonly nodeId: string | undefined;
}

/** Why nothing leaves a source pad. */
export interface MissingStream {
  /** The reason as text. */
  readonly why: string;
  /** The reason as data. */
  readonly cause: NothingCause;
}

const notNegotiated: MissingStream = {
  why: 'the source has not negotiated this media',
  cause: 'sourceNotNegotiated',
};
const notConnected: MissingStream = { why: 'nothing is connected to the source', cause: 'noSource' };
const circle: MissingStream = {
  why: 'the elements are connected in a circle without a source',
  cause: 'circle',
};

/** Key of the pinned format of an element's output. */
export function formatPinKey(elementId: string, type: MediaType): string {
  return `${type} ${elementId}`;
}

/** Resolves each source pad once. Linear in the number of elements, and never recursive. */
export class SourceStreams {
  readonly #input: PlanInput;
  readonly #into = new Map<string, Connection>();
  readonly #known = new Map<string, SourceStream | MissingStream>();

  /** Looks at elements and connections; both must not change while this is used. */
  constructor(input: PlanInput) {
    this.#input = input;
    for (const connection of input.connections) {
      if (connection.sinkDescription !== 'default') continue;
      this.#into.set(formatPinKey(connection.sinkId, connection.type), connection);
    }
  }

  /** What leaves the source pad of this element, or why nothing does. */
  of(elementId: string, type: MediaType): SourceStream | MissingStream {
    const path: string[] = [];
    let found: SourceStream | MissingStream | undefined;
    let id = elementId;
    while (!found) {
      const key = formatPinKey(id, type);
      found = this.#known.get(key);
      if (found) break;
      path.push(id);
      // Whoever comes here again before the way back has gone round.
      this.#known.set(key, circle);
      const before = this.#before(id, type);
      if (typeof before === 'string') id = before;
      else found = before;
    }
    for (const passed of path.reverse()) {
      found = this.#leave(found, passed, type);
      this.#known.set(formatPinKey(passed, type), found);
    }
    return found;
  }

  /** What a source pad that begins a stream gives; for any other the id of the element to look at next. */
  #before(elementId: string, type: MediaType): string | SourceStream | MissingStream {
    const pad = this.#sourcePad(elementId, type);
    if (!pad) return notNegotiated;
    if (pad.role === 'producer') return this.#fromRouter(pad);
    if (pad.role === 'hostSource') return this.#fromHost(pad, type);
    const fed = pad.role === 'relay' ? (pad.from ?? elementId) : elementId;
    return this.#into.get(formatPinKey(fed, type))?.sourceId ?? notConnected;
  }

  /** What becomes of a stream that goes through this element, its own pinned format included. */
  #leave(
    stream: SourceStream | MissingStream,
    elementId: string,
    type: MediaType,
  ): SourceStream | MissingStream {
    if ('cause' in stream) return stream;
    const pad = this.#sourcePad(elementId, type);
    const left =
      pad?.role === 'hostTransform' ? this.#transformed(stream, outputId(pad, type), pad.nodeId) : stream;
    const format = this.#input.pins.get(formatPinKey(elementId, type));
    return 'cause' in left || !format ? left : this.#pinned(left, elementId, format);
  }

  #fromRouter({ producerId, codecs: [codec] }: ProducerPad): SourceStream {
    const encoded: EncodedSource | undefined = codec && { place: 'router', producerId, codec };
    const raw = encoded && this.#decoded(encoded);
    return { originId: producerId, from: codec?.name, encoded, raw, pin: undefined, nodeId: undefined };
  }

  #fromHost(pad: HostSourcePad, type: MediaType): SourceStream | MissingStream {
    const id = outputId(pad, type);
    const { encoded: codec, nodeId } = pad;
    if (!codec && !pad.raw) return notNegotiated;
    const encoded: EncodedSource | undefined = codec && { place: 'host', outputId: id, codec };
    const raw = pad.raw ? { begin: id, framerate: undefined } : encoded && this.#decoded(encoded);
    return { originId: id, from: codec?.name ?? rawName, encoded, raw, pin: undefined, nodeId };
  }

  #decoded(begin: EncodedSource): RawSource | undefined {
    const { host } = this.#input.policy;
    const { name } = begin.codec;
    const enters = begin.place === 'host' || host?.packetizes.has(name);
    return enters && host?.decodes.has(hostName(name)) ? { begin, framerate: undefined } : undefined;
  }

  #transformed(stream: SourceStream, output: string, nodeId: string): SourceStream | MissingStream {
    const { host, transcoding } = this.#input.policy;
    const { raw } = stream;
    const needsDecoder = typeof raw?.begin !== 'string';
    if (!host || !raw || (needsDecoder && transcoding === 'forbid')) {
      return { why: 'the filter before gets no decoded media', cause: 'filterWithoutMedia' };
    }
    return {
      originId: stream.originId,
      from: rawName,
      encoded: undefined,
      raw: { begin: output, framerate: undefined },
      pin: undefined,
      nodeId,
    };
  }

  #pinned(stream: SourceStream, elementId: string, format: OutputFormat): SourceStream {
    const { raw, encoded } = stream;
    const name = hostName(format.codec);
    const framerate = format.framerate ?? raw?.framerate;
    if (encoded && !format.framerate && hostName(encoded.codec.name) === name) return stream;
    return {
      ...stream,
      encoded: undefined,
      raw: raw && { begin: raw.begin, framerate },
      pin: { elementId, name },
    };
  }

  #sourcePad(elementId: string, type: MediaType): SourcePad | undefined {
    return this.#input.pads.get(elementId)?.[type]?.source;
  }
}
