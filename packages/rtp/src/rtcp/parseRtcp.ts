/**
 * Parses compound RTCP packets. RFC 3550 section 6.1; reduced-size packets (RFC 5506) are accepted too.
 * @module
 */
import type { PacketMemory } from '../PacketMemory.ts';
import {
  cnameItem,
  maxRtcpCount,
  rembIdentifier,
  reportBlockLength,
  rtcpFeedbackFormat,
  rtcpHeaderLength,
  rtcpPacketType,
} from './rtcpFormat.ts';
import type {
  FirEntry,
  Goodbye,
  ReceiverReport,
  ReportBlock,
  RtcpPacket,
  SenderReport,
  SourceDescription,
  SourceDescriptionChunk,
} from './RtcpPacket.ts';

const versionMask = 0xc0;
const version2 = 0x80;
const paddingBit = 0x20;
// A datagram of 1,500 bytes could name 6,300 lost packets. No receiver asks for so many in earnest, and each costs
// a lookup: 1,024 is the size of a retransmission history.
const maxNackedNumbers = 1024;

/**
 * The packets of the compound packet of `length` bytes at `at`, in order. Unknown packet types (XR and
 * transport-wide feedback among them) and malformed ones are left out; at the first broken header the rest is given
 * up. Never throws; returns an empty list for garbage. Strings and arrays are copies.
 */
export function parseRtcp(memory: PacketMemory, at: number, length: number): RtcpPacket[] {
  const packets: RtcpPacket[] = [];
  if (at < 0 || at + length > memory.bytes.length) return packets;
  const end = at + length;
  let cursor = at;
  while (cursor + rtcpHeaderLength <= end) {
    if ((memory.view.getUint8(cursor) & versionMask) !== version2) break;
    const next = cursor + 4 + 4 * memory.view.getUint16(cursor + 2);
    if (next > end) break;
    const packet = parseOne(memory, cursor, endWithoutPadding(memory, cursor, next));
    if (packet !== undefined) packets.push(packet);
    cursor = next;
  }
  return packets;
}

/** Padding is counted by the last byte and belongs to the packet's length. RFC 3550 section 6.4.1. */
function endWithoutPadding(memory: PacketMemory, cursor: number, next: number): number {
  if ((memory.view.getUint8(cursor) & paddingBit) === 0 || next === cursor + rtcpHeaderLength) return next;
  const end = next - memory.view.getUint8(next - 1);
  return end < cursor + rtcpHeaderLength ? next : end;
}

function parseOne(memory: PacketMemory, at: number, end: number): RtcpPacket | undefined {
  const count = memory.view.getUint8(at) & maxRtcpCount;
  const body = at + rtcpHeaderLength;
  switch (memory.view.getUint8(at + 1)) {
    case rtcpPacketType.senderReport:
      return parseSenderReport(memory, body, end, count);
    case rtcpPacketType.receiverReport:
      return parseReceiverReport(memory, body, end, count);
    case rtcpPacketType.sourceDescription:
      return parseSourceDescription(memory, body, end, count);
    case rtcpPacketType.goodbye:
      return parseGoodbye(memory, body, end, count);
    case rtcpPacketType.transportFeedback:
      return count === rtcpFeedbackFormat.nack ? parseNack(memory, body, end) : undefined;
    case rtcpPacketType.payloadFeedback:
      return parsePayloadFeedback(memory, body, end, count);
    default:
      return undefined;
  }
}

function parseReportBlocks(memory: PacketMemory, at: number, end: number, count: number): ReportBlock[] {
  const reports: ReportBlock[] = [];
  for (
    let block = at, i = 0;
    i < count && block + reportBlockLength <= end;
    i++, block += reportBlockLength
  ) {
    const fractionAndLost = memory.view.getUint32(block + 4);
    reports.push({
      ssrc: memory.view.getUint32(block),
      fractionLost: fractionAndLost >>> 24,
      packetsLost: (fractionAndLost << 8) >> 8,
      highestSequenceNumber: memory.view.getUint32(block + 8),
      jitter: memory.view.getUint32(block + 12),
      lastSenderReport: memory.view.getUint32(block + 16),
      delaySinceLastSenderReport: memory.view.getUint32(block + 20),
    });
  }
  return reports;
}

/** Body: SSRC (4), NTP (8), RTP timestamp (4), packet count (4), octet count (4), report blocks. */
function parseSenderReport(
  memory: PacketMemory,
  at: number,
  end: number,
  count: number,
): SenderReport | undefined {
  if (at + 24 > end) return undefined;
  return {
    type: 'senderReport',
    ssrc: memory.view.getUint32(at),
    ntp: { seconds: memory.view.getUint32(at + 4), fraction: memory.view.getUint32(at + 8) },
    rtpTimestamp: memory.view.getUint32(at + 12),
    packetCount: memory.view.getUint32(at + 16),
    octetCount: memory.view.getUint32(at + 20),
    reports: parseReportBlocks(memory, at + 24, end, count),
  };
}

function parseReceiverReport(
  memory: PacketMemory,
  at: number,
  end: number,
  count: number,
): ReceiverReport | undefined {
  if (at + 4 > end) return undefined;
  return {
    type: 'receiverReport',
    ssrc: memory.view.getUint32(at),
    reports: parseReportBlocks(memory, at + 4, end, count),
  };
}

/** Body: chunks of SSRC (4) and items of type (1), length (1), text, ended by a zero byte, padded to 4 bytes. */
function parseSourceDescription(
  memory: PacketMemory,
  at: number,
  end: number,
  count: number,
): SourceDescription {
  const chunks: SourceDescriptionChunk[] = [];
  let cursor = at;
  for (let i = 0; i < count && cursor + 4 <= end; i++) {
    const ssrc = memory.view.getUint32(cursor);
    cursor += 4;
    while (cursor < end && memory.view.getUint8(cursor) !== 0) {
      if (cursor + 2 > end) return { type: 'sourceDescription', chunks };
      const item = memory.view.getUint8(cursor);
      const textLength = memory.view.getUint8(cursor + 1);
      cursor += 2;
      if (cursor + textLength > end) return { type: 'sourceDescription', chunks };
      if (item === cnameItem) chunks.push({ ssrc, cname: readUtf8(memory, cursor, textLength) });
      cursor += textLength;
    }
    // At least one zero byte ends the chunk; the next starts on a 4-byte boundary of the packet.
    cursor = at + ((cursor - at + 4) & ~3);
  }
  return { type: 'sourceDescription', chunks };
}

/** The UTF-8 text of `length` bytes at `at`. The pure ring has no TextDecoder; bad bytes become U+FFFD. */
function readUtf8(memory: PacketMemory, at: number, length: number): string {
  let escaped = '';
  for (let i = 0; i < length; i++) {
    escaped += `%${memory.view
      .getUint8(at + i)
      .toString(16)
      .padStart(2, '0')}`;
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return String.fromCharCode(
      ...memory.bytes.subarray(at, at + length).map((byte) => (byte < 0x80 ? byte : 0x3f)),
    );
  }
}

function parseGoodbye(memory: PacketMemory, at: number, end: number, count: number): Goodbye {
  return { type: 'goodbye', ssrcs: readSsrcs(memory, at, end, count) };
}

function readSsrcs(memory: PacketMemory, at: number, end: number, count: number): number[] {
  const ssrcs: number[] = [];
  for (let cursor = at, i = 0; i < count && cursor + 4 <= end; i++, cursor += 4) {
    ssrcs.push(memory.view.getUint32(cursor));
  }
  return ssrcs;
}

/** Feedback body: sender SSRC (4), media SSRC (4), then PID (2) and BLP (2), repeated. RFC 4585 section 6.2.1. */
function parseNack(memory: PacketMemory, at: number, end: number): RtcpPacket | undefined {
  if (at + 8 > end) return undefined;
  const sequenceNumbers: number[] = [];
  for (let cursor = at + 8; cursor + 4 <= end && sequenceNumbers.length < maxNackedNumbers; cursor += 4) {
    const packetId = memory.view.getUint16(cursor);
    sequenceNumbers.push(packetId);
    let bitmask = memory.view.getUint16(cursor + 2);
    for (let i = 1; bitmask !== 0; i++, bitmask >>= 1) {
      if ((bitmask & 1) !== 0) sequenceNumbers.push((packetId + i) & 0xffff);
    }
  }
  return {
    type: 'nack',
    senderSsrc: memory.view.getUint32(at),
    mediaSsrc: memory.view.getUint32(at + 4),
    sequenceNumbers,
  };
}

function parsePayloadFeedback(
  memory: PacketMemory,
  at: number,
  end: number,
  format: number,
): RtcpPacket | undefined {
  if (at + 8 > end) return undefined;
  const senderSsrc = memory.view.getUint32(at);
  switch (format) {
    case rtcpFeedbackFormat.pli:
      return { type: 'pli', senderSsrc, mediaSsrc: memory.view.getUint32(at + 4) };
    case rtcpFeedbackFormat.fir:
      return { type: 'fir', senderSsrc, entries: readFirEntries(memory, at + 8, end) };
    case rtcpFeedbackFormat.applicationLayer:
      return parseRemb(memory, at, end, senderSsrc);
    default:
      return undefined;
  }
}

/** FIR entries: SSRC (4), command number (1), reserved (3). RFC 5104 section 4.3.1.1. */
function readFirEntries(memory: PacketMemory, at: number, end: number): FirEntry[] {
  const entries: FirEntry[] = [];
  for (let cursor = at; cursor + 8 <= end; cursor += 8) {
    entries.push({
      ssrc: memory.view.getUint32(cursor),
      commandNumber: memory.view.getUint8(cursor + 4),
    });
  }
  return entries;
}

/**
 * Feedback body: sender SSRC (4), 0 (4), `REMB` (4), number of SSRCs (1), exponent (6 bits), mantissa (18 bits),
 * SSRCs. draft-alvestrand-rmcat-remb-03 section 2.2.
 */
function parseRemb(
  memory: PacketMemory,
  at: number,
  end: number,
  senderSsrc: number,
): RtcpPacket | undefined {
  if (at + 16 > end || memory.view.getUint32(at + 8) !== rembIdentifier) return undefined;
  const count = memory.view.getUint8(at + 12);
  const rate = memory.view.getUint32(at + 12) & 0xff_ffff;
  const bitrateBps = (rate & 0x3_ffff) * 2 ** (rate >>> 18);
  return { type: 'remb', senderSsrc, bitrateBps, ssrcs: readSsrcs(memory, at + 16, end, count) };
}
