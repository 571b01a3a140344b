/**
 * Translates a producer's payload types to those of one viewer.
 * @module
 */
import { codecsMatch, type RtpCodec } from '@rivero/rtp';

/**
 * The viewer's payload type for each of the producer's (index 0..127), -1 where the viewer has no matching codec.
 * Where several match, the one that the viewer wants most.
 */
export function payloadTypeMap(from: readonly RtpCodec[], to: readonly RtpCodec[]): Int8Array {
  const map = new Int8Array(128).fill(-1);
  for (const codec of from) {
    const match = to.find((candidate) => codecsMatch(codec, candidate));
    if (match !== undefined) map[codec.payloadType] = match.payloadType;
  }
  return map;
}
