/**
 * The root of a tree of elements and hubs.
 * @module
 */
import type * as api from '@rivero/model/server';
import { dumpDot, printDot } from './dot.ts';
import { MediaObject } from './MediaObject.ts';

/** A container of elements that may be connected with each other. */
export class MediaPipeline extends MediaObject implements api.MediaPipeline {
  #latencyStats = false;

  /** Itself. */
  override get pipeline(): MediaPipeline {
    return this;
  }

  protected override async onRelease(): Promise<void> {
    await this.context.media.release(this);
  }

  /** Whether statistics contain latencies. */
  getLatencyStats(): boolean {
    return this.#latencyStats;
  }

  /** Makes statistics contain latencies, or stop to. */
  setLatencyStats(params: { latencyStats: boolean }): void {
    this.#latencyStats = params.latencyStats;
  }

  /** Graphviz text of the elements and their connections. The details are always all that there is. */
  getGstreamerDot(): string {
    return printDot(this);
  }

  /** Writes the text into the directory that GST_DEBUG_DUMP_DOT_DIR names, if it is set. */
  async dumpGstreamerDot(): Promise<void> {
    await dumpDot(this, this.context.clock.nowMs());
  }
}
