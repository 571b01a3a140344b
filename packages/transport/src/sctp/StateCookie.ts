/**
 * The state cookie of INIT ACK: what we need to know of an association, kept by the peer (RFC 9260 section 5.1.3).
 * @module
 */
import { constantTimeEqual } from '../constantTimeEqual.ts';
import type { HmacSha1 } from '../crypto.ts';

/** What both sides have said before an association exists. */
export interface CookieContent {
  /** Our verification tag. */
  readonly localTag: number;
  /** The peer's verification tag. */
  readonly remoteTag: number;
  /** TSN of our first chunk. */
  readonly localInitialTsn: number;
  /** TSN of the peer's first chunk. */
  readonly remoteInitialTsn: number;
  /** The peer's receive window, bytes. */
  readonly receiveWindowBytes: number;
  /** Streams that we may send on. */
  readonly outgoingStreams: number;
  /** Streams that the peer may send on. */
  readonly incomingStreams: number;
  /** RFC 3758 is used. */
  readonly partialReliability: boolean;
  /** RFC 6525 is used. */
  readonly reconfig: boolean;
  /** RFC 8260 is used. */
  readonly interleaving: boolean;
}

/** RFC 9260 section 16: Valid.Cookie.Life. */
const LIFETIME_MS = 60_000;
const CONTENT_BYTES = 36;
const CODE_BYTES = 20;

/** Makes and accepts cookies of one association. */
export class StateCookie {
  readonly #key: Uint8Array;
  readonly #hmacSha1: HmacSha1;

  /** `key` is secret and of this association alone. */
  constructor(key: Uint8Array, hmacSha1: HmacSha1) {
    this.#key = key;
    this.#hmacSha1 = hmacSha1;
  }

  /** A cookie that is good for 60 s from `nowMs`. */
  seal(content: CookieContent, nowMs: number): Uint8Array {
    const bytes = new Uint8Array(CONTENT_BYTES + CODE_BYTES);
    const view = new DataView(bytes.buffer);
    view.setFloat64(0, nowMs);
    view.setUint32(8, content.localTag);
    view.setUint32(12, content.remoteTag);
    view.setUint32(16, content.localInitialTsn);
    view.setUint32(20, content.remoteInitialTsn);
    view.setUint32(24, content.receiveWindowBytes);
    view.setUint16(28, content.outgoingStreams);
    view.setUint16(30, content.incomingStreams);
    view.setUint8(32, Number(content.partialReliability));
    view.setUint8(33, Number(content.reconfig));
    view.setUint8(34, Number(content.interleaving));
    bytes.set(this.#hmacSha1(this.#key, bytes.subarray(0, CONTENT_BYTES)), CONTENT_BYTES);
    return bytes;
  }

  /** What a cookie says, or undefined if it is not ours, was changed or is too old. */
  open(cookie: Uint8Array, nowMs: number): CookieContent | undefined {
    if (cookie.length !== CONTENT_BYTES + CODE_BYTES) return undefined;
    const code = this.#hmacSha1(this.#key, cookie.subarray(0, CONTENT_BYTES));
    if (!constantTimeEqual(code, 0, cookie, CONTENT_BYTES, CODE_BYTES)) return undefined;
    const view = new DataView(cookie.buffer, cookie.byteOffset, cookie.length);
    if (nowMs - view.getFloat64(0) > LIFETIME_MS) return undefined;
    return {
      localTag: view.getUint32(8),
      remoteTag: view.getUint32(12),
      localInitialTsn: view.getUint32(16),
      remoteInitialTsn: view.getUint32(20),
      receiveWindowBytes: view.getUint32(24),
      outgoingStreams: view.getUint16(28),
      incomingStreams: view.getUint16(30),
      partialReliability: view.getUint8(32) === 1,
      reconfig: view.getUint8(33) === 1,
      interleaving: view.getUint8(34) === 1,
    };
  }
}
