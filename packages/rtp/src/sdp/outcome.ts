/**
 * What comes out of a negotiation, whoever offered: our description and the session.
 * @module
 */
import type { MediaKind } from '../RtpCodec.ts';
import { type AgreedFormat, extensionIds } from './codecNegotiation.ts';
import type { LocalDescription, LocalSection } from './LocalDescription.ts';
import type { NegotiatedMedia, NegotiatedSession, SdpConfig } from './NegotiatedSession.ts';
import type { RemoteDescription, RemoteSection } from './RemoteDescription.ts';
import { bundleOfAnswer, type RemoteTransport } from './transportNegotiation.ts';

/** One section, decided. */
export interface SectionOutcome {
  /** As our description prints it. */
  readonly section: LocalSection;
  /** As the session has it. */
  readonly media: NegotiatedMedia;
}

/** Our description and the session. `answer` decides what is bundled: `accepted` are its sections that carry media. */
export function outcomeOf(
  answer: RemoteDescription,
  accepted: readonly RemoteSection[],
  transport: RemoteTransport,
  dtlsRole: NegotiatedSession['dtlsRole'],
  outcomes: readonly SectionOutcome[],
): { local: LocalDescription; session: NegotiatedSession } {
  return {
    local: {
      sections: outcomes.map(({ section }) => section),
      bundle: bundleOfAnswer(answer, accepted),
      setup: dtlsRole === 'client' ? 'active' : 'passive',
    },
    session: {
      medias: outcomes.map(({ media }) => media),
      remoteIce: transport.ice,
      remoteFingerprints: transport.fingerprints,
      dtlsRole,
      remoteCandidates: transport.candidates,
    },
  };
}

/** The entry of the session for a section of ours that `theirs` accepts, or that accepts `theirs`. */
export function acceptedMedia(
  kind: MediaKind,
  section: LocalSection,
  theirs: RemoteSection,
  agreed: readonly AgreedFormat[],
  config: SdpConfig,
): NegotiatedMedia {
  return {
    kind,
    mid: section.mid ?? '',
    index: theirs.index,
    rejected: false,
    direction: section.direction,
    codecs: agreed.map(({ codec }) => codec),
    localSsrc: section.ssrc,
    cname: config.cname,
    remoteSsrcs: theirs.ssrcs,
    remoteCname: theirs.cname,
    extensions: extensionIds(section.extensions),
    remoteMaxKbps: theirs.maxKbps,
  };
}

/** The outcome for `section` if it is rejected; `mid` is ours if the remote's has none. */
export function rejectedMedia(
  section: RemoteSection,
  mid: string | undefined,
  config: SdpConfig,
): NegotiatedMedia {
  return {
    kind: section.type === 'audio' || section.type === 'video' ? section.type : 'application',
    mid: mid ?? '',
    index: section.index,
    rejected: true,
    direction: 'inactive',
    codecs: [],
    localSsrc: 0,
    cname: config.cname,
    remoteSsrcs: [],
    remoteCname: '',
    extensions: {},
    remoteMaxKbps: 0,
  };
}
