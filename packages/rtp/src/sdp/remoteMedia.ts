/**
 * Reads single facts out of a media section as `sdp-transform` gives it.
 * @module
 */
import type { MediaDescription, SharedAttributes } from 'sdp-transform';
import { staticCodec } from './CodecCapability.ts';
import type { MediaDirection } from './direction.ts';
import type { SdpExtension, SdpFormat } from './RemoteDescription.ts';

/**
 * `value` as text; undefined if it is missing or empty. `sdp-transform` gives numbers for texts that look like one,
 * whatever its types say.
 */
export function textOf(value: string | number | undefined): string | undefined {
  const text = value === undefined ? '' : String(value);
  return text === '' ? undefined : text;
}

/** The formats of the m-line whose meaning we can tell, in its order, each once. */
export function formatsOf(tokens: readonly string[], media: MediaDescription): SdpFormat[] {
  const formats: SdpFormat[] = [];
  for (const token of new Set(tokens)) {
    const payloadType = /^\d{1,3}$/.test(token) ? Number(token) : 128;
    const format = payloadType > 127 ? undefined : formatOf(payloadType, media);
    if (format !== undefined) formats.push(format);
  }
  return formats;
}

function formatOf(payloadType: number, media: MediaDescription): SdpFormat | undefined {
  const meaning = meaningOf(payloadType, media);
  if (meaning === undefined) return undefined;
  return {
    payloadType,
    ...meaning,
    parameters: String(media.fmtp.find((line) => line.payload === payloadType)?.config ?? '').trim(),
    feedback: (media.rtcpFb ?? [])
      .filter((line) => line.payload === payloadType || line.payload === '*')
      .map((line) => (line.subtype === undefined ? String(line.type) : `${line.type} ${line.subtype}`)),
  };
}

type Meaning = Pick<SdpFormat, 'name' | 'clockRate' | 'channels' | 'hasRtpMap'>;

/** What `a=rtpmap` says about the payload type, or else RFC 3551. */
function meaningOf(payloadType: number, media: MediaDescription): Meaning | undefined {
  const map = media.rtp.find((line) => line.payload === payloadType);
  if (map === undefined) {
    const known = staticCodec(payloadType);
    return known === undefined
      ? undefined
      : { name: known.name, clockRate: known.clockRate, channels: known.channels, hasRtpMap: false };
  }
  const name = textOf(map.codec);
  const clockRate = Number(map.rate);
  if (name === undefined || !(clockRate > 0)) return undefined;
  return { name, clockRate, channels: Math.max(1, Number(map.encoding) || 1), hasRtpMap: true };
}

const directions: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

function isDirection(text: string | undefined): text is MediaDirection {
  return text !== undefined && directions.includes(text);
}

/** Extensions of the session level hold for every section (RFC 8285 section 5). */
export function extensionsOf(media: SharedAttributes, session: SharedAttributes): SdpExtension[] {
  return [...(media.ext ?? []), ...(session.ext ?? [])]
    .filter((line) => line['encrypt-uri'] === undefined)
    .map(({ value, uri, direction }) => ({
      id: Number(value),
      uri: String(uri),
      direction: isDirection(direction) ? direction : undefined,
    }));
}

/** SSRCs of `a=ssrc` without the later members of `a=ssrc-group`, each once. */
export function ssrcsOf(media: MediaDescription): number[] {
  const secondary = new Set<number>();
  for (const group of media.ssrcGroups ?? []) {
    // RFC 5576 section 4.2, RFC 5956: the first of a group is the stream itself.
    for (const ssrc of String(group.ssrcs).trim().split(/\s+/).slice(1)) secondary.add(Number(ssrc));
  }
  const ssrcs = new Set((media.ssrcs ?? []).map((line) => Number(line.id)));
  return [...ssrcs].filter((ssrc) => ssrc > 0 && ssrc < 2 ** 32 && !secondary.has(ssrc));
}

/** `b=AS`, or `b=TIAS` rounded down, kbit/s; 0 if there is none. RFC 8866 section 5.8, RFC 3890. */
export function maxKbpsOf(media: MediaDescription): number {
  const limitOf = (type: string): number => {
    const limit = Number(media.bandwidth?.find((line) => line.type === type)?.limit ?? 0);
    return Number.isSafeInteger(limit) ? limit : 0;
  };
  return limitOf('AS') || Math.floor(limitOf('TIAS') / 1000);
}

/** First cname of `a=ssrc`; empty if there is none. RFC 5576 section 6.1. */
export function cnameOf(media: MediaDescription): string {
  return String(media.ssrcs?.find((line) => line.attribute === 'cname')?.value ?? '');
}
