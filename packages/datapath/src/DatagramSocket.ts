/**
 * What the router process needs of a UDP socket: batches in, batches out, packets in place in the arena.
 * Implemented by `BatchSocket` (Linux) and `DgramSocket` (everywhere).
 * @module
 */
import type { TransportAddress } from '@rivero/transport';

/** Datagrams that one batch holds at most. */
export const receiveBatchSize = 64;
/** Bytes of a receive buffer; longer datagrams are dropped and counted. */
export const receiveBufferBytes = 2048;
/** Free bytes that `reserve` promises. */
export const largestDatagramBytes = 1600;
/** Remote addresses that one socket keeps interned. */
export const defaultRemoteCapacity = 8192;
/** Bytes of kernel buffer that a socket asks for, in each direction: 40 ms of a gigabit. */
export const socketBufferBytes: number = 5 << 20;

/** Who is told about received datagrams. */
export interface DatagramListener {
  /**
   * One datagram stands in the arena and may be changed in place. It is valid until `onBatchEnd` has returned.
   * `remote` is the handle of its sender, or -1 if that address is not interned.
   */
  onDatagram(socket: DatagramSocket, at: number, length: number, remote: number): void;
  /** The batch is over: everything that was made from it should be sent now. */
  onBatchEnd(): void;
}

/** What a socket has counted since it was opened. */
export interface DatagramCounters {
  /** Datagrams received, garbage included. */
  readonly received: number;
  /** Datagrams that were longer than a receive buffer and were dropped. */
  readonly truncated: number;
  /** Datagrams handed to the kernel. */
  readonly sent: number;
  /** Datagrams that were dropped because the kernel had no room. */
  readonly dropped: number;
  /** Datagrams that the kernel refused, for instance for want of a route. */
  readonly refused: number;
}

/** One UDP socket on one local address. Remote addresses are known by small numbers, the handles. */
export interface DatagramSocket {
  /** The local address in canonical text form and the port. */
  readonly local: TransportAddress;
  /** What this socket has counted. */
  readonly counters: DatagramCounters;
  /** Remote addresses that are interned now. */
  readonly interned: number;
  /** Sender of the datagram that `onDatagram` is being told about. Allocates: not for media. */
  sender(): TransportAddress;
  /**
   * Handle of a remote address from now on, or -1 if the table is full or the address is of another family.
   * Asking again gives the same handle. Outgoing datagrams to it carry `dscp` (RFC 2474) if it is not 0.
   */
  intern(remote: TransportAddress, dscp: number): number;
  /** Forgets a handle. The caller makes sure that nobody uses it any more. */
  forget(handle: number): void;
  /** Offset of `largestDatagramBytes` free bytes for the next datagram. Costs nothing if it is not used. */
  reserve(): number;
  /** Queues the `length` bytes at the offset that `reserve` gave last. Nothing else may be queued in between. */
  commit(length: number, handle: number): void;
  /** Queues a datagram to any address, for instance a STUN response. For control rates. */
  send(datagram: Uint8Array, remote: TransportAddress): void;
  /** Hands everything queued to the kernel; what it has no room for is dropped and counted. */
  flush(): void;
  /** Closes the socket; nothing is received any more. */
  close(): void;
}
