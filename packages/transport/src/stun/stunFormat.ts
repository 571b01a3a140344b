/**
 * Numbers of the STUN format (RFC 8489) and of the attributes that ICE adds (RFC 8445 section 16).
 * @module
 */

/** Length of the header, bytes (RFC 8489 section 5). */
export const STUN_HEADER_BYTES = 20;
/** Length of a transaction id, bytes. */
export const STUN_TRANSACTION_ID_BYTES = 12;
/** Second word of every message. */
export const STUN_MAGIC_COOKIE = 0x2112a442;
/** Added to the checksum so that it differs from that of other protocols (RFC 8489 section 14.7). */
export const STUN_FINGERPRINT_XOR = 0x5354554e;
/** Length of the MESSAGE-INTEGRITY value, bytes. */
export const STUN_INTEGRITY_BYTES = 20;

/** A user name is shorter than 509 bytes (RFC 8489 section 14.3), but RFC 8445 allows two ufrags of 256 and a colon. */
export const STUN_MAX_USERNAME_BYTES = 513;

/** Message types of the Binding method (RFC 8489 section 18.2). */
export const StunType = {
  bindingRequest: 0x0001,
  bindingIndication: 0x0011,
  bindingSuccess: 0x0101,
  bindingError: 0x0111,
} as const;

/** Attribute types. Those below 0x8000 must be understood by the receiver. */
export const StunAttribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

/** Error codes that ICE uses: RFC 8489 section 14.8, RFC 8445 section 7.3.1.1. */
export const StunErrorCode = { unknownAttribute: 420, roleConflict: 487 } as const;
