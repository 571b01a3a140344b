/**
 * The codecs that we can negotiate, and how their formats are compared and answered.
 * @module
 */
import { parseProfileLevelId } from '../codec/h264.ts';
import type { MediaKind } from '../RtpCodec.ts';
import { keepFormatParameters } from './formatParameters.ts';

/** One codec that we accept and, unless it only accompanies others, offer. */
export interface CodecCapability {
  /** Encoding name as printed in our own offers, for instance `opus`. Compared without case. */
  readonly name: string;
  /** Audio or video. */
  readonly kind: MediaKind;
  /** RTP clock rate, Hz. */
  readonly clockRate: number;
  /** Audio channels; 1 for video. */
  readonly channels: number;
  /** Fixed payload type of RFC 3551; absent for codecs with a dynamic one. */
  readonly staticPayloadType?: number;
  /** Format parameters of our own offers, as printed. */
  readonly parameters?: string;
  /** `a=rtcp-fb` values that we support. */
  readonly feedback: readonly string[];
  /** `a=rtcp-fb` values that we support but do not offer by ourselves. */
  readonly feedbackNotOffered?: readonly string[];
  /** True for formats that go along with a codec but carry no media alone: accepted, never offered. */
  readonly accompanying?: boolean;
  /** Whether we can handle a format with these parameters (names in lower case). Absent: always. */
  accepts?(parameters: Readonly<Record<string, string>>): boolean;
  /** The parameters that we answer to offered ones, as printed. Absent: they are kept as offered. */
  answerParameters?(offered: string): string;
}

const remb = 'goog-remb';
const videoFeedback: readonly string[] = ['nack', 'nack pli', 'ccm fir', remb];

// RFC 6184 section 5.4: mode 2 is interleaved; neither browsers nor our key-frame detection know it.
function acceptsH264(parameters: Readonly<Record<string, string>>): boolean {
  const mode = parameters['packetization-mode'] ?? '0';
  return (mode === '0' || mode === '1') && parseProfileLevelId(parameters['profile-level-id']) !== undefined;
}

function audioCapability(
  name: string,
  clockRate: number,
  rest: Partial<CodecCapability> = {},
): CodecCapability {
  return { name, kind: 'audio', clockRate, channels: 1, feedback: [], ...rest };
}

function videoCapability(name: string, rest: Partial<CodecCapability> = {}): CodecCapability {
  return { name, kind: 'video', clockRate: 90_000, channels: 1, feedback: videoFeedback, ...rest };
}

/**
 * Every codec that we know. RFC 7587 section 7 for Opus: the answer asks the offerer for what it asked of us, as far as
 * it is a wish about the encoding and not about the receiver's machine.
 */
export const codecCapabilities: readonly CodecCapability[] = [
  audioCapability('opus', 48_000, {
    channels: 2,
    parameters: 'minptime=10;useinbandfec=1',
    answerParameters: (offered) =>
      keepFormatParameters(offered, ['minptime', 'useinbandfec', 'stereo', 'usedtx']),
  }),
  audioCapability('PCMU', 8000, { staticPayloadType: 0 }),
  audioCapability('PCMA', 8000, { staticPayloadType: 8 }),
  audioCapability('G722', 8000, { staticPayloadType: 9 }),
  audioCapability('AMR', 8000),
  audioCapability('telephone-event', 8000, { accompanying: true }),
  audioCapability('telephone-event', 48_000, { accompanying: true }),
  // Kurento leaves goog-remb out of its own H.264 and H.265 offers.
  videoCapability('H265', {
    feedback: videoFeedback.filter((value) => value !== remb),
    feedbackNotOffered: [remb],
  }),
  videoCapability('AV1', { parameters: 'level-idx=5;profile=0;tier=0' }),
  videoCapability('VP9', { parameters: 'profile-id=0' }),
  videoCapability('VP8'),
  videoCapability('H264', {
    feedback: videoFeedback.filter((value) => value !== remb),
    feedbackNotOffered: [remb],
    parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    accepts: acceptsH264,
  }),
];

/**
 * The codec that a configuration entry such as `VP8/90000`, `opus/48000/2` or `H264` names, or undefined if we do not
 * know it. Case does not matter.
 */
export function findCodecCapability(text: string): CodecCapability | undefined {
  const [name, clockRate, channels] = text.split('/');
  return codecCapabilities.find(
    (codec) =>
      codec.name.toLowerCase() === name?.trim().toLowerCase() &&
      (clockRate === undefined || Number(clockRate) === codec.clockRate) &&
      (channels === undefined || Number(channels) === codec.channels),
  );
}

function capabilitiesOf(names: readonly string[]): readonly CodecCapability[] {
  return codecCapabilities.filter((codec) => names.includes(codec.name));
}

/** Audio codecs of a WebRtcEndpoint in Kurento's default order: Opus, PCMU, PCMA; telephone events go along. */
export const defaultAudioCodecs: readonly CodecCapability[] = capabilitiesOf([
  'opus',
  'PCMU',
  'PCMA',
  'telephone-event',
]);

/** Video codecs of a WebRtcEndpoint in Kurento's default order: AV1, VP9, VP8, H264. H265 only if configured. */
export const defaultVideoCodecs: readonly CodecCapability[] = capabilitiesOf(['AV1', 'VP9', 'VP8', 'H264']);

/** The codec that a payload type without `a=rtpmap` means, as far as we know it. RFC 3551 section 6. */
export function staticCodec(payloadType: number): CodecCapability | undefined {
  return codecCapabilities.find((codec) => codec.staticPayloadType === payloadType);
}
