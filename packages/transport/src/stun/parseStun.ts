/**
 * Reads STUN messages of the Binding method (RFC 8489).
 * @module
 */
import { constantTimeEqual } from '../constantTimeEqual.ts';
import type { HmacSha1 } from '../crypto.ts';
import { TransportAddress } from '../ice/TransportAddress.ts';
import { crc32 } from './crc32.ts';
import {
  STUN_FINGERPRINT_XOR,
  STUN_HEADER_BYTES,
  STUN_INTEGRITY_BYTES,
  STUN_MAGIC_COOKIE,
  STUN_MAX_USERNAME_BYTES,
  StunAttribute,
  StunType,
} from './stunFormat.ts';

/** A Binding message. Nothing in it is trustworthy until `verifyStunIntegrity` says so. */
export interface StunMessage {
  /** One of the numbers of `StunType`. */
  readonly type: number;
  /** 12 bytes; a view into the datagram. */
  readonly transactionId: Uint8Array;
  /** USERNAME, one character per byte. */
  username?: string;
  /** XOR-MAPPED-ADDRESS: where the responder saw the request come from. */
  mappedAddress?: TransportAddress;
  /** PRIORITY, unsigned. */
  priority?: number;
  /** USE-CANDIDATE is present. */
  useCandidate: boolean;
  /** Tie-breaker of ICE-CONTROLLING. */
  controlling?: bigint;
  /** Tie-breaker of ICE-CONTROLLED. */
  controlled?: bigint;
  /** ERROR-CODE, 300..699. */
  errorCode?: number;
  /** Types of attributes that must be understood, but are not known here. */
  readonly unknownAttributes: number[];
  /** Offset of the MESSAGE-INTEGRITY attribute in the datagram, or -1. */
  integrityOffset: number;
}

/**
 * The message in a datagram, or undefined if it is not a well-formed Binding message. Never throws.
 *
 * RFC 8489 section 5:
 * ```
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |0 0|     STUN Message Type     |         Message Length        |
 *  |                         Magic Cookie                          |
 *  |                     Transaction ID (96 bits)                  |
 * ```
 * Attributes behind MESSAGE-INTEGRITY are ignored, except FINGERPRINT, which must then be right and last.
 * Deviation from RFC 8445 section 7.1: a message without FINGERPRINT is accepted, its integrity code says more.
 */
export function parseStun(datagram: Uint8Array): StunMessage | undefined {
  if (datagram.length < STUN_HEADER_BYTES || datagram.length % 4 !== 0) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  const type = view.getUint16(0);
  if (!isBindingType(type) || view.getUint32(4) !== STUN_MAGIC_COOKIE) return undefined;
  if (view.getUint16(2) !== datagram.length - STUN_HEADER_BYTES) return undefined;
  const message: StunMessage = {
    type,
    transactionId: datagram.subarray(8, STUN_HEADER_BYTES),
    useCandidate: false,
    unknownAttributes: [],
    integrityOffset: -1,
  };
  let at = STUN_HEADER_BYTES;
  while (at < datagram.length) {
    const length = view.getUint16(at + 2);
    const end = at + 4 + ((length + 3) & ~3);
    if (end > datagram.length) return undefined;
    if (!readAttribute(message, datagram, view, at, length)) return undefined;
    at = end;
  }
  return message;
}

/**
 * True if the message carries a MESSAGE-INTEGRITY that fits `key` (RFC 8489 section 14.5).
 * `datagram` is what `message` was parsed from.
 */
export function verifyStunIntegrity(
  datagram: Uint8Array,
  message: StunMessage,
  key: Uint8Array,
  hmacSha1: HmacSha1,
): boolean {
  const offset = message.integrityOffset;
  if (offset < 0) return false;
  // The code covers the message up to the attribute, with a length as if the attribute were the last one.
  const covered = datagram.slice(0, offset);
  const length = offset - STUN_HEADER_BYTES + 4 + STUN_INTEGRITY_BYTES;
  covered[2] = length >>> 8;
  covered[3] = length & 0xff;
  return constantTimeEqual(hmacSha1(key, covered), 0, datagram, offset + 4, STUN_INTEGRITY_BYTES);
}

function isBindingType(type: number): boolean {
  return (
    type === StunType.bindingRequest ||
    type === StunType.bindingSuccess ||
    type === StunType.bindingError ||
    type === StunType.bindingIndication
  );
}

/** False if the attribute at `at` makes the whole message malformed. */
function readAttribute(
  message: StunMessage,
  datagram: Uint8Array,
  view: DataView,
  at: number,
  length: number,
): boolean {
  const type = view.getUint16(at);
  const value = at + 4;
  if (type === StunAttribute.fingerprint) {
    const isLast = length === 4 && value + 4 === datagram.length;
    return isLast && (crc32(datagram, at) ^ STUN_FINGERPRINT_XOR) >>> 0 === view.getUint32(value);
  }
  if (message.integrityOffset >= 0) return true;
  switch (type) {
    case StunAttribute.messageIntegrity:
      message.integrityOffset = at;
      return length === STUN_INTEGRITY_BYTES;
    case StunAttribute.username:
      if (length > STUN_MAX_USERNAME_BYTES) return false;
      message.username = String.fromCharCode(...datagram.subarray(value, value + length));
      return true;
    case StunAttribute.xorMappedAddress:
      return readMappedAddress(message, datagram, view, value, length);
    case StunAttribute.useCandidate:
      message.useCandidate = true;
      return true;
    case StunAttribute.unknownAttributes:
      return true;
    default:
      return readNumber(message, view, type, value, length);
  }
}

function readNumber(
  message: StunMessage,
  view: DataView,
  type: number,
  value: number,
  length: number,
): boolean {
  switch (type) {
    case StunAttribute.priority:
      if (length !== 4) return false;
      message.priority = view.getUint32(value);
      return true;
    case StunAttribute.iceControlling:
      if (length !== 8) return false;
      message.controlling = view.getBigUint64(value);
      return true;
    case StunAttribute.iceControlled:
      if (length !== 8) return false;
      message.controlled = view.getBigUint64(value);
      return true;
    case StunAttribute.errorCode:
      if (length < 4) return false;
      message.errorCode = (view.getUint8(value + 2) & 7) * 100 + view.getUint8(value + 3);
      return true;
    default:
      if (type < 0x8000) message.unknownAttributes.push(type);
      return true;
  }
}

/** RFC 8489 section 14.2: the port is XORed with the cookie's upper half, the address with cookie and transaction id. */
function readMappedAddress(
  message: StunMessage,
  datagram: Uint8Array,
  view: DataView,
  value: number,
  length: number,
): boolean {
  const family = length >= 4 ? view.getUint8(value + 1) : 0;
  const addressLength = family === 1 ? 4 : 16;
  if ((family !== 1 && family !== 2) || length !== 4 + addressLength) return false;
  const bytes = datagram.slice(value + 4, value + 4 + addressLength);
  // Cookie and transaction id stand in this order in the header.
  for (let i = 0; i < addressLength; i++) bytes[i] = (bytes[i] ?? 0) ^ (datagram[4 + i] ?? 0);
  const port = view.getUint16(value + 2) ^ (STUN_MAGIC_COOKIE >>> 16);
  message.mappedAddress = TransportAddress.fromBytes(bytes, port);
  return true;
}
