/**
 * RTP packets as a browser sends them, and what a viewer reads out of them.
 * @module
 */
import {
  findHeaderExtension,
  packetMemoryOf,
  readAbsSendTime,
  readMid,
  headerExtensionLength,
  readPictureId,
  rtpHeaderLength,
  type RtpCodec,
  vp8IsKeyFrame,
  vp8PictureIdOffset,
  vp8Tl0PicIdxOffset,
} from '@rivero/rtp';

export const vp8Codec: RtpCodec = {
  payloadType: 96,
  name: 'VP8',
  clockRate: 90_000,
  channels: 1,
  parameters: {},
  feedback: ['nack', 'nack pli', 'ccm fir', 'goog-remb'],
};

export const opusCodec: RtpCodec = {
  payloadType: 111,
  name: 'OPUS',
  clockRate: 48_000,
  channels: 2,
  parameters: {},
  feedback: [],
};

export interface PacketFields {
  readonly payloadType?: number;
  readonly marker?: boolean;
  readonly sequenceNumber: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly mid?: { id: number; value: string };
  readonly audioLevel?: { id: number; value: number };
  readonly csrcs?: readonly number[];
  readonly payload: Uint8Array;
}

/** The one-byte header extensions of a packet, padded to whole words. RFC 8285 section 4.2. */
function extensionElements({ mid, audioLevel }: PacketFields): number[] {
  const elements: number[] = [];
  if (mid !== undefined) {
    elements.push((mid.id << 4) | (mid.value.length - 1));
    for (const character of mid.value) elements.push(character.charCodeAt(0));
  }
  if (audioLevel !== undefined) elements.push(audioLevel.id << 4, audioLevel.value);
  while (elements.length % 4 !== 0) elements.push(0);
  return elements;
}

/** One RTP packet. */
export function rtpPacket(fields: PacketFields): Uint8Array {
  const { payloadType = vp8Codec.payloadType, marker = false, timestamp = 0, ssrc = 1, csrcs = [] } = fields;
  const elements = extensionElements(fields);
  const extensionAt = 12 + 4 * csrcs.length;
  const headerLength = extensionAt + (elements.length > 0 ? 4 + elements.length : 0);
  const packet = new Uint8Array(headerLength + fields.payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80 | (elements.length > 0 ? 0x10 : 0) | csrcs.length);
  view.setUint8(1, (marker ? 0x80 : 0) | payloadType);
  view.setUint16(2, fields.sequenceNumber);
  view.setUint32(4, timestamp);
  view.setUint32(8, ssrc);
  csrcs.forEach((csrc, i) => view.setUint32(12 + 4 * i, csrc));
  if (elements.length > 0) {
    view.setUint16(extensionAt, 0xbede);
    view.setUint16(extensionAt + 2, elements.length / 4);
    packet.set(elements, extensionAt + 4);
  }
  packet.set(fields.payload, headerLength);
  return packet;
}

export interface Vp8Fields {
  readonly keyFrame: boolean;
  readonly first: boolean;
  readonly pictureId: number;
  readonly tl0PicIdx: number;
  /** Written behind the payload header so that a viewer can say which packet this was. */
  readonly tag: number;
  readonly size?: number;
}

/** A VP8 payload with 15-bit picture id and TL0PICIDX. RFC 7741 section 4.2. */
export function vp8Payload(fields: Vp8Fields): Uint8Array {
  const payload = new Uint8Array(Math.max(11, fields.size ?? 200)).fill(0xaa);
  const view = new DataView(payload.buffer);
  view.setUint8(0, 0x80 | (fields.first ? 0x10 : 0));
  view.setUint8(1, 0xc0);
  view.setUint16(2, 0x8000 | fields.pictureId);
  view.setUint8(4, fields.tl0PicIdx);
  view.setUint8(5, fields.keyFrame ? 0 : 1);
  view.setUint32(6, fields.tag);
  return payload;
}

export interface ReceivedPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly isKeyFrame: boolean;
  readonly pictureId: number;
  readonly tl0PicIdx: number;
  readonly tag: number;
  readonly absSendTime: number;
  readonly mid: string;
  readonly bytes: Uint8Array;
}

/** Reads a VP8 packet of `vp8Payload`; abs-send-time has id 3, mid has id 4. */
export function readPacket(bytes: Uint8Array): ReceivedPacket {
  const memory = packetMemoryOf(bytes);
  const { view } = memory;
  const headerLength = rtpHeaderLength(memory, 0, bytes.length);
  if (headerLength < 0) throw new Error('Malformed RTP packet');
  const payloadLength = bytes.length - headerLength;
  const pictureIdAt = vp8PictureIdOffset(memory, headerLength, payloadLength);
  const tl0PicIdxAt = vp8Tl0PicIdxOffset(memory, headerLength, payloadLength);
  const absSendTimeAt = findHeaderExtension(memory, 0, headerLength, 3);
  const midAt = findHeaderExtension(memory, 0, headerLength, 4);
  return {
    payloadType: view.getUint8(1) & 0x7f,
    marker: (view.getUint8(1) & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    isKeyFrame: vp8IsKeyFrame(memory, headerLength, payloadLength),
    pictureId: pictureIdAt < 0 ? -1 : readPictureId(memory, pictureIdAt),
    tl0PicIdx: tl0PicIdxAt < 0 ? -1 : view.getUint8(tl0PicIdxAt),
    tag: payloadLength >= 10 ? view.getUint32(headerLength + 6) : -1,
    absSendTime: absSendTimeAt < 0 ? -1 : readAbsSendTime(memory, absSendTimeAt),
    mid: midAt < 0 ? '' : readMid(memory, midAt, headerExtensionLength(memory, 0, midAt)),
    bytes,
  };
}
