/**
 * What all elements share: connections, flow, formats and statistics.
 * @module
 */
import {
  type Connection,
  type FlowChange,
  type MediaType,
  mediaTypes,
  type PadTable,
  type PlannedEdge,
  type TranscodingChange,
} from '@rivero/graph';
import { KurentoError } from '@rivero/model';
import type * as api from '@rivero/model/server';
import type { MediaConfig } from '../config/ServerConfig.ts';
import type { HostFailure, MediaFlowObserver } from '../media/MediaServices.ts';
import type { EncoderBitrates, PipelineMedia } from '../media/PipelineMedia.ts';
import { type DotEdge, dumpDot, printDot } from '../objects/dot.ts';
import { MediaObject } from '../objects/MediaObject.ts';
import type { Placement } from '../objects/ServerContext.ts';

/** Parameters of `connect` and `disconnect`. */
interface Joint {
  readonly sink: api.MediaElement;
  readonly mediaType?: MediaType;
  readonly sourceMediaDescription?: string;
  readonly sinkMediaDescription?: string;
}

/** Where encoders start. */
function encoderBitrates(defaults: MediaConfig): EncoderBitrates {
  const { encoderBitrate: target, minEncoderBitrate: min, maxEncoderBitrate: max } = defaults;
  return { target, min, max };
}

/** An element of a pipeline: it may receive from one source per media type and give to any number of sinks. */
export abstract class MediaElement extends MediaObject implements api.MediaElement, MediaFlowObserver {
  /** The media of the pipeline that it belongs to. */
  protected readonly media: PipelineMedia;
  readonly #encoder: EncoderBitrates = encoderBitrates(this.context.defaults);

  /** Makes the element known to the planner; its pads can do nothing yet. */
  constructor(placement: Placement) {
    super(placement);
    this.media = this.context.media.of(this.pipeline);
    this.media.setPads(this.id, {});
    this.media.setBitrates(this.id, this.#encoder);
    this.context.media.observe(this.id, this);
  }

  /** Tells the planner what the pads can do now, and makes the router follow. */
  protected async setPads(pads: PadTable): Promise<void> {
    // The planner has forgotten an element that is being released, and must not learn of it again.
    if (this.released) return;
    this.media.setPads(this.id, pads);
    await this.media.sync();
  }

  async connect({ sink, ...joint }: Joint): Promise<void> {
    const target = this.#elementOf(sink);
    if (target.pipeline !== this.pipeline) {
      throw new KurentoError('CONNECT_ERROR', 'Media elements do not share pipeline');
    }
    const connections = connectionsOf(this.id, target.id, joint);
    await Promise.all(connections.map((connection) => this.media.admit(connection)));
    for (const connection of connections) {
      const before = this.media.connections.add(connection);
      if (before?.sourceId === this.id && before.sourceDescription === connection.sourceDescription) continue;
      if (before) this.#tellDisconnected(before);
      this.raise('ElementConnected', this.#eventFields(connection));
    }
    await this.media.sync();
  }

  async disconnect({ sink, ...joint }: Joint): Promise<void> {
    for (const connection of connectionsOf(this.id, this.#elementOf(sink).id, joint)) {
      if (this.media.connections.remove(connection)) this.#tellDisconnected(connection);
    }
    await this.media.sync();
  }

  getSourceConnections(query: { mediaType?: MediaType; description?: string }): api.ElementConnectionData[] {
    const { mediaType: type, description: sinkDescription } = query;
    return this.media.connections.find({ sinkId: this.id, type, sinkDescription }).map(this.#connectionData);
  }

  getSinkConnections(query: { mediaType?: MediaType; description?: string }): api.ElementConnectionData[] {
    const { mediaType: type, description: sourceDescription } = query;
    return this.media.connections
      .find({ sourceId: this.id, type, sourceDescription })
      .map(this.#connectionData);
  }

  /** Only pads named `default` carry media. */
  isMediaFlowingIn(query: { mediaType: MediaType; sinkMediaDescription?: string }): boolean {
    const { mediaType, sinkMediaDescription = 'default' } = query;
    return this.media.isFlowing(this.id, flowType(mediaType), 'in') && sinkMediaDescription === 'default';
  }

  /** Only pads named `default` carry media. */
  isMediaFlowingOut(query: { mediaType: MediaType; sourceMediaDescription?: string }): boolean {
    const { mediaType, sourceMediaDescription = 'default' } = query;
    return this.media.isFlowing(this.id, flowType(mediaType), 'out') && sourceMediaDescription === 'default';
  }

  /** True once this element's media has been transcoded, also when the sink that needed it has left. */
  isMediaTranscoding({ mediaType }: { mediaType: MediaType }): boolean {
    return this.media.isTranscoding(this.id, flowType(mediaType));
  }

  /** @throws {KurentoError} `NOT_IMPLEMENTED`: formats cannot be pinned yet. */
  setAudioFormat(): void {
    throw new KurentoError('NOT_IMPLEMENTED', 'Pinning the audio format is not supported yet');
  }

  /** @throws {KurentoError} `NOT_IMPLEMENTED`: formats cannot be pinned yet. */
  setVideoFormat(): void {
    throw new KurentoError('NOT_IMPLEMENTED', 'Pinning the video format is not supported yet');
  }

  /** While the pipeline measures latencies, the element itself; its list is empty, as nothing here delays media. */
  getStats(_query: { mediaType?: MediaType }): Promise<Record<string, api.Stats>> {
    if (!this.pipeline.getLatencyStats()) return Promise.resolve({});
    return Promise.resolve({ [this.id]: this.ownStats() });
  }

  /** The entry of the element itself in its statistics. */
  protected ownStats(): api.ElementStats | api.EndpointStats {
    const timestampMillis = this.context.clock.nowMs();
    return { __type__: 'ElementStats', id: this.id, type: 'element', timestampMillis, inputLatency: [] };
  }

  getEncoderBitrate(): number {
    return this.#encoder.target;
  }

  setEncoderBitrate({ encoderBitrate }: { encoderBitrate: number }): void {
    this.#encoder.target = encoderBitrate;
    this.media.setBitrates(this.id, this.#encoder);
  }

  getMinEncoderBitrate(): number {
    return this.#encoder.min;
  }

  setMinEncoderBitrate({ minEncoderBitrate }: { minEncoderBitrate: number }): void {
    this.#encoder.min = minEncoderBitrate;
    this.media.setBitrates(this.id, this.#encoder);
  }

  getMaxEncoderBitrate(): number {
    return this.#encoder.max;
  }

  setMaxEncoderBitrate({ maxEncoderBitrate }: { maxEncoderBitrate: number }): void {
    this.#encoder.max = maxEncoderBitrate;
    this.media.setBitrates(this.id, this.#encoder);
  }

  /** Graphviz text of this element and what leaves it. The details are always all that there is. */
  getGstreamerDot(): string {
    return printDot(this);
  }

  /** Writes the text into the directory that GST_DEBUG_DUMP_DOT_DIR names, if it is set. */
  async dumpGstreamerDot(): Promise<void> {
    await dumpDot(this, this.context.clock.nowMs());
  }

  override dotEdges(): readonly DotEdge[] {
    const edges = this.media.edges().filter(({ connection }) => connection.sourceId === this.id);
    return edges.flatMap(({ connection, reason }) => {
      const sink = this.#find(connection.sinkId);
      return sink ? [{ sink, label: `${connection.type} ${reason.state}` }] : [];
    });
  }

  onFlow({ type, direction, flowing }: FlowChange): void {
    const event = direction === 'in' ? 'MediaFlowInStateChanged' : 'MediaFlowOutStateChanged';
    this.raise(event, {
      state: flowing ? 'FLOWING' : 'NOT_FLOWING',
      padName: 'default',
      mediaType: type,
    });
  }

  onTranscoding({ type, state }: TranscodingChange): void {
    this.raise('MediaTranscodingStateChanged', { state, binName: 'default', mediaType: type });
  }

  onUnserved({ connection, reason }: PlannedEdge): void {
    const why = 'why' in reason ? reason.why : '';
    const because = this.context.media.hosts.abilities
      ? ''
      : ', and this server has no media host to transcode';
    const policy = reason.state === 'forbidden' ? 'transcoding is forbidden: ' : '';
    const description = `${connection.type} cannot be forwarded from ${connection.sourceId}: ${policy}${why}${because}`;
    this.raiseError('UNEXPECTED_ELEMENT_ERROR', description, 0);
  }

  onHostFailure({ type, description, errorCode }: HostFailure): void {
    this.raiseError(type, description, errorCode);
  }

  onRouterLost(reason: string): void {
    this.raiseError('UNEXPECTED_ELEMENT_ERROR', `The router process ended: ${reason}`, 0);
  }

  protected override async onRelease(): Promise<void> {
    const ended = await this.media.removeElement(this.id);
    for (const connection of ended) this.#tellDisconnected(connection);
    this.context.media.unobserve(this.id);
  }

  #elementOf(sink: api.MediaElement): MediaElement {
    if (sink instanceof MediaElement) return sink;
    throw new KurentoError('CONNECT_ERROR', 'The sink is not a media element');
  }

  #tellDisconnected(connection: Connection): void {
    this.#find(connection.sourceId)?.raise('ElementDisconnected', this.#eventFields(connection));
  }

  #eventFields({ sinkId, type, sourceDescription, sinkDescription }: Connection): Record<string, unknown> {
    return {
      sink: this.#find(sinkId) ?? null,
      mediaType: type,
      sourceMediaDescription: sourceDescription,
      sinkMediaDescription: sinkDescription,
    };
  }

  #find(id: string): MediaObject | undefined {
    return id === this.id ? this : this.context.registry.find(id);
  }

  readonly #connectionData = (connection: Connection): api.ElementConnectionData => ({
    // Both ends are alive: connections are removed before their elements.
    source: this.#find(connection.sourceId) as MediaElement,
    sink: this.#find(connection.sinkId) as MediaElement,
    type: connection.type,
    sourceDescription: connection.sourceDescription,
    sinkDescription: connection.sinkDescription,
  });
}

/** One connection per media type, as spec 3.1 says. */
function connectionsOf(sourceId: string, sinkId: string, joint: Omit<Joint, 'sink'>): Connection[] {
  const { mediaType, sourceMediaDescription = 'default', sinkMediaDescription = 'default' } = joint;
  return (mediaType ? [mediaType] : mediaTypes).map((type) => ({
    sourceId,
    sinkId,
    type,
    sourceDescription: sourceMediaDescription,
    sinkDescription: sinkMediaDescription,
  }));
}

/** @throws {KurentoError} `MEDIA_OBJECT_ILLEGAL_PARAM_ERROR` for DATA, whose flow is not observed. */
function flowType(type: MediaType): MediaType {
  if (type !== 'DATA') return type;
  throw new KurentoError('MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', 'The flow of DATA is not observed');
}
