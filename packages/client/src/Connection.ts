/**
 * The session with a media server over WebSockets that may break: one socket after the other, requests, keep-alive
 * pings, and the return to the same session.
 * @module
 */
import { ErrorCode } from '@rivero/model';
import { RpcError } from '@rivero/rpc';
import { ConnectionError, callerError } from './ConnectionError.ts';
import { Link, quietResolvers, timer } from './Link.ts';
import { type AccessToken, ServerAddresses } from './ServerAddresses.ts';

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
  /** How often to try each address before the first socket is given up. Default 1. */
  readonly connectAttempts?: number;
  /** How often to try each address again after the socket broke; 0 never. Default: without end. */
  readonly reconnectAttempts?: number;
  /** Longest wait between two tries, milliseconds; waits double from 100 ms. Default 10 000. */
  readonly reconnectMaxDelayMs?: number;
  /** Shown to the server as the query parameter `access_token`. A function is asked before each socket. */
  readonly accessToken?: AccessToken;
}

/**
 * Where a connection stands: `new` before it is opened, `connecting` until its first session is agreed, then
 * `connected`, with `reconnecting` in between whenever the socket broke, and `closed` for good.
 */
export type ConnectionState = 'new' | 'connecting' | 'connected' | 'reconnecting' | 'closed';

/** Told by a connection what happens on it. */
export interface ConnectionListener {
  /** The state changed. */
  onState(state: ConnectionState): void;
  /** A notification came. */
  onNotification(method: string, params: unknown): void;
  /** The socket broke; tries to return begin now. */
  onDisconnected(reason: ConnectionError): void;
  /** A new socket is up; `sameSession` is false when the server no longer knows the session and its objects. */
  onReconnected(sameSession: boolean): void;
  /** The connection is over: closed, or all tries failed. */
  onClosed(reason: ConnectionError): void;
}

type Settings = Required<Omit<ConnectionOptions, 'accessToken'>>;

const defaults: Settings = {
  requestTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
  pingIntervalMs: 30_000,
  pingTimeoutMs: 10_000,
  connectAttempts: 1,
  reconnectAttempts: Number.POSITIVE_INFINITY,
  reconnectMaxDelayMs: 10_000,
};

/** Spec of the original's client: the first new try comes after about 100 ms. */
const firstDelayMs = 100;

/** A session with a server. Make one, then `open` it once. */
export class Connection {
  readonly #addresses: ServerAddresses;
  readonly #options: Settings;
  readonly #listener: ConnectionListener;
  /** One counter for all sockets: servers answer a repeated id of a session with the old answer (spec 1.9). */
  #requestCount = 0;
  #state: ConnectionState = 'new';
  #link: Link | undefined;
  #sessionId: string | undefined;
  #serverId: string | undefined;
  #closed: ConnectionError | undefined;
  /** Ends what is under way between two links: a wait or an opening socket. */
  #interrupt: (() => void) | undefined;
  /** Resolves when the next link is up; set while there is none. */
  #ready: PromiseWithResolvers<void> | undefined;

  /** A connection that is not open yet; of several addresses any will do. @throws {TypeError} If there is none. */
  constructor(urls: readonly string[], options: ConnectionOptions, listener: ConnectionListener) {
    const { accessToken, ...settings } = options;
    this.#addresses = new ServerAddresses(urls, accessToken);
    this.#options = { ...defaults, ...settings };
    this.#listener = listener;
  }

  /** The address in use, or tried last. */
  get url(): string {
    return this.#addresses.current;
  }

  /** Where it stands. */
  get state(): ConnectionState {
    return this.#state;
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

  /**
   * Opens the first socket. When `signal` aborts before it is up, the connection is closed.
   * @throws {ConnectionError} `CONNECTION_FAILED`.
   * @throws {unknown} The reason of the signal.
   */
  async open(signal?: AbortSignal): Promise<void> {
    const giveUp = (): void =>
      this.#end(new ConnectionError('CLOSED', 'Opening was given up', { cause: signal?.reason }));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp);
    try {
      this.#enter('connecting');
      await this.#establishIn(this.#options.connectAttempts, 0);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
    this.#opened();
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

  /**
   * Tries so many rounds through the addresses, with growing waits between them; the first round waits, too, if
   * told so. Says whether the session is the one we had.
   * @throws {ConnectionError} When all failed; the connection is over then.
   */
  async #establishIn(rounds: number, firstWaitMs: number): Promise<boolean> {
    let failure = new ConnectionError('CONNECTION_FAILED', 'No attempt was allowed');
    for (let round = 0; round < rounds && !this.#closed; round++) {
      const growingMs = firstDelayMs * 2 ** (firstWaitMs > 0 ? round : round - 1);
      // The spread keeps the clients of a restarted server from coming back all at once.
      const delayMs = Math.min(this.#options.reconnectMaxDelayMs, growingMs) * (0.75 + Math.random() / 2);
      if (round > 0 || firstWaitMs > 0) await this.#delay(delayMs);
      for (let tried = 0; tried < this.#addresses.count && !this.#closed; tried++) {
        try {
          return await this.#establish();
        } catch (error) {
          failure = failedConnection(this.url, error);
          this.#addresses.turn();
        }
      }
    }
    this.#end(failure);
    throw this.#closed;
  }

  /** Opens a socket and agrees on the session; says whether it is the one we had. */
  async #establish(): Promise<boolean> {
    const { connectTimeoutMs } = this.#options;
    const ended = quietResolvers<never>();
    let opening: Link | undefined;
    const giveUp = (reason: unknown): void => {
      ended.reject(reason);
      opening?.break(reason);
    };
    const late = new ConnectionError('CONNECTION_FAILED', `No session within ${connectTimeoutMs} ms`);
    const cancel = timer(connectTimeoutMs, () => giveUp(late));
    this.#interrupt = () => giveUp(this.#closed);
    try {
      // Whoever gives the token may take as long as they like, we do not.
      const url = await Promise.race([this.#addresses.dial(), ended.promise]);
      if (this.#closed) throw this.#closed;
      const link = this.#newLink(url);
      opening = link;
      await link.opened;
      const sameSession = await this.#agree(link);
      if (this.#closed) throw this.#closed;
      this.#link = link;
      void link.broken.then((reason) => this.#lost(link, reason));
      void this.#keepAlive(link);
      return sameSession;
    } catch (error) {
      opening?.break(error);
      throw error;
    } finally {
      cancel();
    }
  }

  #newLink(url: string): Link {
    const onNotification = (method: string, params: unknown): void =>
      this.#listener.onNotification(method, params);
    return new Link(url, () => this.#requestCount++, onNotification);
  }

  async #agree(link: Link): Promise<boolean> {
    const before = this.#sessionId;
    if (before !== undefined) {
      try {
        this.#readSession(await link.peer.request('connect', { sessionId: before }));
        return true;
      } catch (error) {
        // The server was restarted, or the session owned nothing any more. Any other refusal may be for now only.
        if (!(error instanceof RpcError && error.code === ErrorCode.INVALID_SESSION)) throw error;
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
    this.#enter('reconnecting');
    this.#listener.onDisconnected(reason);
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    try {
      const sameSession = await this.#establishIn(this.#options.reconnectAttempts, firstDelayMs);
      this.#enter('connected');
      this.#listener.onReconnected(sameSession);
      this.#opened();
    } catch {
      // The listener was told when the connection ended.
    }
  }

  /** Lets those go on that wait for a socket. */
  #opened(): void {
    this.#enter('connected');
    this.#ready?.resolve();
    this.#ready = undefined;
  }

  #enter(state: ConnectionState): void {
    if (this.#closed && state !== 'closed') return;
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.onState(state);
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
    this.#enter('closed');
    this.#listener.onClosed(reason);
  }
}

function failedConnection(url: string, cause: unknown): ConnectionError {
  const detail = cause instanceof Error ? `: ${cause.message}` : '';
  return new ConnectionError('CONNECTION_FAILED', `Cannot connect to ${url}${detail}`, { cause });
}
