/**
 * Launch text of branches: from a router's packets to raw or encoded media, and back to packets.
 *
 * Each piece is open at one end, so that a branch is `decodeText(…) ! anything ! encodeText(…)`.
 * @module
 */
import type { MediaCodec } from './codecs.ts';
import { launchChain, launchElement } from './launchElement.ts';

/** Where packets come from or go to: names of connections in the branch's `sockets`. */
export interface StreamEnds {
  /** Prefix of the names of elements, unique within the branch: letters, digits, `_`. */
  readonly name: string;
  /** Connection with RTP. */
  readonly rtp: string;
  /** Connection with RTCP. Without one, nobody is asked for key frames and streams have no common time. */
  readonly rtcp?: string;
  /** RTP payload type. */
  readonly payloadType: number;
}

/** A stream that comes from a router. */
export interface IncomingStream extends StreamEnds {
  /** Time to wait for late packets, milliseconds. 50 when left out. */
  readonly latencyMs?: number;
  /** RTP clock rate, Hz; that of the codec when left out. */
  readonly clockRate?: number;
  /** Parameters of the codec from SDP (`a=fmtp`). */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** How to encode. */
export interface EncoderSettings {
  /** Bitrate to begin with, bit/s; that of the table when left out. */
  readonly bitrateBps?: number;
  /** Longest distance between key frames, frames; that of the table when left out. */
  readonly keyFrameDistance?: number;
  /** Threads of the encoder, for pictures that one core cannot encode in time. 1 when left out. */
  readonly threads?: number;
}

/** A stream that goes to a router. */
export interface OutgoingStream extends StreamEnds, EncoderSettings {
  /** SSRC of the packets; a random one when left out. */
  readonly ssrc?: number;
  /** Largest packet, bytes. 1,200 when left out. */
  readonly mtuBytes?: number;
}

const defaultLatencyMs = 50;
const defaultMtuBytes = 1200;
const namePattern = /^\w+$/;
/** Frames that wait for an encoder; it drops the oldest when it cannot keep up. */
const waitingFrames = 4;
/** Packets that wait for the router; the oldest are dropped, since a stalled reader must not hold up anybody. */
const waitingPackets = 500;

/** Name of the encoder in the text of `encodeText`, for `set` of its bitrate. */
export function encoderName(name: string): string {
  return `${name}-encoder`;
}

/** Name of the RTP session in the texts, for its statistics. */
export function sessionName(name: string): string {
  return `${name}-rtp`;
}

function checkName(name: string): void {
  if (!namePattern.test(name))
    throw new RangeError(`Stream name should match ${namePattern.source}, got '${name}'`);
}

/**
 * A filter of caps. Not written as bare caps, which a `!` would end even inside quotes: parameters come from the remote
 * side, and must not become elements.
 */
function capsText(type: string, fields: Readonly<Record<string, string>>): string {
  const words = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
  return launchElement(['capsfilter', { caps: [type, ...words].join(',') }]);
}

/** A text as value of a field of caps. */
function stringField(value: string): string {
  return `(string)"${value.replace(/[\\"]/g, '')}"`;
}

/** RTP caps of a stream in the framing of RFC 4571. */
function streamCaps(codec: MediaCodec, stream: IncomingStream): string {
  const parameters = Object.entries({ ...codec.fields, ...stream.parameters })
    .filter(([key]) => /^[A-Za-z][\w-]*$/.test(key))
    .map(([key, value]): [string, string] => [key, stringField(value)]);
  const { kind, encodingName, clockRate } = codec;
  return capsText('application/x-rtp-stream', {
    ...Object.fromEntries(parameters),
    media: kind,
    'encoding-name': stringField(encodingName),
    'clock-rate': String(stream.clockRate ?? clockRate),
    payload: String(stream.payloadType),
    ...(kind === 'video' ? feedback : {}),
  });
}

/** RTCP feedback (RFC 4585, 5104): with these fields the RTP session turns a decoder's need into PLI. */
const feedback = { 'rtcp-fb-nack-pli': '(boolean)true', 'rtcp-fb-ccm-fir': '(boolean)true' };

function source(socket: string, caps: string): string {
  return launchChain(`fdsrc fd=socket:${socket}`, caps, 'rtpstreamdepay');
}

function sink(socket: string): string {
  const queue = `queue leaky=downstream max-size-buffers=${waitingPackets} max-size-bytes=0 max-size-time=0`;
  return launchChain(queue, 'rtpstreampay', `fdsink fd=socket:${socket} sync=false async=false`);
}

/** The pieces of text that carry RTCP both ways between an RTP session and a connection. */
function rtcpText(session: string, socket: string): string {
  return [
    launchChain(`${session}.send_rtcp_src_0`, sink(socket)),
    launchChain(source(socket, 'application/x-rtcp-stream'), `${session}.recv_rtcp_sink_0`),
  ].join(' ');
}

/**
 * From a router's packets to frames as muxers want them. Open at the end.
 *
 * The stream must keep its SSRC: the router rewrites it for its consumers, so it does.
 */
export function depayloadText(codec: MediaCodec, stream: IncomingStream): string {
  checkName(stream.name);
  const { rtp, rtcp, latencyMs = defaultLatencyMs } = stream;
  const packets = source(rtp, streamCaps(codec, stream));
  const parser = codec.parser === undefined ? undefined : launchElement(codec.parser);
  const frames = launchChain(launchElement(codec.depayloader), parser);
  // rtpstreamdepay loses times of arrival: without a jitter buffer behind it most frames would be dropped as late.
  if (rtcp === undefined) {
    return launchChain(packets, `rtpjitterbuffer latency=${latencyMs} do-lost=true`, frames);
  }
  const session = sessionName(stream.name);
  return [
    `rtpbin name=${session} rtp-profile=avpf latency=${latencyMs} do-lost=true`,
    rtcpText(session, rtcp),
    launchChain(packets, `${session}.recv_rtp_sink_0`),
    // The pad appears with the first packet; the parser of launch text links it then.
    launchChain(`${session}.`, 'application/x-rtp', frames),
  ].join(' ');
}

/** From a router's packets to raw media. Open at the end. */
export function decodeText(codec: MediaCodec, stream: IncomingStream): string {
  return launchChain(depayloadText(codec, stream), launchElement(codec.decoder));
}

/** From frames of the codec to a router's packets. Open at the beginning. */
export function payloadText(codec: MediaCodec, stream: OutgoingStream): string {
  checkName(stream.name);
  const payloader = launchElement(codec.payloader, undefined, {
    pt: stream.payloadType,
    mtu: stream.mtuBytes ?? defaultMtuBytes,
    ...(stream.ssrc === undefined ? {} : { ssrc: stream.ssrc }),
  });
  const caps = capsText('application/x-rtp', {
    ...codec.packetFields,
    ...(codec.kind === 'video' ? feedback : {}),
  });
  if (stream.rtcp === undefined) return launchChain(payloader, sink(stream.rtp));
  const session = sessionName(stream.name);
  return [
    launchChain(payloader, caps, `${session}.send_rtp_sink_0`),
    `rtpbin name=${session} rtp-profile=avpf`,
    launchChain(`${session}.send_rtp_src_0`, sink(stream.rtp)),
    rtcpText(session, stream.rtcp),
  ].join(' ');
}

/** From raw media to a router's packets. Open at the beginning; it converts what it is given. */
export function encodeText(codec: MediaCodec, stream: OutgoingStream): string {
  return launchChain(encoderText(codec, stream), payloadText(codec, stream));
}

/** From raw media to frames of the codec. Open at both ends. */
export function encoderText(codec: MediaCodec, stream: EncoderSettings & { readonly name: string }): string {
  checkName(stream.name);
  const convert = codec.kind === 'video' ? 'videoconvert' : launchChain('audioconvert', 'audioresample');
  const raw = `${codec.kind}/x-raw${codec.raw === '' ? '' : `,${codec.raw}`}`;
  return launchChain(
    `queue leaky=downstream max-size-buffers=${codec.kind === 'video' ? waitingFrames : waitingPackets}` +
      ' max-size-bytes=0 max-size-time=0',
    convert,
    raw,
    launchElement(codec.encoder, encoderName(stream.name), encoderProperties(codec, stream)),
    codec.encoded,
  );
}

function encoderProperties(
  codec: MediaCodec,
  { bitrateBps, keyFrameDistance, threads }: EncoderSettings,
): Record<string, number> {
  const properties: Record<string, number> = {};
  if (codec.bitrate !== undefined && bitrateBps !== undefined)
    properties[codec.bitrate.property] = Math.max(1, Math.round(bitrateBps / codec.bitrate.unitBps));
  if (codec.keyFrameDistance !== undefined && keyFrameDistance !== undefined)
    properties[codec.keyFrameDistance] = keyFrameDistance;
  if (codec.threads !== undefined && threads !== undefined) properties[codec.threads] = threads;
  return properties;
}
