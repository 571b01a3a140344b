/**
 * Messages of the Data Channel Establishment Protocol (RFC 8832), and how user messages are labelled (RFC 8831).
 * @module
 */
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** Payload protocol identifiers (RFC 8831 section 8). */
export const PayloadProtocol = {
  control: 50,
  text: 51,
  /** Deprecated: parts of a message that SCTP was not trusted to reassemble. */
  binaryPart: 52,
  binary: 53,
  /** Deprecated, too. */
  textPart: 54,
  /** With one byte, which is not part of the message. */
  textEmpty: 56,
  /** Likewise. */
  binaryEmpty: 57,
} as const;

const MESSAGE_OPEN = 3;
const MESSAGE_ACK = 2;
const OPEN_FIXED_BYTES = 12;
/** Bits of the channel type (RFC 8832 section 5.1). */
const TYPE_UNORDERED = 0x80;
const TYPE_RETRANSMITS = 1;
const TYPE_LIFETIME = 2;

/** What DATA_CHANNEL_OPEN says. At most one of the limits is there. */
export interface ChannelParameters {
  /** Name that the application gives; not necessarily unique. */
  readonly label: string;
  /** Subprotocol. */
  readonly protocol: string;
  /** Messages arrive in the order they were sent. */
  readonly isOrdered: boolean;
  /** A message is given up after this many repetitions. */
  readonly maxRetransmits?: number | undefined;
  /** A message is given up after this time, milliseconds. */
  readonly maxLifetimeMs?: number | undefined;
  /** RFC 8831 section 6.4: 128 below normal, 256 normal, 512 high, 1024 extra high. Told, not followed. */
  readonly priority?: number;
}

/** A DCEP message. */
export type DcepMessage =
  | { readonly type: 'ack' }
  | { readonly type: 'open'; readonly parameters: ChannelParameters };

/** The DATA_CHANNEL_OPEN message of a channel. Label and protocol have at most 65,535 bytes each. */
export function serializeOpen(parameters: ChannelParameters): Uint8Array {
  const { isOrdered, maxRetransmits, maxLifetimeMs, priority = 256 } = parameters;
  const label = encodeUtf8(parameters.label);
  const protocol = encodeUtf8(parameters.protocol);
  const bytes = new Uint8Array(OPEN_FIXED_BYTES + label.length + protocol.length);
  const view = new DataView(bytes.buffer);
  let type = isOrdered ? 0 : TYPE_UNORDERED;
  if (maxRetransmits !== undefined) type |= TYPE_RETRANSMITS;
  else if (maxLifetimeMs !== undefined) type |= TYPE_LIFETIME;
  view.setUint8(0, MESSAGE_OPEN);
  view.setUint8(1, type);
  view.setUint16(2, priority);
  view.setUint32(4, maxRetransmits ?? maxLifetimeMs ?? 0);
  view.setUint16(8, label.length);
  view.setUint16(10, protocol.length);
  bytes.set(label, OPEN_FIXED_BYTES);
  bytes.set(protocol, OPEN_FIXED_BYTES + label.length);
  return bytes;
}

/** The DATA_CHANNEL_ACK message. */
export function serializeAck(): Uint8Array {
  return Uint8Array.of(MESSAGE_ACK);
}

/** The message in `bytes`, or undefined if it is malformed or of another type. Never throws. */
export function parseDcep(bytes: Uint8Array): DcepMessage | undefined {
  if (bytes[0] === MESSAGE_ACK) return { type: 'ack' };
  if (bytes[0] !== MESSAGE_OPEN || bytes.length < OPEN_FIXED_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const type = view.getUint8(1);
  const limit = view.getUint32(4);
  const labelEnd = OPEN_FIXED_BYTES + view.getUint16(8);
  const end = labelEnd + view.getUint16(10);
  const kind = type & ~TYPE_UNORDERED;
  if (end > bytes.length || kind > TYPE_LIFETIME) return undefined;
  return {
    type: 'open',
    parameters: {
      label: decodeUtf8(bytes.subarray(OPEN_FIXED_BYTES, labelEnd)),
      protocol: decodeUtf8(bytes.subarray(labelEnd, end)),
      isOrdered: (type & TYPE_UNORDERED) === 0,
      maxRetransmits: kind === TYPE_RETRANSMITS ? limit : undefined,
      maxLifetimeMs: kind === TYPE_LIFETIME ? limit : undefined,
      priority: view.getUint16(2),
    },
  };
}
