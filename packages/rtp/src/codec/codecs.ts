/**
 * The table of codecs that the router can forward.
 * @module
 */
import { av1 } from './av1.ts';
import { alwaysKeyFrame, baseLayer, type CodecDescriptor, noOffset } from './CodecDescriptor.ts';
import { h264 } from './h264.ts';
import { h265 } from './h265.ts';
import { vp8 } from './vp8.ts';
import { vp9 } from './vp9.ts';

function audio(name: string, clockRate: number): CodecDescriptor {
  return {
    name,
    kind: 'audio',
    clockRate,
    isKeyFrame: alwaysKeyFrame,
    pictureIdOffset: noOffset,
    tl0PicIdxOffset: noOffset,
    temporalLayer: baseLayer,
  };
}

/**
 * Every codec by its canonical upper-case name: Opus (RFC 7587), PCMU, PCMA and G722 (RFC 3551; G722 has clock rate
 * 8000 by an old mistake that became the rule), AMR (RFC 4867), telephone events (RFC 4733), and the video codecs.
 */
export const codecs: ReadonlyMap<string, CodecDescriptor> = new Map(
  [
    audio('OPUS', 48_000),
    audio('PCMU', 8000),
    audio('PCMA', 8000),
    audio('G722', 8000),
    audio('AMR', 8000),
    audio('TELEPHONE-EVENT', 8000),
    vp8,
    vp9,
    h264,
    h265,
    av1,
  ].map((codec) => [codec.name, codec]),
);
