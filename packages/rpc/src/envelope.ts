/**
 * The JSON-RPC 2.0 envelope: what a text is, and how replies and requests are printed.
 * @module
 */
import { isDeeperThan } from './depth.ts';
import { printJson } from './json.ts';
import { RpcError, RpcErrorCode } from './RpcError.ts';

/** What identifies a request: any scalar. */
export type RpcId = number | string | boolean | null;

/** A request, or a notification when its id is null or missing. */
export interface RpcRequest {
  /** Tells messages apart. */
  readonly kind: 'request';
  /** Echoed in the reply; null asks for none. */
  readonly id: RpcId;
  /** Name of what is asked for. */
  readonly method: string;
  /** As received, undefined when absent. */
  readonly params: unknown;
}

/** The reply to a request of ours. */
export interface RpcReply {
  /** Tells messages apart. */
  readonly kind: 'reply';
  /** The id of the request. */
  readonly id: RpcId;
  /** The value of `result`; undefined if `error` is set. */
  readonly result: unknown;
  /** The failure, if the reply is one. */
  readonly error: RpcError | undefined;
}

/** Text that is neither. */
export interface RpcInvalid {
  /** Tells messages apart. */
  readonly kind: 'invalid';
  /** What to answer, with the id null. */
  readonly error: RpcError;
}

/** What a received text turned out to be. */
export type RpcMessage = RpcRequest | RpcReply | RpcInvalid;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The answer to a value that is not a request. */
function invalidRequest(): RpcInvalid {
  return { kind: 'invalid', error: new RpcError(RpcErrorCode.INVALID_REQUEST, 'Invalid JSON-RPC request.') };
}

function toRpcError(error: unknown): RpcError {
  if (!isRecord(error)) return new RpcError(RpcErrorCode.INTERNAL_ERROR, 'Malformed error reply');
  const { code, message, data } = error;
  return new RpcError(
    typeof code === 'number' ? code : RpcErrorCode.INTERNAL_ERROR,
    typeof message === 'string' ? message : '',
    data,
  );
}

/**
 * What the already parsed JSON `value` is.
 *
 * Checks in this order: an object, `jsonrpc` is "2.0", `id` is a scalar, `method` is a string.
 */
export function readMessage(value: unknown): RpcMessage {
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') return invalidRequest();
  const id = value['id'] ?? null;
  if (typeof id !== 'number' && typeof id !== 'string' && typeof id !== 'boolean' && id !== null) {
    return invalidRequest();
  }
  const { method } = value;
  if (typeof method === 'string') return { kind: 'request', id, method, params: value['params'] };
  if (method !== undefined) return invalidRequest();
  if (Object.hasOwn(value, 'error')) {
    return { kind: 'reply', id, result: undefined, error: toRpcError(value['error']) };
  }
  if (Object.hasOwn(value, 'result')) return { kind: 'reply', id, result: value['result'], error: undefined };
  return invalidRequest();
}

/**
 * What the received `text` is. Never throws; text that is not JSON is an `invalid` with code -32700, text that is
 * nested deeper than `maxDepth` levels one with code -32600.
 */
export function parseMessage(text: string, maxDepth: number = Number.POSITIVE_INFINITY): RpcMessage {
  if (isDeeperThan(text, maxDepth)) {
    const message = `Invalid JSON-RPC request: nested deeper than ${maxDepth} levels.`;
    return { kind: 'invalid', error: new RpcError(RpcErrorCode.INVALID_REQUEST, message) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Deviation from the original, which answers nothing and loses the connection.
    return {
      kind: 'invalid',
      error: new RpcError(RpcErrorCode.PARSE_ERROR, 'Parse error.', { type: 'PARSE_ERROR' }),
    };
  }
  return readMessage(value);
}

/** The reply object that says that request `id` succeeded with `result`. */
export function successReply(id: RpcId, result: unknown): Record<string, unknown> {
  return { id, jsonrpc: '2.0', result };
}

/** The reply object that says that request `id` failed with `error`. */
export function failureReply(id: RpcId, error: RpcError): Record<string, unknown> {
  const { code, data, message } = error;
  return { error: { code, data, message }, id, jsonrpc: '2.0' };
}

/** The text of a reply object made by {@link successReply} or {@link failureReply}. */
export function printReply(reply: Readonly<Record<string, unknown>>): string {
  return printJson(reply);
}

/** The text of a notification. */
export function printNotification(method: string, params: unknown): string {
  return printJson({ jsonrpc: '2.0', method, params });
}

/** The text of a request, in the member order that Kurento's clients use. */
export function printRequest(id: number, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id });
}
