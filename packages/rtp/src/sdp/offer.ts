/**
 * Our own offers and what an answer makes of them. RFC 3264 sections 5 and 7.
 * @module
 */
import type { MediaKind } from '../RtpCodec.ts';
import type { CodecCapability } from './CodecCapability.ts';
import {
  type AgreedFormat,
  agreeOnAnswered,
  agreeOnExtensions,
  offeredExtensions,
} from './codecNegotiation.ts';
import { intersectDirections, reverseDirection } from './direction.ts';
import type { LocalDescription, LocalSection } from './LocalDescription.ts';
import type { NegotiatedSession, SdpConfig } from './NegotiatedSession.ts';
import type { RemoteDescription, RemoteSection, SdpFormat } from './RemoteDescription.ts';
import { acceptedMedia, outcomeOf, rejectedMedia, type SectionOutcome } from './outcome.ts';
import { SdpError } from './SdpError.ts';
import { dtlsRoleOfOfferer, remoteTransport, sectionsOfOneTransport } from './transportNegotiation.ts';

/** Which media an offer shall leave out (Kurento's OfferOptions). */
export interface SdpOfferOptions {
  /** False leaves audio out. Default true. */
  readonly offerToReceiveAudio?: boolean;
  /** False leaves video out. Default true. */
  readonly offerToReceiveVideo?: boolean;
}

// RFC 3551 section 6: payload types that mean nothing by themselves.
const firstDynamicPayloadType = 96;
const lastDynamicPayloadType = 127;

/**
 * Numbers the formats of an offer. Payload types are unique over all sections, so that an unknown SSRC can be told by
 * its payload type (RFC 9143 section 9.2). When they run out, a codec gets the number that it has in an earlier section.
 */
class PayloadTypes {
  #next = firstDynamicPayloadType;
  readonly #used = new Map<CodecCapability, number>();

  /** The number for `codec` in a further section, or undefined if none is left. */
  assign(codec: CodecCapability): number | undefined {
    if (codec.staticPayloadType !== undefined) return codec.staticPayloadType;
    if (this.#next > lastDynamicPayloadType) return this.#used.get(codec);
    if (!this.#used.has(codec)) this.#used.set(codec, this.#next);
    return this.#next++;
  }
}

/** A new offer by `config`: audio sections first, then video. */
export function offerOf(config: SdpConfig, options: SdpOfferOptions): LocalDescription {
  const payloadTypes = new PayloadTypes();
  const sections: LocalSection[] = [];
  const add = (kind: MediaKind, count: number, codecs: readonly CodecCapability[]): void => {
    for (let i = 0; i < count; i++) {
      const formats = offeredFormats(codecs, payloadTypes);
      if (formats.length > 0) sections.push(offeredSection(kind, i, formats, config));
    }
  };
  if (options.offerToReceiveAudio !== false) add('audio', config.numAudioMedias, config.audioCodecs);
  if (options.offerToReceiveVideo !== false) add('video', config.numVideoMedias, config.videoCodecs);
  return { sections, bundle: sections.flatMap((section) => section.mid ?? []), setup: 'actpass' };
}

function offeredFormats(codecs: readonly CodecCapability[], payloadTypes: PayloadTypes): SdpFormat[] {
  const formats: SdpFormat[] = [];
  for (const codec of codecs) {
    const payloadType = codec.accompanying === true ? undefined : payloadTypes.assign(codec);
    if (payloadType === undefined) continue;
    formats.push({
      payloadType,
      name: codec.name,
      clockRate: codec.clockRate,
      channels: codec.channels,
      hasRtpMap: codec.staticPayloadType === undefined,
      parameters: codec.parameters ?? '',
      feedback: codec.feedback,
    });
  }
  return formats;
}

function offeredSection(
  kind: MediaKind,
  ordinal: number,
  formats: readonly SdpFormat[],
  config: SdpConfig,
): LocalSection {
  return {
    type: kind,
    // What Kurento offers; RFC 8829 section 5.1.2 has every browser accept it.
    protocol: 'RTP/SAVPF',
    mid: `${kind}${ordinal}`,
    rejected: false,
    rejectedFormat: String(formats[0]?.payloadType ?? 0),
    direction: config.direction,
    formats,
    extensions: offeredExtensions,
    ssrc: config.nextSsrc(),
  };
}

/** Our final description and the session that `answer` makes of `offer`. */
export function applyAnswer(
  offer: LocalDescription,
  answer: RemoteDescription,
  config: SdpConfig,
): { local: LocalDescription; session: NegotiatedSession } {
  if (answer.sections.length !== offer.sections.length) {
    throw new SdpError(
      'SDP_END_POINT_PROCESS_ANSWER_ERROR',
      `Answer has ${answer.sections.length} media sections, the offer has ${offer.sections.length}`,
    );
  }
  const pairs = offer.sections.map((ours, index) => pairOf(ours, answer.sections[index]));
  const usable = pairs.filter((pair) => pair.agreed.length > 0).map((pair) => pair.theirs);
  const accepted = sectionsOfOneTransport(answer, usable);
  const transport = remoteTransport(answer, accepted);
  const dtlsRole = dtlsRoleOfOfferer(transport.setup);
  const results = pairs.map((pair) =>
    accepted.includes(pair.theirs) ? acceptedPair(pair, config) : rejectedPair(pair, config),
  );
  return outcomeOf(answer, accepted, transport, dtlsRole, results);
}

interface Pair {
  readonly ours: LocalSection;
  readonly theirs: RemoteSection;
  /** Empty if the section is rejected, or has no format in common. */
  readonly agreed: readonly AgreedFormat[];
}

function pairOf(ours: LocalSection, theirs: RemoteSection | undefined): Pair {
  if (theirs === undefined || theirs.type !== ours.type) {
    throw new SdpError(
      'SDP_END_POINT_PROCESS_ANSWER_ERROR',
      `Answer has '${theirs?.type ?? ''}' where the offer has '${ours.type}'`,
    );
  }
  if (theirs.mid !== undefined && theirs.mid !== ours.mid) {
    throw new SdpError(
      'SDP_END_POINT_PROCESS_ANSWER_ERROR',
      `Answer has mid '${theirs.mid}' where the offer has '${ours.mid ?? ''}'`,
    );
  }
  return { ours, theirs, agreed: theirs.port === 0 ? [] : agreeOnAnswered(theirs.formats, ours.formats) };
}

function rejectedPair({ ours, theirs }: Pair, config: SdpConfig): SectionOutcome {
  return {
    section: { ...ours, rejected: true, direction: 'inactive' },
    media: rejectedMedia(theirs, ours.mid, config),
  };
}

function acceptedPair({ ours, theirs, agreed }: Pair, config: SdpConfig): SectionOutcome {
  const kind: MediaKind = ours.type === 'audio' ? 'audio' : 'video';
  const offered = new Set(ours.extensions.map((extension) => extension.uri));
  const section: LocalSection = {
    ...ours,
    direction: intersectDirections(ours.direction, reverseDirection(theirs.direction)),
    formats: agreed.map(({ format }) => format),
    extensions: agreeOnExtensions(
      theirs.extensions.filter((extension) => offered.has(extension.uri)),
      kind,
    ),
  };
  return { section, media: acceptedMedia(kind, section, theirs, agreed, config) };
}
