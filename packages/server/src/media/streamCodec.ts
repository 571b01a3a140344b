/**
 * Codecs of the plan as they travel between routers and hosts.
 * @module
 */
import { HostError, type MediaCodec, mediaCodec } from '@rivero/gst';
import type { RtpCodec } from '@rivero/rtp';

/** A codec as packets have it: AAC, which planners know by its own name, travels as RFC 3640 says. */
export function streamCodec(codec: RtpCodec): RtpCodec {
  return codec.name === 'AAC' ? { ...codec, name: 'MPEG4-GENERIC' } : codec;
}

/** The codec of the table that has this codec's packets. @throws {HostError} `MISSING_FACTORY` if there is none */
export function tableCodec(codec: RtpCodec): MediaCodec {
  const found = mediaCodec(streamCodec(codec).name);
  if (found === undefined)
    throw new HostError('MISSING_FACTORY', `No media host knows the codec ${codec.name}`);
  return found;
}
