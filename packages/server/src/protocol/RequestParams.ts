/**
 * Reads the members of a request's `params`, with the errors that Kurento gives.
 * @module
 */
import { isJsonObject, type JsonObject } from '@rivero/model';
import { RpcError, RpcErrorCode } from '@rivero/rpc';

function serverError(message: string): RpcError {
  return new RpcError(RpcErrorCode.SERVER_ERROR, message);
}

/** The `params` of one request. Members that nobody asks for are ignored. */
export class RequestParams {
  readonly #members: JsonObject;

  /**
   * Takes `params` as received. `optional` says that they may be absent or null.
   *
   * @throws {RpcError} -32602 if they are missing, or no object
   */
  constructor(params: unknown, optional: boolean) {
    if (isJsonObject(params)) {
      this.#members = params;
    } else if (optional && (params === undefined || params === null)) {
      this.#members = {};
    } else {
      throw new RpcError(RpcErrorCode.INVALID_PARAMS, `'params' is required`, { type: 'INVALID_PARAMS' });
    }
  }

  /** The member as received; undefined if it is absent. */
  get(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  /**
   * A text that must be there.
   *
   * @throws {RpcError} -32000
   */
  string(name: string): string {
    const value = this.optionalString(name);
    if (value === undefined) throw serverError(`'${name}' parameter is required`);
    return value;
  }

  /**
   * A text, or undefined if it is absent or null.
   *
   * @throws {RpcError} -32000 if it is no text
   */
  optionalString(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw serverError(`'${name}' parameter should be a string`);
    return value;
  }

  /**
   * A truth value, or false if it is absent or null.
   *
   * @throws {RpcError} -32000 if it is something else
   */
  optionalBoolean(name: string): boolean {
    const value = this.get(name) ?? false;
    if (typeof value !== 'boolean') throw serverError(`'${name}' parameter should be a boolean`);
    return value;
  }

  /**
   * A list that must be there.
   *
   * @throws {RpcError} -32000
   */
  array(name: string): readonly unknown[] {
    const value = this.get(name) ?? undefined;
    if (value === undefined) throw serverError(`'${name}' parameter is required`);
    if (!Array.isArray(value)) throw serverError(`'${name}' parameter should be a array`);
    return value;
  }
}

/** How many members `params` has; 0 if it is no object. */
export function countMembers(params: unknown): number {
  return isJsonObject(params) ? Object.keys(params).length : 0;
}

/** The member `name` of whatever came as `value`; undefined if it has none. `name` is a name out of our code. */
export function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}
