/**
 * Packet ciphers by OpenSSL, straight on the arena: nothing is copied and nothing is allocated per packet.
 *
 * A context is kept per key and direction; per packet only the initialisation vector is set. Measured on
 * 1,100-byte packets: AES-128-GCM 0.36 µs, AES-128-CTR with HMAC-SHA1 0.73 µs.
 * @module
 */
import type { AeadCipher, Authenticator, CounterCipher, PacketCrypto } from '@rivero/transport';
import type { Arena } from '../Arena.ts';
import { addressOf } from './library.ts';
import { type OpensslCrypto, opensslCrypto } from './openssl.ts';

const aesKeyBytes = 16;
const hmacKeyBytes = 20;
const gcmTagBytes = 16;
const sha1BlockBytes = 64;
const sha1Bytes = 20;
/** `sizeof(SHA_CTX)`, openssl/sha.h: five state words, two of length, sixteen of data and one count. */
const shaContextBytes = 96;
/** EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG, openssl/evp.h. */
const getTag = 0x10;
const setTag = 0x11;

/** `PacketCrypto` over OpenSSL. Offsets are checked against the arena before C sees them. */
export class NativeCrypto implements PacketCrypto {
  readonly memory: Arena;
  readonly #shared: Shared;

  /** @throws {Error} if this system has no OpenSSL that can be called. */
  constructor(arena: Arena) {
    this.memory = arena;
    this.#shared = new Shared(arena);
  }

  allocateScratch(sizeBytes: number): number {
    return this.memory.reserve(sizeBytes);
  }

  createAead(key: Uint8Array, direction: 'seal' | 'open'): AeadCipher {
    const cipher = this.#shared.openssl.EVP_aes_128_gcm();
    return new NativeAead(this.#shared, this.#shared.createContext(cipher, key, direction === 'seal'));
  }

  createCounter(key: Uint8Array): CounterCipher {
    const cipher = this.#shared.openssl.EVP_aes_128_ctr();
    return new NativeCounter(this.#shared, this.#shared.createContext(cipher, key, true));
  }

  createAuthenticator(key: Uint8Array): Authenticator {
    return new NativeAuthenticator(this.#shared, key);
  }
}

/** What all ciphers of one arena have in common: the bindings, the base address and scratch memory. */
class Shared {
  readonly arena: Arena;
  readonly openssl: OpensslCrypto;
  /** Native address of offset 0. */
  readonly base: number;
  /** Native address of an `int` that receives lengths nobody reads. */
  readonly outLength: number;
  /** Offset of one SHA-1 block. */
  readonly block: number;
  /** Offset of a working `SHA_CTX`. */
  readonly shaContext: number;

  constructor(arena: Arena) {
    this.arena = arena;
    this.openssl = opensslCrypto();
    this.base = addressOf(arena.bytes);
    this.outLength = this.base + arena.reserve(8);
    this.block = arena.reserve(sha1BlockBytes);
    this.shaContext = arena.reserve(shaContextBytes);
  }

  /** @throws {RangeError} unless the bytes lie in the arena: C would follow any pointer. */
  check(offset: number, length: number): void {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.arena.bytes.length)) {
      throw new RangeError(`Bytes ${offset}..${offset + length} are outside the arena`);
    }
  }

  /** A new EVP_CIPHER_CTX with its key set. */
  createContext(cipher: number, key: Uint8Array, encrypt: boolean): number {
    requireKey(key, aesKeyBytes);
    const context = this.openssl.EVP_CIPHER_CTX_new();
    this.arena.bytes.set(key, this.block);
    const done = this.openssl.EVP_CipherInit_ex(
      context,
      cipher,
      0,
      this.base + this.block,
      0,
      encrypt ? 1 : 0,
    );
    this.arena.bytes.fill(0, this.block, this.block + aesKeyBytes);
    if (context === 0 || done !== 1) throw new Error('OpenSSL refused to create a cipher');
    return context;
  }
}

function requireKey(key: Uint8Array, sizeBytes: number): void {
  if (key.length !== sizeBytes)
    throw new RangeError(`'key' should have ${sizeBytes} bytes, got ${key.length}`);
}

class NativeAead implements AeadCipher {
  readonly #shared: Shared;
  readonly #openssl: OpensslCrypto;
  readonly #base: number;
  readonly #outLength: number;
  #context: number;

  constructor(shared: Shared, context: number) {
    this.#shared = shared;
    this.#openssl = shared.openssl;
    this.#base = shared.base;
    this.#outLength = shared.outLength;
    this.#context = context;
  }

  seal(nonce: number, aad: number, aadLength: number, from: number, to: number, length: number): void {
    this.#check(nonce, aad, aadLength, from, length);
    this.#shared.check(to, length + gcmTagBytes);
    const openssl = this.#openssl;
    const context = this.#context;
    const base = this.#base;
    const tag = base + to + length;
    openssl.EVP_EncryptInit_ex(context, 0, 0, 0, base + nonce);
    if (aadLength > 0) openssl.EVP_EncryptUpdate(context, 0, this.#outLength, base + aad, aadLength);
    if (length > 0) openssl.EVP_EncryptUpdate(context, base + to, this.#outLength, base + from, length);
    openssl.EVP_EncryptFinal_ex(context, tag, this.#outLength);
    openssl.EVP_CIPHER_CTX_ctrl(context, getTag, gcmTagBytes, tag);
  }

  open(nonce: number, aad: number, aadLength: number, at: number, length: number): boolean {
    this.#check(nonce, aad, aadLength, at, length + gcmTagBytes);
    const openssl = this.#openssl;
    const context = this.#context;
    const base = this.#base;
    const tag = base + at + length;
    openssl.EVP_DecryptInit_ex(context, 0, 0, 0, base + nonce);
    if (aadLength > 0) openssl.EVP_DecryptUpdate(context, 0, this.#outLength, base + aad, aadLength);
    if (length > 0) openssl.EVP_DecryptUpdate(context, base + at, this.#outLength, base + at, length);
    openssl.EVP_CIPHER_CTX_ctrl(context, setTag, gcmTagBytes, tag);
    return openssl.EVP_DecryptFinal_ex(context, tag, this.#outLength) === 1;
  }

  close(): void {
    if (this.#context !== 0) this.#openssl.EVP_CIPHER_CTX_free(this.#context);
    this.#context = 0;
  }

  #check(nonce: number, aad: number, aadLength: number, data: number, length: number): void {
    if (this.#context === 0) throw new Error('Cipher is closed');
    this.#shared.check(nonce, 12);
    this.#shared.check(aad, aadLength);
    this.#shared.check(data, length);
  }
}

class NativeCounter implements CounterCipher {
  readonly #shared: Shared;
  #context: number;

  constructor(shared: Shared, context: number) {
    this.#shared = shared;
    this.#context = context;
  }

  crypt(counter: number, from: number, to: number, length: number): void {
    const { openssl, base, outLength } = this.#shared;
    if (this.#context === 0) throw new Error('Cipher is closed');
    this.#shared.check(counter, aesKeyBytes);
    this.#shared.check(from, length);
    this.#shared.check(to, length);
    openssl.EVP_EncryptInit_ex(this.#context, 0, 0, 0, base + counter);
    if (length > 0) openssl.EVP_EncryptUpdate(this.#context, base + to, outLength, base + from, length);
  }

  close(): void {
    if (this.#context !== 0) this.#shared.openssl.EVP_CIPHER_CTX_free(this.#context);
    this.#context = 0;
  }
}

/**
 * HMAC-SHA1 (RFC 2104). The states after the inner and the outer key block are computed once and copied per
 * packet, which halves the work on short messages and avoids the slow set-up of an EVP_MAC.
 */
class NativeAuthenticator implements Authenticator {
  readonly #shared: Shared;
  /** Offset of the inner state; the outer one follows. */
  #states: number;

  constructor(shared: Shared, key: Uint8Array) {
    requireKey(key, hmacKeyBytes);
    this.#shared = shared;
    this.#states = shared.arena.allocate(2 * shaContextBytes);
    if (this.#states < 0) throw new RangeError('Arena is used up');
    this.#prepare(key, 0x36, this.#states);
    this.#prepare(key, 0x5c, this.#states + shaContextBytes);
  }

  sign(at: number, length: number, suffix: number, suffixLength: number, to: number): void {
    const { openssl, base, arena, shaContext, block } = this.#shared;
    if (this.#states < 0) throw new Error('Authenticator is closed');
    this.#shared.check(at, length);
    this.#shared.check(suffix, suffixLength);
    this.#shared.check(to, sha1Bytes);
    const context = base + shaContext;
    arena.bytes.copyWithin(shaContext, this.#states, this.#states + shaContextBytes);
    openssl.SHA1_Update(context, base + at, length);
    if (suffixLength > 0) openssl.SHA1_Update(context, base + suffix, suffixLength);
    openssl.SHA1_Final(base + block, context);
    const outer = this.#states + shaContextBytes;
    arena.bytes.copyWithin(shaContext, outer, outer + shaContextBytes);
    openssl.SHA1_Update(context, base + block, sha1Bytes);
    openssl.SHA1_Final(base + to, context);
  }

  close(): void {
    if (this.#states < 0) return;
    this.#shared.arena.bytes.fill(0, this.#states, this.#states + 2 * shaContextBytes);
    this.#shared.arena.release(this.#states, 2 * shaContextBytes);
    this.#states = -1;
  }

  #prepare(key: Uint8Array, pad: number, state: number): void {
    const { openssl, base, arena, block } = this.#shared;
    const bytes = arena.bytes.subarray(block, block + sha1BlockBytes);
    bytes.fill(pad);
    key.forEach((byte, i) => {
      bytes[i] = byte ^ pad;
    });
    openssl.SHA1_Init(base + state);
    openssl.SHA1_Update(base + state, base + block, sha1BlockBytes);
    bytes.fill(0);
  }
}
