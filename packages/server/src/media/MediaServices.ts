/**
 * The media side of the server as media objects see it: the router pool and the media of each pipeline.
 * @module
 */
import type { FlowChange, PlannedEdge, TranscodingChange } from '@rivero/graph';
import type { Logger } from 'pino';
import type { MediaPipeline } from '../objects/MediaPipeline.ts';
import type { HostsConfig } from '../config/ServerConfig.ts';
import { subsystemLog } from '../ops/logs.ts';
import { HostServices } from './HostServices.ts';
import { PipelineMedia, type PipelineMediaListener } from './PipelineMedia.ts';
import { RouterPool, type RouterPoolOptions } from './RouterPool.ts';

/** Settings of the media side. */
export interface MediaOptions extends RouterPoolOptions {
  /** Interfaces whose addresses become host candidates, unless the endpoint names its own; empty: all. */
  readonly interfaces: readonly string[];
  /** Media hosts. */
  readonly hosts: HostsConfig;
}

/** What went wrong in a media host, as the event `Error` tells it. */
export interface HostFailure {
  /** Type of spec 3.18. */
  readonly type: string;
  /** What happened. */
  readonly description: string;
  /** GStreamer's number, or 0. */
  readonly errorCode: number;
}

/** An element that wants to know what happens to its media. */
export interface MediaFlowObserver {
  /** Media began or ceased to flow through one of its pads. */
  onFlow(change: FlowChange): void;
  /** Its media leaves transcoded or not, told at the first of each. */
  onTranscoding(change: TranscodingChange): void;
  /** Its media cannot reach a sink. */
  onUnserved(edge: PlannedEdge): void;
  /** Something failed in a media host on the way of its media. */
  onHostFailure(failure: HostFailure): void;
  /** The router process with its transport died. */
  onRouterLost(reason: string): void;
}

/** Everything that media objects need of the media side. */
export class MediaServices {
  /** The settings in force. */
  readonly options: MediaOptions;
  /** The media hosts. */
  readonly hosts: HostServices;
  readonly #pool: RouterPool;
  readonly #log: Logger;
  readonly #pipelines = new Map<MediaPipeline, PipelineMedia>();
  readonly #observers = new Map<string, MediaFlowObserver>();

  /** Serves the pipelines of a server with the processes of `pool`. */
  constructor(options: MediaOptions, pool: RouterPool, log: Logger) {
    this.options = options;
    this.hosts = new HostServices(options.hosts, log);
    this.#pool = pool;
    this.#log = log;
  }

  /** The router processes that are alive. */
  get pool(): RouterPool {
    return this.#pool;
  }

  /** The media of a pipeline, made at the first call and dropped by `release`. */
  of(pipeline: MediaPipeline): PipelineMedia {
    const known = this.#pipelines.get(pipeline);
    if (known) return known;
    const media = new PipelineMedia(this.#pool, this.hosts, this.#listenerOf(pipeline), this.#log);
    this.#pipelines.set(pipeline, media);
    return media;
  }

  /** Drops the media of a pipeline. Its elements are gone before. */
  async release(pipeline: MediaPipeline): Promise<void> {
    const media = this.#pipelines.get(pipeline);
    this.#pipelines.delete(pipeline);
    await media?.close();
  }

  /** Sends what concerns an element to this observer, until `unobserve`. */
  observe(elementId: string, observer: MediaFlowObserver): void {
    this.#observers.set(elementId, observer);
  }

  /** Ends `observe`. */
  unobserve(elementId: string): void {
    this.#observers.delete(elementId);
  }

  /** Ends all router processes and media hosts. */
  async close(): Promise<void> {
    const medias = [...this.#pipelines.values()];
    this.#pipelines.clear();
    await Promise.all(medias.map((media) => media.close()));
    await Promise.all([this.hosts.close(), this.#pool.close()]);
  }

  #listenerOf(pipeline: MediaPipeline): PipelineMediaListener {
    return {
      onFlow: (change) => this.#observers.get(change.elementId)?.onFlow(change),
      onTranscoding: (change) => this.#observers.get(change.elementId)?.onTranscoding(change),
      onHostFailure: (elementId, failure) => this.#observers.get(elementId)?.onHostFailure(failure),
      onUnserved: (edge) => this.#observers.get(edge.connection.sinkId)?.onUnserved(edge),
      onLost: (reason) => {
        pipeline.raiseError('UNEXPECTED_PIPELINE_ERROR', `The router process ended: ${reason}`, 0);
        for (const element of pipeline.children) this.#observers.get(element.id)?.onRouterLost(reason);
      },
    };
  }
}

/** Starts the router processes. Rejects, leaving nothing behind, if one of them cannot start. */
export async function startMedia(options: MediaOptions, log: Logger): Promise<MediaServices> {
  const pool = await RouterPool.start(options, subsystemLog(log, 'router'));
  return new MediaServices(options, pool, subsystemLog(log, 'media'));
}
