/**
 * Serializes compound RTCP packets. RFC 3550 section 6.1.
 * @module
 */
import { sequenceDistance } from '../sequenceNumber.ts';
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
  ReceiverReport,
  ReportBlock,
  RtcpPacket,
  SenderReport,
  SourceDescription,
} from './RtcpPacket.ts';

const version2 = 0x80;
const maxCnameBytes = 255;
const maxRembSsrcs = 255;
const maxRembExponent = 63;

/** One packet ready to be laid out: its size is known, and `write` fills the body at an offset. */
interface Piece {
  readonly packetType: number;
  readonly count: number;
  readonly bodyLength: number;
  write(view: DataView, at: number): void;
}

/**
 * The bytes of a compound packet. Reports go first, as RFC 3550 section 6.1 demands; if there is none, an empty
 * receiver report of `reporterSsrc` is put in front (RFC 4585 section 3.1). The rest keeps its order. The caller adds
 * the source description (CNAME) that regular reports need, and watches the size: nothing here is cut to an MTU.
 */
export function serializeRtcp(reporterSsrc: number, packets: readonly RtcpPacket[]): Uint8Array {
  const reports = packets.filter(isReport);
  const others = packets.filter((packet) => !isReport(packet));
  const first: readonly RtcpPacket[] =
    reports.length > 0 ? reports : [{ type: 'receiverReport', ssrc: reporterSsrc, reports: [] }];
  return layOut([...first, ...others].flatMap(piecesOf));
}

function isReport(packet: RtcpPacket): packet is SenderReport | ReceiverReport {
  return packet.type === 'senderReport' || packet.type === 'receiverReport';
}

function layOut(pieces: readonly Piece[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + rtcpHeaderLength + piece.bodyLength, 0));
  const view = new DataView(bytes.buffer);
  let cursor = 0;
  for (const piece of pieces) {
    view.setUint8(cursor, version2 | piece.count);
    view.setUint8(cursor + 1, piece.packetType);
    view.setUint16(cursor + 2, piece.bodyLength / 4);
    piece.write(view, cursor + rtcpHeaderLength);
    cursor += rtcpHeaderLength + piece.bodyLength;
  }
  return bytes;
}

function piecesOf(packet: RtcpPacket): Piece[] {
  switch (packet.type) {
    case 'senderReport':
      return [senderReport(packet), ...furtherReports(packet)];
    case 'receiverReport':
      return [receiverReport(packet.ssrc, packet.reports.slice(0, maxRtcpCount)), ...furtherReports(packet)];
    case 'sourceDescription':
      return [sourceDescription(packet)];
    case 'goodbye':
      return [ssrcList(rtcpPacketType.goodbye, packet.ssrcs.slice(0, maxRtcpCount))];
    case 'nack':
      return [nack(packet.senderSsrc, packet.mediaSsrc, packet.sequenceNumbers)];
    case 'pli':
      return [feedback(rtcpFeedbackFormat.pli, packet.senderSsrc, packet.mediaSsrc, [])];
    case 'fir':
      return [
        feedback(
          rtcpFeedbackFormat.fir,
          packet.senderSsrc,
          0, // RFC 5104 section 4.3.1.2: the media source of the common header is 0.
          packet.entries.flatMap((entry) => [entry.ssrc, (entry.commandNumber & 0xff) << 24]),
        ),
      ];
    case 'remb':
      return [remb(packet.senderSsrc, packet.bitrateBps, packet.ssrcs.slice(0, maxRembSsrcs))];
  }
}

/** Report blocks beyond the 31 of one packet go into receiver reports that follow it. RFC 3550 section 6.1. */
function furtherReports(packet: SenderReport | ReceiverReport): Piece[] {
  const pieces: Piece[] = [];
  for (let i = maxRtcpCount; i < packet.reports.length; i += maxRtcpCount) {
    pieces.push(receiverReport(packet.ssrc, packet.reports.slice(i, i + maxRtcpCount)));
  }
  return pieces;
}

function writeReportBlocks(view: DataView, at: number, reports: readonly ReportBlock[]): void {
  let block = at;
  for (const report of reports) {
    view.setUint32(block, report.ssrc);
    // RFC 3550 appendix A.3: the cumulative count is clamped to 24 bits, signed.
    const lost = Math.max(-0x80_0000, Math.min(0x7f_ffff, report.packetsLost));
    view.setUint32(block + 4, (report.fractionLost << 24) | (lost & 0xff_ffff));
    view.setUint32(block + 8, report.highestSequenceNumber);
    view.setUint32(block + 12, report.jitter);
    view.setUint32(block + 16, report.lastSenderReport);
    view.setUint32(block + 20, report.delaySinceLastSenderReport);
    block += reportBlockLength;
  }
}

function senderReport(packet: SenderReport): Piece {
  const reports = packet.reports.slice(0, maxRtcpCount);
  return {
    packetType: rtcpPacketType.senderReport,
    count: reports.length,
    bodyLength: 24 + reports.length * reportBlockLength,
    write(view, at) {
      view.setUint32(at, packet.ssrc);
      view.setUint32(at + 4, packet.ntp.seconds);
      view.setUint32(at + 8, packet.ntp.fraction);
      view.setUint32(at + 12, packet.rtpTimestamp);
      view.setUint32(at + 16, packet.packetCount);
      view.setUint32(at + 20, packet.octetCount);
      writeReportBlocks(view, at + 24, reports);
    },
  };
}

function receiverReport(ssrc: number, reports: readonly ReportBlock[]): Piece {
  return {
    packetType: rtcpPacketType.receiverReport,
    count: reports.length,
    bodyLength: 4 + reports.length * reportBlockLength,
    write(view, at) {
      view.setUint32(at, ssrc);
      writeReportBlocks(view, at + 4, reports);
    },
  };
}

function sourceDescription(packet: SourceDescription): Piece {
  const chunks = packet.chunks
    .slice(0, maxRtcpCount)
    .map(({ ssrc, cname }) => ({ ssrc, text: utf8(cname).slice(0, maxCnameBytes) }));
  // SSRC, type, length, text, at least one zero byte, up to the next multiple of 4.
  const chunkLength = (text: readonly number[]): number => 4 + ((text.length + 2 + 4) & ~3);
  return {
    packetType: rtcpPacketType.sourceDescription,
    count: chunks.length,
    bodyLength: chunks.reduce((sum, chunk) => sum + chunkLength(chunk.text), 0),
    write(view, at) {
      let cursor = at;
      for (const { ssrc, text } of chunks) {
        view.setUint32(cursor, ssrc);
        view.setUint8(cursor + 4, cnameItem);
        view.setUint8(cursor + 5, text.length);
        text.forEach((byte, i) => view.setUint8(cursor + 6 + i, byte));
        cursor += chunkLength(text);
      }
    },
  };
}

/** The UTF-8 bytes of `text`. The pure ring has no TextEncoder. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  const escaped = encodeURIComponent(text.toWellFormed());
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else {
      bytes.push(escaped.charCodeAt(i));
    }
  }
  return bytes;
}

function ssrcList(packetType: number, ssrcs: readonly number[]): Piece {
  return {
    packetType,
    count: ssrcs.length,
    bodyLength: 4 * ssrcs.length,
    write(view, at) {
      ssrcs.forEach((ssrc, i) => view.setUint32(at + 4 * i, ssrc));
    },
  };
}

/** Feedback packet of both SSRCs and `words` of feedback control information. RFC 4585 section 6.1. */
function feedback(
  format: number,
  senderSsrc: number,
  mediaSsrc: number,
  words: readonly number[],
  packetType: number = rtcpPacketType.payloadFeedback,
): Piece {
  return { ...ssrcList(packetType, [senderSsrc, mediaSsrc, ...words]), count: format };
}

function nack(senderSsrc: number, mediaSsrc: number, sequenceNumbers: readonly number[]): Piece {
  return feedback(
    rtcpFeedbackFormat.nack,
    senderSsrc,
    mediaSsrc,
    nackWords(sequenceNumbers),
    rtcpPacketType.transportFeedback,
  );
}

/**
 * Sequence numbers as words of packet id and bitmask of the following 16. Numbers given in rising order (across the
 * wrap too) share words as far as possible; any other order is correct but longer.
 */
function nackWords(sequenceNumbers: readonly number[]): number[] {
  const words: number[] = [];
  let packetId: number | undefined;
  let bitmask = 0;
  for (const sequenceNumber of sequenceNumbers) {
    const distance = packetId === undefined ? 0 : sequenceDistance(sequenceNumber, packetId);
    if (packetId !== undefined && distance >= 1 && distance <= 16) {
      bitmask |= 1 << (distance - 1);
      continue;
    }
    if (packetId !== undefined) words.push(((packetId << 16) | bitmask) >>> 0);
    packetId = sequenceNumber & 0xffff;
    bitmask = 0;
  }
  if (packetId !== undefined) words.push(((packetId << 16) | bitmask) >>> 0);
  return words;
}

function remb(senderSsrc: number, bitrateBps: number, ssrcs: readonly number[]): Piece {
  let mantissa = Math.max(0, Math.floor(bitrateBps));
  let exponent = 0;
  while (mantissa > 0x3_ffff && exponent < maxRembExponent) {
    mantissa = Math.floor(mantissa / 2);
    exponent += 1;
  }
  const rate = ((ssrcs.length << 24) | (exponent << 18) | Math.min(mantissa, 0x3_ffff)) >>> 0;
  return feedback(rtcpFeedbackFormat.applicationLayer, senderSsrc, 0, [rembIdentifier, rate, ...ssrcs]);
}
