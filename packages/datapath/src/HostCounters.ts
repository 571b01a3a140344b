/**
 * What a router process counts of datagrams that lead nowhere. Nothing of it is an error: the network is as it is.
 * @module
 */

/** Counts since the process started. */
export interface HostCounters {
  /** Datagrams that are neither STUN, DTLS nor RTP. */
  unknownDatagram: number;
  /** STUN for a ufrag or transaction that no transport has. */
  unknownStun: number;
  /** DTLS or media from an address that ICE has not validated. */
  unvalidatedAddress: number;
  /** Media before the peer's fingerprint was verified. */
  mediaBeforeKeys: number;
  /** RTP whose header does not fit the packet. */
  malformedRtp: number;
  /** SRTP or SRTCP that was seen before or is too old. */
  replayed: number;
  /** SRTP or SRTCP whose authentication failed, or that could not be accepted for another reason. */
  refused: number;
  /** Addresses that could not be interned because the table is full or another transport has them. */
  addressRefused: number;
  /** Sockets that transports needed for themselves because of a refused address, and that could not be opened. */
  ownSocketsFailed: number;
  /** Packets between two transports of this process that were dropped because too many waited. */
  innerDropped: number;
  /** Connections of media hosts beyond the limit. */
  hostConnectionsRefused: number;
  /** Greetings of media hosts that name no stream, or one that is connected or has ended. */
  hostGreetingsRefused: number;
  /** Connections that did not greet in time. */
  hostGreetingsOverdue: number;
  /** Packets for media hosts that were dropped because the host reads too slowly. */
  hostPacketsDropped: number;
  /** Packets from media hosts that were longer than a receive buffer and were dropped. */
  hostFramesTooLong: number;
  /** Bugs: exceptions while a datagram was handled. The first one is written to standard error. */
  exceptions: number;
}

/** All counters at zero. */
export function createHostCounters(): HostCounters {
  return {
    unknownDatagram: 0,
    unknownStun: 0,
    unvalidatedAddress: 0,
    mediaBeforeKeys: 0,
    malformedRtp: 0,
    replayed: 0,
    refused: 0,
    addressRefused: 0,
    ownSocketsFailed: 0,
    innerDropped: 0,
    hostConnectionsRefused: 0,
    hostGreetingsRefused: 0,
    hostGreetingsOverdue: 0,
    hostPacketsDropped: 0,
    hostFramesTooLong: 0,
    exceptions: 0,
  };
}
