/**
 * What two sides agreed on for one media section: codecs and header extensions.
 * @module
 */

/** Kind of a media section, as in SDP. */
export type MediaKind = 'audio' | 'video';

/** One codec with the payload type that both sides use for it. */
export interface RtpCodec {
  /** Payload type, 0..127. */
  readonly payloadType: number;
  /** Canonical encoding name in upper case, for instance `VP8`, `OPUS`, `PCMU`, `TELEPHONE-EVENT`. */
  readonly name: string;
  /** RTP clock rate, Hz. */
  readonly clockRate: number;
  /** Audio channels; 1 when the SDP says nothing, and for video. */
  readonly channels: number;
  /** Format parameters of `a=fmtp`, names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `a=rtcp-fb` values that both sides support, for instance `nack`, `nack pli`, `ccm fir`, `goog-remb`. */
  readonly feedback: readonly string[];
}

/** Negotiated header-extension ids (RFC 8285), 1..14 in one-byte form; absent when not negotiated. */
export interface HeaderExtensionIds {
  /** `urn:ietf:params:rtp-hdrext:sdes:mid`, RFC 9143. */
  readonly mid?: number;
  /** `http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time`: 24 bits, 6.18 fixed-point seconds. */
  readonly absSendTime?: number;
  /** `urn:ietf:params:rtp-hdrext:ssrc-audio-level`, RFC 6464. */
  readonly audioLevel?: number;
}
