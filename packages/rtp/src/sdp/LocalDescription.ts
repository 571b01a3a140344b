/**
 * Our own description and how it is printed. RFC 8866, RFC 8829 section 5.
 * @module
 */
import { type MediaAttributes, type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import { type MediaDirection, sends } from './direction.ts';
import type { SdpConfig } from './NegotiatedSession.ts';
import type { SdpExtension, SdpFormat } from './RemoteDescription.ts';

/** One media section of ours. */
export interface LocalSection {
  /** Media type of the m-line. */
  readonly type: string;
  /** Transport protocol of the m-line, for instance `UDP/TLS/RTP/SAVPF`. */
  readonly protocol: string;
  /** Undefined for no `a=mid` line. */
  readonly mid: string | undefined;
  /** Printed with port 0 and nothing but its first format. */
  readonly rejected: boolean;
  /** Format token of a rejected section. */
  readonly rejectedFormat: string;
  /** Ours. */
  readonly direction: MediaDirection;
  /** In the order of the m-line. */
  readonly formats: readonly SdpFormat[];
  /** Lines `a=extmap`. */
  readonly extensions: readonly SdpExtension[];
  /** The SSRC that we send with; 0 if rejected. */
  readonly ssrc: number;
}

/** Our description, before candidates are put in. */
export interface LocalDescription {
  /** Media sections, rejected ones included. */
  readonly sections: readonly LocalSection[];
  /** Mids of the BUNDLE group; empty for no group line. */
  readonly bundle: readonly string[];
  /** Value of `a=setup`. */
  readonly setup: 'actpass' | 'active' | 'passive';
}

/** Where media would go for a remote without ICE: address and port of c- and m-line. */
interface DefaultAddress {
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
}

/** SDP text of `local`, with `candidates` (`candidate:` strings) in each accepted section. */
export function printLocalDescription(
  local: LocalDescription,
  config: SdpConfig,
  candidates: readonly string[],
  complete: boolean,
): string {
  const family = config.addressFamily === 'IP4' ? 4 : 6;
  const unspecified = family === 4 ? '0.0.0.0' : '::';
  // Kurento prints port 1 as long as there are no candidates.
  const address = defaultAddress(candidates, family) ?? { family, address: unspecified, port: 1 };
  const extra = [...candidates.map(withoutPrefix), ...(complete ? ['end-of-candidates'] : [])];
  const session: SessionDescription = {
    version: 0,
    origin: {
      username: '-',
      sessionId: config.sessionId,
      sessionVersion: 0,
      netType: 'IN',
      ipVer: family,
      address: unspecified,
    },
    // What Kurento prints.
    name: 'Kurento Media Server',
    timing: { start: 0, stop: 0 },
    ...(local.bundle.length > 0 && { groups: [{ type: 'BUNDLE', mids: local.bundle.join(' ') }] }),
    // RFC 8840 section 4.1.1.
    iceOptions: 'trickle',
    media: local.sections.map((section) =>
      section.rejected
        ? rejectedMedia(section, family, unspecified)
        : acceptedMedia(section, local.setup, config, address, extra),
    ),
  };
  return write(session);
}

function withoutPrefix(candidate: string): string {
  return candidate.replace(/^a=/, '').trim();
}

/** RFC 3264 section 6: port 0, and at least one format must stand. Firefox wants the c-line. */
function rejectedMedia(section: LocalSection, version: number, ip: string): MediaDescription {
  return {
    type: section.type,
    port: 0,
    protocol: section.protocol,
    payloads: section.rejectedFormat,
    connection: { version, ip },
    ...(section.mid !== undefined && { mid: section.mid }),
    direction: 'inactive',
    rtp: [],
    fmtp: [],
  };
}

function acceptedMedia(
  section: LocalSection,
  setup: string,
  config: SdpConfig,
  address: DefaultAddress,
  extra: readonly string[],
): MediaDescription {
  const maxKbps = section.type === 'audio' ? config.maxAudioRecvKbps : config.maxVideoRecvKbps;
  return {
    type: section.type,
    port: address.port,
    protocol: section.protocol,
    payloads: section.formats.map((format) => format.payloadType).join(' '),
    connection: { version: address.family, ip: address.address },
    ...(maxKbps > 0 && { bandwidth: [{ type: 'AS' as const, limit: maxKbps }] }),
    ...formatLines(section.formats),
    ext: section.extensions.map(({ id, uri, direction }) => ({
      value: id,
      uri,
      ...(direction !== undefined && { direction }),
    })),
    setup,
    ...(section.mid !== undefined && { mid: section.mid }),
    direction: section.direction,
    rtcpMux: 'rtcp-mux',
    iceUfrag: config.iceUfrag,
    icePwd: config.icePassword,
    fingerprint: { type: config.fingerprint.algorithm, hash: config.fingerprint.value },
    ...(sends(section.direction) && streamLines(section, config)),
    // `sdp-transform` prints what it does not know as it is; its own candidate lines lose unknown attributes.
    invalid: extra.map((value) => ({ value })),
  };
}

function formatLines(formats: readonly SdpFormat[]): Pick<MediaAttributes, 'rtp' | 'fmtp' | 'rtcpFb'> {
  return {
    rtp: formats
      .filter((format) => format.hasRtpMap)
      .map(({ payloadType, name, clockRate, channels }) => ({
        payload: payloadType,
        codec: name,
        rate: clockRate,
        ...(channels > 1 && { encoding: channels }),
      })),
    fmtp: formats
      .filter((format) => format.parameters !== '')
      .map(({ payloadType, parameters }) => ({ payload: payloadType, config: parameters })),
    rtcpFb: formats.flatMap(({ payloadType, feedback }) =>
      feedback.map((type) => ({ payload: payloadType, type })),
    ),
  };
}

/** All sections name one stream, so that a browser's `ontrack` events share one MediaStream. RFC 8830. */
function streamLines(section: LocalSection, config: SdpConfig): Pick<MediaAttributes, 'msid' | 'ssrcs'> {
  const stream = `stream-${config.sessionId}`;
  const track = `${section.type}-${section.ssrc}`;
  return {
    msid: [{ id: stream, appdata: track }],
    ssrcs: [
      { id: section.ssrc, attribute: 'cname', value: config.cname },
      { id: section.ssrc, attribute: 'msid', value: `${stream} ${track}` },
    ],
  };
}

// RFC 8839 section 5.1: foundation component transport priority address port typ type.
const candidatePattern = /^candidate:\S+ 1 udp \d+ (\S+) (\d{1,5}) typ (\S+)/i;
// RFC 8445 section 5.1.4: the default candidate is the one most likely to work, so relayed before reflexive before host.
const defaultOrder: readonly string[] = ['relay', 'srflx', 'host'];

/** The default candidate (RFC 8445 section 5.1.4), of `family` if there is one; undefined without usable candidates. */
function defaultAddress(candidates: readonly string[], family: 4 | 6): DefaultAddress | undefined {
  const usable = candidates.flatMap((text) => {
    const [, address, port, type] = candidatePattern.exec(withoutPrefix(text)) ?? [];
    if (address === undefined || type === undefined || !defaultOrder.includes(type)) return [];
    // An mDNS name is no address that a c-line could carry.
    if (!/^[0-9.]+$|:/.test(address)) return [];
    const own: 4 | 6 = address.includes(':') ? 6 : 4;
    const rank = defaultOrder.indexOf(type) + (own === family ? 0 : defaultOrder.length);
    return [{ family: own, address, port: Number(port), rank }];
  });
  return usable.toSorted((a, b) => a.rank - b.rank)[0];
}
