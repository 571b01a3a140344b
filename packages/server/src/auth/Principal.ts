/**
 * Who a client is and what it may do.
 * @module
 */
import type { Scope } from '../config.ts';

/** Who a client is. */
export interface Principal {
  /** For the audit log: the name of a token, the subject of a JWT or of a certificate. */
  readonly name: string;
  /** What it may do. */
  readonly scopes: readonly Scope[];
  /** When that ends, milliseconds since 1970; undefined for never. */
  readonly expiresAtMs?: number | undefined;
}

/** The other end of a connection. */
export interface Peer {
  /** IP address. */
  readonly address: string;
  /** Who it is; undefined while authentication is off. */
  readonly principal: Principal | undefined;
}

/** A client that may not come in. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** HTTP status: 401 without a valid token, 403 when a valid token is not enough. */
  readonly status: 401 | 403;

  /**
   * Makes the refusal `status` with a reason that may be told to the client. A `cause` is trouble of ours, for the
   * operator.
   */
  constructor(status: 401 | 403, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.status = status;
  }
}

/** Each scope with those that it contains. */
const contained: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'create', 'media'],
  create: ['create', 'media'],
  media: ['media'],
};

/** Whether `principal` may do what needs `scope`. */
export function hasScope({ scopes }: Principal, scope: Scope): boolean {
  return scopes.some((given) => contained[given].includes(scope));
}
