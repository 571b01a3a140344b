/**
 * The length of an RTP header before decryption.
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';

const fixedHeaderBytes = 12;
const extensionBit = 0x10;
const csrcCountMask = 0x0f;

/**
 * Bytes of the header of an SRTP packet, CSRCs and extension included (RFC 3550 sections 5.1 and 5.3.1), or -1 if it
 * does not fit. Unlike `rtpHeaderLength` it leaves the padding alone: its length is still encrypted.
 */
export function srtpHeaderLength({ view }: PacketMemory, at: number, length: number): number {
  if (length < fixedHeaderBytes) return -1;
  const first = view.getUint8(at);
  let headerLength = fixedHeaderBytes + 4 * (first & csrcCountMask);
  if ((first & extensionBit) !== 0) {
    if (headerLength + 4 > length) return -1;
    headerLength += 4 + 4 * view.getUint16(at + headerLength + 2);
  }
  return headerLength > length ? -1 : headerLength;
}
