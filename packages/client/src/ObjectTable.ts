/**
 * The remote objects that the program holds, by id: one handle per object however often the server names it.
 * @module
 */
import type { Api, ClassInfo } from '@rivero/model';
import { ObjectHandle, type ObjectHost } from './ObjectHandle.ts';
import { type RemoteObject, remoteClassOf } from './RemoteObject.ts';

interface Entry {
  readonly handle: ObjectHandle;
  readonly proxy: RemoteObject;
}

/** Handles and their proxies. Those that neither the program nor a listener needs may be collected. */
export class ObjectTable {
  readonly #api: Api;
  readonly #host: ObjectHost;
  readonly #entries = new Map<string, WeakRef<Entry>>();
  /** Handles with listeners, which must stay though the program may have dropped the proxy. */
  readonly #listening = new Map<ObjectHandle, Entry | undefined>();
  readonly #entryOf = new WeakMap<ObjectHandle | RemoteObject, Entry>();
  readonly #collected = new FinalizationRegistry<string>((id) => {
    if (this.#entries.get(id)?.deref() === undefined) this.#entries.delete(id);
  });

  /** An empty table for objects of the classes of `api`. */
  constructor(api: Api, host: ObjectHost) {
    this.#api = api;
    this.#host = host;
  }

  /**
   * The proxy of an object. The class is the one that the id names (spec 1.6), else the first one known of
   * `otherwise`, else MediaObject.
   */
  proxyOf(id: string, ...otherwise: readonly string[]): RemoteObject {
    const known = this.#entries.get(id)?.deref();
    if (known) return known.proxy;
    const entry = this.#makeEntry(new ObjectHandle(id, this.#classOf(id, otherwise), this.#host));
    this.#file(id, entry);
    return entry.proxy;
  }

  /** The proxy of an object of that class which is still to be made, with a stand-in for its id. */
  futureProxy(standIn: string, type: string, host: ObjectHost): RemoteObject {
    return this.#makeEntry(new ObjectHandle(standIn, this.#classOf('', [type]), host, true)).proxy;
  }

  /** Takes note of the id that the server gave the object of a future proxy. */
  identify(proxy: RemoteObject, id: string): void {
    const entry = this.#entryOf.get(proxy);
    if (!entry) throw new TypeError('Not a proxy of this client');
    entry.handle.identify(id);
    this.#file(id, entry);
  }

  /** Marks an object as gone that was never made. */
  neverMade(proxy: RemoteObject): void {
    this.#entryOf.get(proxy)?.handle.markReleased();
  }

  /** The handle of an object that the program holds. */
  handleOf(id: string): ObjectHandle | undefined {
    return this.#entries.get(id)?.deref()?.handle;
  }

  /** Keeps a handle while it has listeners. */
  keep(handle: ObjectHandle, listening: boolean): void {
    if (listening) this.#listening.set(handle, this.#entryOf.get(handle));
    else this.#listening.delete(handle);
  }

  /** Marks an object and all that belongs to it as gone. */
  gone(id: string): void {
    this.#markReleased(id);
    const info = this.#classOf(id, []);
    if (!info.isA('MediaPipeline') && !info.isA('Hub')) return;
    for (const other of this.#entries.keys()) if (other.startsWith(`${id}/`)) this.#markReleased(other);
  }

  /** Marks every object as gone but those that each server has; these are returned. */
  allGone(): ObjectHandle[] {
    const permanent: ObjectHandle[] = [];
    for (const [id, reference] of this.#entries) {
      const handle = reference.deref()?.handle;
      if (handle?.info.isA('ServerManager')) permanent.push(handle);
      else this.#markReleased(id);
    }
    return permanent;
  }

  /** Tells every handle that no event will come any more. */
  allSilent(): void {
    for (const reference of this.#entries.values()) reference.deref()?.handle.markSilent();
  }

  #makeEntry(handle: ObjectHandle): Entry {
    const Remote = remoteClassOf(handle.info);
    const entry: Entry = { handle, proxy: new Remote(handle) };
    this.#entryOf.set(handle, entry);
    this.#entryOf.set(entry.proxy, entry);
    return entry;
  }

  #file(id: string, entry: Entry): void {
    this.#entries.set(id, new WeakRef(entry));
    this.#collected.register(entry, id);
  }

  #markReleased(id: string): void {
    const handle = this.handleOf(id);
    this.#entries.delete(id);
    handle?.markReleased();
  }

  #classOf(id: string, otherwise: readonly string[]): ClassInfo {
    for (const type of [id.slice(id.lastIndexOf('_') + 1), ...otherwise, 'MediaObject']) {
      const info = this.#api.findClass(type);
      if (info) return info;
    }
    throw new TypeError('The API has no class MediaObject');
  }
}
