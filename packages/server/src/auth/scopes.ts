/**
 * Which request needs which scope: the only place that says so.
 * @module
 */
import { RpcError, type RpcRequest } from '@rivero/rpc';
import type { Scope } from '../config.ts';
import { memberOf } from '../protocol/RequestParams.ts';
import { SERVER_MANAGER_ID } from '../objects/ServerManager.ts';
import { hasScope, type Principal } from './Principal.ts';

/** A kind of requests and the scope that it needs. */
interface Rule {
  readonly method: string;
  /** Only for this object. */
  readonly object?: string;
  /** Only for these operations. */
  readonly operations?: readonly string[];
  /** Only if this member of `params` is true. */
  readonly flag?: string;
  readonly scope: Scope;
}

/** The first rule that fits decides. What no rule fits needs nothing but a token: ping, connect, keepAlive, transaction. */
const rules: readonly Rule[] = [
  // What every client asks first.
  {
    method: 'invoke',
    object: SERVER_MANAGER_ID,
    operations: ['getInfo', 'getKmd', 'getName', 'getId'],
    scope: 'media',
  },
  // Everything about everybody.
  { method: 'invoke', object: SERVER_MANAGER_ID, scope: 'admin' },
  { method: 'subscribe', object: SERVER_MANAGER_ID, scope: 'admin' },
  // Writes files on the server.
  { method: 'invoke', operations: ['dumpGstreamerDot'], scope: 'admin' },
  { method: 'invoke', scope: 'media' },
  { method: 'subscribe', scope: 'media' },
  { method: 'unsubscribe', scope: 'media' },
  { method: 'describe', scope: 'media' },
  { method: 'ref', scope: 'media' },
  { method: 'unref', scope: 'media' },
  { method: 'create', scope: 'create' },
  { method: 'release', scope: 'create' },
  { method: 'closeSession', flag: 'release', scope: 'create' },
  { method: 'closeSession', scope: 'media' },
];

/** Number of the refusal, among those that JSON-RPC 2.0 leaves to servers; Kurento has none for it. */
const FORBIDDEN = -32001;

function fits({ method, object, operations, flag }: Rule, request: RpcRequest): boolean {
  if (method !== request.method) return false;
  const member = (name: string): unknown => memberOf(request.params, name);
  if (object !== undefined && member('object') !== object) return false;
  if (flag !== undefined && member(flag) !== true) return false;
  return operations === undefined || operations.some((operation) => operation === member('operation'));
}

/** The scope that a request needs; undefined for none. */
export function scopeOf(request: RpcRequest): Scope | undefined {
  return rules.find((rule) => fits(rule, request))?.scope;
}

/**
 * Refuses a request that its sender may not make.
 *
 * @throws {RpcError} -32001, type FORBIDDEN
 */
export function requireScope(request: RpcRequest, principal: Principal): void {
  const scope = scopeOf(request);
  if (scope === undefined || hasScope(principal, scope)) return;
  const given = principal.scopes.join(', ');
  throw new RpcError(FORBIDDEN, `'${request.method}' needs the scope '${scope}', the token has '${given}'`, {
    type: 'FORBIDDEN',
  });
}
