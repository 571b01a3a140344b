/**
 * The STUN messages that one ICE agent writes and accepts (RFC 8445 section 7).
 * @module
 */
import type { HmacSha1, RandomBytes } from '../crypto.ts';
import { type StunMessage, verifyStunIntegrity } from '../stun/parseStun.ts';
import { serializeStun } from '../stun/serializeStun.ts';
import { STUN_TRANSACTION_ID_BYTES, StunErrorCode, StunType } from '../stun/stunFormat.ts';
import type { TransportAddress } from './TransportAddress.ts';

/** Credentials of the remote description (RFC 8445 section 5.3). */
export interface RemoteCredentials {
  /** `a=ice-ufrag`. */
  readonly ufrag: string;
  /** `a=ice-pwd`. */
  readonly password: string;
  /** `a=ice-lite` is present. */
  readonly lite: boolean;
}

/** Who we are. */
export interface BindingIdentity {
  /** Our `a=ice-ufrag`. */
  readonly localUfrag: string;
  /** Our `a=ice-pwd`. */
  readonly localPassword: string;
  /** 64 random bits. */
  readonly tieBreaker: bigint;
  /** First 32 bits of every transaction id. */
  readonly transactionPrefix: number;
  /** For integrity codes. */
  readonly hmacSha1: HmacSha1;
  /** For transaction ids. */
  readonly randomBytes: RandomBytes;
}

/** Writes messages with our credentials and judges those of the peer. */
export class BindingMessages {
  readonly #identity: BindingIdentity;
  readonly #localKey: Uint8Array;
  #remote: { readonly username: string; readonly key: Uint8Array } | undefined;

  /** Remembers who we are. */
  constructor(identity: BindingIdentity) {
    this.#identity = identity;
    this.#localKey = textBytes(identity.localPassword);
  }

  /** Our tie-breaker. */
  get tieBreaker(): bigint {
    return this.#identity.tieBreaker;
  }

  /** True once `setRemote` has been called. */
  get hasRemote(): boolean {
    return this.#remote !== undefined;
  }

  /** Sets the peer's credentials. */
  setRemote(credentials: RemoteCredentials): void {
    const username = `${credentials.ufrag}:${this.#identity.localUfrag}`;
    this.#remote = { username, key: textBytes(credentials.password) };
  }

  /** A new check; undefined before `setRemote`. */
  request(
    controlling: boolean,
    priority: number,
    useCandidate: boolean,
  ): { readonly id: Uint8Array; readonly datagram: Uint8Array } | undefined {
    if (this.#remote === undefined) return undefined;
    const { tieBreaker, transactionPrefix, hmacSha1, randomBytes } = this.#identity;
    const id = new Uint8Array(STUN_TRANSACTION_ID_BYTES);
    new DataView(id.buffer).setUint32(0, transactionPrefix);
    id.set(randomBytes(STUN_TRANSACTION_ID_BYTES - 4).subarray(0, STUN_TRANSACTION_ID_BYTES - 4), 4);
    const role = controlling ? { controlling: tieBreaker } : { controlled: tieBreaker };
    const { username, key } = this.#remote;
    const fields = { type: StunType.bindingRequest, transactionId: id, username, priority, useCandidate };
    return { id, datagram: serializeStun({ ...fields, ...role }, key, hmacSha1) };
  }

  /** The response to a request that came from `mappedAddress`. */
  success(transactionId: Uint8Array, mappedAddress: TransportAddress): Uint8Array {
    const fields = { type: StunType.bindingSuccess, transactionId, mappedAddress };
    return serializeStun(fields, this.#localKey, this.#identity.hmacSha1);
  }

  /** The response to a request whose sender claims our own role. */
  roleConflict(transactionId: Uint8Array): Uint8Array {
    const fields = { type: StunType.bindingError, transactionId, errorCode: StunErrorCode.roleConflict };
    return serializeStun(fields, this.#localKey, this.#identity.hmacSha1);
  }

  /** The response to a request with attributes that must be understood, but are not. */
  unknownAttribute(transactionId: Uint8Array, unknownAttributes: readonly number[]): Uint8Array {
    const errorCode = StunErrorCode.unknownAttribute;
    const fields = { type: StunType.bindingError, transactionId, errorCode, unknownAttributes };
    return serializeStun(fields, this.#localKey, this.#identity.hmacSha1);
  }

  /**
   * True if a request names us and its sender knows our password.
   * Only our half of the user name counts: the other half may not be known yet (RFC 8445 section 7.3).
   */
  isAuthenticRequest(datagram: Uint8Array, message: StunMessage): boolean {
    const { localUfrag, hmacSha1 } = this.#identity;
    if (message.username?.startsWith(`${localUfrag}:`) !== true) return false;
    return verifyStunIntegrity(datagram, message, this.#localKey, hmacSha1);
  }

  /** True if the sender of a response knows the peer's password. */
  isAuthenticResponse(datagram: Uint8Array, message: StunMessage): boolean {
    if (this.#remote === undefined) return false;
    return verifyStunIntegrity(datagram, message, this.#remote.key, this.#identity.hmacSha1);
  }
}

/** Credentials are ASCII (RFC 8839 section 5.4). */
function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
