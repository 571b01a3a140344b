/**
 * Reads a remote description. `sdp-transform` reads the attributes; what it keeps only once or in part (fingerprints,
 * candidates, m-lines) is read from the lines themselves.
 * @module
 */
import { type MediaDescription, parse, type SessionDescription, type SharedAttributes } from 'sdp-transform';
import type { Fingerprint } from './NegotiatedSession.ts';
import { cnameOf, extensionsOf, formatsOf, maxKbpsOf, ssrcsOf, textOf } from './remoteMedia.ts';
import type { RemoteDescription, RemoteSection } from './RemoteDescription.ts';
import { SdpError } from './SdpError.ts';

/** Bounds of a remote description. */
export interface SdpLimits {
  /** Characters in all. */
  readonly size: number;
  /** Characters of a line. */
  readonly lineSize: number;
  /** Media sections. */
  readonly sections: number;
  /** Formats of one section. */
  readonly formats: number;
  /** Candidates, fingerprints and SSRCs kept of one section; more are ignored, not refused. */
  readonly entries: number;
}

/** The bounds in force. Real descriptions have some 10 KiB, 4 sections and 60 formats. */
export const sdpLimits: SdpLimits = {
  size: 256 * 1024,
  lineSize: 8 * 1024,
  sections: 64,
  formats: 128,
  entries: 64,
};

/** The lines that `sdp-transform` does not give back whole, by section. */
interface RawSection {
  readonly mediaLine: string;
  readonly fingerprints: Fingerprint[];
  readonly candidates: string[];
}

/** @throws {SdpError} SDP_PARSE_ERROR if `text` is no SDP, or beyond the limits. `role` is named if it is empty. */
export function parseRemoteDescription(text: string, role: 'offer' | 'answer'): RemoteDescription {
  if (text.trim() === '') throw new SdpError('SDP_PARSE_ERROR', `Empty ${role} not valid`);
  if (text.length > sdpLimits.size) {
    throw new SdpError(
      'SDP_PARSE_ERROR',
      `SDP has ${text.length} characters, at most ${sdpLimits.size} are allowed`,
    );
  }
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  const [session, ...raws] = rawSections(lines);
  if (session === undefined || !/^v=0\s*$/.test(lines[0] ?? '')) throw invalid();
  const parsed = parseAttributes(lines);
  const sections = raws.map((raw, index) => {
    const media = parsed.media[index];
    if (media === undefined) throw invalid();
    return toSection(index, raw, media, session, parsed);
  });
  refuseDuplicateMids(sections);
  return {
    sections,
    bundles: (parsed.groups ?? [])
      .filter((group) => group.type === 'BUNDLE')
      .map((group) =>
        String(group.mids)
          .split(' ')
          .filter((mid) => mid !== ''),
      ),
    iceLite: parsed.icelite !== undefined,
  };
}

function invalid(): SdpError {
  return new SdpError('SDP_PARSE_ERROR', 'Invalid SDP');
}

/** The session part, then one entry per m-line. */
function rawSections(lines: readonly string[]): RawSection[] {
  const sections: RawSection[] = [{ mediaLine: '', fingerprints: [], candidates: [] }];
  for (const line of lines) {
    if (line.length > sdpLimits.lineSize) {
      throw new SdpError(
        'SDP_PARSE_ERROR',
        `SDP line has ${line.length} characters, at most ${sdpLimits.lineSize} are allowed`,
      );
    }
    if (!/^[a-z]=/.test(line)) throw invalid();
    if (line.startsWith('m=')) {
      sections.push({ mediaLine: line.slice(2), fingerprints: [], candidates: [] });
      continue;
    }
    collect(line, sections.at(-1));
  }
  if (sections.length - 1 > sdpLimits.sections) {
    throw new SdpError(
      'SDP_PARSE_ERROR',
      `SDP has ${sections.length - 1} media sections, at most ${sdpLimits.sections} are allowed`,
    );
  }
  return sections;
}

function collect(line: string, section: RawSection | undefined): void {
  if (section === undefined) return;
  const candidate = /^a=(candidate:.*\S)/.exec(line)?.[1];
  if (candidate !== undefined && section.candidates.length < sdpLimits.entries)
    section.candidates.push(candidate);
  const fingerprint = /^a=fingerprint:(\S+) ([0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})*)\s*$/.exec(line);
  if (section.fingerprints.length === sdpLimits.entries) return;
  if (fingerprint?.[1] !== undefined && fingerprint[2] !== undefined) {
    section.fingerprints.push({
      algorithm: fingerprint[1].toLowerCase(),
      value: fingerprint[2].toUpperCase(),
    });
  }
}

// Only what is read below reaches `sdp-transform`: it tries some sixty patterns on every other line.
const attributesRead =
  /^(?:[vosctbm]=|a=(?:rtpmap|fmtp|rtcp-fb|extmap|setup|mid|ice-ufrag|ice-pwd|ssrc|ssrc-group|group):|a=(?:sendrecv|sendonly|recvonly|inactive|ice-lite|rtcp-mux|bundle-only)\s*$)/;

function parseAttributes(lines: readonly string[]): SessionDescription {
  try {
    return parse(lines.filter((line) => attributesRead.test(line)).join('\n'));
  } catch (cause) {
    throw new SdpError('SDP_PARSE_ERROR', 'Invalid SDP', { cause });
  }
}

function refuseDuplicateMids(sections: readonly RemoteSection[]): void {
  const mids = sections.map((section) => section.mid).filter((mid) => mid !== undefined);
  const duplicate = mids.find((mid, i) => mids.indexOf(mid) !== i);
  if (duplicate !== undefined) {
    throw new SdpError('SDP_PARSE_ERROR', `Invalid SDP: mid '${duplicate}' is used twice`);
  }
}

/** `type port[/count] protocol formats…`, RFC 8866 section 5.14. */
const mediaLinePattern = /^([^\s/]+) (\d{1,5})(?:\/\d+)? (\S+)((?: +\S+)*) *$/;

function parseMediaLine(line: string): Pick<RemoteSection, 'type' | 'port' | 'protocol' | 'formatTokens'> {
  const [, type, port, protocol, formats = ''] = mediaLinePattern.exec(line) ?? [];
  if (type === undefined || protocol === undefined || Number(port) > 65_535) throw invalid();
  const formatTokens = formats.split(' ').filter((token) => token !== '');
  if (formatTokens.length > sdpLimits.formats) {
    throw new SdpError(
      'SDP_PARSE_ERROR',
      `SDP media section has ${formatTokens.length} formats, at most ${sdpLimits.formats} are allowed`,
    );
  }
  return { type, port: Number(port), protocol, formatTokens };
}

/** One section; attributes that it lacks come from the session level (RFC 8866 section 5.13). */
function toSection(
  index: number,
  raw: RawSection,
  media: MediaDescription,
  session: RawSection,
  shared: SharedAttributes,
): RemoteSection {
  const mediaLine = parseMediaLine(raw.mediaLine);
  return {
    index,
    ...mediaLine,
    ...transportOf(media, shared),
    mid: textOf(media.mid),
    direction: media.direction ?? shared.direction ?? 'sendrecv',
    fingerprints: raw.fingerprints.length > 0 ? raw.fingerprints : session.fingerprints,
    candidates: raw.candidates,
    formats: formatsOf(mediaLine.formatTokens, media),
    extensions: extensionsOf(media, shared),
    ssrcs: ssrcsOf(media).slice(0, sdpLimits.entries),
    cname: cnameOf(media),
    maxKbps: maxKbpsOf(media),
  };
}

function transportOf(
  media: MediaDescription,
  shared: SharedAttributes,
): Pick<RemoteSection, 'bundleOnly' | 'rtcpMux' | 'setup' | 'iceUfrag' | 'icePassword'> {
  return {
    bundleOnly: media.bundleOnly !== undefined,
    rtcpMux: media.rtcpMux !== undefined,
    setup: textOf(media.setup ?? shared.setup),
    iceUfrag: textOf(media.iceUfrag ?? shared.iceUfrag),
    icePassword: textOf(media.icePwd ?? shared.icePwd),
  };
}
