/**
 * What one SRTP profile does to a packet whose index is known.
 * @module
 */

/**
 * Encrypts or decrypts packets in the packet memory, in one direction and for one of RTP and RTCP, with fixed keys.
 * Results are lengths in bytes or a negative `SrtpError`. Lengths have been checked by the caller.
 */
export interface PacketProtection {
  /** Bytes that protection adds to an RTP packet. */
  readonly rtpOverhead: number;
  /** Bytes that protection adds to an RTCP packet. */
  readonly rtcpOverhead: number;
  /** Protects a packet whose header stands at `to` and whose payload is read from `payload`. The new length. */
  sealRtp(
    to: number,
    headerLength: number,
    payload: number,
    payloadLength: number,
    rolloverCounter: number,
  ): number;
  /** Authenticates and decrypts in place. The new length, or `SrtpError.forged`; then the payload is lost. */
  openRtp(at: number, length: number, headerLength: number, rolloverCounter: number): number;
  /** Protects a compound RTCP packet in place. The new length. */
  sealRtcp(at: number, length: number, index: number): number;
  /** The word of E flag and SRTCP index of a protected packet, as an unsigned number. */
  readRtcpIndexWord(at: number, length: number): number;
  /** Authenticates and decrypts in place. The new length, or `SrtpError.forged`; then the packet is lost. */
  openRtcp(at: number, length: number): number;
  /** Frees the ciphers. */
  close(): void;
}

/** Length of the part of an RTCP packet that stays readable (RFC 3711 section 3.4), bytes. */
export const RTCP_HEADER_BYTES = 8;

/** E flag: the SRTCP packet is encrypted (RFC 3711 section 3.4). */
export const RTCP_ENCRYPTED_FLAG = 0x8000_0000;

/** Big-endian 32-bit words of a salt that is filled up with zeros to 16 bytes. */
export function saltWords(salt: Uint8Array): [number, number, number, number] {
  const word = (at: number) =>
    ((salt[at] ?? 0) << 24) | ((salt[at + 1] ?? 0) << 16) | ((salt[at + 2] ?? 0) << 8) | (salt[at + 3] ?? 0);
  return [word(0), word(4), word(8), word(12)];
}
