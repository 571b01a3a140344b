/**
 * The failure of a transaction.
 * @module
 */

/** Part of a transaction was not executed. `cause` and the first of `errors` say why. */
export class TransactionError extends AggregateError {
  /** Always `TransactionError`. */
  override readonly name = 'TransactionError';
  /** Code of the cause: a number from the server, a name from the connection; undefined if it has none. */
  readonly code: number | string | undefined;
  /** Type of the cause, such as `SDP_PARSE_ERROR`; undefined if it has none. */
  readonly type: string | undefined;
  /** Index of the request that failed, among all that the transaction recorded. */
  readonly index: number;

  /** The failure of request `index`, because of `cause`. */
  constructor(index: number, cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    super([cause], `Request ${index} of the transaction failed: ${text}`, { cause });
    this.index = index;
    const { code, type } = cause as { readonly code?: unknown; readonly type?: unknown };
    this.code = typeof code === 'number' || typeof code === 'string' ? code : undefined;
    this.type = typeof type === 'string' ? type : undefined;
  }
}
