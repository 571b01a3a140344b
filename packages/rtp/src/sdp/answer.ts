/**
 * Our answer to a remote offer. RFC 3264 section 6, RFC 8829 section 5.3.
 * @module
 */
import type { MediaKind } from '../RtpCodec.ts';
import { type AgreedFormat, agreeOnExtensions, agreeOnOffered } from './codecNegotiation.ts';
import { intersectDirections, reverseDirection } from './direction.ts';
import type { LocalDescription, LocalSection } from './LocalDescription.ts';
import type { NegotiatedSession, SdpConfig } from './NegotiatedSession.ts';
import type { RemoteDescription, RemoteSection } from './RemoteDescription.ts';
import { acceptedMedia, outcomeOf, rejectedMedia, type SectionOutcome } from './outcome.ts';
import { dtlsRoleOfAnswerer, remoteTransport, sectionsOfOneTransport } from './transportNegotiation.ts';

// RFC 8829 section 5.1.2, without the profiles that have no encryption.
const protocols: readonly string[] = [
  'RTP/SAVP',
  'RTP/SAVPF',
  'UDP/TLS/RTP/SAVP',
  'UDP/TLS/RTP/SAVPF',
  'TCP/DTLS/RTP/SAVP',
  'TCP/DTLS/RTP/SAVPF',
];

/** A section that could be accepted, with what both sides know. */
interface Usable {
  readonly section: RemoteSection;
  readonly kind: MediaKind;
  readonly agreed: readonly AgreedFormat[];
}

/** Our description and the session that come out of `offer`. */
export function answerTo(
  offer: RemoteDescription,
  config: SdpConfig,
): { local: LocalDescription; session: NegotiatedSession } {
  const usable = usableSections(offer, config);
  const accepted = sectionsOfOneTransport(
    offer,
    usable.map(({ section }) => section),
  );
  const transport = remoteTransport(offer, accepted);
  const dtlsRole = dtlsRoleOfAnswerer(transport.setup);
  const results = offer.sections.map((section) => {
    const found = usable.find((candidate) => candidate.section === section && accepted.includes(section));
    return found === undefined
      ? { section: rejectedSection(section), media: rejectedMedia(section, section.mid, config) }
      : acceptedSection(found, config);
  });
  return outcomeOf(offer, accepted, transport, dtlsRole, results);
}

/** The sections that we could accept, at most the configured number of each kind, the first ones winning. */
function usableSections(offer: RemoteDescription, config: SdpConfig): Usable[] {
  const left: Record<MediaKind, number> = { audio: config.numAudioMedias, video: config.numVideoMedias };
  const usable: Usable[] = [];
  for (const section of offer.sections) {
    const kind = section.type;
    if (kind !== 'audio' && kind !== 'video') continue;
    if (left[kind] === 0 || !isCarriable(section)) continue;
    const agreed = agreeOnOffered(
      section.formats,
      kind === 'audio' ? config.audioCodecs : config.videoCodecs,
    );
    if (agreed.length === 0) continue;
    left[kind] -= 1;
    usable.push({ section, kind, agreed });
  }
  return usable;
}

/**
 * Whether our transport can carry the section at all. Port 0 means rejected, except on a bundle-only section (RFC 9143
 * section 6). Without rtcp-mux the RTCP would need a port of its own, which we do not have; a bundle-only section may
 * leave the attribute to the tagged one (RFC 8859 section 5.5).
 */
function isCarriable(section: RemoteSection): boolean {
  return (
    protocols.includes(section.protocol) &&
    (section.port !== 0 || section.bundleOnly) &&
    (section.rtcpMux || section.bundleOnly)
  );
}

function rejectedSection(section: RemoteSection): LocalSection {
  return {
    type: section.type,
    protocol: section.protocol,
    mid: section.mid,
    rejected: true,
    rejectedFormat: section.formatTokens[0] ?? '0',
    direction: 'inactive',
    formats: [],
    extensions: [],
    ssrc: 0,
  };
}

function acceptedSection({ section: theirs, kind, agreed }: Usable, config: SdpConfig): SectionOutcome {
  const section: LocalSection = {
    type: theirs.type,
    protocol: theirs.protocol,
    mid: theirs.mid,
    rejected: false,
    rejectedFormat: '',
    direction: intersectDirections(config.direction, reverseDirection(theirs.direction)),
    formats: agreed.map(({ format }) => format),
    extensions: agreeOnExtensions(theirs.extensions, kind),
    ssrc: config.nextSsrc(),
  };
  return { section, media: acceptedMedia(kind, section, theirs, agreed, config) };
}
