/**
 * The media side of the server as media objects see it: the router pool and the media of each pipeline.
 * @module
 */
import type { FlowChange, PlannedEdge } from '@rivero/graph';
import type { Logger } from 'pino';
import type { MediaPipeline } from '../objects/MediaPipeline.ts';
import { subsystemLog } from '../ops/logs.ts';
import { PipelineMedia, type PipelineMediaListener } from './PipelineMedia.ts';
import { RouterPool, type RouterPoolOptions } from './RouterPool.ts';

/** Settings of the media side. */
export interface MediaOptions extends RouterPoolOptions {
  /** Interfaces whose addresses become host candidates, unless the endpoint names its own; empty: all. */
  readonly interfaces: readonly string[];
}

/** An element that wants to know what happens to its media. */
export interface MediaFlowObserver {
  /** Media began or ceased to flow through one of its pads. */
  onFlow(change: FlowChange): void;
  /** Its media leaves without transcoding, told once. */
  onForwarded(type: FlowChange['type']): void;
  /** Its media cannot reach a sink. */
  onUnserved(edge: PlannedEdge): void;
  /** The router process with its transport died. */
  onRouterLost(reason: string): void;
}

/** Everything that media objects need of the media side. */
export class MediaServices {
  /** The settings in force. */
  readonly options: MediaOptions;
  readonly #pool: RouterPool;
  readonly #log: Logger;
  readonly #pipelines = new Map<MediaPipeline, PipelineMedia>();
  readonly #observers = new Map<string, MediaFlowObserver>();

  /** Serves the pipelines of a server with the processes of `pool`. */
  constructor(options: MediaOptions, pool: RouterPool, log: Logger) {
    this.options = options;
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
    const media = new PipelineMedia(this.#pool, this.#listenerOf(pipeline), this.#log);
    this.#pipelines.set(pipeline, media);
    return media;
  }

  /** Drops the media of a pipeline. Its elements are gone before. */
  release(pipeline: MediaPipeline): void {
    this.#pipelines.get(pipeline)?.close();
    this.#pipelines.delete(pipeline);
  }

  /** Sends what concerns an element to this observer, until `unobserve`. */
  observe(elementId: string, observer: MediaFlowObserver): void {
    this.#observers.set(elementId, observer);
  }

  /** Ends `observe`. */
  unobserve(elementId: string): void {
    this.#observers.delete(elementId);
  }

  /** Ends all router processes. */
  async close(): Promise<void> {
    for (const media of this.#pipelines.values()) media.close();
    this.#pipelines.clear();
    await this.#pool.close();
  }

  #listenerOf(pipeline: MediaPipeline): PipelineMediaListener {
    return {
      onFlow: (change) => this.#observers.get(change.elementId)?.onFlow(change),
      onForwarded: (sourceId, type) => this.#observers.get(sourceId)?.onForwarded(type),
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
