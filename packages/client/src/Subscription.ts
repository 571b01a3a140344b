/**
 * The subscription to one event of one object.
 * @module
 */
import { KurentoError } from '@rivero/model';
import { ConnectionError } from './ConnectionError.ts';
import type { ObjectHandle } from './ObjectHandle.ts';
import { isRecord } from './WireValues.ts';

/** Brings the server's state after the wanted one, a request at a time. */
export class Subscription {
  readonly #handle: ObjectHandle;
  readonly #event: string;
  #wanted = false;
  #id: string | undefined;
  #running: Promise<void> | undefined;

  /** A subscription that is neither wanted nor made yet. */
  constructor(handle: ObjectHandle, event: string) {
    this.#handle = handle;
    this.#event = event;
  }

  /**
   * Says whether the event is wanted; resolves when the server knows. The first request leaves in the caller's
   * turn, so what the program asks next reaches the server after it.
   * @throws {KurentoError} What the server refused.
   */
  want(wanted: boolean): Promise<void> {
    this.#wanted = wanted;
    if (this.#settled) return this.#running ?? Promise.resolve();
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Takes note that the server does not know the subscription any more. */
  forget(): void {
    this.#id = undefined;
  }

  /** Takes note that the server needs to be told nothing more. */
  abandon(): void {
    this.#wanted = false;
    this.#id = undefined;
  }

  get #settled(): boolean {
    return this.#wanted === (this.#id !== undefined);
  }

  async #run(): Promise<void> {
    try {
      while (!this.#settled) {
        if (this.#wanted) await this.#subscribe();
        else await this.#unsubscribe();
      }
    } catch (error) {
      this.#wanted = false;
      this.#report(error);
      throw error;
    } finally {
      // In the same turn as the last look at the state, so that no change of mind falls between.
      this.#running = undefined;
    }
  }

  async #subscribe(): Promise<void> {
    const params = { object: this.#handle.id, type: this.#event };
    try {
      const result = await this.#handle.host.request('subscribe', params);
      if (!this.#handle.released) this.#id = isRecord(result) ? String(result['value']) : '';
    } catch (error) {
      // The socket broke: the next request waits for the new one.
      if (!(error instanceof ConnectionError && error.code === 'CONNECTION_LOST')) throw error;
    }
  }

  async #unsubscribe(): Promise<void> {
    const params = { object: this.#handle.id, subscription: this.#id };
    this.#id = undefined;
    // Nothing is lost when it fails: events without listeners are dropped.
    await this.#handle.host.request('unsubscribe', params).catch(() => {});
  }

  #report(error: unknown): void {
    if (error instanceof ConnectionError && error.code === 'CLOSED') return;
    if (error instanceof KurentoError && error.type === 'MEDIA_OBJECT_NOT_FOUND') {
      this.#handle.host.gone(this.#handle);
      return;
    }
    this.#handle.host.subscriptionFailed(this.#handle, this.#event, error);
  }
}
