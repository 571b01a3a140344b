/**
 * The client: a session with a media server, the objects in it, and what happens to the connection.
 * @module
 */
import { type Api, KurentoError, api as builtInApi } from '@rivero/model';
import type { MediaElement, RemoteClasses } from '@rivero/model/client';
import { type CallOptions, Connection, type ConnectionOptions } from './Connection.ts';
import { ConnectionError } from './ConnectionError.ts';
import { type Listener, Listeners } from './Listeners.ts';
import type { ObjectHandle, ObjectHost } from './ObjectHandle.ts';
import { ObjectTable } from './ObjectTable.ts';
import type { ClassName, ConstructorArguments, CreatableName, OwnedParams, Remote } from './Remote.ts';
import { RemoteObject } from './RemoteObject.ts';
import { WireValues, encodeArgument, isRecord } from './WireValues.ts';

/** The one object that every server has (spec 1.6). */
const managerId = 'manager_ServerManager';

/** How a client behaves. All have defaults. */
export interface ClientOptions extends ConnectionOptions {
  /** Whether opening fails unless the server has Kurento's three base modules. Default false. */
  readonly strict?: boolean;
  /** The classes that the client knows; made by `createApi` of `@rivero/model` with modules of others. */
  readonly api?: Api;
}

/** What a client tells its listeners. */
export interface ClientEvents {
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
  /** Address of the server. */
  readonly url: string;
  readonly #api: Api;
  readonly #strict: boolean;
  readonly #connection: Connection;
  readonly #listeners = new Listeners<ClientEvents>();
  readonly #objects: ObjectTable;
  readonly #values: WireValues;
  readonly #host: ObjectHost;
  #watchesReleases = false;

  /** A client that is not open yet: add listeners, then call `open`. */
  constructor(url: string, options: ClientOptions = {}) {
    const { strict = false, api = builtInApi, ...connection } = options;
    this.url = url;
    this.#api = api;
    this.#strict = strict;
    this.#host = this.#makeHost();
    this.#objects = new ObjectTable(api, this.#host);
    this.#values = new WireValues(api, (id, declared) => this.#objects.proxyOf(id, declared));
    this.#connection = new Connection(url, connection, {
      onNotification: (method, params) => this.#notified(method, params),
      onDisconnected: (reason) => this.#listeners.emit('disconnected', reason),
      onReconnected: (sameSession) => this.#reconnected(sameSession),
      onClosed: (reason) => this.#closed(reason),
    });
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

  /** Opens the session. @throws {ConnectionError} `CONNECTION_FAILED`. */
  async open(): Promise<void> {
    await this.#connection.open();
    if (this.#strict) await this.#checkModules();
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
   * is the shorter way.
   * @throws {KurentoError} `MEDIA_OBJECT_NOT_AVAILABLE` when the server has no such class, and what the class refuses.
   */
  async create<Name extends CreatableName>(
    type: Name,
    ...[params]: ConstructorArguments<OwnedParams<RemoteClasses[Name]['params']>>
  ): Promise<Remote<Name>> {
    return this.#typed<Name>(await this.#create(type, params ?? {}, {}));
  }

  /** Connects each element to the next: `connect(a, b, c)` is `a.connect(b)` and `b.connect(c)`. */
  async connect(...elements: readonly MediaElement[]): Promise<void> {
    for (const [index, element] of elements.entries()) {
      const next = elements[index + 1];
      if (next) await element.connect(next);
    }
  }

  /** The server's own object: what it is, what runs in it. */
  async getServerManager(): Promise<Remote<'ServerManager'>> {
    return this.#typed<'ServerManager'>(this.#manager());
  }

  /**
   * The object of that id, whoever made it.
   * @throws {KurentoError} `MEDIA_OBJECT_NOT_FOUND`.
   * @throws {TypeError} If it is not of the class `type`.
   */
  async getMediaobjectById<Name extends ClassName = 'MediaObject'>(
    id: string,
    type?: Name,
  ): Promise<Remote<Name>> {
    const result = await this.#connection.request('describe', { object: id });
    const { qualifiedType, hierarchy } = isRecord(result) ? result : {};
    const types = [String(qualifiedType), ...(Array.isArray(hierarchy) ? hierarchy.map(String) : [])];
    const wanted = this.#api.findClass(type ?? 'MediaObject')?.qualifiedType;
    if (wanted !== undefined && !types.includes(wanted)) throw new TypeError(`'${id}' is a ${types[0]}`);
    return this.#typed<Name>(this.#objects.proxyOf(id, ...types));
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

  #manager(): RemoteObject {
    return this.#objects.proxyOf(managerId);
  }

  async #create(type: string, params: object, options: CallOptions): Promise<RemoteObject> {
    const info = this.#api.findClass(type);
    const wireType = info && info.wireModule !== 'kurento' ? info.qualifiedType : (info?.name ?? type);
    const constructorParams = encodeArgument(params, isRemoteObject);
    const request = { type: wireType, constructorParams, properties: {} };
    const result = await this.#connection.request('create', request, options);
    return this.#objects.proxyOf(String(valueOf(result)), wireType);
  }

  #makeHost(): ObjectHost {
    return {
      request: (method, params, options) => this.#connection.request(method, params, options),
      invoke: (handle, operation, params, options) => this.#invoke(handle, operation, params, options),
      createIn: (owner, type, params, options) => this.#createIn(owner, type, params, options),
      gone: (handle) => this.#objects.gone(handle.id),
      watchReleases: () => this.#watchReleases(),
      keep: (handle, listening) => this.#objects.keep(handle, listening),
      subscriptionFailed: ({ id }, event, error) => {
        this.#listeners.emit('subscriptionFailed', { object: this.#objects.proxyOf(id), event, error });
      },
    };
  }

  async #invoke(
    { id, info }: ObjectHandle,
    operation: string,
    params: object,
    options: CallOptions,
  ): Promise<unknown> {
    const operationParams = encodeArgument(params, isRemoteObject);
    const request =
      Object.keys(params).length > 0 ? { object: id, operation, operationParams } : { object: id, operation };
    try {
      const result = await this.#connection.request('invoke', request, options);
      const returns = info.operations.get(operation)?.returns ?? '';
      return this.#values.decode(valueOf(result), returns);
    } catch (error) {
      if (namesMissing(error, id)) this.#objects.gone(id);
      throw error;
    }
  }

  async #createIn(owner: ObjectHandle, type: string, params: object, options: CallOptions): Promise<unknown> {
    const fields = Object.entries(this.#api.findClass(type)?.constructorParams ?? {});
    const [parameter] = fields.find(([, field]) => owner.info.isA(field.type)) ?? [];
    if (parameter === undefined) throw new TypeError(`A ${owner.info.name} cannot have a ${type}`);
    return await this.#create(type, { [parameter]: owner.id, ...params }, options);
  }

  #notified(method: string, params: unknown): void {
    const value = isRecord(params) ? params['value'] : undefined;
    if (method !== 'onEvent' || !isRecord(value)) return;
    const { object, type, data } = value;
    if (typeof object !== 'string' || typeof type !== 'string') return;
    const fields = this.#api.findEvent(type)?.fields ?? {};
    this.#objects
      .handleOf(object)
      ?.deliver(type, isRecord(data) ? this.#values.decodeFields(data, fields) : {});
  }

  #watchReleases(): void {
    if (this.#watchesReleases) return;
    this.#watchesReleases = true;
    void this.#manager().on('ObjectDestroyed', ({ objectId }: { readonly objectId: string }) => {
      this.#objects.gone(objectId);
    });
  }

  #reconnected(sameSession: boolean): void {
    if (!sameSession) for (const handle of this.#objects.allGone()) handle.subscribeAgain();
    this.#listeners.emit('reconnected', sameSession);
  }

  #closed(reason: ConnectionError): void {
    this.#objects.allSilent();
    this.#listeners.emit('closed', reason);
  }

  async #checkModules(): Promise<void> {
    const info = await this.#manager().invoke('getInfo');
    const modules = isRecord(info) && Array.isArray(info['modules']) ? info['modules'] : [];
    const names = new Set(modules.map((module) => (isRecord(module) ? module['name'] : undefined)));
    const missing = baseModules.filter((name) => !names.has(name));
    if (missing.length === 0) return;
    const message = `${this.url} lacks the modules ${missing.join(', ')}`;
    this.close();
    throw new ConnectionError('CONNECTION_FAILED', message);
  }
}

/** Opens a session with a media server, such as `connect('ws://127.0.0.1:8888/kurento')`. @throws {ConnectionError} */
export async function connect(url: string, options: ClientOptions = {}): Promise<KurentoClient> {
  const client = new KurentoClient(url, options);
  await client.open();
  return client;
}

function valueOf(result: unknown): unknown {
  return isRecord(result) ? result['value'] : undefined;
}

function isRemoteObject(value: object): value is RemoteObject {
  return value instanceof RemoteObject;
}

/** Whether an error says that this very object is gone, and not an argument of the call. */
function namesMissing(error: unknown, id: string): boolean {
  return (
    error instanceof KurentoError &&
    error.type === 'MEDIA_OBJECT_NOT_FOUND' &&
    error.message.includes(`'${id}'`)
  );
}
