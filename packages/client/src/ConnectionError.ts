/**
 * Failures of the way to the server, and the way back from wire errors to `KurentoError`.
 * @module
 */
import { ErrorCode, type ErrorType, KurentoError } from '@rivero/model';
import { RpcError, RpcTimeoutError } from '@rivero/rpc';

/**
 * Why a request got no answer.
 *
 * - `CONNECTION_FAILED`: the server could not be reached or is not a media server.
 * - `CONNECTION_LOST`: the socket broke before the answer came; the request may have been executed.
 * - `REQUEST_TIMEOUT`: the answer did not come in time; the request may have been executed.
 * - `CLOSED`: the client was closed.
 */
export type ConnectionErrorCode = 'CONNECTION_FAILED' | 'CONNECTION_LOST' | 'REQUEST_TIMEOUT' | 'CLOSED';

/** A request did not get an answer. What the server itself refuses is a `KurentoError`. */
export class ConnectionError extends Error {
  /** Always `ConnectionError`. */
  override readonly name = 'ConnectionError';
  /** What happened. */
  readonly code: ConnectionErrorCode;

  /** An error with that code. */
  constructor(code: ConnectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const typeByCode: ReadonlyMap<number, ErrorType> = new Map(
  // Safe: the keys of the table are the error types.
  Object.entries(ErrorCode).map(([type, code]) => [code, type as ErrorType]),
);

/**
 * The error that a caller sees for what a request was rejected with: a `KurentoError` for every code of the
 * protocol's table, a `ConnectionError` for a time-out. A code outside the table (a module's own, or a fault of
 * the envelope) stays an `RpcError` with `code` and `data`; anything else stays what it is.
 */
export function callerError(reason: unknown): unknown {
  if (reason instanceof RpcTimeoutError) {
    return new ConnectionError('REQUEST_TIMEOUT', reason.message, { cause: reason });
  }
  if (!(reason instanceof RpcError)) return reason;
  const type = typeByCode.get(reason.code);
  return type ? new KurentoError(type, reason.message, { cause: reason }) : reason;
}
