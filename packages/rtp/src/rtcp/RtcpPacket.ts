/**
 * RTCP packets as small objects: control rate, so objects are fine here. RFC 3550 section 6.
 * @module
 */
import type { NtpTime } from '../ntp.ts';

/** One report block of a sender or receiver report. RFC 3550 section 6.4.1. */
export interface ReportBlock {
  /** The source that is reported on. */
  readonly ssrc: number;
  /** Share of packets lost since the last report, in 1/256: 0..255. */
  readonly fractionLost: number;
  /** Packets lost since the beginning, signed 24 bits: duplicates make it negative. */
  readonly packetsLost: number;
  /** Highest extended sequence number received, 32 bits. */
  readonly highestSequenceNumber: number;
  /** Interarrival jitter, clock ticks. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report; 0 if none was received. */
  readonly lastSenderReport: number;
  /** Delay since that sender report, units of 2^-16 s. */
  readonly delaySinceLastSenderReport: number;
}

/** Sender report, packet type 200. RFC 3550 section 6.4.1. */
export interface SenderReport {
  /** Tells the packets apart. */
  readonly type: 'senderReport';
  /** The reporter. */
  readonly ssrc: number;
  /** When the report was sent, by the sender's wall clock. */
  readonly ntp: NtpTime;
  /** The same instant, clock ticks. */
  readonly rtpTimestamp: number;
  /** Packets sent since the beginning, 32 bits. */
  readonly packetCount: number;
  /** Payload bytes sent since the beginning, 32 bits. */
  readonly octetCount: number;
  /** At most 31 when received; more may be given when serializing. */
  readonly reports: readonly ReportBlock[];
}

/** Receiver report, packet type 201. RFC 3550 section 6.4.2. */
export interface ReceiverReport {
  /** Tells the packets apart. */
  readonly type: 'receiverReport';
  /** The reporter. */
  readonly ssrc: number;
  /** At most 31 when received; more may be given when serializing. */
  readonly reports: readonly ReportBlock[];
}

/** Source description, packet type 202, of which only CNAME is read. RFC 3550 section 6.5. */
export interface SourceDescription {
  /** Tells the packets apart. */
  readonly type: 'sourceDescription';
  /** One entry per source that has a CNAME; at most 255 bytes of UTF-8 each. */
  readonly chunks: readonly SourceDescriptionChunk[];
}

/** The canonical name of one source. */
export interface SourceDescriptionChunk {
  /** The source. */
  readonly ssrc: number;
  /** Canonical end-point identifier. */
  readonly cname: string;
}

/** Goodbye, packet type 203. RFC 3550 section 6.6. */
export interface Goodbye {
  /** Tells the packets apart. */
  readonly type: 'goodbye';
  /** The sources that leave, at most 31. */
  readonly ssrcs: readonly number[];
}

/** Generic NACK, packet type 205 format 1. RFC 4585 section 6.2.1. */
export interface Nack {
  /** Tells the packets apart. */
  readonly type: 'nack';
  /** Who asks. */
  readonly senderSsrc: number;
  /** The source whose packets are missing. */
  readonly mediaSsrc: number;
  /** Missing sequence numbers, 16 bits each, as sent. */
  readonly sequenceNumbers: readonly number[];
}

/** Picture loss indication, packet type 206 format 1. RFC 4585 section 6.3.1. */
export interface Pli {
  /** Tells the packets apart. */
  readonly type: 'pli';
  /** Who asks. */
  readonly senderSsrc: number;
  /** The source that shall send a key frame. */
  readonly mediaSsrc: number;
}

/** Full intra request, packet type 206 format 4. RFC 5104 section 4.3.1. */
export interface Fir {
  /** Tells the packets apart. */
  readonly type: 'fir';
  /** Who asks. */
  readonly senderSsrc: number;
  /** The sources that shall send a key frame. */
  readonly entries: readonly FirEntry[];
}

/** One source of a full intra request. */
export interface FirEntry {
  /** The source that shall send a key frame. */
  readonly ssrc: number;
  /** Command number, 8 bits: a repeated number is a retransmission of the same request. */
  readonly commandNumber: number;
}

/** Receiver estimated maximum bitrate, packet type 206 format 15. draft-alvestrand-rmcat-remb-03 section 2. */
export interface Remb {
  /** Tells the packets apart. */
  readonly type: 'remb';
  /** Who reports. */
  readonly senderSsrc: number;
  /** Total bitrate of the named sources together, bit/s. */
  readonly bitrateBps: number;
  /** The sources it applies to, at most 255. */
  readonly ssrcs: readonly number[];
}

/** Any RTCP packet that we read and write. */
export type RtcpPacket =
  | SenderReport
  | ReceiverReport
  | SourceDescription
  | Goodbye
  | Nack
  | Pli
  | Fir
  | Remb;
