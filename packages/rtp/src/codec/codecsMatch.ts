/**
 * Decides whether packets of one negotiated codec can be forwarded as another without being changed.
 * @module
 */
import type { RtpCodec } from '../RtpCodec.ts';
import { parseProfileLevelId } from './h264.ts';

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
 * The H.264 profile of a codec, level left out. Baseline counts as Constrained Baseline, since browsers send only what
 * both share. An unreadable profile-level-id matches only itself.
 */
function h264Profile(codec: RtpCodec): string {
  const text = codec.parameters['profile-level-id'];
  const profile = parseProfileLevelId(text)?.profile ?? text ?? '';
  return profile === 'baseline' ? 'constrained-baseline' : profile;
}
