/**
 * Packet ciphers by `node:crypto`: the portable fallback. Correct, but it allocates for every packet.
 * @module
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { AeadCipher, Authenticator, CounterCipher, PacketCrypto } from '@rivero/transport';
import type { Arena } from './Arena.ts';

const gcmNonceBytes = 12;
const gcmTagBytes = 16;
const counterBytes = 16;

/** `PacketCrypto` over `node:crypto`, byte for byte the same as `NativeCrypto`. */
export class NodeCrypto implements PacketCrypto {
  readonly memory: Arena;

  /** Works on the packets in `arena`. */
  constructor(arena: Arena) {
    this.memory = arena;
  }

  allocateScratch(sizeBytes: number): number {
    return this.memory.reserve(sizeBytes);
  }

  createAead(key: Uint8Array, _direction: 'seal' | 'open'): AeadCipher {
    return new NodeAead(this.memory, requireKey(key, 16));
  }

  createCounter(key: Uint8Array): CounterCipher {
    return new NodeCounter(this.memory, requireKey(key, 16));
  }

  createAuthenticator(key: Uint8Array): Authenticator {
    return new NodeAuthenticator(this.memory, requireKey(key, 20));
  }
}

/** A copy of a key of the right size. */
function requireKey(key: Uint8Array, sizeBytes: number): Uint8Array {
  if (key.length !== sizeBytes)
    throw new RangeError(`'key' should have ${sizeBytes} bytes, got ${key.length}`);
  return key.slice();
}

/** A view of arena bytes. @throws {RangeError} unless they lie in the arena. */
function slice(arena: Arena, offset: number, length: number): Uint8Array {
  if (!(offset >= 0 && length >= 0 && offset + length <= arena.bytes.length)) {
    throw new RangeError(`Bytes ${offset}..${offset + length} are outside the arena`);
  }
  return arena.bytes.subarray(offset, offset + length);
}

class NodeAead implements AeadCipher {
  readonly #arena: Arena;
  readonly #key: Uint8Array;

  constructor(arena: Arena, key: Uint8Array) {
    this.#arena = arena;
    this.#key = key;
  }

  seal(nonce: number, aad: number, aadLength: number, from: number, to: number, length: number): void {
    const cipher = createCipheriv('aes-128-gcm', this.#key, slice(this.#arena, nonce, gcmNonceBytes));
    cipher.setAAD(slice(this.#arena, aad, aadLength));
    const target = slice(this.#arena, to, length + gcmTagBytes);
    target.set(cipher.update(slice(this.#arena, from, length)));
    cipher.final();
    target.set(cipher.getAuthTag(), length);
  }

  open(nonce: number, aad: number, aadLength: number, at: number, length: number): boolean {
    const decipher = createDecipheriv('aes-128-gcm', this.#key, slice(this.#arena, nonce, gcmNonceBytes));
    decipher.setAAD(slice(this.#arena, aad, aadLength));
    const target = slice(this.#arena, at, length + gcmTagBytes);
    decipher.setAuthTag(target.subarray(length));
    target.set(decipher.update(target.subarray(0, length)));
    try {
      decipher.final();
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#key.fill(0);
  }
}

class NodeCounter implements CounterCipher {
  readonly #arena: Arena;
  readonly #key: Uint8Array;

  constructor(arena: Arena, key: Uint8Array) {
    this.#arena = arena;
    this.#key = key;
  }

  crypt(counter: number, from: number, to: number, length: number): void {
    const cipher = createCipheriv('aes-128-ctr', this.#key, slice(this.#arena, counter, counterBytes));
    slice(this.#arena, to, length).set(cipher.update(slice(this.#arena, from, length)));
  }

  close(): void {
    this.#key.fill(0);
  }
}

class NodeAuthenticator implements Authenticator {
  readonly #arena: Arena;
  readonly #key: Uint8Array;

  constructor(arena: Arena, key: Uint8Array) {
    this.#arena = arena;
    this.#key = key;
  }

  sign(at: number, length: number, suffix: number, suffixLength: number, to: number): void {
    const hmac = createHmac('sha1', this.#key);
    hmac.update(slice(this.#arena, at, length)).update(slice(this.#arena, suffix, suffixLength));
    slice(this.#arena, to, 20).set(hmac.digest());
  }

  close(): void {
    this.#key.fill(0);
  }
}
