/**
 * The session with a media server over WebSockets that may break: one socket after the other, requests, keep-alive
 * pings, and the return to the same session.
 * @module
 */
import { RpcError } from '@rivero/rpc';
import { ConnectionError, callerError } from './ConnectionError.ts';
import { Link, quietResolvers, timer } from './Link.ts';

/** Limits of one request. */
export interface CallOptions {
  /** Gives up after so many milliseconds; 0 waits for ever. Default: the client's `requestTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Gives up when it aborts, with its reason. The server is not told and may still execute the request. */
  readonly signal?: AbortSignal;
}

/** How a connection behaves. All have defaults. */
export interface ConnectionOptions {
  /** Time for an answer, milliseconds. Default 20 000. 0 waits for ever. */
  readonly requestTimeoutMs?: number;
  /** Time for a socket to open and the session to be agreed, milliseconds. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** Time between pings, milliseconds. Default 30 000: below the 60 s after which proxies drop idle sockets. */
  readonly pingIntervalMs?: number;
  /** Time for the answer to a ping, milliseconds, after which the socket counts as broken. Default 10 000. */
  readonly pingTimeoutMs?: number;
  /** How often to try again after the socket broke; 0 never. Default: without end. */
  readonly reconnectAttempts?: number;
  /** Longest wait between two tries, milliseconds; waits double from 100 ms. Default 10 000. */
  readonly reconnectMaxDelayMs?: number;
}

/** Told by a connection what happens on it. */
export interface ConnectionListener {
  /** A notification came. */
  onNotification(method: string, params: unknown): void;
  /** The socket broke; tries to return begin now. */
  onDisconnected(reason: ConnectionError): void;
  /** A new socket is up; `sameSession` is false when the server no longer knows the session and its objects. */
  onReconnected(sameSession: boolean): void;
  /** The connection is over: closed, or all tries failed. */
  onClosed(reason: ConnectionError): void;
}

const defaults: Required<ConnectionOptions> = {
  requestTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 10_000,
  reconnectAttempts: Number.POSITIVE_INFINITY,
  reconnectMaxDelayMs: 10_000,
};

/** Spec of the original's client: the first new try comes after about 100 ms. */
const firstDelayMs = 100;

/** A session with a server. Make one, then `open` it once. */
export class Connection {
  readonly #url: string;
  readonly #options: Required<ConnectionOptions>;
  readonly #listener: ConnectionListener;
  /** One counter for all sockets: servers answer a repeated id of a session with the old answer (spec 1.9). */
  #requestCount = 0;
  #link: Link | undefined;
  #sessionId: string | undefined;
  #serverId: string | undefined;
  #closed: ConnectionError | undefined;
  /** Ends what is under way between two links: a wait or an opening socket. */
  #interrupt: (() => void) | undefined;
  /** Resolves when the next link is up; set while there is none. */
  #ready: PromiseWithResolvers<void> | undefined;

  /** A connection to `url` that is not open yet. */
  constructor(url: string, options: ConnectionOptions, listener: ConnectionListener) {
    this.#url = url;
    this.#options = { ...defaults, ...options };
    this.#listener = listener;
  }

  /** Name of the session, once agreed. It outlives sockets. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** Name of the server process, once agreed. */
  get serverId(): string | undefined {
    return this.#serverId;
  }

  /** Whether a socket is up and the session is agreed. */
  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Opens the first socket. @throws {ConnectionError} `CONNECTION_FAILED`. */
  async open(): Promise<void> {
    try {
      await this.#establish();
    } catch (cause) {
      this.#end(this.#closed ?? failedConnection(this.#url, cause));
      throw this.#closed;
    }
  }

  /**
   * Asks the server; `sessionId` is added to the parameters. While the socket is being replaced the request waits.
   * @throws {KurentoError} What the server refused.
   * @throws {ConnectionError} When no answer comes.
   */
  async request(method: string, params: object, options: CallOptions = {}): Promise<unknown> {
    const timeoutMs = options.timeoutMs ?? this.#options.requestTimeoutMs;
    const startedMs = performance.now();
    // The wait for a socket is part of the caller's time. 0 stands for ever, so what is left is at least 1 ms.
    const leftMs = (): number => timeoutMs && Math.max(1, timeoutMs - (performance.now() - startedMs));
    while (!this.#link) await this.#untilReady(method, leftMs(), options.signal);
    const call = { timeoutMs: leftMs(), ...(options.signal && { signal: options.signal }) };
    const withSession = this.#sessionId === undefined ? params : { ...params, sessionId: this.#sessionId };
    try {
      const result = await this.#link.peer.request(method, withSession, call);
      this.#readSession(result);
      return result;
    } catch (error) {
      throw callerError(error);
    }
  }

  /** Ends the session's socket for good; the server keeps the objects for some minutes. Requests fail at once. */
  close(): void {
    this.#end(new ConnectionError('CLOSED', 'The client was closed'));
  }

  /** @throws {ConnectionError | unknown} The reason when the wait ends without a link. */
  async #untilReady(method: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed) throw this.#closed;
    signal?.throwIfAborted();
    this.#ready ??= quietResolvers();
    const ended = Promise.withResolvers<never>();
    const message = `No connection for '${method}' within the time allowed`;
    const onTime = (): void => ended.reject(new ConnectionError('REQUEST_TIMEOUT', message));
    const onAbort = (): void => ended.reject(signal?.reason);
    const cancel = timeoutMs === 0 ? undefined : timer(timeoutMs, onTime);
    signal?.addEventListener('abort', onAbort);
    try {
      await Promise.race([this.#ready.promise, ended.promise]);
    } finally {
      cancel?.();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Opens a socket and agrees on the session; says whether it is the one we had. */
  async #establish(): Promise<boolean> {
    const link = this.#newLink();
    let sameSession: boolean;
    const cancel = timer(this.#options.connectTimeoutMs, () =>
      link.break(
        new ConnectionError('CONNECTION_FAILED', `No session within ${this.#options.connectTimeoutMs} ms`),
      ),
    );
    const abandon = (): void => link.break(this.#closed);
    this.#interrupt = abandon;
    try {
      await link.opened;
      sameSession = await this.#agree(link);
      if (this.#closed) throw this.#closed;
    } catch (error) {
      link.break(error);
      throw error;
    } finally {
      cancel();
    }
    this.#link = link;
    void link.broken.then((reason) => this.#lost(link, reason));
    void this.#keepAlive(link);
    return sameSession;
  }

  #newLink(): Link {
    const onNotification = (method: string, params: unknown): void =>
      this.#listener.onNotification(method, params);
    return new Link(this.#url, () => this.#requestCount++, onNotification);
  }

  async #agree(link: Link): Promise<boolean> {
    const before = this.#sessionId;
    if (before !== undefined) {
      try {
        this.#readSession(await link.peer.request('connect', { sessionId: before }));
        return true;
      } catch (error) {
        // 40007: the server was restarted, or the session owned nothing any more.
        if (!(error instanceof RpcError)) throw error;
      }
    }
    this.#sessionId = undefined;
    this.#readSession(await link.peer.request('connect', {}));
    return false;
  }

  #readSession(result: unknown): void {
    if (typeof result !== 'object' || result === null) return;
    if ('sessionId' in result && typeof result.sessionId === 'string') this.#sessionId = result.sessionId;
    if ('serverId' in result && typeof result.serverId === 'string') this.#serverId = result.serverId;
  }

  async #keepAlive(link: Link): Promise<void> {
    const { pingIntervalMs, pingTimeoutMs } = this.#options;
    try {
      await link.peer.request('ping', { interval: pingIntervalMs }, { timeoutMs: pingTimeoutMs });
      for (;;) {
        await link.idle(pingIntervalMs);
        if (link.ended) return;
        await link.peer.request('ping', undefined, { timeoutMs: pingTimeoutMs });
      }
    } catch (cause) {
      link.break(new ConnectionError('CONNECTION_LOST', 'The server does not answer pings', { cause }));
    }
  }

  #lost(link: Link, reason: ConnectionError): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    if (this.#closed) return;
    if (this.#options.reconnectAttempts === 0) return this.#end(reason);
    this.#ready ??= quietResolvers();
    this.#listener.onDisconnected(reason);
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { reconnectAttempts, reconnectMaxDelayMs } = this.#options;
    let last: unknown;
    for (let attempt = 0; attempt < reconnectAttempts && !this.#closed; attempt++) {
      // The spread keeps the clients of a restarted server from coming back all at once.
      const delayMs = Math.min(reconnectMaxDelayMs, firstDelayMs * 2 ** attempt) * (0.75 + Math.random() / 2);
      await this.#delay(delayMs);
      if (this.#closed) return;
      try {
        const sameSession = await this.#establish();
        this.#listener.onReconnected(sameSession);
        this.#ready?.resolve();
        this.#ready = undefined;
        return;
      } catch (error) {
        last = error;
      }
    }
    if (!this.#closed) this.#end(failedConnection(this.#url, last));
  }

  #delay(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timer(delayMs, resolve);
      this.#interrupt = () => {
        cancel();
        resolve();
      };
    });
  }

  #end(reason: ConnectionError): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#interrupt?.();
    this.#link?.break(reason);
    this.#link = undefined;
    this.#ready?.reject(reason);
    this.#listener.onClosed(reason);
  }
}

function failedConnection(url: string, cause: unknown): ConnectionError {
  const detail = cause instanceof Error ? `: ${cause.message}` : '';
  return new ConnectionError('CONNECTION_FAILED', `Cannot connect to ${url}${detail}`, { cause });
}
