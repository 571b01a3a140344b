/**
 * Which sections share our one transport, and what the remote side of that transport is. RFC 9143, RFC 8842, RFC 8839.
 * @module
 */
import type { Fingerprint, NegotiatedSession, RemoteCandidate } from './NegotiatedSession.ts';
import type { RemoteDescription, RemoteSection } from './RemoteDescription.ts';
import { SdpError } from './SdpError.ts';

/**
 * The sections of `usable` that can live on one transport: those of the first BUNDLE group that has any, else only the
 * first, since without BUNDLE each section would want a transport of its own.
 *
 * A section without BUNDLE behind the first is therefore rejected: an endpoint has one transport.
 */
export function sectionsOfOneTransport(
  description: RemoteDescription,
  usable: readonly RemoteSection[],
): readonly RemoteSection[] {
  for (const bundle of description.bundles) {
    const members = usable.filter(({ mid }) => mid !== undefined && bundle.includes(mid));
    if (members.length > 0) return members;
  }
  return usable.filter((section) => !section.bundleOnly).slice(0, 1);
}

/** The mids of the group line of our answer, in the offerer's order; empty if the section is alone in no group. */
export function bundleOfAnswer(
  description: RemoteDescription,
  accepted: readonly RemoteSection[],
): readonly string[] {
  const mids = accepted.map((section) => section.mid);
  const bundle = description.bundles.find((group) => group.some((mid) => mids.includes(mid)));
  return (bundle ?? []).filter((mid) => mids.includes(mid));
}

/**
 * The accepted sections, the one that carries the transport attributes first: the offerer's tagged section is the
 * first of the group (RFC 9143 section 7.2). The others are asked if that one is silent.
 */
function tagged(
  description: RemoteDescription,
  accepted: readonly RemoteSection[],
): readonly RemoteSection[] {
  const first = bundleOfAnswer(description, accepted)[0];
  const rank = (section: RemoteSection): number =>
    section.mid !== undefined && section.mid === first ? 0 : 1;
  return accepted.toSorted((a, b) => rank(a) - rank(b));
}

/** The remote side of the transport. */
export interface RemoteTransport {
  /** Credentials. */
  readonly ice: NegotiatedSession['remoteIce'];
  /** Certificate hashes. */
  readonly fingerprints: readonly Fingerprint[];
  /** Candidates of the tagged section, or of the first that has any. */
  readonly candidates: readonly RemoteCandidate[];
  /** `a=setup` of the remote, if there is one. */
  readonly setup: string | undefined;
}

/**
 * The remote side of the transport that the accepted sections share; empty texts if there are none.
 *
 * @throws {SdpError} SDP_PARSE_ERROR if sections are accepted but credentials or fingerprints are missing.
 */
export function remoteTransport(
  description: RemoteDescription,
  accepted: readonly RemoteSection[],
): RemoteTransport {
  const sections = tagged(description, accepted);
  return {
    ice: { ...iceCredentials(sections), lite: description.iceLite },
    fingerprints: fingerprintsOf(sections),
    setup: sections.find((section) => section.setup !== undefined)?.setup,
    candidates: candidatesOf(sections),
  };
}

// RFC 8839 section 5.4: both have at most 256 characters.
const maxCredentialLength = 256;

function iceCredentials(sections: readonly RemoteSection[]): { ufrag: string; password: string } {
  for (const { iceUfrag, icePassword } of sections) {
    if (iceUfrag !== undefined && icePassword !== undefined) {
      if (Math.max(iceUfrag.length, icePassword.length) > maxCredentialLength) {
        throw new SdpError(
          'SDP_PARSE_ERROR',
          `Invalid SDP: ICE credentials have more than ${maxCredentialLength} characters`,
        );
      }
      return { ufrag: iceUfrag, password: icePassword };
    }
  }
  if (sections.length === 0) return { ufrag: '', password: '' };
  throw new SdpError('SDP_PARSE_ERROR', 'Invalid SDP: ICE credentials (ice-ufrag, ice-pwd) are missing');
}

function fingerprintsOf(sections: readonly RemoteSection[]): readonly Fingerprint[] {
  const fingerprints = sections.find((section) => section.fingerprints.length > 0)?.fingerprints;
  if (fingerprints !== undefined || sections.length === 0) return fingerprints ?? [];
  throw new SdpError('SDP_PARSE_ERROR', 'Invalid SDP: certificate fingerprint is missing');
}

/**
 * Only those of one section: without a bundle decision the offerer gathers for each section, but afterwards only the
 * tagged one's are alive (RFC 9143 section 7.3).
 */
function candidatesOf(sections: readonly RemoteSection[]): RemoteCandidate[] {
  const section = sections.find(({ candidates }) => candidates.length > 0);
  if (section === undefined) return [];
  const { mid = '', index } = section;
  return section.candidates.map((candidate) => ({ candidate, mid, index }));
}

/**
 * Our DTLS role as the answerer. RFC 5763 section 5 and RFC 4145 section 4.1: `actpass` and `passive` leave the first
 * message to us; an offer without `a=setup` means `active`.
 */
export function dtlsRoleOfAnswerer(offeredSetup: string | undefined): 'client' | 'server' {
  return offeredSetup === 'actpass' || offeredSetup === 'passive' ? 'client' : 'server';
}

/**
 * Our DTLS role as the offerer of `actpass`. RFC 4145 section 4.1: an answer without `a=setup` means `passive`. An
 * answer of `actpass` is not allowed; somebody must begin, so we do.
 */
export function dtlsRoleOfOfferer(answeredSetup: string | undefined): 'client' | 'server' {
  return answeredSetup === 'active' ? 'server' : 'client';
}
