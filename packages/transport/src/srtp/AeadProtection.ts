/**
 * SRTP with AES-128-GCM (RFC 7714).
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import type { AeadCipher } from '../crypto.ts';
import type { SrtpSessionKeys } from './keyDerivation.ts';
import {
  type PacketProtection,
  RTCP_ENCRYPTED_FLAG,
  RTCP_HEADER_BYTES,
  saltWords,
} from './PacketProtection.ts';
import { SrtpError } from './SrtpError.ts';
import type { SrtpScratch } from './SrtpScratch.ts';

const TAG_BYTES = 16;
const INDEX_BYTES = 4;

/** Profile AEAD_AES_128_GCM: one cipher call per packet. */
export class AeadProtection implements PacketProtection {
  /** The authentication tag. */
  readonly rtpOverhead: number = TAG_BYTES;
  /** The authentication tag and the index. */
  readonly rtcpOverhead: number = TAG_BYTES + INDEX_BYTES;
  readonly #memory: PacketMemory;
  readonly #cipher: AeadCipher;
  readonly #nonce: number;
  readonly #additional: number;
  readonly #salt0: number;
  readonly #salt1: number;
  readonly #salt2: number;

  /** Makes the cipher of one direction. */
  constructor(scratch: SrtpScratch, keys: SrtpSessionKeys, direction: 'seal' | 'open') {
    this.#memory = scratch.memory;
    this.#cipher = scratch.crypto.createAead(keys.encryption, direction);
    this.#nonce = scratch.nonce;
    this.#additional = scratch.additional;
    [this.#salt0, this.#salt1, this.#salt2] = saltWords(keys.salt);
  }

  /** Header as additional data, payload encrypted, tag behind it (RFC 7714 section 8.2). */
  sealRtp(
    to: number,
    headerLength: number,
    payload: number,
    payloadLength: number,
    rolloverCounter: number,
  ): number {
    this.#writeRtpNonce(to, rolloverCounter);
    this.#cipher.seal(this.#nonce, to, headerLength, payload, to + headerLength, payloadLength);
    return headerLength + payloadLength + TAG_BYTES;
  }

  /** The reverse of `sealRtp`, in place. */
  openRtp(at: number, length: number, headerLength: number, rolloverCounter: number): number {
    this.#writeRtpNonce(at, rolloverCounter);
    const payloadLength = length - headerLength - TAG_BYTES;
    const isAuthentic = this.#cipher.open(this.#nonce, at, headerLength, at + headerLength, payloadLength);
    return isAuthentic ? length - TAG_BYTES : SrtpError.forged;
  }

  /** Header and index word as additional data; the index follows the tag (RFC 7714 section 9.2). */
  sealRtcp(at: number, length: number, index: number): number {
    this.#writeRtcpNonce(at, index);
    const word = (index | RTCP_ENCRYPTED_FLAG) >>> 0;
    this.#writeRtcpAdditional(at, word);
    const body = at + RTCP_HEADER_BYTES;
    const bodyLength = length - RTCP_HEADER_BYTES;
    this.#cipher.seal(this.#nonce, this.#additional, RTCP_HEADER_BYTES + INDEX_BYTES, body, body, bodyLength);
    this.#memory.view.setUint32(at + length + TAG_BYTES, word);
    return length + TAG_BYTES + INDEX_BYTES;
  }

  /** The last four bytes (RFC 7714 section 9.2). */
  readRtcpIndexWord(at: number, length: number): number {
    return this.#memory.view.getUint32(at + length - INDEX_BYTES);
  }

  /** The reverse of `sealRtcp`, in place. */
  openRtcp(at: number, length: number): number {
    const word = this.readRtcpIndexWord(at, length);
    this.#writeRtcpNonce(at, word & 0x7fff_ffff);
    this.#writeRtcpAdditional(at, word);
    const body = at + RTCP_HEADER_BYTES;
    const plainLength = length - TAG_BYTES - INDEX_BYTES;
    const isAuthentic = this.#cipher.open(
      this.#nonce,
      this.#additional,
      RTCP_HEADER_BYTES + INDEX_BYTES,
      body,
      plainLength - RTCP_HEADER_BYTES,
    );
    return isAuthentic ? plainLength : SrtpError.forged;
  }

  /** Frees the cipher. */
  close(): void {
    this.#cipher.close();
  }

  /**
   * RFC 7714 section 8.1, then XOR with the salt:
   * ```
   *    0  0  0  0  0  0  0  0  0  0  1  1
   *    0  1  2  3  4  5  6  7  8  9  0  1
   *  +--+--+--+--+--+--+--+--+--+--+--+--+
   *  |00|00|    SSRC   |     ROC   | SEQ |
   *  +--+--+--+--+--+--+--+--+--+--+--+--+
   * ```
   */
  #writeRtpNonce(packet: number, rolloverCounter: number): void {
    const view = this.#memory.view;
    const ssrc = view.getInt32(packet + 8);
    view.setInt32(this.#nonce, this.#salt0 ^ (ssrc >>> 16));
    view.setInt32(this.#nonce + 4, this.#salt1 ^ ((ssrc << 16) | (rolloverCounter >>> 16)));
    view.setInt32(this.#nonce + 8, this.#salt2 ^ ((rolloverCounter << 16) | view.getUint16(packet + 2)));
  }

  /**
   * RFC 7714 section 9.1, then XOR with the salt:
   * ```
   *  +--+--+--+--+--+--+--+--+--+--+--+--+
   *  |00|00|    SSRC   |00|00|0+SRTCP Idx|
   *  +--+--+--+--+--+--+--+--+--+--+--+--+
   * ```
   */
  #writeRtcpNonce(packet: number, index: number): void {
    const view = this.#memory.view;
    const ssrc = view.getInt32(packet + 4);
    view.setInt32(this.#nonce, this.#salt0 ^ (ssrc >>> 16));
    view.setInt32(this.#nonce + 4, this.#salt1 ^ (ssrc << 16));
    view.setInt32(this.#nonce + 8, this.#salt2 ^ index);
  }

  #writeRtcpAdditional(packet: number, word: number): void {
    const view = this.#memory.view;
    view.setInt32(this.#additional, view.getInt32(packet));
    view.setInt32(this.#additional + 4, view.getInt32(packet + 4));
    view.setUint32(this.#additional + 8, word);
  }
}
