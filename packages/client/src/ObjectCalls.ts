/**
 * What is asked of the server about objects, and what becomes of the answers: the layer between proxies and the
 * connection.
 * @module
 */
import { type Api, KurentoError } from '@rivero/model';
import type { CallOptions } from './Connection.ts';
import type { ObjectHandle, ObjectHost } from './ObjectHandle.ts';
import { ObjectTable } from './ObjectTable.ts';
import { RemoteObject } from './RemoteObject.ts';
import { WireValues, encodeArgument, isRecord } from './WireValues.ts';

/** The one object that every server has (spec 1.6). */
const managerId = 'manager_ServerManager';

/** Most events that are kept during a transaction; beyond it the oldest is dropped. */
const maxHeldEvents = 1000;

/** A request that is not sent yet. */
export interface ObjectRequest {
  /** Method of the protocol. */
  readonly method: string;
  /** Its parameters, without the session. */
  readonly params: object;
  /** Makes of the member `value` of its result what the program gets. */
  readonly decode: (value: unknown) => unknown;
}

/** What the calls need of the client. */
export interface ObjectCallsListener {
  /** Asks the server. */
  request(method: string, params: object, options?: CallOptions): Promise<unknown>;
  /** The server refused a subscription. */
  onSubscriptionFailed(object: RemoteObject, event: string, error: unknown): void;
}

/** Requests about objects, and the objects themselves. */
export class ObjectCalls implements ObjectHost {
  /** The objects that the program holds. */
  readonly objects: ObjectTable;
  readonly #api: Api;
  readonly #listener: ObjectCallsListener;
  readonly #values: WireValues;
  #watchesReleases = false;
  #holds = 0;
  readonly #held: unknown[] = [];

  /** Calls on objects of the classes of `api`. */
  constructor(api: Api, listener: ObjectCallsListener) {
    this.#api = api;
    this.#listener = listener;
    this.objects = new ObjectTable(api, this);
    this.#values = new WireValues(api, (id, declared) => this.objects.proxyOf(id, declared));
  }

  /** The server's own object. */
  get manager(): RemoteObject {
    return this.objects.proxyOf(managerId);
  }

  request(method: string, params: object, options?: CallOptions): Promise<unknown> {
    return this.#listener.request(method, params, options);
  }

  /** Makes an object. */
  async create(type: string, params: object, options: CallOptions = {}): Promise<RemoteObject> {
    const { method, params: sent } = this.createRequest(type, params);
    const id = String(valueOf(await this.request(method, sent, options)));
    return this.objects.proxyOf(id, this.#wireType(type));
  }

  async createIn(
    owner: ObjectHandle,
    type: string,
    params: object,
    options: CallOptions,
  ): Promise<RemoteObject> {
    return await this.create(type, this.ownedParams(owner, type, params), options);
  }

  async invoke(
    handle: ObjectHandle,
    operation: string,
    params: object,
    options: CallOptions,
  ): Promise<unknown> {
    const { method, params: sent, decode } = this.invokeRequest(handle, operation, params);
    try {
      return decode(valueOf(await this.request(method, sent, options)));
    } catch (error) {
      if (namesMissing(error, handle.id)) this.objects.gone(handle.id);
      throw error;
    }
  }

  /** The request that makes an object; its answer is the id. */
  createRequest(type: string, params: object): ObjectRequest {
    const constructorParams = encodeArgument(params, isRemoteObject);
    const sent = { type: this.#wireType(type), constructorParams, properties: {} };
    return { method: 'create', params: sent, decode: String };
  }

  /** The request that calls an operation. */
  invokeRequest({ id, info }: ObjectHandle, operation: string, params: object): ObjectRequest {
    const operationParams = encodeArgument(params, isRemoteObject);
    const sent =
      Object.keys(params).length > 0 ? { object: id, operation, operationParams } : { object: id, operation };
    const returns = info.operations.get(operation)?.returns ?? '';
    return { method: 'invoke', params: sent, decode: (value) => this.#values.decode(value, returns) };
  }

  /** Constructor parameters with the owner in its place. @throws {TypeError} If it cannot have such a child. */
  ownedParams(owner: ObjectHandle, type: string, params: object): object {
    const fields = Object.entries(this.#api.findClass(type)?.constructorParams ?? {});
    const [parameter] = fields.find(([, field]) => owner.info.isA(field.type)) ?? [];
    if (parameter === undefined) throw new TypeError(`A ${owner.info.name} cannot have a ${type}`);
    return { [parameter]: owner.id, ...params };
  }

  gone({ id }: ObjectHandle): void {
    this.objects.gone(id);
  }

  watchReleases(): void {
    if (this.#watchesReleases) return;
    this.#watchesReleases = true;
    void this.manager.on('ObjectDestroyed', ({ objectId }: { readonly objectId: string }) => {
      this.objects.gone(objectId);
    });
  }

  keep(handle: ObjectHandle, listening: boolean): void {
    this.objects.keep(handle, listening);
  }

  subscriptionFailed({ id }: ObjectHandle, event: string, error: unknown): void {
    this.#listener.onSubscriptionFailed(this.objects.proxyOf(id), event, error);
  }

  /**
   * Keeps events that may tell of objects whose ids are not known yet, until the returned function is called: servers
   * may send an event before the answer to the request that caused it (spec 1.5).
   */
  holdEvents(): () => void {
    this.#holds++;
    return () => {
      this.#holds--;
      if (this.#holds === 0) for (const params of this.#held.splice(0)) this.deliver(params);
    };
  }

  /** Hands the parameters of an `onEvent` notification to the listeners of the object. */
  deliver(params: unknown): void {
    const event = readEvent(params);
    if (!event) return;
    const { object, type, data } = event;
    const handle = this.objects.handleOf(object);
    if (this.#holds > 0 && (!handle || type === 'ObjectCreated')) {
      this.#held.push(params);
      if (this.#held.length > maxHeldEvents) this.#held.shift();
      return;
    }
    const info = handle?.info.events.get(type) ?? this.#api.findEvent(type);
    handle?.deliver(type, this.#values.decodeFields(data, info?.fields ?? {}));
  }

  /**
   * The object of that id, with the class that the server says, or the nearest known one above it.
   * @throws {TypeError} If it is not of the class `wanted`.
   */
  async describe(id: string, wanted: string, options: CallOptions = {}): Promise<RemoteObject> {
    const result = await this.request('describe', { object: id }, options);
    const { qualifiedType, hierarchy } = isRecord(result) ? result : {};
    const types = [String(qualifiedType), ...(Array.isArray(hierarchy) ? hierarchy.map(String) : [])];
    const wantedType = this.#api.findClass(wanted)?.qualifiedType;
    if (wantedType !== undefined && !types.includes(wantedType)) {
      throw new TypeError(`'${id}' is a ${types[0]}`);
    }
    return this.objects.proxyOf(id, ...types);
  }

  /** The name under which the server makes the class: short for the base modules, else qualified. */
  #wireType(type: string): string {
    const info = this.#api.findClass(type);
    return info && info.wireModule !== 'kurento' ? info.qualifiedType : (info?.name ?? type);
  }
}

/** The member `value` of a result. */
export function valueOf(result: unknown): unknown {
  return isRecord(result) ? result['value'] : undefined;
}

interface WireEvent {
  readonly object: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The event in the parameters of a notification; undefined if there is none. */
function readEvent(params: unknown): WireEvent | undefined {
  const value = valueOf(params);
  if (!isRecord(value)) return undefined;
  const { object, type, data } = value;
  if (typeof object !== 'string' || typeof type !== 'string') return undefined;
  return { object, type, data: isRecord(data) ? data : {} };
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
