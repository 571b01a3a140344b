/**
 * Codecs as a media host sees them: what it can decode, encode and packetize, and when two formats are one.
 * @module
 */
import { codecsMatch, parseProfileLevelId, type RtpCodec } from '@rivero/rtp';
import type { HostFormat, MediaType } from './elements.ts';

/** What the media hosts can do. Names as in `HostFormat`, except where RTP is meant. */
export interface HostAbilities {
  /** Codecs with a decoder. */
  readonly decodes: ReadonlySet<string>;
  /** Codecs with an encoder. */
  readonly encodes: ReadonlySet<string>;
  /** Encoding names of RTP that can be packetized and depacketized. */
  readonly packetizes: ReadonlySet<string>;
}

/** Decoded media, where a codec is named otherwise. */
export const rawName = 'RAW';

const transcodableVideo = ['VP8', 'VP9', 'H264', 'H265', 'H263', 'JPEG'];
const transcodableAudio = ['OPUS', 'PCMU', 'PCMA', 'G722', 'AMR', 'AMR-WB', 'SPEEX', 'AAC'];
const transcodable = [...transcodableVideo, ...transcodableAudio];

/** A GStreamer 1.22 with all packages that we ask for. It cannot packetize AV1. */
export const standardHost: HostAbilities = {
  decodes: new Set([...transcodable, 'MP3', 'VORBIS', 'THEORA']),
  encodes: new Set(transcodable),
  packetizes: new Set([
    ...transcodable.filter((name) => name !== 'AAC'),
    'H263-1998',
    'H263-2000',
    'MPEG4-GENERIC',
    'MP4A-LATM',
  ]),
};

/** RTP encoding names (RFC 3640, 6416, 4629, 3551) of codecs that are called otherwise outside of RTP. */
const outsideRtp: Readonly<Record<string, string>> = {
  'MPEG4-GENERIC': 'AAC',
  'MP4A-LATM': 'AAC',
  'H263-1998': 'H263',
  'H263-2000': 'H263',
  MPA: 'MP3',
};

/** What a codec is called outside of RTP, in upper case. */
export function hostName(encodingName: string): string {
  const name = encodingName.toUpperCase();
  return outsideRtp[name] ?? name;
}

/** Format parameters that make two streams of one codec different streams, with what counts when they are missing. */
const decisive: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // RFC 9628 section 6, RFC 7798 section 7.2.2, AV1 RTP specification section 7.2.3.
  VP9: { 'profile-id': '0' },
  H265: { 'profile-id': '1' },
  AV1: { profile: '0' },
  // RFC 6184 section 8.2.2. The profile counts without its level: see `normalProfile`.
  H264: { 'packetization-mode': '0', 'profile-level-id': '42000a' },
  // RFC 4867 section 8.1.
  AMR: { 'octet-align': '0' },
  'AMR-WB': { 'octet-align': '0' },
  // RFC 3640 section 4.1: has no default.
  'MPEG4-GENERIC': { mode: '' },
};

/** Format parameters without which a stream that enters a host could not be decoded. */
const outOfBand: Readonly<Record<string, readonly string[]>> = {
  H264: ['sprop-parameter-sets'],
  H265: ['sprop-vps', 'sprop-sps', 'sprop-pps'],
  'MPEG4-GENERIC': ['config', 'sizelength', 'indexlength', 'indexdeltalength'],
  'MP4A-LATM': ['config', 'cpresent'],
};

/** One profile-level-id for each profile that can be encoded. Level 3.1: receivers take it as 720p30 or less. */
const profileLevelIds: Readonly<Record<string, string>> = {
  'constrained-baseline': '42e01f',
  baseline: '42e01f',
  main: '4d001f',
  'constrained-high': '640c1f',
  high: '64001f',
};

/** Between router and host every stream has this payload type: there is one on each path. */
const hostPayloadType = 96;
// Hz; all video, and no audio, has it.
const videoClockRate = 90_000;

/** The H.264 profile as the one profile-level-id that stands for it; an unreadable one stands for itself. */
function normalProfile(text: string): string {
  const profile = parseProfileLevelId(text)?.profile;
  return (profile && profileLevelIds[profile]) ?? text.toLowerCase();
}

function normal(codec: RtpCodec, others: readonly string[]): RtpCodec {
  const { name, clockRate, channels } = codec;
  const parameters: Record<string, string> = {};
  for (const [key, byDefault] of Object.entries(decisive[name] ?? {})) {
    const value = codec.parameters[key] ?? byDefault;
    // Browsers always say both of H.264, so they are always written; else what goes without saying is left out.
    if (name === 'H264') parameters[key] = key === 'profile-level-id' ? normalProfile(value) : value;
    else if (value !== byDefault) parameters[key] = value;
  }
  for (const key of others) if (codec.parameters[key]) parameters[key] = codec.parameters[key];
  const feedback = clockRate === videoClockRate ? ['nack pli'] : [];
  return { payloadType: hostPayloadType, name, clockRate, channels, parameters, feedback };
}

// A codec does not change, and plans ask for the same few again and again.
const enteringCodecs = new WeakMap<RtpCodec, RtpCodec>();
const formatKeys = new WeakMap<RtpCodec, string>();

/** A codec as it enters a host: its own payload type, and the parameters that decoding needs. */
export function enteringCodec(codec: RtpCodec): RtpCodec {
  const known = enteringCodecs.get(codec) ?? normal(codec, outOfBand[codec.name] ?? []);
  enteringCodecs.set(codec, known);
  return known;
}

/** A codec as a host makes it: its own payload type, and the parameters that make it distinct. */
export function leavingCodec(codec: RtpCodec): RtpCodec {
  return normal(codec, []);
}

/** A text that is equal for two normal codecs exactly if they are the same format, such as `OPUS/48000/2`. */
export function formatKey(codec: RtpCodec): string {
  const known = formatKeys.get(codec);
  if (known !== undefined) return known;
  const channels = codec.channels > 1 ? `/${codec.channels}` : '';
  const parameters = Object.keys(codec.parameters).sort();
  const texts = parameters.map((key) => `;${key}=${codec.parameters[key] ?? ''}`);
  const key = `${codec.name}/${codec.clockRate}${channels}${texts.join('')}`;
  formatKeys.set(codec, key);
  return key;
}

/** True if the hosts can encode this codec and send it as RTP. */
export function canSend(host: HostAbilities, codec: RtpCodec): boolean {
  if (!host.packetizes.has(codec.name) || !host.encodes.has(hostName(codec.name))) return false;
  const { parameters } = codec;
  if (codec.name === 'VP9') return (parameters['profile-id'] ?? '0') === '0';
  if (codec.name === 'H265') return (parameters['profile-id'] ?? '1') === '1';
  if (codec.name !== 'H264') return true;
  const profile = parseProfileLevelId(parameters['profile-level-id'])?.profile;
  return profile !== undefined && profile in profileLevelIds;
}

/** These codecs as a host makes them, by `formatKey`, in the same order, each format once. */
export function leavingFormats(codecs: readonly RtpCodec[]): ReadonlyMap<string, RtpCodec> {
  const found = new Map<string, RtpCodec>();
  for (const codec of codecs) {
    const leaving = leavingCodec(codec);
    const key = formatKey(leaving);
    if (!found.has(key)) found.set(key, leaving);
  }
  return found;
}

/**
 * True if a host can packetize this encoded media so that a receiver of `wanted` can decode it. Packetization is the
 * host's to choose; an unknown H.264 profile passes.
 */
export function fitsWhenPacketized(media: RtpCodec, wanted: RtpCodec): boolean {
  const parameters: Record<string, string> = { ...media.parameters };
  for (const key of ['packetization-mode', 'profile-level-id']) {
    const value = wanted.parameters[key];
    if (key === 'profile-level-id' && key in parameters) continue;
    if (value === undefined) delete parameters[key];
    else parameters[key] = value;
  }
  return codecsMatch({ ...media, parameters }, wanted);
}

/** True if a codec is what this format names. */
export function isFormat(codec: RtpCodec, format: HostFormat): boolean {
  return (
    hostName(codec.name) === format.name.toUpperCase() &&
    (format.channels === undefined || format.channels === codec.channels)
  );
}

// Clock rates: RFC 3551 (PCMU, PCMA, G722), 7587 (Opus), 4867 (AMR), 5574 (Speex wide band).
const audioDefaults: Readonly<Record<string, readonly [number, number]>> = {
  OPUS: [48_000, 2],
  PCMU: [8000, 1],
  PCMA: [8000, 1],
  G722: [8000, 1],
  AMR: [8000, 1],
  'AMR-WB': [16_000, 1],
  SPEEX: [16_000, 1],
};
const otherAudio: readonly [number, number] = [48_000, 2];

// As many as there are codecs that nodes name.
const defaultCodecs = new Map<string, RtpCodec>();

/** The codec that an encoder makes for a node which takes this format from anybody. */
export function defaultCodec(format: HostFormat, type: MediaType): RtpCodec {
  const key = `${type} ${format.name} ${format.channels ?? ''}`;
  const codec = defaultCodecs.get(key) ?? makeDefaultCodec(format, type);
  defaultCodecs.set(key, codec);
  return codec;
}

function makeDefaultCodec(format: HostFormat, type: MediaType): RtpCodec {
  const name = format.name.toUpperCase();
  const base = { payloadType: hostPayloadType, name, feedback: [] };
  if (type !== 'AUDIO') {
    const parameters: Record<string, string> = name === 'H264' ? { 'packetization-mode': '1' } : {};
    if (name === 'H264') parameters['profile-level-id'] = '42e01f';
    return leavingCodec({ ...base, clockRate: videoClockRate, channels: 1, parameters });
  }
  const [clockRate, channels] = audioDefaults[name] ?? otherAudio;
  return leavingCodec({ ...base, clockRate, channels: format.channels ?? channels, parameters: {} });
}
