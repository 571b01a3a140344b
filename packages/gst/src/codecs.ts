/**
 * The codecs that media hosts turn into raw media and back, as a table.
 * @module
 */
import type { ElementSpec } from './launchElement.ts';

/** A codec and the elements that work on it. */
export interface MediaCodec {
  /** Canonical name in upper case, as in SDP. */
  readonly name: string;
  /** Audio or video. */
  readonly kind: 'audio' | 'video';
  /** `encoding-name` of GStreamer's RTP caps. */
  readonly encodingName: string;
  /** RTP clock rate, Hz. */
  readonly clockRate: number;
  /** Channels, for audio. */
  readonly channels?: number;
  /** Fields of the RTP caps that must be there when SDP leaves them out. */
  readonly fields?: Readonly<Record<string, string>>;
  /** RTP packets to frames. */
  readonly depayloader: ElementSpec;
  /** Frames as muxers and decoders want them; left out when they are so already. */
  readonly parser?: ElementSpec;
  /** Frames to raw media. */
  readonly decoder: ElementSpec;
  /** Raw media that the encoder takes: caps without the media type, empty for any. */
  readonly raw: string;
  /** Raw media to frames, at once and without B frames. */
  readonly encoder: ElementSpec;
  /** Caps of the encoded media that make it what SDP says; left out when there is no choice. */
  readonly encoded?: string;
  /** Frames to RTP packets. */
  readonly payloader: ElementSpec;
  /** Fields of the caps that the payloader is asked for beside feedback, when it needs them to agree. */
  readonly packetFields?: Readonly<Record<string, string>>;
  /** The encoder's property for the bitrate, which can be set while it runs, and how many bit/s its unit is. */
  readonly bitrate?: { readonly property: string; readonly unitBps: number };
  /** The encoder's property for its threads; 1 unless a stream asks for more. */
  readonly threads?: string;
  /** The encoder's property for the longest distance between key frames, frames. */
  readonly keyFrameDistance?: string;
}

/** libvpx for conversation: realtime deadline, constant bitrate, no look-ahead, key frames on demand. */
const vpx = {
  deadline: 1n,
  'cpu-used': 8,
  // Threads of libvpx wait for each other by spinning, which on a busy machine took seconds per frame.
  threads: 1,
  'end-usage': 'cbr',
  'lag-in-frames': 0,
  'target-bitrate': 500_000,
  'keyframe-max-dist': 3000,
  'buffer-size': 1000,
  'buffer-initial-size': 500,
  'buffer-optimal-size': 600,
} as const;

const pcm8000 = 'rate=8000,channels=1';

/** Every codec that can be transcoded. AV1 is missing: GStreamer 1.22 cannot packetise it, so it is only forwarded. */
export const mediaCodecs: readonly MediaCodec[] = [
  {
    name: 'VP8',
    kind: 'video',
    encodingName: 'VP8',
    clockRate: 90_000,
    depayloader: ['rtpvp8depay', { 'request-keyframe': true, 'wait-for-keyframe': true }],
    decoder: ['vp8dec', { threads: 1 }],
    raw: 'format=I420',
    encoder: ['vp8enc', vpx],
    payloader: ['rtpvp8pay', { 'picture-id-mode': '15-bit' }],
    bitrate: { property: 'target-bitrate', unitBps: 1 },
    threads: 'threads',
    keyFrameDistance: 'keyframe-max-dist',
  },
  {
    name: 'VP9',
    kind: 'video',
    encodingName: 'VP9',
    clockRate: 90_000,
    depayloader: ['rtpvp9depay', { 'request-keyframe': true, 'wait-for-keyframe': true }],
    parser: ['vp9parse'],
    decoder: ['vp9dec', { threads: 1 }],
    raw: 'format=I420',
    encoder: ['vp9enc', vpx],
    payloader: ['rtpvp9pay', { 'picture-id-mode': '15-bit' }],
    bitrate: { property: 'target-bitrate', unitBps: 1 },
    threads: 'threads',
    keyFrameDistance: 'keyframe-max-dist',
  },
  {
    name: 'H264',
    kind: 'video',
    encodingName: 'H264',
    clockRate: 90_000,
    depayloader: ['rtph264depay', { 'request-keyframe': true, 'wait-for-keyframe': true }],
    parser: ['h264parse'],
    decoder: ['avdec_h264', { 'max-threads': 1 }],
    raw: 'format=I420',
    encoder: [
      'x264enc',
      {
        tune: 'zerolatency',
        'speed-preset': 'ultrafast',
        threads: 1,
        bitrate: 500,
        'vbv-buf-capacity': 600,
        'key-int-max': 3000,
      },
    ],
    encoded: 'video/x-h264,profile=constrained-baseline',
    payloader: ['rtph264pay', { 'config-interval': -1, 'aggregate-mode': 'zero-latency' }],
    threads: 'threads',
    bitrate: { property: 'bitrate', unitBps: 1000 },
    keyFrameDistance: 'key-int-max',
  },
  {
    name: 'H265',
    kind: 'video',
    encodingName: 'H265',
    clockRate: 90_000,
    depayloader: ['rtph265depay'],
    parser: ['h265parse'],
    // The depayloader does not ask for key frames, so the decoder does.
    decoder: ['avdec_h265', { 'max-threads': 1, 'automatic-request-sync-points': true }],
    raw: 'format=I420',
    encoder: [
      'x265enc',
      {
        tune: 'zerolatency',
        'speed-preset': 'ultrafast',
        bitrate: 500,
        'key-int-max': 3000,
        'option-string': 'pools=1:frame-threads=1',
      },
    ],
    encoded: 'video/x-h265,profile=main',
    payloader: ['rtph265pay', { 'config-interval': -1, 'aggregate-mode': 'zero-latency' }],
    bitrate: { property: 'bitrate', unitBps: 1000 },
    keyFrameDistance: 'key-int-max',
  },
  {
    // RFC 2190. Only the five sizes of the standard, for instance 352x288.
    name: 'H263',
    kind: 'video',
    encodingName: 'H263',
    clockRate: 90_000,
    depayloader: ['rtph263depay'],
    decoder: ['avdec_h263', { 'automatic-request-sync-points': true }],
    raw: 'format=I420',
    encoder: ['avenc_h263', { bitrate: 500_000, 'gop-size': 300 }],
    payloader: ['rtph263pay'],
    bitrate: { property: 'bitrate', unitBps: 1 },
    keyFrameDistance: 'gop-size',
  },
  {
    // RFC 4629.
    name: 'H263-1998',
    kind: 'video',
    encodingName: 'H263-1998',
    clockRate: 90_000,
    depayloader: ['rtph263pdepay'],
    decoder: ['avdec_h263', { 'automatic-request-sync-points': true }],
    raw: 'format=I420',
    encoder: ['avenc_h263p', { bitrate: 500_000, 'gop-size': 300 }],
    payloader: ['rtph263ppay'],
    // With one encoding name, or none, it wants the picture sizes of SDP; a list makes it take any.
    packetFields: { 'encoding-name': '(string){H263-1998,H263-2000}' },
    bitrate: { property: 'bitrate', unitBps: 1 },
    keyFrameDistance: 'gop-size',
  },
  {
    // The same packets under the later name, with a profile and a level in SDP.
    name: 'H263-2000',
    kind: 'video',
    encodingName: 'H263-2000',
    clockRate: 90_000,
    depayloader: ['rtph263pdepay'],
    decoder: ['avdec_h263', { 'automatic-request-sync-points': true }],
    raw: 'format=I420',
    encoder: ['avenc_h263p', { bitrate: 500_000, 'gop-size': 300 }],
    payloader: ['rtph263ppay'],
    // With one encoding name, or none, it wants the picture sizes of SDP; a list makes it take any.
    packetFields: { 'encoding-name': '(string){H263-1998,H263-2000}' },
    bitrate: { property: 'bitrate', unitBps: 1 },
    keyFrameDistance: 'gop-size',
  },
  {
    // RFC 2435. Every picture is complete.
    name: 'JPEG',
    kind: 'video',
    encodingName: 'JPEG',
    clockRate: 90_000,
    depayloader: ['rtpjpegdepay'],
    decoder: ['jpegdec'],
    raw: 'format=I420',
    encoder: ['jpegenc', { quality: 75 }],
    payloader: ['rtpjpegpay'],
  },
  {
    name: 'OPUS',
    kind: 'audio',
    encodingName: 'OPUS',
    clockRate: 48_000,
    channels: 2,
    depayloader: ['rtpopusdepay'],
    parser: ['opusparse'],
    decoder: ['opusdec', { plc: true }],
    raw: 'rate=48000',
    encoder: ['opusenc', { 'frame-size': '20', 'inband-fec': true, bitrate: 64_000 }],
    payloader: ['rtpopuspay'],
    bitrate: { property: 'bitrate', unitBps: 1 },
  },
  {
    name: 'PCMU',
    kind: 'audio',
    encodingName: 'PCMU',
    clockRate: 8000,
    channels: 1,
    depayloader: ['rtppcmudepay'],
    decoder: ['mulawdec'],
    raw: pcm8000,
    encoder: ['mulawenc'],
    payloader: ['rtppcmupay', { 'max-ptime': 20_000_000 }],
  },
  {
    name: 'PCMA',
    kind: 'audio',
    encodingName: 'PCMA',
    clockRate: 8000,
    channels: 1,
    depayloader: ['rtppcmadepay'],
    decoder: ['alawdec'],
    raw: pcm8000,
    encoder: ['alawenc'],
    payloader: ['rtppcmapay', { 'max-ptime': 20_000_000 }],
  },
  {
    // Sampled at 16 kHz; the clock rate of 8 kHz is an old mistake that became the rule (RFC 3551 section 4.5.2).
    name: 'G722',
    kind: 'audio',
    encodingName: 'G722',
    clockRate: 8000,
    channels: 1,
    depayloader: ['rtpg722depay'],
    decoder: ['avdec_g722'],
    raw: 'rate=16000,channels=1',
    encoder: ['avenc_g722'],
    payloader: ['rtpg722pay', { 'max-ptime': 20_000_000 }],
  },
  {
    name: 'AMR',
    kind: 'audio',
    encodingName: 'AMR',
    clockRate: 8000,
    channels: 1,
    fields: { 'octet-align': '1', 'encoding-params': '1' },
    depayloader: ['rtpamrdepay'],
    decoder: ['amrnbdec'],
    raw: pcm8000,
    encoder: ['amrnbenc', { 'band-mode': 'MR122' }],
    payloader: ['rtpamrpay'],
  },
  {
    name: 'AMR-WB',
    kind: 'audio',
    encodingName: 'AMR-WB',
    clockRate: 16_000,
    channels: 1,
    fields: { 'octet-align': '1', 'encoding-params': '1' },
    depayloader: ['rtpamrdepay'],
    decoder: ['amrwbdec'],
    raw: 'rate=16000,channels=1',
    encoder: ['voamrwbenc', { 'band-mode': 'MR2385' }],
    payloader: ['rtpamrpay'],
  },
  {
    name: 'SPEEX',
    kind: 'audio',
    encodingName: 'SPEEX',
    clockRate: 16_000,
    channels: 1,
    depayloader: ['rtpspeexdepay'],
    decoder: ['speexdec'],
    raw: 'rate=16000,channels=1',
    encoder: ['speexenc', { mode: 'wb', quality: 8 }],
    payloader: ['rtpspeexpay'],
  },
  {
    // AAC-LC as in RFC 3640, mode AAC-hbr. `config` is the AudioSpecificConfig for 48 kHz stereo (ISO 14496-3 1.6.2.1).
    name: 'MPEG4-GENERIC',
    kind: 'audio',
    encodingName: 'MPEG4-GENERIC',
    clockRate: 48_000,
    channels: 2,
    fields: {
      mode: 'AAC-hbr',
      sizelength: '13',
      indexlength: '3',
      indexdeltalength: '3',
      config: '1190',
      streamtype: '5',
    },
    depayloader: ['rtpmp4gdepay'],
    parser: ['aacparse'],
    decoder: ['avdec_aac'],
    raw: 'rate=48000,channels=2',
    encoder: ['avenc_aac', { bitrate: 128_000 }],
    encoded: 'audio/mpeg,mpegversion=4,stream-format=raw',
    payloader: ['rtpmp4gpay'],
    bitrate: { property: 'bitrate', unitBps: 1 },
  },
  {
    // AAC-LC as in RFC 6416. `config` is the StreamMuxConfig for 48 kHz stereo (ISO 14496-3 1.7.3).
    name: 'MP4A-LATM',
    kind: 'audio',
    encodingName: 'MP4A-LATM',
    clockRate: 48_000,
    channels: 2,
    fields: { cpresent: '0', config: '40002320' },
    depayloader: ['rtpmp4adepay'],
    parser: ['aacparse'],
    decoder: ['avdec_aac'],
    raw: 'rate=48000,channels=2',
    encoder: ['avenc_aac', { bitrate: 128_000 }],
    encoded: 'audio/mpeg,mpegversion=4,stream-format=raw',
    payloader: ['rtpmp4apay'],
    bitrate: { property: 'bitrate', unitBps: 1 },
  },
];

const byName: ReadonlyMap<string, MediaCodec> = new Map(mediaCodecs.map((codec) => [codec.name, codec]));

/** The codec with this SDP name, in any case, or undefined if it cannot be transcoded. */
export function mediaCodec(name: string): MediaCodec | undefined {
  return byName.get(name.toUpperCase());
}

function factoriesOf(...specs: readonly (ElementSpec | undefined)[]): string[] {
  return specs.filter((spec) => spec !== undefined).map(([factory]) => factory);
}

/** Elements that turn packets of a codec into raw media. */
export function decodeFactories({ depayloader, parser, decoder }: MediaCodec): string[] {
  return factoriesOf(depayloader, parser, decoder);
}

/** Elements that turn raw media into packets of a codec. */
export function encodeFactories({ encoder, payloader }: MediaCodec): string[] {
  return factoriesOf(encoder, payloader);
}
