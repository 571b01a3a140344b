/**
 * The client: a session with a media server, the objects in it, and what happens to the connection.
 * @module
 */
import { type Module, api, builtInModules, createApi } from '@rivero/model';
import type { MediaElement, RemoteClasses } from '@rivero/model/client';
import { allOrNone, type CreationRequest } from './allOrNone.ts';
import { type CallOptions, Connection, type ConnectionOptions, type ConnectionState } from './Connection.ts';
import { ConnectionError } from './ConnectionError.ts';
import { type Listener, Listeners } from './Listeners.ts';
import { ObjectCalls } from './ObjectCalls.ts';
import type {
  ClassName,
  ClientCreation,
  ConstructorArguments,
  CreatableName,
  Created,
  OwnedParams,
  Remote,
} from './Remote.ts';
import type { RemoteObject } from './RemoteObject.ts';
import { type Transaction, runTransaction } from './Transaction.ts';
import { isRecord } from './WireValues.ts';

/** How a client behaves. All have defaults. */
export interface ClientOptions extends ConnectionOptions {
  /** Whether opening fails unless the server has Kurento's three base modules and `modules`. Default false. */
  readonly strict?: boolean;
  /** Modules that the client knows beside those of Kurento, as `rivero gen client` writes them. */
  readonly modules?: readonly Module[];
}

/** What a client tells its listeners. */
export interface ClientEvents {
  /** The state changed; the other events but the last tell more of it. */
  state: ConnectionState;
  /** The first socket is up. */
  connected: undefined;
  /** The socket broke; the client tries to return. Requests made now wait for the new socket. */
  disconnected: ConnectionError;
  /**
   * A new socket is up. `true`: the session, its objects and subscriptions go on; events of the meantime are lost.
   * `false`: the server does not know the session any more, and every object of it counts as released.
   */
  reconnected: boolean;
  /** The client is over: closed, or all tries to return failed. */
  closed: ConnectionError;
  /** The server refused to tell of an event that the program listens to. */
  subscriptionFailed: { readonly object: RemoteObject; readonly event: string; readonly error: unknown };
}

/** Base modules that a strict client demands, as Kurento's own client does. */
const baseModules = ['core', 'elements', 'filters'] as const;

/** A session with a media server; see `connect` for the usual way to one. */
export class KurentoClient {
  readonly #strictModules: readonly string[];
  readonly #connection: Connection;
  readonly #listeners = new Listeners<ClientEvents>();
  readonly #calls: ObjectCalls;

  /**
   * A client that is not open yet: add listeners, then call `open`. Of several addresses any will do; after a
   * break the one in use is tried first.
   * @throws {TypeError} If there is no address, or a module builds on one that is not there.
   */
  constructor(url: string | readonly string[], options: ClientOptions = {}) {
    const { strict = false, modules = [], ...connection } = options;
    this.#strictModules = strict ? [...baseModules, ...modules.map(({ name }) => name)] : [];
    this.#calls = new ObjectCalls(modules.length > 0 ? createApi([...builtInModules, ...modules]) : api, {
      request: (method, params, limits) => this.#connection.request(method, params, limits),
      onSubscriptionFailed: (object, event, error) =>
        this.#listeners.emit('subscriptionFailed', { object, event, error }),
    });
    this.#connection = new Connection(typeof url === 'string' ? [url] : url, connection, {
      onState: (state) => this.#listeners.emit('state', state),
      onNotification: (method, params) => {
        if (method === 'onEvent') this.#calls.deliver(params);
      },
      onDisconnected: (reason) => this.#listeners.emit('disconnected', reason),
      onReconnected: (sameSession) => this.#reconnected(sameSession),
      onClosed: (reason) => this.#closed(reason),
    });
  }

  /** Address of the server in use, or tried last; without what may be secret in it. */
  get url(): string {
    return this.#connection.url;
  }

  /** Where the connection stands. */
  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Name of the session at the server, once open; it survives broken sockets. */
  get sessionId(): string | undefined {
    return this.#connection.sessionId;
  }

  /** Name of the server process, once open. */
  get serverId(): string | undefined {
    return this.#connection.serverId;
  }

  /** Whether a socket is up. */
  get connected(): boolean {
    return this.#connection.connected;
  }

  /**
   * Opens the session; once. When `signal` aborts before it is open, the client is closed.
   * @throws {ConnectionError} `CONNECTION_FAILED`.
   * @throws {unknown} The reason of the signal.
   */
  async open(signal?: AbortSignal): Promise<void> {
    await this.#connection.open(signal);
    if (this.#strictModules.length > 0) await this.#checkModules();
    this.#listeners.emit('connected', undefined);
  }

  /** Adds a listener; the same function is kept once. */
  on<Name extends keyof ClientEvents>(name: Name, listener: Listener<ClientEvents[Name]>): this {
    this.#listeners.add(name, listener);
    return this;
  }

  /** Adds a listener for the next event of that name only. */
  once<Name extends keyof ClientEvents>(name: Name, listener: Listener<ClientEvents[Name]>): this {
    this.#listeners.add(name, listener, true);
    return this;
  }

  /** Removes a listener given to `on`. */
  off<Name extends keyof ClientEvents>(name: Name, listener: Listener<ClientEvents[Name]>): this {
    this.#listeners.remove(name, listener);
    return this;
  }

  /**
   * Makes an object: a pipeline, or with `mediaPipeline` (or `hub`) given anything else, though `pipeline.create`
   * is the shorter way. A list of `{ type, params }` makes all of them or, if one fails, none. `options` limit the
   * call.
   * @throws {KurentoError} `MEDIA_OBJECT_NOT_AVAILABLE` when the server has no such class, and what the class refuses.
   */
  create<Name extends CreatableName>(
    type: Name,
    ...args: [...ConstructorArguments<OwnedParams<RemoteClasses[Name]['params']>>, options?: CallOptions]
  ): Promise<Remote<Name>>;
  create<const Creations extends readonly ClientCreation[]>(
    creations: Creations,
    options?: CallOptions,
  ): Promise<Created<Creations>>;
  async create(
    what: string | readonly CreationRequest[],
    second: object = {},
    third: CallOptions = {},
  ): Promise<unknown> {
    if (typeof what === 'string') return await this.#calls.create(what, second, third);
    return await allOrNone(what.map(({ type, params = {} }) => this.#calls.create(type, params, second)));
  }

  /**
   * Connects each element to the next: `connect(a, b, c)` and `connect([a, b, c])` are `a.connect(b)` and
   * `b.connect(c)`.
   * @throws {TypeError} If there are fewer than two.
   */
  async connect(...elements: readonly (MediaElement | readonly MediaElement[])[]): Promise<void> {
    const [first, ...others] = elements.flat();
    if (!first || others.length === 0) throw new TypeError('Two elements at least can be connected');
    let source: MediaElement = first;
    for (const sink of others) {
      // oxlint-disable-next-line no-await-in-loop -- in this order, and nothing after the first that fails
      await source.connect(sink);
      source = sink;
    }
  }

  /**
   * Sends what `work` asks of `transaction` and of the objects made by it as one message, when `work` ends or waits
   * for one of the answers; resolves with what `work` returns.
   *
   * The server executes the requests in order and stops at the first that fails. Then what the transaction made is
   * released, nothing else of it is undone, and what was not executed is rejected with the same error. If `work`
   * throws, nothing more is sent, and what was made is released, too.
   * @throws {TransactionError} When the server refused a request.
   * @throws {unknown} What `work` throws.
   */
  transaction<Result>(
    work: (transaction: Transaction) => Result | Promise<Result>,
    options: CallOptions = {},
  ): Promise<Result> {
    return runTransaction(this.#calls, work, options);
  }

  /** The server's own object: what it is, what runs in it. */
  async getServerManager(): Promise<Remote<'ServerManager'>> {
    return this.#typed<'ServerManager'>(this.#calls.manager);
  }

  /**
   * The object of that id, whoever made it; for a list of ids a list. `options` limit the call.
   * @throws {KurentoError} `MEDIA_OBJECT_NOT_FOUND`.
   * @throws {TypeError} If it is not of the class `type`.
   */
  getMediaobjectById<Name extends ClassName = 'MediaObject'>(
    id: string,
    type?: Name,
    options?: CallOptions,
  ): Promise<Remote<Name>>;
  getMediaobjectById<Name extends ClassName = 'MediaObject'>(
    ids: readonly string[],
    type?: Name,
    options?: CallOptions,
  ): Promise<Remote<Name>[]>;
  async getMediaobjectById(
    id: string | readonly string[],
    type = 'MediaObject',
    options: CallOptions = {},
  ): Promise<unknown> {
    if (typeof id === 'string') return await this.#calls.describe(id, type, options);
    return await Promise.all(id.map((one) => this.#calls.describe(one, type, options)));
  }

  /** Closes the socket. The server keeps the session's objects for some minutes: release what is not wanted first. */
  close(): void {
    this.#connection.close();
  }

  /** Closes at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The proxy with the type of its class. */
  #typed<Name extends ClassName>(proxy: RemoteObject): Remote<Name> {
    // Holds: the proxy's class was made from the descriptor that the interface of that name was printed from.
    return proxy as unknown as Remote<Name>;
  }

  #reconnected(sameSession: boolean): void {
    if (!sameSession) for (const handle of this.#calls.objects.allGone()) handle.subscribeAgain();
    this.#listeners.emit('reconnected', sameSession);
  }

  #closed(reason: ConnectionError): void {
    this.#calls.objects.allSilent();
    this.#listeners.emit('closed', reason);
  }

  async #checkModules(): Promise<void> {
    const info = await this.#calls.manager.invoke('getInfo');
    const modules = isRecord(info) && Array.isArray(info['modules']) ? info['modules'] : [];
    const names = new Set(modules.map((module) => (isRecord(module) ? module['name'] : undefined)));
    const missing = this.#strictModules.filter((name) => !names.has(name));
    if (missing.length === 0) return;
    const message = `${this.url} lacks the modules ${missing.join(', ')}`;
    this.close();
    throw new ConnectionError('CONNECTION_FAILED', message);
  }
}

/** How to connect: limits of the opening, and how the client behaves. */
export interface ConnectOptions extends ClientOptions {
  /** Gives up opening when it aborts; once open it means nothing. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a session with a media server, such as `connect('ws://127.0.0.1:8888/kurento')`, or with the first of several
 * that answers; when that one is lost, the client goes on with the next.
 * @throws {ConnectionError} `CONNECTION_FAILED`.
 */
export async function connect(
  url: string | readonly string[],
  { signal, ...options }: ConnectOptions = {},
): Promise<KurentoClient> {
  const client = new KurentoClient(url, options);
  await client.open(signal);
  return client;
}

const singletons = new Map<string, Promise<KurentoClient>>();

/**
 * The one client of the program for that server; the first call opens it and decides its options. Once it is closed,
 * the next call opens another.
 * @throws {ConnectionError} `CONNECTION_FAILED`.
 */
export function getSingleton(
  url: string | readonly string[],
  options: ConnectOptions = {},
): Promise<KurentoClient> {
  const key = JSON.stringify(url);
  const known = singletons.get(key);
  if (known) return known;
  const { signal, ...clientOptions } = options;
  const client = new KurentoClient(url, clientOptions);
  client.once('closed', () => singletons.delete(key));
  const opening = client.open(signal).then(() => client);
  singletons.set(key, opening);
  return opening;
}
