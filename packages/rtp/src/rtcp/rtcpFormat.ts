/**
 * Numbers of the RTCP formats that the parser and the serializer share.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P| RC/FMT  |      PT       |  length, 32-bit words, less 1 |
 * ```
 * @module
 */

/** RTCP packet types. RFC 3550 section 12.1, RFC 4585 section 6.1. */
export const rtcpPacketType = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  goodbye: 203,
  transportFeedback: 205,
  payloadFeedback: 206,
} as const;

/** Feedback formats of transport (`nack`) and payload feedback. RFC 4585 section 6.2 and 6.3, RFC 5104 section 4.3. */
export const rtcpFeedbackFormat = { nack: 1, pli: 1, fir: 4, applicationLayer: 15 } as const;

/** Bytes of the header that every RTCP packet has. */
export const rtcpHeaderLength = 4;
/** Bytes of a report block. */
export const reportBlockLength = 24;
/** Largest value of the 5-bit count: report blocks, chunks or sources of one packet. */
export const maxRtcpCount = 31;
/** The four letters `REMB`. */
export const rembIdentifier = 0x52454d42;
/** SDES item type CNAME. RFC 3550 section 6.5.1. */
export const cnameItem = 1;
