/**
 * What is known about the payload of each payload type of a producer.
 * @module
 */
import { alwaysKeyFrame, baseLayer, type CodecDescriptor, codecs as codecTable, noOffset } from '@rivero/rtp';
import type { ProduceParameters } from './parameters.ts';

/** The descriptor of each payload type, 0..127. A codec that our table does not know is forwarded as it is. */
export function descriptorsOf({
  kind,
  codecs,
}: Pick<ProduceParameters, 'kind' | 'codecs'>): (CodecDescriptor | undefined)[] {
  const descriptors = Array.from<CodecDescriptor | undefined>({ length: 128 });
  for (const { payloadType, name, clockRate } of codecs) {
    descriptors[payloadType] = codecTable.get(name) ?? {
      name,
      kind,
      clockRate,
      isKeyFrame: alwaysKeyFrame,
      pictureIdOffset: noOffset,
      tl0PicIdxOffset: noOffset,
      temporalLayer: baseLayer,
    };
  }
  return descriptors;
}
