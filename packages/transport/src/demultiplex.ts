/**
 * Tells the protocols on one port apart by their first bytes (RFC 7983, RFC 5761).
 * @module
 */

/** What a datagram is, as far as its first bytes tell. */
export const DatagramKind = {
  /** Nothing that this port serves (ZRTP, TURN channels and reserved ranges included): drop and count. */
  unknown: 0,
  stun: 1,
  dtls: 2,
  rtp: 3,
  rtcp: 4,
} as const;

/** One of the numbers of `DatagramKind`. */
export type DatagramKindValue = (typeof DatagramKind)[keyof typeof DatagramKind];

/** Shortest datagram of each protocol, bytes: header sizes of RFC 8489, RFC 6347, RFC 3550. */
const STUN_HEADER_BYTES = 20;
const DTLS_HEADER_BYTES = 13;
const RTP_HEADER_BYTES = 12;
const RTCP_HEADER_BYTES = 8;

/**
 * The kind of a datagram of `length` bytes whose first two bytes are given (0 where the datagram is shorter).
 *
 * RFC 7983 section 7:
 * ```
 *   [0..3] STUN   [16..19] ZRTP   [20..63] DTLS   [64..79] TURN channel   [128..191] RTP or RTCP
 * ```
 * RFC 5761 section 4: it is RTCP if the second byte is in 192..223.
 */
export function classifyDatagram(firstByte: number, secondByte: number, length: number): DatagramKindValue {
  if (firstByte >= 128 && firstByte <= 191) {
    if (isRtcpPacketType(secondByte))
      return length >= RTCP_HEADER_BYTES ? DatagramKind.rtcp : DatagramKind.unknown;
    return length >= RTP_HEADER_BYTES ? DatagramKind.rtp : DatagramKind.unknown;
  }
  if (firstByte <= 3) return length >= STUN_HEADER_BYTES ? DatagramKind.stun : DatagramKind.unknown;
  if (firstByte >= 20 && firstByte <= 63)
    return length >= DTLS_HEADER_BYTES ? DatagramKind.dtls : DatagramKind.unknown;
  return DatagramKind.unknown;
}

/** True if the second byte of an RTP-like packet is an RTCP packet type, 192..223 (RFC 5761 section 4). */
export function isRtcpPacketType(secondByte: number): boolean {
  return secondByte >= 192 && secondByte <= 223;
}
