/**
 * INIT and INIT ACK chunks (RFC 9260 sections 3.3.2 and 3.3.3).
 * @module
 */
import { joinParameters, serializeParameter } from './PacketWriter.ts';
import { bytesOf, parseParameters, type SctpParameter } from './parsePacket.ts';
import { ChunkType, ParameterType } from './sctpFormat.ts';

/** What an endpoint can do beyond RFC 9260. */
export interface SctpCapabilities {
  /** FORWARD TSN chunks (RFC 3758). */
  readonly partialReliability: boolean;
  /** RE-CONFIG chunks (RFC 6525). */
  readonly reconfig: boolean;
  /** I-DATA and I-FORWARD-TSN chunks (RFC 8260). */
  readonly interleaving: boolean;
}

/** What an endpoint says of itself in INIT or INIT ACK. */
export interface InitFields {
  /** Verification tag of all packets to the sender of the chunk; not zero. */
  readonly initiateTag: number;
  /** Receive window of the sender, bytes. */
  readonly receiveWindowBytes: number;
  /** Streams that the sender wants to send on. */
  readonly outgoingStreams: number;
  /** Streams that the sender accepts. */
  readonly incomingStreams: number;
  /** TSN of the sender's first DATA chunk. */
  readonly initialTsn: number;
  /** What the sender can do. */
  readonly capabilities: SctpCapabilities;
  /** In INIT ACK: for the COOKIE ECHO. */
  readonly cookie?: Uint8Array | undefined;
  /** Parameters, complete, that the sender of an INIT wants to be told of if they are not understood. */
  readonly unrecognized: readonly Uint8Array[];
}

const FIXED_BYTES = 16;
/** Of a parameter type: not understood, yet what follows it counts; and: tell the sender. */
const SKIP_BIT = 0x8000;
const REPORT_BIT = 0x4000;
/** Parameters that say nothing to us and are no reason to complain: addresses, cookie lifetime, ECN, padding, … */
const IGNORED: ReadonlySet<number> = new Set([5, 6, 8, 9, 11, 12, 0x8000, 0x8002, 0x8003, 0x8004, 0x8005]);
/** Of a longer list the rest is not told. */
const MAX_REPORTED = 8;

/** The fields of an INIT or INIT ACK chunk, or undefined if it is malformed or has forbidden zeros. */
export function parseInit(value: DataView): InitFields | undefined {
  if (value.byteLength < FIXED_BYTES) return undefined;
  const parameters = parseParameters(value, FIXED_BYTES);
  const fixed = {
    initiateTag: value.getUint32(0),
    receiveWindowBytes: value.getUint32(4),
    outgoingStreams: value.getUint16(8),
    incomingStreams: value.getUint16(10),
    initialTsn: value.getUint32(12),
  };
  const { initiateTag, outgoingStreams, incomingStreams } = fixed;
  if (parameters === undefined || initiateTag === 0 || outgoingStreams === 0 || incomingStreams === 0) return;
  return { ...fixed, ...readParameters(parameters) };
}

function readParameters(
  parameters: readonly SctpParameter[],
): Pick<InitFields, 'capabilities' | 'cookie' | 'unrecognized'> {
  const extensions = new Set<number>();
  const unrecognized: Uint8Array[] = [];
  let cookie: Uint8Array | undefined;
  for (const { type, value } of parameters) {
    if (type === ParameterType.stateCookie) cookie = bytesOf(value).slice();
    else if (type === ParameterType.forwardTsnSupported) extensions.add(ChunkType.forwardTsn);
    else if (type === ParameterType.supportedExtensions)
      for (const extension of bytesOf(value)) extensions.add(extension);
    else if (!IGNORED.has(type)) {
      const isReported = (type & REPORT_BIT) !== 0 && unrecognized.length < MAX_REPORTED;
      if (isReported) unrecognized.push(serializeParameter(type, bytesOf(value)));
      if ((type & SKIP_BIT) === 0) break;
    }
  }
  const capabilities = {
    partialReliability: extensions.has(ChunkType.forwardTsn),
    reconfig: extensions.has(ChunkType.reconfig),
    interleaving: extensions.has(ChunkType.iData),
  };
  return { capabilities, cookie, unrecognized };
}

/**
 * The value of an INIT chunk, or of an INIT ACK if there is a cookie. Then `unrecognized` is what we did not
 * understand.
 */
export function serializeInit(fields: InitFields): Uint8Array {
  const fixed = new Uint8Array(FIXED_BYTES);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, fields.initiateTag);
  view.setUint32(4, fields.receiveWindowBytes);
  view.setUint16(8, fields.outgoingStreams);
  view.setUint16(10, fields.incomingStreams);
  view.setUint32(12, fields.initialTsn);
  const { partialReliability, reconfig, interleaving } = fields.capabilities;
  const extensions: number[] = [];
  if (reconfig) extensions.push(ChunkType.reconfig);
  if (partialReliability) extensions.push(ChunkType.forwardTsn);
  if (interleaving) extensions.push(ChunkType.iData, ChunkType.iForwardTsn);
  const parts: Uint8Array[] = [fixed];
  if (fields.cookie !== undefined) parts.push(serializeParameter(ParameterType.stateCookie, fields.cookie));
  if (partialReliability)
    parts.push(serializeParameter(ParameterType.forwardTsnSupported, new Uint8Array(0)));
  if (extensions.length > 0) {
    parts.push(serializeParameter(ParameterType.supportedExtensions, Uint8Array.from(extensions)));
  }
  for (const parameter of fields.unrecognized) {
    parts.push(serializeParameter(ParameterType.unrecognized, parameter));
  }
  return joinParameters(parts);
}
