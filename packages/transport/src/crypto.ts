/**
 * The ciphers that the host hands in. Offsets index the `PacketMemory` of the router process.
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';

/** AES-GCM with one key in one direction. The nonce is 12 bytes, the tag 16 bytes behind the data. */
export interface AeadCipher {
  /** Encrypts `length` bytes from `from` to `to` (they may be equal) and writes the tag at `to + length`. */
  seal(nonce: number, aad: number, aadLength: number, from: number, to: number, length: number): void;
  /** Decrypts `length` bytes in place; the tag stands at `at + length`. False, data undefined, if it is wrong. */
  open(nonce: number, aad: number, aadLength: number, at: number, length: number): boolean;
  /** Frees the native context. */
  close(): void;
}

/** AES in counter mode with one key (encryption and decryption are the same). The counter block is 16 bytes. */
export interface CounterCipher {
  /** Encrypts `length` bytes from `from` to `to`; they may be equal. */
  crypt(counter: number, from: number, to: number, length: number): void;
  /** Frees the native context. */
  close(): void;
}

/** HMAC-SHA1 with one key. */
export interface Authenticator {
  /** Writes the 20-byte code of `length` bytes at `at`, followed by `suffixLength` bytes at `suffix`, to `to`. */
  sign(at: number, length: number, suffix: number, suffixLength: number, to: number): void;
  /** Frees the native context. */
  close(): void;
}

/** Makes ciphers over one packet memory. Keys are copied. */
export interface PacketCrypto {
  /** The memory that all offsets refer to. */
  readonly memory: PacketMemory;
  /** Offset of `sizeBytes` bytes of scratch memory that is never given back. For set-up, not per packet or per call. */
  allocateScratch(sizeBytes: number): number;
  /** AES-128-GCM (16-byte key). */
  createAead(key: Uint8Array, direction: 'seal' | 'open'): AeadCipher;
  /** AES-128-CTR (16-byte key). */
  createCounter(key: Uint8Array): CounterCipher;
  /** HMAC-SHA1 (20-byte key). */
  createAuthenticator(key: Uint8Array): Authenticator;
}

/** HMAC-SHA1 over plain byte arrays, for STUN (control rate, may allocate). Returns 20 bytes. */
export type HmacSha1 = (key: Uint8Array, data: Uint8Array) => Uint8Array;

/** `length` random bytes from a cryptographic source. */
export type RandomBytes = (length: number) => Uint8Array;
