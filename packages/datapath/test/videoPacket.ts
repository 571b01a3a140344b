/**
 * VP8 packets for tests and benchmarks, and the parameters under which they are routed.
 * @module
 */
import type { HeaderExtensionIds, RtpCodec } from '@rivero/rtp';

/** VP8 with repair, as browsers negotiate it. */
export const vp8: RtpCodec = {
  payloadType: 96,
  name: 'VP8',
  clockRate: 90_000,
  channels: 1,
  parameters: {},
  feedback: ['nack', 'nack pli', 'ccm fir', 'goog-remb'],
};

/** Header extensions of both directions. */
export const extensions: HeaderExtensionIds = { absSendTime: 3 };

/** Bytes of the RTP header that `videoPacket` writes. */
export const videoHeaderLength = 12;

/** What tells one packet from another. */
export interface VideoPacketFields {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly isKeyFrame: boolean;
  readonly payloadLength: number;
}

/** A VP8 packet that is a whole frame: descriptor with a 15-bit picture id, then a pattern made of its number. */
export function videoPacket(fields: VideoPacketFields): Uint8Array {
  const { ssrc, sequenceNumber, timestamp, isKeyFrame, payloadLength } = fields;
  const packet = new Uint8Array(videoHeaderLength + payloadLength);
  const view = new DataView(packet.buffer);
  view.setUint16(0, 0x8080 | vp8.payloadType);
  view.setUint16(2, sequenceNumber & 0xffff);
  view.setUint32(4, timestamp >>> 0);
  view.setUint32(8, ssrc);
  view.setUint16(12, 0x9080);
  view.setUint16(14, 0x8000 | (sequenceNumber & 0x7fff));
  for (let i = 4; i < payloadLength; i++) packet[videoHeaderLength + i] = (sequenceNumber * 7 + i) & 0xff;
  packet[videoHeaderLength + 4] = isKeyFrame ? 0 : 1;
  return packet;
}
