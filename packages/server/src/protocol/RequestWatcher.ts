/**
 * Looks on while requests run, and may refuse them: authorization, metrics, audit.
 * @module
 */
import type { RpcError, RpcRequest } from '@rivero/rpc';
import type { Requester } from './dispatch.ts';

/** One request that has run, or was refused. */
export interface RequestReport {
  /** The request. */
  readonly request: RpcRequest;
  /** Who sent it. */
  readonly requester: Requester;
  /** The session that it counted for; undefined if it never got that far. */
  readonly sessionId: string | undefined;
  /** How long it took, milliseconds. */
  readonly durationMs: number;
  /** What went wrong; undefined for success. */
  readonly error: RpcError | undefined;
}

/** Looks on while requests run. The operations of a transaction are requests too. */
export interface RequestWatcher {
  /** Called before a request runs. @throws {RpcError} to refuse it */
  admit?(request: RpcRequest, requester: Requester): void;
  /** Called when it has run. Must not throw. */
  finished?(report: RequestReport): void;
}
