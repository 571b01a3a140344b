/**
 * Decides whether packets of one negotiated codec can be forwarded as another without being changed.
 * @module
 */
import type { RtpCodec } from '../RtpCodec.ts';

/** Parameters that must be equal, with the value that counts when the SDP is silent. */
const decisive: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // RFC 9628 section 6: profile-id defaults to 0.
  VP9: { 'profile-id': '0' },
  // RFC 6184 section 8.2.2: packetization-mode defaults to 0.
  H264: { 'packetization-mode': '0' },
  // RFC 7798 section 7.2.2: profile-id defaults to 1 (Main).
  H265: { 'profile-id': '1' },
  // AV1 RTP specification section 7.2.3: profile defaults to 0 (Main).
  AV1: { profile: '0' },
};

/**
 * True if a receiver of `to` can decode what a sender of `from` sends: same name, clock rate, channels and
 * decisive format parameters. Payload types do not matter, the router rewrites them.
 */
export function codecsMatch(from: RtpCodec, to: RtpCodec): boolean {
  if (from.name !== to.name || from.clockRate !== to.clockRate || from.channels !== to.channels) return false;
  const parameters = Object.entries(decisive[from.name] ?? {});
  const equal = parameters.every(
    ([key, byDefault]) => (from.parameters[key] ?? byDefault) === (to.parameters[key] ?? byDefault),
  );
  return equal && (from.name !== 'H264' || h264Profile(from) === h264Profile(to));
}

/**
 * The H.264 profile of a codec, level left out. Constrained Baseline is signalled in several ways
 * (RFC 6184 section 8.1, table 5); Baseline counts as the same, since browsers send only what both share.
 */
function h264Profile(codec: RtpCodec): string {
  // RFC 6184 section 8.1: without profile-level-id the Baseline profile at level 1 is meant.
  const id = Number.parseInt(codec.parameters['profile-level-id'] ?? '42000a', 16);
  const profileIdc = (id >> 16) & 0xff;
  const constraints = (id >> 8) & 0xff;
  const constrainedBaseline =
    profileIdc === 0x42 || ((profileIdc === 0x4d || profileIdc === 0x58) && (constraints & 0x80) !== 0);
  return constrainedBaseline ? 'baseline' : `${profileIdc}/${constraints & 0x0c}`;
}
