/**
 * Whether the server accepts new work.
 * @module
 */
import { KurentoError } from '@rivero/model';

/** What readiness depends on. */
export interface ReadinessSource {
  /** Router processes that should run. */
  readonly routers: number;
  /** Router processes that run. */
  liveRouters(): readonly unknown[];
  /** Throws or rejects while objects are refused because resources run short. */
  admitObject(): Promise<void> | void;
}

/** Whether the server accepts new work. */
export class Readiness {
  readonly #source: ReadinessSource;
  #draining = false;

  /** Ready as long as `source` is. */
  constructor(source: ReadinessSource) {
    this.#source = source;
  }

  /** True once the server is about to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** From now on the server is not ready; clients that are there may finish. */
  drain(): void {
    this.#draining = true;
  }

  /** Why the server is not ready; undefined if it is. */
  async obstacle(): Promise<string | undefined> {
    if (this.#draining) return 'draining';
    if (this.#source.routers > 0 && this.#source.liveRouters().length === 0)
      return 'no router process is running';
    try {
      await this.#source.admitObject();
      return undefined;
    } catch (error) {
      if (error instanceof KurentoError) return error.message;
      throw error;
    }
  }
}
