/**
 * A remote description as negotiation needs it: session-level values already handed down to the sections.
 * @module
 */
import type { MediaDirection } from './direction.ts';
import type { Fingerprint } from './NegotiatedSession.ts';

/** One format of a media section, ours or theirs: the payload type with its `rtpmap`, `fmtp` and `rtcp-fb` lines. */
export interface SdpFormat {
  /** Payload type, 0..127. */
  readonly payloadType: number;
  /** Encoding name as spelt. */
  readonly name: string;
  /** Clock rate, Hz. */
  readonly clockRate: number;
  /** Audio channels; 1 when the SDP says nothing. */
  readonly channels: number;
  /** Whether the line `a=rtpmap` is there; static payload types may go without. */
  readonly hasRtpMap: boolean;
  /** Text of `a=fmtp`; empty if there is none. */
  readonly parameters: string;
  /** `a=rtcp-fb` values, those for `*` included. */
  readonly feedback: readonly string[];
}

/** One `a=extmap` line. */
export interface SdpExtension {
  /** Id as offered; may exceed the one-byte range. */
  readonly id: number;
  /** What the extension is. */
  readonly uri: string;
  /** Direction behind the slash, if there is one. RFC 8285 section 5. */
  readonly direction: MediaDirection | undefined;
}

/** One media section of the remote side. */
export interface RemoteSection {
  /** Position among the media sections, from 0. */
  readonly index: number;
  /** Media type of the m-line: `audio`, `video`, `application` or anything else. */
  readonly type: string;
  /** Port of the m-line; 0 means rejected or bundle-only. */
  readonly port: number;
  /** Transport protocol of the m-line, for instance `UDP/TLS/RTP/SAVPF`. */
  readonly protocol: string;
  /** Format tokens of the m-line, as written. */
  readonly formatTokens: readonly string[];
  /** Undefined if there is no `a=mid`. */
  readonly mid: string | undefined;
  /** Whether the section only exists inside its BUNDLE group (RFC 9143 section 6). */
  readonly bundleOnly: boolean;
  /** Whether RTCP shares the port of RTP (RFC 5761). */
  readonly rtcpMux: boolean;
  /** Theirs. */
  readonly direction: MediaDirection;
  /** `a=setup`, if there is one. */
  readonly setup: string | undefined;
  /** `a=ice-ufrag`, if there is one. */
  readonly iceUfrag: string | undefined;
  /** `a=ice-pwd`, if there is one. */
  readonly icePassword: string | undefined;
  /** Certificate hashes; empty if there are none. */
  readonly fingerprints: readonly Fingerprint[];
  /** `candidate:` strings. */
  readonly candidates: readonly string[];
  /** Formats with a known meaning, in the order of the m-line. */
  readonly formats: readonly SdpFormat[];
  /** Lines `a=extmap`. */
  readonly extensions: readonly SdpExtension[];
  /** SSRCs of `a=ssrc`, without the repair streams and later simulcast streams of `a=ssrc-group`. */
  readonly ssrcs: readonly number[];
  /** First cname of `a=ssrc`; empty if there is none. */
  readonly cname: string;
  /** `b=AS`, or `b=TIAS` rounded down, kbit/s; 0 if there is none. */
  readonly maxKbps: number;
}

/** A remote description. */
export interface RemoteDescription {
  /** Media sections in order. */
  readonly sections: readonly RemoteSection[];
  /** Mids of each `a=group:BUNDLE` line. */
  readonly bundles: readonly (readonly string[])[];
  /** Whether the remote is an ICE lite agent. */
  readonly iceLite: boolean;
}
