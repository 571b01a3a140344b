/**
 * Writes STUN messages of the Binding method (RFC 8489).
 * @module
 */
import type { HmacSha1 } from '../crypto.ts';
import type { TransportAddress } from '../ice/TransportAddress.ts';
import { crc32 } from './crc32.ts';
import {
  STUN_FINGERPRINT_XOR,
  STUN_HEADER_BYTES,
  STUN_INTEGRITY_BYTES,
  STUN_MAGIC_COOKIE,
  StunAttribute,
} from './stunFormat.ts';

/** What a message says; MESSAGE-INTEGRITY and FINGERPRINT are always added. */
export interface StunFields {
  /** One of the numbers of `StunType`. */
  readonly type: number;
  /** 12 bytes. */
  readonly transactionId: Uint8Array;
  /** USERNAME, one byte per character, at most 513. */
  readonly username?: string;
  /** XOR-MAPPED-ADDRESS. */
  readonly mappedAddress?: TransportAddress;
  /** PRIORITY, unsigned 32 bits. */
  readonly priority?: number;
  /** USE-CANDIDATE. */
  readonly useCandidate?: boolean;
  /** Tie-breaker of ICE-CONTROLLING, unsigned 64 bits. */
  readonly controlling?: bigint;
  /** Tie-breaker of ICE-CONTROLLED, unsigned 64 bits. */
  readonly controlled?: bigint;
  /** ERROR-CODE, with an empty reason phrase. */
  readonly errorCode?: number;
  /** UNKNOWN-ATTRIBUTES of error 420. */
  readonly unknownAttributes?: readonly number[];
}

/** Everything but a user name and a list of unknown attributes, bytes. */
const MAX_FIXED_BYTES = 160;

/** The datagram of a message, with its integrity code under `key`. */
export function serializeStun(fields: StunFields, key: Uint8Array, hmacSha1: HmacSha1): Uint8Array {
  const variable = (fields.username?.length ?? 0) + 2 * (fields.unknownAttributes?.length ?? 0);
  const writer = new StunWriter(fields, MAX_FIXED_BYTES + variable);
  if (fields.username !== undefined) {
    const name = Uint8Array.from(fields.username, (character) => character.charCodeAt(0));
    writer.bytes(StunAttribute.username, name);
  }
  if (fields.mappedAddress !== undefined) writer.mappedAddress(fields.mappedAddress);
  if (fields.priority !== undefined) writer.uint32(StunAttribute.priority, fields.priority);
  if (fields.useCandidate === true) writer.bytes(StunAttribute.useCandidate, new Uint8Array(0));
  if (fields.controlling !== undefined) writer.uint64(StunAttribute.iceControlling, fields.controlling);
  if (fields.controlled !== undefined) writer.uint64(StunAttribute.iceControlled, fields.controlled);
  writeError(writer, fields);
  writer.integrity(key, hmacSha1);
  return writer.finish();
}

function writeError(writer: StunWriter, { errorCode, unknownAttributes }: StunFields): void {
  if (errorCode !== undefined) {
    // RFC 8489 section 14.8: hundreds and the rest in one byte each.
    writer.uint32(StunAttribute.errorCode, (Math.trunc(errorCode / 100) << 8) | (errorCode % 100));
  }
  if (unknownAttributes !== undefined) {
    const types = unknownAttributes.flatMap((type) => [type >>> 8, type & 0xff]);
    writer.bytes(StunAttribute.unknownAttributes, Uint8Array.from(types));
  }
}

class StunWriter {
  readonly #buffer: Uint8Array;
  readonly #view: DataView;
  #length = STUN_HEADER_BYTES;

  constructor(fields: StunFields, capacity: number) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
    this.#view.setUint16(0, fields.type);
    this.#view.setUint32(4, STUN_MAGIC_COOKIE);
    this.#buffer.set(fields.transactionId, 8);
  }

  bytes(type: number, value: Uint8Array): void {
    this.#buffer.set(value, this.#begin(type, value.length));
  }

  uint32(type: number, value: number): void {
    this.#view.setUint32(this.#begin(type, 4), value);
  }

  uint64(type: number, value: bigint): void {
    this.#view.setBigUint64(this.#begin(type, 8), value);
  }

  /** RFC 8489 section 14.2. */
  mappedAddress(address: TransportAddress): void {
    const at = this.#begin(StunAttribute.xorMappedAddress, 4 + address.bytes.length);
    this.#view.setUint16(at, address.family === 4 ? 1 : 2);
    this.#view.setUint16(at + 2, address.port ^ (STUN_MAGIC_COOKIE >>> 16));
    for (const [i, byte] of address.bytes.entries()) {
      this.#buffer[at + 4 + i] = byte ^ (this.#buffer[4 + i] ?? 0);
    }
  }

  /** RFC 8489 section 14.5: over everything before, with the length that includes this attribute. */
  integrity(key: Uint8Array, hmacSha1: HmacSha1): void {
    const covered = this.#length;
    const at = this.#begin(StunAttribute.messageIntegrity, STUN_INTEGRITY_BYTES);
    this.#buffer.set(hmacSha1(key, this.#buffer.subarray(0, covered)), at);
  }

  /** Adds the fingerprint (RFC 8489 section 14.7). The message. */
  finish(): Uint8Array {
    const covered = this.#length;
    const at = this.#begin(StunAttribute.fingerprint, 4);
    this.#view.setUint32(at, (crc32(this.#buffer, covered) ^ STUN_FINGERPRINT_XOR) >>> 0);
    return this.#buffer.subarray(0, this.#length);
  }

  /** Writes type and length, counts the padded value in, and returns the value's offset. */
  #begin(type: number, length: number): number {
    const at = this.#length;
    this.#view.setUint16(at, type);
    this.#view.setUint16(at + 2, length);
    this.#length = at + 4 + ((length + 3) & ~3);
    this.#view.setUint16(2, this.#length - STUN_HEADER_BYTES);
    return at + 4;
  }
}
