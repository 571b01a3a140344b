/**
 * SRTP with AES-128 in counter mode and HMAC-SHA1 (RFC 3711).
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import { constantTimeEqual } from '../constantTimeEqual.ts';
import type { Authenticator, CounterCipher } from '../crypto.ts';
import type { SrtpSessionKeys } from './keyDerivation.ts';
import {
  type PacketProtection,
  RTCP_ENCRYPTED_FLAG,
  RTCP_HEADER_BYTES,
  saltWords,
} from './PacketProtection.ts';
import { SrtpError } from './SrtpError.ts';
import type { SrtpScratch } from './SrtpScratch.ts';

/** HMAC-SHA1 cut to 80 bits (RFC 5764 section 4.1.2). */
const TAG_BYTES = 10;
const INDEX_BYTES = 4;
const ROLLOVER_BYTES = 4;

/** Profile AES_CM_128_HMAC_SHA1_80: one encryption and one authentication call per packet. */
export class CounterProtection implements PacketProtection {
  /** The authentication tag. */
  readonly rtpOverhead: number = TAG_BYTES;
  /** The index and the authentication tag. */
  readonly rtcpOverhead: number = INDEX_BYTES + TAG_BYTES;
  readonly #memory: PacketMemory;
  readonly #cipher: CounterCipher;
  readonly #authenticator: Authenticator;
  readonly #counter: number;
  readonly #rollover: number;
  readonly #code: number;
  readonly #salt0: number;
  readonly #salt1: number;
  readonly #salt2: number;
  readonly #salt3: number;

  /** Makes the ciphers; both directions work the same. */
  constructor(scratch: SrtpScratch, keys: SrtpSessionKeys) {
    this.#memory = scratch.memory;
    this.#cipher = scratch.crypto.createCounter(keys.encryption);
    this.#authenticator = scratch.crypto.createAuthenticator(keys.authentication);
    this.#counter = scratch.nonce;
    this.#rollover = scratch.additional;
    this.#code = scratch.code;
    [this.#salt0, this.#salt1, this.#salt2, this.#salt3] = saltWords(keys.salt);
  }

  /** Payload encrypted, then header, ciphertext and roll-over counter authenticated (RFC 3711 sections 3.3, 4.2). */
  sealRtp(
    to: number,
    headerLength: number,
    payload: number,
    payloadLength: number,
    rolloverCounter: number,
  ): number {
    const length = headerLength + payloadLength;
    this.#writeRtpCounter(to, rolloverCounter);
    this.#cipher.crypt(this.#counter, payload, to + headerLength, payloadLength);
    this.#signRtp(to, length, rolloverCounter);
    this.#copyTag(to + length);
    return length + TAG_BYTES;
  }

  /** The reverse of `sealRtp`, in place; nothing is decrypted if the tag is wrong. */
  openRtp(at: number, length: number, headerLength: number, rolloverCounter: number): number {
    const plainLength = length - TAG_BYTES;
    this.#signRtp(at, plainLength, rolloverCounter);
    const bytes = this.#memory.bytes;
    if (!constantTimeEqual(bytes, this.#code, bytes, at + plainLength, TAG_BYTES)) return SrtpError.forged;
    this.#writeRtpCounter(at, rolloverCounter);
    const payload = at + headerLength;
    this.#cipher.crypt(this.#counter, payload, payload, plainLength - headerLength);
    return plainLength;
  }

  /** Body encrypted, index appended, everything authenticated (RFC 3711 section 3.4). */
  sealRtcp(at: number, length: number, index: number): number {
    const body = at + RTCP_HEADER_BYTES;
    this.#writeRtcpCounter(at, index);
    this.#cipher.crypt(this.#counter, body, body, length - RTCP_HEADER_BYTES);
    this.#memory.view.setUint32(at + length, (index | RTCP_ENCRYPTED_FLAG) >>> 0);
    this.#authenticator.sign(at, length + INDEX_BYTES, this.#rollover, 0, this.#code);
    this.#copyTag(at + length + INDEX_BYTES);
    return length + INDEX_BYTES + TAG_BYTES;
  }

  /** The four bytes before the tag (RFC 3711 section 3.4). */
  readRtcpIndexWord(at: number, length: number): number {
    return this.#memory.view.getUint32(at + length - TAG_BYTES - INDEX_BYTES);
  }

  /** The reverse of `sealRtcp`, in place; nothing is decrypted if the tag is wrong. */
  openRtcp(at: number, length: number): number {
    const signedLength = length - TAG_BYTES;
    this.#authenticator.sign(at, signedLength, this.#rollover, 0, this.#code);
    const bytes = this.#memory.bytes;
    if (!constantTimeEqual(bytes, this.#code, bytes, at + signedLength, TAG_BYTES)) return SrtpError.forged;
    const plainLength = signedLength - INDEX_BYTES;
    this.#writeRtcpCounter(at, this.readRtcpIndexWord(at, length) & 0x7fff_ffff);
    const body = at + RTCP_HEADER_BYTES;
    this.#cipher.crypt(this.#counter, body, body, plainLength - RTCP_HEADER_BYTES);
    return plainLength;
  }

  /** Frees the ciphers. */
  close(): void {
    this.#cipher.close();
    this.#authenticator.close();
  }

  /** RFC 3711 section 4.1.1: IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16). */
  #writeRtpCounter(packet: number, rolloverCounter: number): void {
    const view = this.#memory.view;
    view.setInt32(this.#counter, this.#salt0);
    view.setInt32(this.#counter + 4, this.#salt1 ^ view.getInt32(packet + 8));
    view.setInt32(this.#counter + 8, this.#salt2 ^ rolloverCounter);
    view.setInt32(this.#counter + 12, this.#salt3 ^ (view.getUint16(packet + 2) << 16));
  }

  /** The same with the 31-bit SRTCP index. */
  #writeRtcpCounter(packet: number, index: number): void {
    const view = this.#memory.view;
    view.setInt32(this.#counter, this.#salt0);
    view.setInt32(this.#counter + 4, this.#salt1 ^ view.getInt32(packet + 4));
    view.setInt32(this.#counter + 8, this.#salt2 ^ (index >>> 16));
    view.setInt32(this.#counter + 12, this.#salt3 ^ (index << 16));
  }

  #signRtp(at: number, length: number, rolloverCounter: number): void {
    this.#memory.view.setInt32(this.#rollover, rolloverCounter | 0);
    this.#authenticator.sign(at, length, this.#rollover, ROLLOVER_BYTES, this.#code);
  }

  /** The code is 20 bytes long; only the tag may be written, because another packet may stand behind this one. */
  #copyTag(to: number): void {
    const view = this.#memory.view;
    view.setInt32(to, view.getInt32(this.#code));
    view.setInt32(to + 4, view.getInt32(this.#code + 4));
    view.setInt16(to + 8, view.getInt16(this.#code + 8));
  }
}
