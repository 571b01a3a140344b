/**
 * What a negotiation is told and what comes out of it.
 * @module
 */
import type { HeaderExtensionIds, MediaKind, RtpCodec } from '../RtpCodec.ts';
import type { CodecCapability } from './CodecCapability.ts';
import type { MediaDirection } from './direction.ts';

/** A certificate hash, as in `a=fingerprint` (RFC 8122). */
export interface Fingerprint {
  /** Hash name in lower case, for instance `sha-256`. */
  readonly algorithm: string;
  /** Upper-case hexadecimal bytes joined by colons. */
  readonly value: string;
}

/** Everything that our side of a description depends on. */
export interface SdpConfig {
  /** Audio codecs in the order of our offers; `defaultAudioCodecs` is Kurento's choice. */
  readonly audioCodecs: readonly CodecCapability[];
  /** Video codecs in the order of our offers; `defaultVideoCodecs` is Kurento's choice. */
  readonly videoCodecs: readonly CodecCapability[];
  /** Audio sections offered, and accepted at most. Kurento's default is 1. */
  readonly numAudioMedias: number;
  /** Video sections offered, and accepted at most. Kurento's default is 1. */
  readonly numVideoMedias: number;
  /** What the endpoint was created for. */
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly';
  /** Data channels are not built yet: either way our offers omit them and an offered section is rejected. */
  readonly useDataChannels: boolean;
  /** Our ICE user fragment (RFC 8445 section 5.3). */
  readonly iceUfrag: string;
  /** Our ICE password. */
  readonly icePassword: string;
  /** Hash of our certificate. */
  readonly fingerprint: Fingerprint;
  /** Canonical name of everything we send (RFC 3550 section 6.5.1). */
  readonly cname: string;
  /** A fresh SSRC, 1..2^32-1. */
  nextSsrc(): number;
  /** Session id of the o-line, a decimal number below 2^63. */
  readonly sessionId: string;
  /** Address family of the o- and c-lines. */
  readonly addressFamily: 'IP4' | 'IP6';
  /** Limit announced to senders of audio as `b=AS`, kbit/s; 0 = none. */
  readonly maxAudioRecvKbps: number;
  /** Limit announced to senders of video as `b=AS`, kbit/s; 0 = none. */
  readonly maxVideoRecvKbps: number;
}

/** One candidate found inside a description. */
export interface RemoteCandidate {
  /** `candidate:` string, without `a=`. */
  readonly candidate: string;
  /** Mid of its section; empty if that has none. */
  readonly mid: string;
  /** Position of its section, from 0. */
  readonly index: number;
}

/** One media section after negotiation. */
export interface NegotiatedMedia {
  /** `application` also stands for any other type that is neither audio nor video; those are always rejected. */
  readonly kind: MediaKind | 'application';
  /** Identification tag; empty if the remote's section has none. */
  readonly mid: string;
  /** Position among the media sections, from 0. */
  readonly index: number;
  /** True if nothing flows here for ever: port 0 in one of the descriptions. */
  readonly rejected: boolean;
  /** Ours; `inactive` if rejected. */
  readonly direction: MediaDirection;
  /** Codecs that both sides know, most wanted by the remote first; empty if rejected. */
  readonly codecs: readonly RtpCodec[];
  /** The SSRC that we send with, or report with if we only receive; 0 if rejected. */
  readonly localSsrc: number;
  /** Our canonical name. */
  readonly cname: string;
  /** SSRCs announced by the remote; may be empty. */
  readonly remoteSsrcs: readonly number[];
  /** Canonical name of the remote; empty if unknown. */
  readonly remoteCname: string;
  /** Ids of the header extensions that both sides know. */
  readonly extensions: HeaderExtensionIds;
  /** What the remote wants to receive at most (`b=AS` or `b=TIAS`), kbit/s; 0 = no limit. */
  readonly remoteMaxKbps: number;
}

/** The outcome of a negotiation. All accepted sections share one transport. */
export interface NegotiatedSession {
  /** One entry per media section, in order, rejected ones included. */
  readonly medias: readonly NegotiatedMedia[];
  /** ICE credentials of the remote; empty texts if every section is rejected. */
  readonly remoteIce: { readonly ufrag: string; readonly password: string; readonly lite: boolean };
  /** Certificate hashes of the remote; at least one, unless every section is rejected. */
  readonly remoteFingerprints: readonly Fingerprint[];
  /** Our role in the DTLS handshake. */
  readonly dtlsRole: 'client' | 'server';
  /** Candidates that the description carried. */
  readonly remoteCandidates: readonly RemoteCandidate[];
}
