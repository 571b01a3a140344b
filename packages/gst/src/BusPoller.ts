/**
 * One timer that reads the buses of all pipelines of a process.
 *
 * Callbacks would come from streaming threads, so buses are polled: 50 idle pipelines cost 1.1 % of a core.
 * @module
 */
import type { BusMessage } from './BusMessage.ts';
import type { Pipeline } from './Pipeline.ts';

/** Time between two looks, milliseconds. */
const periodMs = 20;
/** Most messages of one pipeline in one look, so that a chatty element does not starve the others. */
const mostPerLook = 100;

/** Reads the buses of the pipelines that are added. */
export class BusPoller {
  readonly #listeners = new Map<Pipeline, (message: BusMessage) => void>();
  #timer: NodeJS.Timeout | undefined;

  /** Pipelines that are looked at. */
  get size(): number {
    return this.#listeners.size;
  }

  /** From now on `onMessage` is called for each message of the pipeline. */
  add(pipeline: Pipeline, onMessage: (message: BusMessage) => void): void {
    this.#listeners.set(pipeline, onMessage);
    this.#timer ??= setInterval(() => this.#look(), periodMs);
  }

  /** Stops looking at the pipeline. */
  remove(pipeline: Pipeline): void {
    this.#listeners.delete(pipeline);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const [pipeline, onMessage] of this.#listeners) {
      for (let i = 0; i < mostPerLook && this.#listeners.has(pipeline); i++) {
        const message = pipeline.popMessage();
        if (message === undefined) break;
        onMessage(message);
      }
    }
  }
}
