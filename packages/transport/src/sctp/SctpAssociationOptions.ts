/**
 * What goes into an SCTP association and what can be read off it.
 * @module
 */
import type { HmacSha1, RandomBytes } from '../crypto.ts';
import type { SctpListener } from './SctpListener.ts';

/** What an association needs. */
export interface SctpAssociationOptions {
  /** `a=sctp-port` of our description. */
  readonly localPort: number;
  /** `a=sctp-port` of the peer's description. */
  readonly remotePort: number;
  /** For tags, TSNs and keys. */
  readonly randomBytes: RandomBytes;
  /** Authenticates our state cookie. */
  readonly hmacSha1: HmacSha1;
  /** Hears what happens. */
  readonly listener: SctpListener;
  /** Largest packet to send, bytes; 1,144 if not given. */
  readonly maxPacketBytes?: number;
  /** Messages that are not acknowledged may have this many bytes in all; 4 MiB if not given. */
  readonly sendBufferBytes?: number;
  /** What waits for missing fragments may have this many bytes; 1 MiB if not given. */
  readonly windowBytes?: number;
  /** Longest message that we accept, bytes, at most half of the window; 256 KiB if not given. */
  readonly maxMessageBytes?: number;
  /** Offer I-DATA (RFC 8260), so that long messages do not hold up others; true if not given. */
  readonly interleaving?: boolean;
}

/** How a message is to be sent. Without options: in order, and as often as it takes. */
export interface SendOptions {
  /** It may overtake others. */
  readonly isUnordered?: boolean;
  /** It is given up after this many repetitions (RFC 7496). */
  readonly maxRetransmits?: number | undefined;
  /** It is given up after this time, milliseconds (RFC 3758). */
  readonly lifetimeMs?: number | undefined;
}

/**
 * `accepted`; `full`: try again after `onSendPossible`; `closed`: the association or the stream is ending; or there is
 * no such stream.
 */
export type SendResult = 'accepted' | 'full' | 'closed' | 'invalidStream';

/** What an association has counted. */
export interface SctpStatistics {
  /** Packets sent. */
  readonly packetsSent: number;
  /** Packets received and found good. */
  readonly packetsReceived: number;
  /** Packets dropped: malformed, wrong checksum, port or tag, or out of place. */
  readonly packetsDropped: number;
  /** DATA chunks sent again. */
  readonly chunksRetransmitted: number;
  /** DATA chunks received twice. */
  readonly chunksDuplicated: number;
  /** DATA chunks dropped for want of room. */
  readonly chunksDropped: number;
  /** Smoothed round-trip time, milliseconds; undefined before the first measurement. */
  readonly roundTripMs: number | undefined;
  /** Congestion window, bytes; 0 before the association is connected. */
  readonly congestionWindowBytes: number;
}
