/**
 * Failures that travel in the `error` member of a JSON-RPC 2.0 reply.
 * @module
 */

/** Codes of the envelope (JSON-RPC 2.0 section 5.1) and the one server code that Kurento uses. */
export const RpcErrorCode = {
  /** The text is not JSON. */
  PARSE_ERROR: -32700,
  /** The JSON is not a request. */
  INVALID_REQUEST: -32600,
  /** No such method. */
  METHOD_NOT_FOUND: -32601,
  /** `params` is missing or is not an object. */
  INVALID_PARAMS: -32602,
  /** The method failed in a way that its author did not foresee. */
  INTERNAL_ERROR: -32603,
  /** A member of `params` is missing or of the wrong kind; also the answer to a notification with a result. */
  SERVER_ERROR: -32000,
} as const;

/** A failure with the code, the text and the data of the wire. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  /** Number of the wire. */
  readonly code: number;
  /** Value of `error.data`; undefined when the member is absent. */
  readonly data: unknown;

  /** Makes the failure `code` with the text `message`. */
  constructor(code: number, message: string, data?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/** No answer came in time. The request may still have been executed. */
export class RpcTimeoutError extends Error {
  override readonly name = 'RpcTimeoutError';
  /** How long was waited, milliseconds. */
  readonly timeoutMs: number;

  /** Makes the failure of `method` after `timeoutMs` milliseconds. */
  constructor(method: string, timeoutMs: number) {
    super(`No answer to '${method}' within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The peer was closed before the answer came. The request may still have been executed. */
export class RpcClosedError extends Error {
  override readonly name = 'RpcClosedError';
}
