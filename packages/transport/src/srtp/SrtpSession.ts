/**
 * SRTP and SRTCP of one DTLS association: which index a packet has, and whether it may be accepted (RFC 3711).
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import { AeadProtection } from './AeadProtection.ts';
import { CounterProtection } from './CounterProtection.ts';
import { deriveSessionKeys, type SrtpKeys, type SrtpMasterKey } from './keyDerivation.ts';
import { type PacketProtection, RTCP_ENCRYPTED_FLAG, RTCP_HEADER_BYTES } from './PacketProtection.ts';
import { ReplayWindow } from './ReplayWindow.ts';
import { SequenceIndex } from './SequenceIndex.ts';
import { SrtpError } from './SrtpError.ts';
import type { SrtpScratch } from './SrtpScratch.ts';

/** Two seconds of a 1,000 packets/s stream, so that late retransmissions still fit. RFC 3711 asks for 64. */
const RTP_WINDOW_PACKETS = 2048;
const RTCP_WINDOW_PACKETS = 256;
const RTP_HEADER_BYTES = 12;
const MAX_RTCP_INDEX = 0x7fff_ffff;

/** Remote SSRCs that a session keeps state for, unless told otherwise. */
export const DEFAULT_MAX_REMOTE_SSRCS = 64;

/** What is known of one SSRC that the peer sends RTP with. */
interface InboundRtp {
  readonly index: SequenceIndex;
  readonly window: ReplayWindow;
}

/** What is known of one SSRC that the peer sends RTCP with. */
interface InboundRtcp {
  highest: number;
  readonly window: ReplayWindow;
}

/** One SSRC that we send with. */
export class SrtpSender {
  /** Bytes that `protect` adds to a packet. */
  readonly overhead: number;
  readonly #memory: PacketMemory;
  readonly #protection: PacketProtection;
  readonly #index = new SequenceIndex();

  /** Use `SrtpSession.sender`. */
  constructor(memory: PacketMemory, protection: PacketProtection) {
    this.#memory = memory;
    this.#protection = protection;
    this.overhead = protection.rtpOverhead;
  }

  /**
   * Protects one packet: its header of `headerLength` bytes stands at `to`, the payload is read from `payload` and
   * lands behind the header, followed by the tag (`overhead` bytes). They may be the same place.
   *
   * The roll-over counter follows the sequence numbers; a number up to 2^15 behind the newest is a retransmission
   * and gets the counter that it had. A retransmission must be the same packet byte for byte, header extensions
   * included: another packet under the same index would break the cipher (RFC 3711 section 9.1, RFC 7714 section 10).
   *
   * Returns the whole length, or `SrtpError.tooOld` for a number before the first packet's, `SrtpError.tooShort`
   * if the header is no RTP header.
   */
  protect(to: number, headerLength: number, payload: number, payloadLength: number): number {
    if (headerLength < RTP_HEADER_BYTES || payloadLength < 0) return SrtpError.tooShort;
    const index = this.#index;
    const sequenceNumber = this.#memory.view.getUint16(to + 2);
    const rolloverCounter = index.estimateRollover(sequenceNumber);
    if (rolloverCounter < 0) return SrtpError.tooOld;
    if (index.distance(sequenceNumber, rolloverCounter) > 0) index.advance(sequenceNumber, rolloverCounter);
    return this.#protection.sealRtp(to, headerLength, payload, payloadLength, rolloverCounter);
  }
}

/** What `SrtpSession` needs to know. */
export interface SrtpSessionOptions {
  /** Shared working memory; it also makes the ciphers. */
  readonly scratch: SrtpScratch;
  /** The outcome of the DTLS handshake. */
  readonly keys: SrtpKeys;
  /** Remote SSRCs to keep state for, for each of RTP and RTCP. */
  readonly maxRemoteSsrcs?: number;
}

/** Protects and unprotects the packets of one DTLS association. Offsets are into the packet memory. */
export class SrtpSession {
  readonly #memory: PacketMemory;
  readonly #outboundRtp: PacketProtection;
  readonly #outboundRtcp: PacketProtection;
  readonly #inboundRtp: PacketProtection;
  readonly #inboundRtcp: PacketProtection;
  readonly #maxRemoteSsrcs: number;
  readonly #senders = new Map<number, SrtpSender>();
  // SSRCs are kept as signed numbers: these are never boxed.
  readonly #rtpStreams = new Map<number, InboundRtp>();
  readonly #rtcpStreams = new Map<number, InboundRtcp>();
  #rtcpIndex = 0;

  /** Derives the session keys and makes the ciphers. */
  constructor(options: SrtpSessionOptions) {
    const { scratch, keys } = options;
    this.#memory = scratch.memory;
    this.#outboundRtp = createProtection(scratch, keys, keys.local, 'rtp');
    this.#outboundRtcp = createProtection(scratch, keys, keys.local, 'rtcp');
    this.#inboundRtp = createProtection(scratch, keys, keys.remote, 'rtp');
    this.#inboundRtcp = createProtection(scratch, keys, keys.remote, 'rtcp');
    this.#maxRemoteSsrcs = options.maxRemoteSsrcs ?? DEFAULT_MAX_REMOTE_SSRCS;
  }

  /** Bytes that `protectRtcp` adds to a packet. */
  get rtcpOverhead(): number {
    return this.#outboundRtcp.rtcpOverhead;
  }

  /**
   * The sender of one of our SSRCs; the same object each time, because an SSRC's roll-over counter must never
   * start again under the same keys. Keep it: the look-up is not for every packet.
   */
  sender(ssrc: number): SrtpSender {
    const known = this.#senders.get(ssrc | 0);
    if (known !== undefined) return known;
    const sender = new SrtpSender(this.#memory, this.#outboundRtp);
    this.#senders.set(ssrc | 0, sender);
    return sender;
  }

  /**
   * Authenticates and decrypts an RTP packet of `length` bytes in place. `headerLength` counts CSRCs and the header
   * extension. Returns the new length or a negative `SrtpError`. State changes only for authentic packets.
   */
  unprotect(at: number, length: number, headerLength: number): number {
    if (headerLength < RTP_HEADER_BYTES || length < headerLength + this.#inboundRtp.rtpOverhead) {
      return SrtpError.tooShort;
    }
    const view = this.#memory.view;
    const stream = this.#rtpStreams.get(view.getInt32(at + 8));
    if (stream === undefined) return this.#unprotectFirst(at, length, headerLength);
    const sequenceNumber = view.getUint16(at + 2);
    const rolloverCounter = stream.index.estimateRollover(sequenceNumber);
    if (rolloverCounter < 0) return SrtpError.tooOld;
    const distance = stream.index.distance(sequenceNumber, rolloverCounter);
    const refusal = stream.window.check(sequenceNumber, distance);
    if (refusal !== 0) return refusal;
    const plainLength = this.#inboundRtp.openRtp(at, length, headerLength, rolloverCounter);
    if (plainLength < 0) return plainLength;
    stream.window.accept(sequenceNumber, distance);
    if (distance > 0) stream.index.advance(sequenceNumber, rolloverCounter);
    return plainLength;
  }

  /**
   * Protects a compound RTCP packet of `length` bytes in place; `rtcpOverhead` bytes behind it must be free.
   * Returns the new length, or `SrtpError.tooShort` or `SrtpError.exhausted`.
   *
   * Deviation from RFC 3711 section 3.2.1: one index counts for all our SSRCs, so that no state is kept for each.
   * Every index is still used once per SSRC and rises.
   */
  protectRtcp(at: number, length: number): number {
    if (length < RTCP_HEADER_BYTES) return SrtpError.tooShort;
    if (this.#rtcpIndex > MAX_RTCP_INDEX) return SrtpError.exhausted;
    return this.#outboundRtcp.sealRtcp(at, length, this.#rtcpIndex++);
  }

  /** Authenticates and decrypts a compound RTCP packet in place. The new length or a negative `SrtpError`. */
  unprotectRtcp(at: number, length: number): number {
    const inbound = this.#inboundRtcp;
    if (length < RTCP_HEADER_BYTES + inbound.rtcpOverhead) return SrtpError.tooShort;
    const word = inbound.readRtcpIndexWord(at, length);
    if (word < RTCP_ENCRYPTED_FLAG) return SrtpError.notEncrypted;
    const index = word & MAX_RTCP_INDEX;
    const ssrc = this.#memory.view.getInt32(at + 4);
    const stream = this.#rtcpStreams.get(ssrc);
    if (stream !== undefined) {
      const refusal = stream.window.check(index, index - stream.highest);
      if (refusal !== 0) return refusal;
    }
    const plainLength = inbound.openRtcp(at, length);
    if (plainLength < 0) return plainLength;
    return this.#acceptRtcp(stream, ssrc, index) ? plainLength : SrtpError.tooManySsrcs;
  }

  /**
   * Forgets a remote SSRC, to make room for others. Its packets could then be replayed, so use it only for
   * an SSRC that is not routed any more.
   */
  forgetRemoteSsrc(ssrc: number): void {
    this.#rtpStreams.delete(ssrc | 0);
    this.#rtcpStreams.delete(ssrc | 0);
  }

  /** Frees the ciphers. The session and its senders must not be used any more. */
  close(): void {
    this.#outboundRtp.close();
    this.#outboundRtcp.close();
    this.#inboundRtp.close();
    this.#inboundRtcp.close();
    this.#senders.clear();
    this.#rtpStreams.clear();
    this.#rtcpStreams.clear();
  }

  /** The first packet of an SSRC: the roll-over counter is 0, and state is made only if it is authentic. */
  #unprotectFirst(at: number, length: number, headerLength: number): number {
    const plainLength = this.#inboundRtp.openRtp(at, length, headerLength, 0);
    if (plainLength < 0) return plainLength;
    if (this.#rtpStreams.size >= this.#maxRemoteSsrcs) return SrtpError.tooManySsrcs;
    const view = this.#memory.view;
    const sequenceNumber = view.getUint16(at + 2);
    const stream: InboundRtp = { index: new SequenceIndex(), window: new ReplayWindow(RTP_WINDOW_PACKETS) };
    stream.window.accept(sequenceNumber, RTP_WINDOW_PACKETS);
    stream.index.advance(sequenceNumber, 0);
    this.#rtpStreams.set(view.getInt32(at + 8), stream);
    return plainLength;
  }

  #acceptRtcp(known: InboundRtcp | undefined, ssrc: number, index: number): boolean {
    if (known === undefined && this.#rtcpStreams.size >= this.#maxRemoteSsrcs) return false;
    const stream = known ?? { highest: -1, window: new ReplayWindow(RTCP_WINDOW_PACKETS) };
    if (known === undefined) this.#rtcpStreams.set(ssrc, stream);
    stream.window.accept(index, index - stream.highest);
    if (index > stream.highest) stream.highest = index;
    return true;
  }
}

function createProtection(
  scratch: SrtpScratch,
  keys: SrtpKeys,
  master: SrtpMasterKey,
  protocol: 'rtp' | 'rtcp',
): PacketProtection {
  const sessionKeys = deriveSessionKeys(scratch, keys.profile, master, protocol);
  if (keys.profile !== 'SRTP_AEAD_AES_128_GCM') return new CounterProtection(scratch, sessionKeys);
  return new AeadProtection(scratch, sessionKeys, master === keys.local ? 'seal' : 'open');
}
