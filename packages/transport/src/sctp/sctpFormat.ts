/**
 * Numbers of SCTP on the wire (RFC 9260, RFC 3758, RFC 6525, RFC 8260).
 * @module
 */

/** Chunk types. */
export const ChunkType = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
  /** RFC 8260. */
  iData: 64,
  /** RFC 6525. */
  reconfig: 130,
  /** RFC 3758. */
  forwardTsn: 192,
  /** RFC 8260. */
  iForwardTsn: 194,
} as const;

/** Parameter types: of INIT and INIT ACK, then of RE-CONFIG. */
export const ParameterType = {
  heartbeatInfo: 1,
  stateCookie: 7,
  unrecognized: 8,
  supportedExtensions: 0x8008,
  forwardTsnSupported: 0xc000,
  outgoingReset: 13,
  incomingReset: 14,
  tsnReset: 15,
  reconfigResponse: 16,
  addOutgoingStreams: 17,
  addIncomingStreams: 18,
} as const;

/** Causes in ERROR and ABORT chunks (RFC 9260 section 3.3.10). */
export const ErrorCause = {
  invalidStream: 1,
  outOfResource: 4,
  unrecognizedChunk: 6,
  noUserData: 9,
  userInitiatedAbort: 12,
  protocolViolation: 13,
} as const;

/** Flags of DATA and I-DATA chunks. */
export const DataFlag = { end: 1, begin: 2, unordered: 4, immediate: 8 } as const;

/** In ABORT and SHUTDOWN COMPLETE: the verification tag is the one that the receiver had given out. */
export const FLAG_TAG_REFLECTED = 1;

/** Results in RE-CONFIG responses (RFC 6525 section 4.4). */
export const ReconfigResult = {
  nothingToDo: 0,
  performed: 1,
  denied: 2,
  wrongSsn: 3,
  alreadyInProgress: 4,
  badSequenceNumber: 5,
  inProgress: 6,
} as const;

/** Ports, verification tag and checksum. */
export const PACKET_HEADER_BYTES = 12;
/** Type, flags and length of a chunk; likewise type and length of a parameter or error cause. */
export const CHUNK_HEADER_BYTES = 4;
/** TSN, stream, SSN and payload protocol. */
export const DATA_FIELDS_BYTES = 12;
/** TSN, stream, reserved, MID and payload protocol or FSN. */
export const I_DATA_FIELDS_BYTES = 16;

/** `length` rounded up to the next multiple of four. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}
