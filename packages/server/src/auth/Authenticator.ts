/**
 * Checks bearer tokens: static secrets and JSON Web Tokens (RFC 7519).
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { type AuthConfig, ConfigError, type Scope, type StaticToken } from '../config.ts';
import { AuthError, type Principal } from './Principal.ts';

/** Signatures whose public keys may stand in a JWKS. Never HS256: a public key is no secret. */
const publicKeyAlgorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const scopes: readonly Scope[] = ['admin', 'create', 'media'];
/** Longest token that is looked at; real ones have some 1,000 characters. */
const MAX_TOKEN_LENGTH = 16_384;
/** How long a server with keys may take, milliseconds. */
const KEYS_TIMEOUT_MS = 5000;
/** What looking for a key says about the token; anything else is trouble with the keys. */
const tokenFaults = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** Checks bearer tokens. */
export class Authenticator {
  readonly #config: AuthConfig;
  readonly #staticTokens: readonly { readonly digest: Buffer; readonly token: StaticToken }[];
  #keys: JWTVerifyGetKey | undefined;

  private constructor(config: AuthConfig) {
    this.#config = config;
    this.#staticTokens = config.tokens.map((token) => ({ digest: digestOf(token.token), token }));
    this.reload();
  }

  /**
   * Checks as the settings say; undefined while authentication is off.
   *
   * @throws {ConfigError} if the keys cannot be used
   */
  static create(config: AuthConfig): Authenticator | undefined {
    const { tokens, jwtSecret, jwks } = config;
    const isOn = tokens.length > 0 || jwtSecret !== undefined || jwks !== undefined;
    return isOn ? new Authenticator(config) : undefined;
  }

  /**
   * Reads the file of keys again. A URL is asked by itself when a token names a key that is not known.
   *
   * @throws {ConfigError} if it cannot be used; the old keys stay in force
   */
  reload(): void {
    const { jwks } = this.#config;
    if (jwks !== undefined) this.#keys = readKeys(jwks);
  }

  /**
   * Who sends this request, by its `Authorization` header or, since pages cannot set one, by `access_token` in its
   * query.
   *
   * @throws {AuthError} if that is not enough to come in
   */
  async authenticate(request: IncomingMessage): Promise<Principal> {
    const token = tokenOf(request);
    if (token === undefined) throw new AuthError(401, 'A bearer token is needed');
    if (token.length > MAX_TOKEN_LENGTH) throw new AuthError(401, 'The token is too long');
    const known = this.#findStatic(token);
    if (known !== undefined) return { name: known.name, scopes: known.scopes };
    return principalOf(await this.#verify(token));
  }

  #findStatic(token: string): StaticToken | undefined {
    const digest = digestOf(token);
    // All of them, always: how long it takes tells nothing.
    const matches = this.#staticTokens.filter((candidate) => timingSafeEqual(candidate.digest, digest));
    return matches[0]?.token;
  }

  async #verify(token: string): Promise<JWTPayload> {
    const { jwtSecret, audience, issuer } = this.#config;
    const claims = {
      ...(audience !== undefined && { audience }),
      ...(issuer !== undefined && { issuer }),
    };
    try {
      const isSymmetric = decodeProtectedHeader(token).alg === 'HS256';
      if (isSymmetric && jwtSecret !== undefined) {
        const key = new TextEncoder().encode(jwtSecret);
        return (await jwtVerify(token, key, { ...claims, algorithms: ['HS256'] })).payload;
      }
      if (isSymmetric || this.#keys === undefined) throw new AuthError(401, 'The token is not known');
      const options = { ...claims, algorithms: [...publicKeyAlgorithms] };
      return (await jwtVerify(token, this.#keys, options)).payload;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function tokenOf(request: IncomingMessage): string | undefined {
  const [, fromHeader] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (fromHeader !== undefined) return fromHeader;
  const [, query = ''] = (request.url ?? '').split('?');
  const fromQuery = new URLSearchParams(query).get('access_token');
  return fromQuery === null || fromQuery === '' ? undefined : fromQuery;
}

function readKeys(jwks: string): JWTVerifyGetKey {
  if (/^https?:\/\//.test(jwks)) {
    const url = new URL(jwks);
    // Who can change the keys on their way decides who comes in.
    if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) {
      throw new ConfigError(`'auth.jwks': should be an https URL, or one of this machine`);
    }
    return remoteKeys(url);
  }
  try {
    // Whatever it holds, jose checks it.
    const set = JSON.parse(readFileSync(jwks, 'utf8')) as JSONWebKeySet;
    return createLocalJWKSet(set);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`'auth.jwks': ${jwks}: ${reason}`, { cause: error });
  }
}

/** The keys at `url`. That they cannot be had is told apart from what is wrong with a token. */
function remoteKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, { timeoutDuration: KEYS_TIMEOUT_MS });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (tokenFaults.some((fault) => error instanceof fault)) throw error;
      throw new AuthError(401, 'The keys that sign tokens cannot be had', { cause: error });
    }
  };
}

/** Why a token is refused, in words that may be told to the client. */
function refusalOf(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  if (error instanceof errors.JWTExpired) return new AuthError(401, 'The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new AuthError(401, `The token's claim '${error.claim}' does not fit`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return new AuthError(401, "The token's signature is not valid");
  }
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    return new AuthError(401, 'The token is not known');
  }
  return new AuthError(401, 'The token cannot be checked');
}

/** Who a JWT is about. `scope` is of RFC 8693, `scp` and `scopes` are what issuers write too. */
function principalOf(payload: JWTPayload): Principal {
  const given = [payload['scope'], payload['scp'], payload['scopes']].flatMap((claim): unknown[] =>
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [],
  );
  const known = scopes.filter((scope) => given.includes(scope));
  if (known.length === 0) throw new AuthError(403, `The token has none of the scopes ${scopes.join(', ')}`);
  return {
    name: payload.sub ?? 'unnamed',
    scopes: known,
    expiresAtMs: payload.exp === undefined ? undefined : payload.exp * 1000,
  };
}
