/**
 * What the client knows of one remote object, whichever of its proxies is used: its class, its listeners, its
 * subscriptions at the server, and whether it still exists.
 * @module
 */
import { type ClassInfo, KurentoError } from '@rivero/model';
import type { CallOptions } from './Connection.ts';
import { type Listener, Listeners } from './Listeners.ts';
import type { RemoteObject } from './RemoteObject.ts';
import { Subscription } from './Subscription.ts';

/** What handles and proxies need of the client. */
export interface ObjectHost {
  /** Asks the server. */
  request(method: string, params: object, options?: CallOptions): Promise<unknown>;
  /** Calls an operation of an object and decodes its answer. */
  invoke(handle: ObjectHandle, operation: string, params: object, options: CallOptions): Promise<unknown>;
  /** Makes an object that belongs to `owner`. */
  createIn(owner: ObjectHandle, type: string, params: object, options: CallOptions): Promise<RemoteObject>;
  /** Takes note that the object is gone, and those that belong to it. */
  gone(handle: ObjectHandle): void;
  /** Makes the server tell of objects that end without our doing. */
  watchReleases(): void;
  /** Keeps the handle alive while it has listeners, for events come by id. */
  keep(handle: ObjectHandle, listening: boolean): void;
  /** Tells the program that the server refused a subscription. */
  subscriptionFailed(handle: ObjectHandle, event: string, error: unknown): void;
}

/** Events by name, as far as this level knows them. */
type AnyEvents = Record<string, unknown>;

/** One remote object. */
export class ObjectHandle {
  /** Its class. */
  readonly info: ClassInfo;
  /** The client that it came from. */
  readonly host: ObjectHost;

  readonly #listeners = new Listeners<AnyEvents>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #released = Promise.withResolvers<void>();
  readonly #silent = Promise.withResolvers<void>();
  #id: string;
  #onId: ((id: string) => void)[] | undefined;
  #isReleased = false;
  #isSilent = false;

  /** A handle of the object with that id and class; the id may stand in for one that is not known yet. */
  constructor(id: string, info: ClassInfo, host: ObjectHost, standIn = false) {
    this.#id = id;
    this.#onId = standIn ? [] : undefined;
    this.info = info;
    this.host = host;
  }

  /** Its id. */
  get id(): string {
    return this.#id;
  }

  /** Calls back with the id once it is known, unless it is known already. */
  onId(listener: (id: string) => void): void {
    this.#onId?.push(listener);
  }

  /** Replaces the stand-in by the id that the server gave. */
  identify(id: string): void {
    this.#id = id;
    for (const listener of this.#onId ?? []) listener(id);
    this.#onId = undefined;
  }

  /** Whether the object is known to be gone. */
  get released(): boolean {
    return this.#isReleased;
  }

  /** Resolves when the object is gone. */
  get whenReleased(): Promise<void> {
    return this.#released.promise;
  }

  /** Whether no event will come any more: the object is gone, or the client is closed. */
  get silent(): boolean {
    return this.#isSilent;
  }

  /** Resolves when no event will come any more: the object is gone, or the client is closed. */
  get whenSilent(): Promise<void> {
    return this.#silent.promise;
  }

  /**
   * Adds a listener and resolves once the server tells of the event; `once` removes it before its first call.
   * @throws {TypeError} If the class has no such event.
   * @throws {KurentoError} If the object is gone, or the server refuses.
   */
  on(event: string, listener: Listener<never>, once: boolean): Promise<void> {
    if (!this.info.events.has(event)) {
      return Promise.reject(new TypeError(`${this.info.name} has no event '${event}'`));
    }
    // Safe: what arrives under this name has the type that the descriptors give it, as the caller's listener.
    this.#listeners.add(event, listener as Listener<unknown>, once);
    return this.#follow(event);
  }

  /** Removes a listener, and resolves once the server tells of the event no more if it was the last. */
  off(event: string, listener: Listener<never>): Promise<void> {
    // Safe: only compared with what `on` was given.
    this.#listeners.remove(event, listener as Listener<unknown>);
    return this.#follow(event);
  }

  /** Hands an event to its listeners. */
  deliver(event: string, data: unknown): void {
    this.#listeners.emit(event, data);
    void this.#follow(event);
  }

  /** Subscribes again: the server that knew the subscriptions is no more. */
  subscribeAgain(): void {
    for (const subscription of this.#subscriptions.values()) subscription.forget();
    for (const event of this.#listeners.names()) void this.#follow(event);
  }

  /** Takes note that the object is gone. */
  markReleased(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#released.resolve();
    this.markSilent();
  }

  /** Takes note that no event will come any more. */
  markSilent(): void {
    this.#isSilent = true;
    for (const subscription of this.#subscriptions.values()) subscription.abandon();
    this.host.keep(this, false);
    this.#silent.resolve();
  }

  /** Brings the subscription after the listeners. The rejection needs no handler: the client tells of it, too. */
  #follow(event: string): Promise<void> {
    const wanted = this.#listeners.has(event);
    if (this.#isReleased) {
      return wanted ? quiet(Promise.reject(notFound(this.id))) : Promise.resolve();
    }
    this.host.keep(this, this.#listeners.names().length > 0);
    const known = this.#subscriptions.get(event);
    if (!known && !wanted) return Promise.resolve();
    const subscription = known ?? new Subscription(this, event);
    this.#subscriptions.set(event, subscription);
    return quiet(subscription.want(wanted));
  }
}

/** What a call on an object that is known to be gone rejects with, as the server would say. */
function notFound(id: string): KurentoError {
  return new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${id}' not found`);
}

function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
