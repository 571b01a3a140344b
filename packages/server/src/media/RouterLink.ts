/**
 * One living router process as control sees it: operations down, events up to whoever owns the id.
 * @module
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type HostStreamEvents,
  type RouterEvents,
  type RouterOperations,
  RouterProcess,
  type RouterProcessOptions,
  type RouterReady,
} from '@rivero/datapath';
import { KurentoError } from '@rivero/model';
import type { Logger } from 'pino';

/** Who wants the events of one transport, and of its producers and consumers. */
export type RouterEventListener = {
  readonly [K in keyof RouterEvents]: (event: RouterEvents[K]) => void;
};

/** Who wants the events of one transport to a media host. */
export type HostStreamListener = {
  readonly [K in keyof HostStreamEvents]: (event: HostStreamEvents[K]) => void;
};

/** A running router process. After `onLost` every request is refused. */
export class RouterLink {
  readonly #process: RouterProcess;
  readonly #log: Logger;
  readonly #listeners: Map<string, RouterEventListener>;
  readonly #hostListeners: Map<string, HostStreamListener>;
  readonly #lost: Set<(reason: string) => void>;
  #down: string | undefined;
  #hostSocket: Promise<string> | undefined;
  #folder: string | undefined;
  /** Transports that are open, the measure of load. */
  transportCount = 0;

  private constructor(
    process: RouterProcess,
    log: Logger,
    listeners: Map<string, RouterEventListener>,
    hostListeners: Map<string, HostStreamListener>,
    lost: Set<(reason: string) => void>,
  ) {
    this.#process = process;
    this.#log = log;
    this.#listeners = listeners;
    this.#hostListeners = hostListeners;
    this.#lost = lost;
  }

  /** Starts a process and waits until it accepts operations. Rejects if it does not. */
  static async start(options: RouterProcessOptions, log: Logger): Promise<RouterLink> {
    const listeners = new Map<string, RouterEventListener>();
    const hostListeners = new Map<string, HostStreamListener>();
    const lost = new Set<(reason: string) => void>();
    const state: { link?: RouterLink } = {};
    const process = await RouterProcess.start(options, {
      onEvent: (name, event) => {
        log.trace({ event: name, data: event }, 'event');
        deliver(listeners, name, event);
      },
      onHostEvent: (name, event) => {
        log.trace({ event: name, data: event }, 'event');
        // Events of a transport that was closed meanwhile have no listener any more.
        hostListeners.get(event.transportId)?.[name](event);
      },
      onExit: (reason) => state.link?.lose(reason),
    });
    state.link = new RouterLink(process, log, listeners, hostListeners, lost);
    for (const warning of process.ready.warnings) log.warn({ pid: process.pid }, warning);
    return state.link;
  }

  /** What the process said when it started. */
  get ready(): RouterReady {
    return this.#process.ready;
  }

  /** Process id of the router. */
  get pid(): number {
    return this.#process.pid;
  }

  /** True until the process ended. */
  get alive(): boolean {
    return this.#down === undefined;
  }

  /**
   * Asks for an operation. Rejects with the router's text.
   *
   * @throws {KurentoError} `MEDIA_OBJECT_OPERATION_NOT_SUPPORTED` when the process is gone, or goes meanwhile.
   */
  async request<K extends keyof RouterOperations>(
    name: K,
    request: RouterOperations[K]['request'],
  ): Promise<RouterOperations[K]['reply']> {
    if (this.#down !== undefined) throw processGone(this.#down);
    // Not what is asked: it holds keys.
    this.#log.trace({ pid: this.pid, operation: name }, 'operation');
    try {
      return await this.#process.request(name, request);
    } catch (error) {
      throw this.#down === undefined ? error : processGone(this.#down);
    }
  }

  /** Routes the events of a transport, producer or consumer id to this listener, until `forget`. */
  listen(id: string, listener: RouterEventListener): void {
    this.#listeners.set(id, listener);
  }

  /** Stops routing the events of an id. */
  forget(id: string): void {
    this.#listeners.delete(id);
  }

  /** Routes the events of a transport to a media host to this listener, until `forgetHost`. */
  listenHost(transportId: string, listener: HostStreamListener): void {
    this.#hostListeners.set(transportId, listener);
  }

  /** Stops routing the events of a transport to a media host. */
  forgetHost(transportId: string): void {
    this.#hostListeners.delete(transportId);
  }

  /** Path of the socket that media hosts connect to; the process listens there from the first call on. */
  hostSocket(): Promise<string> {
    this.#hostSocket ??= this.#listenForHosts();
    return this.#hostSocket;
  }

  async #listenForHosts(): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'rivero-'));
    chmodSync(folder, 0o700);
    this.#folder = folder;
    const path = join(folder, 'hosts.sock');
    await this.request('listenForHosts', { path });
    return path;
  }

  #removeFolder(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  /** Calls back once if the process ends by itself. Returns a function that takes the wish back. */
  onLost(callback: (reason: string) => void): () => void {
    this.#lost.add(callback);
    return () => this.#lost.delete(callback);
  }

  /** Ends the process in order; nobody is told that it was lost. */
  async close(): Promise<void> {
    this.#down ??= 'closed';
    this.#lost.clear();
    await this.#process.close();
    this.#removeFolder();
  }

  /** Marks the process as gone and tells everybody who asked. */
  lose(reason: string): void {
    if (this.#down !== undefined) return;
    this.#down = reason;
    this.#log.error({ pid: this.pid, reason }, 'router process lost');
    const callbacks = [...this.#lost];
    this.#lost.clear();
    this.#listeners.clear();
    this.#hostListeners.clear();
    this.#removeFolder();
    for (const callback of callbacks) callback(reason);
  }
}

function deliver<K extends keyof RouterEvents>(
  listeners: ReadonlyMap<string, RouterEventListener>,
  name: K,
  event: RouterEvents[K],
): void {
  // Events of an id that was closed meanwhile have no listener any more.
  listeners.get(ownerOf(event))?.[name](event);
}

/** What a caller learns who asks for media of a process that is no more. */
function processGone(reason: string): KurentoError {
  return new KurentoError(
    'MEDIA_OBJECT_OPERATION_NOT_SUPPORTED',
    `The router process of this pipeline ended (${reason}); its media is gone, create a new pipeline`,
  );
}

/** The id that an event is about. */
function ownerOf(event: RouterEvents[keyof RouterEvents]): string {
  if ('transportId' in event) return event.transportId;
  return 'producerId' in event ? event.producerId : event.consumerId;
}
