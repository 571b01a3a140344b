/**
 * From a request to its result: the method table, the session of the request, and the one place where errors
 * become protocol errors.
 * @module
 */
import { ErrorCode, KurentoError } from '@rivero/model';
import { RpcError, RpcErrorCode, type RpcRequest } from '@rivero/rpc';
import type { Logger } from 'pino';
import type { Peer } from '../auth/Principal.ts';
import { maskSecrets } from '../ops/maskSecrets.ts';
import type { EventSink, Sessions } from '../sessions/Sessions.ts';
import type { Limits } from './Limits.ts';
import { RequestParams } from './RequestParams.ts';
import type { RequestWatcher } from './RequestWatcher.ts';

/** Who sent a request. */
export interface Requester extends EventSink {
  /** Session id for requests that name none while the socket has no session. */
  readonly spareSessionId: string;
  /** Ids of the sessions that its requests named. Kept by {@link Dispatcher}. */
  readonly sessionIds: Set<string>;
  /** False once the socket is closed. */
  readonly open: boolean;
  /** The other end; undefined where there is no network. */
  readonly peer?: Peer | undefined;
}

/** Characters that a client may make a session id of. */
const MAX_SESSION_ID_LENGTH = 1024;

/** One request on its way. */
export interface Call {
  /** The members of `params`. */
  readonly params: RequestParams;
  /** The session that `params` names. */
  readonly namedSessionId: string | undefined;
  /** The session that the socket hears for. */
  readonly socketSessionId: string | undefined;
  /** The session that the request counts for: the named one, else that of the socket, else a fresh one. */
  readonly sessionId: string;
  /** Runs another request for the same session and returns its result; throws {@link RpcError}. */
  readonly run: (request: RpcRequest) => Promise<unknown>;
}

/** What a method answers. `sessionId` is added to it unless it is there or the answer is null. */
export type MethodResult = Readonly<Record<string, unknown>> | null;

/** One method of the protocol. */
export interface Method {
  /** Does it. */
  readonly run: (call: Call) => MethodResult | Promise<MethodResult>;
  /** True if `params` may be absent. */
  readonly paramsOptional?: boolean;
  /** True if the answer is complete: `sessionId` is not added. */
  readonly answerComplete?: boolean;
}

/** Methods by name. */
export type MethodTable = ReadonlyMap<string, Method>;

/** Runs requests. Knows nothing of sockets. */
export class Dispatcher {
  readonly #methods: MethodTable;
  readonly #sessions: Sessions;
  readonly #limits: Pick<Limits, 'sessionsPerConnection'>;
  readonly #log: Logger;
  readonly #watchers: readonly RequestWatcher[];

  /** Runs the methods of the table for `sessions` while `watchers` look on. Bugs go to `log`. */
  constructor(
    methods: MethodTable,
    sessions: Sessions,
    limits: Pick<Limits, 'sessionsPerConnection'>,
    log: Logger,
    watchers: readonly RequestWatcher[] = [],
  ) {
    this.#methods = methods;
    this.#sessions = sessions;
    this.#limits = limits;
    this.#log = log;
    this.#watchers = watchers;
  }

  /**
   * Runs a request; returns the result. Repeated requests do not come here, see {@link AnswerMemory}.
   *
   * @throws {RpcError} and nothing else, whatever went wrong
   */
  async dispatch(request: RpcRequest, requester: Requester): Promise<unknown> {
    try {
      const result = await this.#run(request, requester);
      const sessionId = result?.['sessionId'];
      // A notification has no successful answer, so it does not move the session to this socket.
      if (typeof sessionId === 'string' && request.id !== null && requester.open) {
        this.#sessions.associate(sessionId, requester);
      }
      return result;
    } catch (error) {
      throw this.#toRpcError(error, request);
    }
  }

  /** Runs a request under the eyes of the watchers. */
  async #run(request: RpcRequest, requester: Requester): Promise<MethodResult> {
    const startMs = performance.now();
    let result: MethodResult = null;
    let error: RpcError | undefined;
    try {
      for (const watcher of this.#watchers) watcher.admit?.(request, requester);
      result = await this.#execute(request, requester);
      return result;
    } catch (caught) {
      error = this.#toRpcError(caught, request);
      throw error;
    } finally {
      const answered = result?.['sessionId'];
      const sessionId = typeof answered === 'string' ? answered : this.#sessions.sessionIdOf(requester);
      const durationMs = performance.now() - startMs;
      for (const watcher of this.#watchers) {
        watcher.finished?.({ request, requester, sessionId, durationMs, error });
      }
    }
  }

  async #execute(request: RpcRequest, requester: Requester): Promise<MethodResult> {
    const method = this.#methods.get(request.method);
    if (method === undefined) throw new RpcError(RpcErrorCode.METHOD_NOT_FOUND, 'Method not found.');
    const params = new RequestParams(request.params, method.paramsOptional === true);
    const named = params.optionalString('sessionId');
    // An empty text names no session.
    const namedSessionId = named === '' ? undefined : named;
    if (namedSessionId !== undefined) this.#admit(namedSessionId, requester);
    const socketSessionId = this.#sessions.sessionIdOf(requester);
    const sessionId = namedSessionId ?? socketSessionId ?? requester.spareSessionId;
    this.#sessions.touch(sessionId);
    const result = await method.run({
      params,
      namedSessionId,
      socketSessionId,
      sessionId,
      run: (inner) => this.#runInner(inner, requester),
    });
    if (result === null || method.answerComplete === true) return result;
    return { ...result, sessionId };
  }

  /** Refuses a session id that cannot be one, and one too many on this connection. */
  #admit(sessionId: string, { sessionIds }: Requester): void {
    if (sessionIds.has(sessionId)) return;
    if (sessionId.length > MAX_SESSION_ID_LENGTH) {
      const text = `'sessionId' parameter should have at most ${MAX_SESSION_ID_LENGTH} characters`;
      throw new RpcError(RpcErrorCode.SERVER_ERROR, text);
    }
    const limit = this.#limits.sessionsPerConnection;
    if (sessionIds.size >= limit) {
      for (const id of sessionIds) if (this.#sessions.find(id) === undefined) sessionIds.delete(id);
    }
    if (sessionIds.size >= limit) {
      throw new KurentoError('NOT_ENOUGH_RESOURCES', `A connection may have ${limit} sessions`);
    }
    sessionIds.add(sessionId);
  }

  async #runInner(request: RpcRequest, requester: Requester): Promise<unknown> {
    try {
      return await this.#run(request, requester);
    } catch (error) {
      throw this.#toRpcError(error, request);
    }
  }

  /** What went wrong, in the words of the protocol. */
  #toRpcError(error: unknown, request: RpcRequest): RpcError {
    if (error instanceof RpcError) return error;
    if (error instanceof KurentoError) {
      return new RpcError(error.code, error.message, { type: error.type }, { cause: error });
    }
    // A bug of ours. The caller learns that it happened, the log learns the rest.
    const { method, params } = request;
    const text = maskSecrets(JSON.stringify(params) ?? '');
    this.#log.error({ err: error, method, params: text }, 'unexpected error in a request');
    return new RpcError(
      ErrorCode.UNEXPECTED_ERROR,
      'Unexpected error',
      { type: 'UNEXPECTED_ERROR' },
      { cause: error },
    );
  }
}
