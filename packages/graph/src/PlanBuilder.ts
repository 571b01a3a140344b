/**
 * Makes one plan: a reason for every edge, and the branches that the edges share.
 * @module
 */
import { codecsMatch, type RtpCodec } from '@rivero/rtp';
import type {
  Connection,
  ConsumerPad,
  HostFormat,
  HostSinkPad,
  HostTransformPad,
  MediaType,
  SinkPad,
} from './elements.ts';
import { FormatChoice, type FormatWish } from './FormatChoice.ts';
import { encodedKey, encoderId, HostBranches, outputFeedId, type Reached, rawKey } from './HostBranches.ts';
import { HostCircles } from './HostCircles.ts';
import { canSend, fitsWhenPacketized, hostName, isFormat, leavingFormats, rawName } from './hostCodecs.ts';
import type { EdgeReason, Plan, PlannedEdge } from './Plan.ts';
import { type PlanInput, type SourceStream, SourceStreams } from './SourceStreams.ts';

/** An edge on its way to a reason. */
interface OpenEdge {
  readonly connection: Connection;
  readonly stream: SourceStream;
}

/** What an edge that needs a decoder or an encoder would do. */
interface Conversion {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const noData: EdgeReason = { state: 'nothing', why: 'data channels are not routed yet', cause: 'data' };
const noCodec: EdgeReason = { state: 'nothing', why: 'no codec was negotiated', cause: 'noCodec' };
const sinkNotNegotiated: EdgeReason = {
  state: 'nothing',
  why: 'the sink has not negotiated this media',
  cause: 'sinkNotNegotiated',
};
const comesBack: EdgeReason = {
  state: 'nothing',
  why: 'the media would come back to the filter or hub that it leaves',
  cause: 'circle',
};
const rawFormat: HostFormat = { name: rawName };
const noFormats: ReadonlyMap<string, RtpCodec> = new Map();

/** Plans a pipeline once. */
export class PlanBuilder {
  readonly #input: PlanInput;
  readonly #running: Plan;
  readonly #streams: SourceStreams;
  readonly #branches = new HostBranches();
  readonly #circles = new HostCircles();
  readonly #choices = new Map<string, FormatChoice>();
  readonly #reasons = new Map<Connection, EdgeReason>();
  readonly #sendable = new Map<readonly RtpCodec[], ReadonlyMap<string, RtpCodec>>();

  /** Takes what the plan depends on, and what runs: among equally good formats those that are made already win. */
  constructor(input: PlanInput, running: Plan) {
    this.#input = input;
    this.#running = running;
    this.#streams = new SourceStreams(input);
  }

  /** The plan. To be called once. */
  build(): Plan {
    const { connections } = this.#input;
    for (const connection of connections) this.#noteFilter(connection);
    for (const connection of connections) this.#judge(connection);
    for (const choice of this.#choices.values()) choice.serveAll();
    const forwards = new Map<string, string>();
    const edges: PlannedEdge[] = [];
    for (const connection of connections) {
      const reason = this.#reasons.get(connection);
      if (!reason) continue;
      edges.push({ connection, reason });
      const sink = this.#sinkOf(connection);
      if (sink?.role !== 'consumer' || !('producerId' in reason) || !reason.producerId) continue;
      forwards.set(sink.consumerId, reason.producerId);
    }
    const { taps, decoders, encoders, feeds, rawLinks, encodedLinks } = this.#branches;
    return { forwards, edges, taps, decoders, encoders, feeds, rawLinks, encodedLinks };
  }

  /** Filters with one input cannot close a circle by themselves, so their links are noted before any is judged. */
  #noteFilter(connection: Connection): void {
    const sink = this.#sinkOf(connection);
    if (sink?.role !== 'hostTransform' || connection.sinkDescription !== 'default') return;
    const stream = this.#streams.of(connection.sourceId, connection.type);
    if ('cause' in stream || stream.nodeId === undefined) return;
    this.#circles.add(nodeKey(stream.nodeId, connection.type), nodeKey(sink.nodeId, connection.type));
  }

  /** Notes the reason of an edge, or lets the edge wait for the choice of its format. */
  #judge(connection: Connection): void {
    const stream = this.#streams.of(connection.sourceId, connection.type);
    const sink = this.#sinkOf(connection);
    if (connection.type === 'DATA') this.#reasons.set(connection, noData);
    else if ('cause' in stream) this.#reasons.set(connection, { state: 'nothing', ...stream });
    else if (!sink) this.#reasons.set(connection, sinkNotNegotiated);
    else if (sink.role === 'relay') {
      this.#reasons.set(connection, { state: 'relay', producerId: stream.originId });
    } else if (stream.from === undefined) this.#reasons.set(connection, noCodec);
    else if (sink.role === 'consumer') this.#toRouter({ connection, stream }, sink);
    else this.#toHost({ connection, stream }, sink);
  }

  #toRouter(edge: OpenEdge, sink: ConsumerPad): void {
    const { connection, stream } = edge;
    const [wanted] = sink.codecs;
    if (!wanted) {
      this.#reasons.set(connection, noCodec);
      return;
    }
    if (this.#passToRouter(edge, sink)) return;
    const codecs = pinnedOnly(this.#sendableTo(sink.codecs), stream);
    const taken = sink.codecs.map(({ name }) => name);
    const [to = wanted] = codecs.values();
    if (this.#isObstructed(edge, conversionOf(stream, to.name, taken), codecs.size > 0)) return;
    this.#encode(edge, taken, { codecs, formats: [] }, (encoder, codec) => {
      const feed = this.#branches.feedEncoder(encoder, connection.type, codec);
      return { ...feed, producerId: feed.id };
    });
  }

  /** Serves a consumer that takes the stream as it is encoded. False if it does not. */
  #passToRouter({ connection, stream: { encoded } }: OpenEdge, { codecs }: ConsumerPad): boolean {
    const { host } = this.#input.policy;
    if (encoded?.place === 'router') {
      const { codec, producerId } = encoded;
      const matches = codecs.some((wanted) => codecsMatch(codec, wanted));
      if (matches) this.#reasons.set(connection, { state: 'forward', codec: codec.name, producerId });
      return matches;
    }
    if (!encoded || !host?.packetizes.has(encoded.codec.name)) return false;
    const fitting = codecs.filter((wanted) => fitsWhenPacketized(encoded.codec, wanted));
    if (fitting.length === 0) return false;
    const { type } = connection;
    const serve = (codec: RtpCodec): void => {
      const feed = this.#branches.feedOutput(encoded, type, codec);
      this.#reasons.set(connection, remux(codec.name, feed.id, feed.branches));
    };
    const wish = { codecs: leavingFormats(fitting), formats: [], serve };
    this.#choiceFor(`feed ${encodedKey(encoded)}`, type, (format) =>
      this.#running.feeds.has(outputFeedId(encoded, format)),
    ).add(wish);
    return true;
  }

  #toHost(edge: OpenEdge, sink: HostSinkPad | HostTransformPad): void {
    const { connection, stream } = edge;
    const formats = sink.role === 'hostSink' ? sink.formats : [rawFormat];
    if (this.#closesCircle(edge, sink) || this.#passToHost(edge, sink, formats)) return;
    const taken = formats.map(({ name }) => name);
    if (taken.includes(rawName)) {
      this.#giveRaw(edge, sink, conversionOf(stream, rawName, taken));
      return;
    }
    const { host } = this.#input.policy;
    const encodable = formats.filter(({ name }) => host?.encodes.has(hostName(name)));
    const pinned = encodable.filter(({ name }) => hostName(name) === stream.pin?.name);
    const usable = pinned.length > 0 ? pinned : encodable;
    const [to = rawFormat] = [...usable, ...formats];
    if (this.#isObstructed(edge, conversionOf(stream, to.name, taken), usable.length > 0)) return;
    this.#encode(edge, taken, { codecs: noFormats, formats: usable }, (encoder, codec) => {
      this.#branches.linkEncoded(encoder, codec, sink, connection);
      return { ...encoder, producerId: stream.originId };
    });
  }

  /** Serves a node that takes the stream as it is encoded. False if it does not. */
  #passToHost(
    { connection, stream: { encoded, originId } }: OpenEdge,
    sink: HostSinkPad | HostTransformPad,
    formats: readonly HostFormat[],
  ): boolean {
    const { host } = this.#input.policy;
    if (!encoded || !host || !formats.some((format) => isFormat(encoded.codec, format))) return false;
    const { codec, place } = encoded;
    if (place === 'router' && !host.packetizes.has(codec.name)) return false;
    const from = this.#branches.encoded(encoded, connection.type);
    this.#branches.linkEncoded(from, codec, sink, connection);
    this.#reasons.set(connection, remux(codec.name, originId, from.branches));
    return true;
  }

  #giveRaw(edge: OpenEdge, sink: HostSinkPad | HostTransformPad, conversion: Conversion): void {
    const { connection, stream } = edge;
    const { raw, originId: producerId } = stream;
    const isDecoded = typeof raw?.begin === 'string';
    if (!(isDecoded && this.#input.policy.host) && this.#isObstructed(edge, conversion, true)) return;
    if (!raw) return;
    const from = this.#branches.raw(raw, connection.type);
    this.#branches.linkRaw(from, raw.framerate, sink, connection);
    const passesOn = sink.role === 'hostTransform' && connection.sinkDescription === 'default';
    const by = transcoderOf(edge, rawName);
    const reason: EdgeReason = isDecoded
      ? { state: 'raw', producerId, why: 'both ends take decoded media', passesOn }
      : { state: 'transcode', ...conversion, producerId, by, branches: from.branches, passesOn };
    this.#reasons.set(connection, reason);
  }

  /** Lets the edge wait for the choice of its format; `finish` makes what follows the encoder. */
  #encode(
    edge: OpenEdge,
    taken: readonly string[],
    wish: Omit<FormatWish, 'serve'>,
    finish: (encoder: Reached, codec: RtpCodec) => Reached & { producerId: string },
  ): void {
    const { connection, stream } = edge;
    const { raw } = stream;
    if (!raw) return;
    const { type } = connection;
    const serve = (codec: RtpCodec, isFirstWish: boolean): void => {
      const { branches, producerId } = finish(this.#branches.encoder(raw, type, codec), codec);
      const to = wish.formats.length > 0 ? hostName(codec.name) : codec.name;
      const by = transcoderOf(edge, hostName(codec.name));
      const { from, why: mismatch } = conversionOf(stream, to, taken);
      const why = isFirstWish ? mismatch : `${mismatch}; one encoder for ${to} serves this and other sinks`;
      this.#reasons.set(connection, { state: 'transcode', from, to, why, producerId, by, branches });
    };
    this.#choiceFor(rawKey(raw), type, (format) => this.#running.encoders.has(encoderId(raw, format))).add({
      ...wish,
      serve,
    });
  }

  /** Notes why a conversion cannot or must not be done. False if nothing is in its way. */
  #isObstructed(
    { connection, stream }: OpenEdge,
    { from, to, why }: Conversion,
    encodable: boolean,
  ): boolean {
    const { host, transcoding } = this.#input.policy;
    const cause = 'unsupported';
    let reason: EdgeReason | undefined;
    if (!host) reason = { state: 'transcode', from, to, why };
    else if (!stream.raw) reason = { state: 'nothing', why: `no host can decode ${from}: ${why}`, cause };
    else if (!encodable) reason = { state: 'nothing', why: `no host can encode ${to}: ${why}`, cause };
    else if (transcoding === 'forbid') {
      reason = { state: 'forbidden', from, to, why: `transcoding is forbidden in this pipeline: ${why}` };
    }
    if (reason) this.#reasons.set(connection, reason);
    return reason !== undefined;
  }

  /** Notes that media would go round within the hosts. False if it does not; then the link counts from now on. */
  #closesCircle({ connection, stream }: OpenEdge, sink: HostSinkPad | HostTransformPad): boolean {
    const { type, sinkDescription } = connection;
    if (stream.nodeId === undefined) return false;
    if (sink.role === 'hostTransform' && sinkDescription === 'default') return false;
    const from = nodeKey(stream.nodeId, type);
    const to = nodeKey(sink.nodeId, type);
    if (this.#circles.closes(from, to)) {
      this.#reasons.set(connection, comesBack);
      return true;
    }
    this.#circles.add(from, to);
    return false;
  }

  #choiceFor(key: string, type: MediaType, isRunning: (format: string) => boolean): FormatChoice {
    const choice = this.#choices.get(key) ?? new FormatChoice(type, isRunning);
    this.#choices.set(key, choice);
    return choice;
  }

  /** Many sinks negotiate the very same list, so each list is looked at once. */
  #sendableTo(codecs: readonly RtpCodec[]): ReadonlyMap<string, RtpCodec> {
    const { host } = this.#input.policy;
    if (!host) return noFormats;
    const known =
      this.#sendable.get(codecs) ?? leavingFormats(codecs.filter((codec) => canSend(host, codec)));
    this.#sendable.set(codecs, known);
    return known;
  }

  #sinkOf({ sinkId, type }: Connection): SinkPad | undefined {
    return this.#input.pads.get(sinkId)?.[type]?.sink;
  }
}

/** Audio and video of one node do not meet. */
function nodeKey(nodeId: string, type: MediaType): string {
  return `${type} ${nodeId}`;
}

function remux(codec: string, producerId: string, branches: readonly string[]): EdgeReason {
  return { state: 'remux', codec, producerId, why: `the sink takes ${codec} as it is`, branches };
}

/** The element whose output is transcoded to this format: the one that pins it, else the source of the edge. */
function transcoderOf({ connection, stream: { pin } }: OpenEdge, name: string): string {
  return pin?.name === name ? pin.elementId : connection.sourceId;
}

/** Of these formats those of the codec that the stream is pinned to; all if there is none. */
function pinnedOnly(
  codecs: ReadonlyMap<string, RtpCodec>,
  { pin }: SourceStream,
): ReadonlyMap<string, RtpCodec> {
  const pinned = [...codecs].filter(([, { name }]) => hostName(name) === pin?.name);
  return pinned.length > 0 ? new Map(pinned) : codecs;
}

function conversionOf(
  { from = rawName, pin }: SourceStream,
  to: string,
  taken: readonly string[],
): Conversion {
  const gives = from === rawName ? 'gives decoded media' : `sends ${from}`;
  const mismatch = `the source ${gives}, the sink takes ${taken.join(', ')}`;
  if (!pin) return { from, to, why: mismatch };
  const why = `the output of ${pin.elementId} is pinned to ${pin.name}; ${mismatch}`;
  return { from, to, why };
}
