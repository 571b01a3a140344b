/**
 * Proxies of remote objects: one class with what all share, and from the descriptors a class with the operations
 * of each remote class.
 * @module
 */
import type { ClassInfo, Operation } from '@rivero/model';
import type { CallOptions } from './Connection.ts';
import type { Listener } from './Listeners.ts';
import type { ObjectHandle, ObjectHost } from './ObjectHandle.ts';
import { allOrNone, type CreationRequest } from './allOrNone.ts';
import { type EventQueueOptions, eventQueue } from './eventQueue.ts';

/** The same object, with its calls going through another host: into a transaction. */
export let proxyThrough: (proxy: RemoteObject, host: ObjectHost) => RemoteObject;

/** A proxy of one object of the server. Programs get them from the client and never make one. */
export class RemoteObject {
  static {
    proxyThrough = (proxy, host) => new (classOf(proxy))(proxy.#handle, proxy.#options, host);
  }

  /** The object's id; it stays the same for its whole life and for all clients. A `newref:` until it is made. */
  readonly id: string;
  /** Short name of the object's class, such as `WebRtcEndpoint`. */
  readonly type: string;
  readonly #handle: ObjectHandle;
  readonly #options: CallOptions;
  readonly #host: ObjectHost;

  /** A proxy over a handle; `options` are the limits of its calls, which go through `host`. */
  constructor(handle: ObjectHandle, options: CallOptions = {}, host: ObjectHost = handle.host) {
    this.id = handle.id;
    this.type = handle.info.name;
    this.#handle = handle;
    this.#options = options;
    this.#host = host;
    // An own property rather than a getter, so that a printed proxy shows it.
    handle.onId((id) => void ((this as { id: string }).id = id));
  }

  /** Whether the object is known to be gone: released here, told so by the server, or lost with the session. */
  get released(): boolean {
    return this.#handle.released;
  }

  /** Resolves when the object is gone, whoever ended it. From the first call on, the server tells of all endings. */
  whenReleased(): Promise<void> {
    if (!this.#handle.released) this.#handle.host.watchReleases();
    return this.#handle.whenReleased;
  }

  /** The same object with limits for the calls made through it: `await endpoint.with({ signal }).getStats()`. */
  with(options: CallOptions): this {
    return new (classOf(this))(this.#handle, { ...this.#options, ...options }, this.#host);
  }

  /**
   * Calls an operation by name, for those that the descriptors do not have.
   * @throws {KurentoError} What the server refused.
   * @throws {ConnectionError} When no answer comes.
   */
  invoke(operation: string, params: object = {}): Promise<unknown> {
    return this.#host.invoke(this.#handle, operation, params, this.#options);
  }

  /**
   * Calls `listener` for each event of that name; resolves once the server tells of them. The request leaves at
   * once, so events caused by calls made after this one are not missed, waited for or not.
   * @throws {TypeError} If the class has no such event.
   * @throws {KurentoError} What the server refused. A rejection that nobody handles is no error of the program.
   */
  on(event: string, listener: Listener<never>): Promise<void> {
    return this.#handle.on(event, listener, false);
  }

  /** Calls `listener` for the next event of that name only; otherwise as `on`. */
  once(event: string, listener: Listener<never>): Promise<void> {
    return this.#handle.on(event, listener, true);
  }

  /** Ends what `on` or `once` began with the same listener; the last one of an event unsubscribes. */
  off(event: string, listener: Listener<never>): Promise<void> {
    return this.#handle.off(event, listener);
  }

  /** The events of a name as a sequence: `for await (const event of endpoint.events('IceCandidateFound')) …`. */
  events(event: string, options?: EventQueueOptions): AsyncGenerator<unknown, void, undefined> {
    const handle = this.#handle;
    const source = {
      add: async (listener: Listener<unknown>) => {
        try {
          await handle.on(event, listener, false);
        } catch (error) {
          // Once the object or the client has ended, the sequence is merely over.
          if (!handle.silent) throw error;
        }
      },
      remove: (listener: Listener<unknown>) => void handle.off(event, listener),
      ended: handle.whenSilent,
    };
    return eventQueue(source, options);
  }

  /** Ends the object and all that belongs to it, for every client. An object that is gone already is no error. */
  async release(): Promise<void> {
    if (this.#handle.released) return;
    await this.#host.request('release', { object: this.id }, this.#options);
    this.#host.gone(this.#handle);
  }

  /** Releases at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** The id, so that proxies in JSON and logs are readable. */
  toJSON(): string {
    return this.id;
  }

  /** Makes an object that belongs to this one: elements and hubs to a pipeline, ports to a hub. */
  protected createIn(type: string, params: object = {}): Promise<RemoteObject> {
    return this.#host.createIn(this.#handle, type, params, this.#options);
  }

  /** Makes several objects that belong to this one, all or none. */
  protected createAllIn(requests: readonly CreationRequest[]): Promise<RemoteObject[]> {
    return allOrNone(requests.map(({ type, params }) => this.createIn(type, params)));
  }
}

type ProxyClass<Proxy> = new (handle: ObjectHandle, options?: CallOptions, host?: ObjectHost) => Proxy;

/** Makes proxies of one remote class. */
export type RemoteObjectClass = ProxyClass<RemoteObject>;

function classOf<Proxy extends RemoteObject>(proxy: Proxy): ProxyClass<Proxy> {
  // Safe: the constructor is that of this very class, and every class of proxies takes the same arguments.
  return proxy.constructor as ProxyClass<Proxy>;
}

const classes = new WeakMap<ClassInfo, RemoteObjectClass>();

/** The class of proxies with the operations of a remote class. */
export function remoteClassOf(info: ClassInfo): RemoteObjectClass {
  let found = classes.get(info);
  if (!found) {
    found = defineClass(info);
    classes.set(info, found);
  }
  return found;
}

function defineClass(info: ClassInfo): RemoteObjectClass {
  class Remote extends baseOf(info) {}
  Object.defineProperty(Remote, 'name', { value: info.name });
  for (const operation of info.operations.values()) {
    const value = callOf(operation);
    Object.defineProperty(Remote.prototype, operation.name, { value, writable: true, configurable: true });
  }
  return Remote;
}

function baseOf(info: ClassInfo): RemoteObjectClass {
  if (info.isA('MediaPipeline')) return RemotePipeline;
  return info.isA('Hub') ? RemoteHub : RemoteObject;
}

/** Arguments in the declared order; a missing or undefined one is left out, as if it had not been declared. */
function callOf({ name, params }: Operation): (this: RemoteObject, ...given: unknown[]) => Promise<unknown> {
  const names = Object.keys(params);
  return function call(...given) {
    if (given.length > names.length) {
      const message = `${this.type}.${name} takes ${names.length} arguments, got ${given.length}`;
      return Promise.reject(new TypeError(message));
    }
    return this.invoke(name, Object.fromEntries(given.map((value, index) => [names[index], value])));
  };
}

class RemotePipeline extends RemoteObject {
  create(type: string | readonly CreationRequest[], params?: object): Promise<unknown> {
    return typeof type === 'string' ? this.createIn(type, params) : this.createAllIn(type);
  }
}

class RemoteHub extends RemoteObject {
  create(type: string | readonly CreationRequest[], params?: object): Promise<unknown> {
    return typeof type === 'string' ? this.createIn(type, params) : this.createAllIn(type);
  }

  createHubPort(): Promise<unknown> {
    return this.createIn('HubPort');
  }
}
