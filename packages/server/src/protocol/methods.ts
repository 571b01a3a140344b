/**
 * The methods of the Kurento protocol (spec 1.3).
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  KurentoError,
  type Api,
  type DecodeContext,
  type EncodeContext,
  type Operation,
} from '@rivero/model';
import { idOf, MediaObject } from '../objects/MediaObject.ts';
import type { ObjectFactory } from '../objects/ObjectFactory.ts';
import type { ObjectRegistry } from '../objects/ObjectRegistry.ts';
import type { Sessions } from '../sessions/Sessions.ts';
import type { Call, Method, MethodResult, MethodTable } from './dispatch.ts';
import type { Limits } from './Limits.ts';
import { countMembers } from './RequestParams.ts';
import { runTransaction } from './transaction.ts';

/** Parts of the server that the methods work on. */
export interface ProtocolParts {
  /** The descriptors of all classes. */
  readonly api: Api;
  /** All live objects. */
  readonly registry: ObjectRegistry;
  /** Makes objects. */
  readonly factory: ObjectFactory;
  /** The sessions of all clients. */
  readonly sessions: Sessions;
  /** Changes with every start, so that clients notice a restart. */
  readonly serverId: string;
  /** What one client may ask for. */
  readonly limits: Pick<Limits, 'operationsPerTransaction'>;
  /** Throws or rejects with NOT_ENOUGH_RESOURCES if there is no room for another object. */
  readonly admitObject: () => Promise<void> | void;
}

/** The methods of the Kurento protocol, working on `parts`. */
export function protocolMethods(parts: ProtocolParts): MethodTable {
  const protocol = new Protocol(parts);
  return new Map<string, Method>([
    ['ping', { run: ping, paramsOptional: true, answerComplete: true }],
    ['connect', { run: (call) => protocol.connect(call), paramsOptional: true, answerComplete: true }],
    ['create', { run: (call) => protocol.create(call) }],
    ['invoke', { run: (call) => protocol.invoke(call) }],
    ['subscribe', { run: (call) => protocol.subscribe(call) }],
    ['unsubscribe', { run: (call) => protocol.unsubscribe(call) }],
    ['describe', { run: (call) => protocol.describe(call) }],
    ['release', { run: (call) => protocol.release(call) }],
    ['ref', { run: (call) => protocol.ref(call) }],
    ['unref', { run: (call) => protocol.unref(call) }],
    ['keepAlive', { run: (call) => protocol.keepAlive(call) }],
    ['closeSession', { run: (call) => protocol.closeSession(call), answerComplete: true }],
    ['transaction', { run: (call) => protocol.transaction(call) }],
  ]);
}

/** Answers at once; names the session only if there is one. `interval` means nothing here. */
function ping({ namedSessionId, socketSessionId }: Call): MethodResult {
  const sessionId = namedSessionId ?? socketSessionId;
  return { value: 'pong', ...(sessionId !== undefined && { sessionId }) };
}

/** For methods that need a session but may take it from the socket. */
function requireSessionId(call: Call): string {
  return call.namedSessionId ?? call.socketSessionId ?? call.params.string('sessionId');
}

class Protocol {
  readonly #parts: ProtocolParts;

  constructor(parts: ProtocolParts) {
    this.#parts = parts;
  }

  connect({ namedSessionId, socketSessionId }: Call): MethodResult {
    const { serverId, sessions } = this.#parts;
    if (namedSessionId === undefined) return { serverId, sessionId: randomUUID() };
    sessions.require(namedSessionId);
    // As seen on the original (spec 8): only another socket can take a session over.
    if (namedSessionId === socketSessionId) throw new KurentoError('INVALID_SESSION', 'Invalid session');
    return { serverId, sessionId: namedSessionId };
  }

  async create({ params, sessionId }: Call): Promise<MethodResult> {
    const type = params.string('type');
    await this.#parts.admitObject();
    // `properties` is accepted and ignored, as in the original.
    const decodeContext = this.#decodeContext(sessionId);
    const object = await this.#parts.factory.create(type, params.get('constructorParams'), decodeContext);
    this.#parts.sessions.reference(sessionId, object);
    return { value: object.id };
  }

  async invoke({ params, sessionId }: Call): Promise<MethodResult> {
    const objectId = params.string('object');
    const name = params.string('operation');
    const given = params.get('operationParams');
    const object = this.#resolve(objectId, sessionId);
    const operation = object.info.operations.get(name);
    if (operation === undefined) {
      const text = `Method '${name}' with ${countMembers(given)} parameters not found`;
      throw new KurentoError('MALFORMED_TRANSACTION', text);
    }
    const decoded = this.#parts.api.decodeParams(
      given,
      operation.params,
      'operationParams',
      this.#decodeContext(sessionId),
    );
    const value = await call(object, operation, decoded);
    return { value: this.#parts.api.encode(value, operation.returns, this.#encodeContext(sessionId)) };
  }

  subscribe({ params, sessionId }: Call): MethodResult {
    const objectId = params.string('object');
    const event = params.string('type');
    const object = this.#parts.registry.resolve(objectId);
    return { value: this.#parts.sessions.reference(sessionId, object).subscriptions.add(object, event) };
  }

  unsubscribe(call: Call): MethodResult {
    const object = this.#parts.registry.find(call.params.string('object'));
    const subscription = call.params.string('subscription');
    const session = this.#parts.sessions.find(requireSessionId(call));
    if (object !== undefined) session?.subscriptions.remove(object, subscription);
    return {};
  }

  describe({ params, sessionId }: Call): MethodResult {
    const { info } = this.#resolve(params.string('object'), sessionId);
    return { type: info.name, qualifiedType: info.qualifiedType, hierarchy: info.hierarchy };
  }

  async release({ params }: Call): Promise<MethodResult> {
    await this.#parts.registry.find(params.string('object'))?.release();
    return {};
  }

  ref(call: Call): MethodResult {
    this.#resolve(call.params.string('object'), requireSessionId(call));
    return {};
  }

  async unref(call: Call): Promise<MethodResult> {
    const object = this.#parts.registry.resolve(call.params.string('object'));
    await this.#parts.sessions.unreference(requireSessionId(call), object);
    return {};
  }

  keepAlive(call: Call): MethodResult {
    this.#parts.sessions.require(requireSessionId(call));
    return {};
  }

  async closeSession(call: Call): Promise<MethodResult> {
    await this.#parts.sessions.close(requireSessionId(call), call.params.optionalBoolean('release'));
    return null;
  }

  async transaction(call: Call): Promise<MethodResult> {
    return { value: await runTransaction(call, this.#parts.limits.operationsPerTransaction) };
  }

  /** The live object `id`, referenced by the session from now on. */
  #resolve(id: string, sessionId: string): MediaObject {
    const object = this.#parts.registry.resolve(id);
    this.#parts.sessions.reference(sessionId, object);
    return object;
  }

  #decodeContext(sessionId: string): DecodeContext {
    return {
      resolve: (id) => this.#resolve(id, sessionId),
      isA: (object, className) => object instanceof MediaObject && object.info.isA(className),
    };
  }

  /** Objects in an answer are referenced too, except those that are just being released. */
  #encodeContext(sessionId: string): EncodeContext {
    return {
      idOf: (object) => {
        if (object instanceof MediaObject && !object.released) {
          this.#parts.sessions.reference(sessionId, object);
        }
        return idOf(object);
      },
    };
  }
}

function call(object: MediaObject, operation: Operation, params: Record<string, unknown>): unknown {
  // Safe to look up: the name comes from the descriptor, never from the client alone.
  const method: unknown = Reflect.get(object, operation.name);
  if (typeof method !== 'function') {
    throw new KurentoError('NOT_IMPLEMENTED', `'${operation.name}' is not implemented`);
  }
  return Reflect.apply(method, object, [params]);
}
