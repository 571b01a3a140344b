/**
 * Finds the formats and header extensions of a section that both sides know. RFC 3264 section 6.1.
 * @module
 */
import { codecsMatch } from '../codec/codecsMatch.ts';
import type { HeaderExtensionIds, MediaKind, RtpCodec } from '../RtpCodec.ts';
import type { CodecCapability } from './CodecCapability.ts';
import { reverseDirection } from './direction.ts';
import { parseFormatParameters } from './formatParameters.ts';
import type { SdpExtension, SdpFormat } from './RemoteDescription.ts';

/** A format that both sides know. */
export interface AgreedFormat {
  /** As our side prints it: payload type and spelling of the remote, feedback of both. */
  readonly format: SdpFormat;
  /** As the router needs it. */
  readonly codec: RtpCodec;
}

/** The capability of `capabilities` that `format` asks for, or undefined. */
function capabilityOf(
  format: SdpFormat,
  capabilities: readonly CodecCapability[],
): CodecCapability | undefined {
  const parameters = parseFormatParameters(format.parameters);
  return capabilities.find(
    (capability) =>
      capability.name.toLowerCase() === format.name.toLowerCase() &&
      capability.clockRate === format.clockRate &&
      capability.channels === format.channels &&
      (capability.accepts?.(parameters) ?? true),
  );
}

/**
 * The formats of an offered section that we know, in the offerer's order, with its payload types and spelling. Empty if
 * only formats are left that carry no media alone.
 */
export function agreeOnOffered(
  formats: readonly SdpFormat[],
  capabilities: readonly CodecCapability[],
): AgreedFormat[] {
  let hasMedia = false;
  const agreed: AgreedFormat[] = [];
  for (const offered of formats) {
    const capability = capabilityOf(offered, capabilities);
    if (capability === undefined) continue;
    hasMedia ||= capability.accompanying !== true;
    const supported = [...capability.feedback, ...(capability.feedbackNotOffered ?? [])];
    agreed.push(
      agreedFormat(
        offered,
        offered.feedback.filter((value) => supported.includes(value)),
        capability.answerParameters?.(offered.parameters) ?? offered.parameters,
      ),
    );
  }
  return hasMedia ? agreed : [];
}

/** The formats of an answered section that our offer had, in the answerer's order. */
export function agreeOnAnswered(
  answered: readonly SdpFormat[],
  offered: readonly SdpFormat[],
): AgreedFormat[] {
  const agreed: AgreedFormat[] = [];
  for (const format of answered) {
    const ours = offered.find((candidate) => codecsMatch(codecOf(format), codecOf(candidate)));
    if (ours === undefined) continue;
    const feedback = format.feedback.filter((value) => ours.feedback.includes(value));
    agreed.push(agreedFormat(format, feedback, ours.parameters));
  }
  return agreed;
}

function agreedFormat(remote: SdpFormat, feedback: readonly string[], ourParameters: string): AgreedFormat {
  const unique = [...new Set(feedback)];
  return {
    format: { ...remote, feedback: unique, parameters: ourParameters },
    codec: { ...codecOf(remote), feedback: unique },
  };
}

function codecOf(format: SdpFormat): RtpCodec {
  return {
    payloadType: format.payloadType,
    name: format.name.toUpperCase(),
    clockRate: format.clockRate,
    channels: format.channels,
    parameters: parseFormatParameters(format.parameters),
    feedback: format.feedback,
  };
}

const midUri = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const audioLevelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const absSendTimeUri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';

/** The header extensions of our own offers. Kurento offers abs-send-time under id 3. */
export const offeredExtensions: readonly SdpExtension[] = [
  { id: 3, uri: absSendTimeUri, direction: undefined },
];

// RFC 8285 section 4.2: 15 is reserved in one-byte form, the only one that we write.
const maxExtensionId = 14;

/**
 * The offered extensions that we know, ids kept, directions turned round. Each URI and each id counts once. Audio levels
 * make sense for audio only.
 */
export function agreeOnExtensions(offered: readonly SdpExtension[], kind: MediaKind): SdpExtension[] {
  const known = kind === 'audio' ? [midUri, audioLevelUri, absSendTimeUri] : [midUri, absSendTimeUri];
  const agreed: SdpExtension[] = [];
  for (const { id, uri, direction } of offered) {
    if (!known.includes(uri) || !(id >= 1 && id <= maxExtensionId)) continue;
    if (agreed.some((other) => other.id === id || other.uri === uri)) continue;
    agreed.push({ id, uri, direction: direction === undefined ? undefined : reverseDirection(direction) });
  }
  return agreed;
}

/** The ids of `extensions` by name. Extensions that only flow in one direction, or in none, are included. */
export function extensionIds(extensions: readonly SdpExtension[]): HeaderExtensionIds {
  const idOf = (uri: string): number | undefined => extensions.find((extension) => extension.uri === uri)?.id;
  const mid = idOf(midUri);
  const absSendTime = idOf(absSendTimeUri);
  const audioLevel = idOf(audioLevelUri);
  return {
    ...(mid !== undefined && { mid }),
    ...(absSendTime !== undefined && { absSendTime }),
    ...(audioLevel !== undefined && { audioLevel }),
  };
}
