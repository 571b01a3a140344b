/**
 * What one client may ask for before it is refused, and what it may hold back before it is let go.
 * @module
 */

/** What one client may ask for. Everything that a stranger can make grow has its bound here. */
export interface Limits {
  /** Largest message, bytes; a larger one closes the connection with 1009. */
  readonly messageBytes: number;
  /** Levels of arrays and objects in a message; a deeper one is answered -32600. */
  readonly depth: number;
  /** Bytes that may wait for a client that reads slowly; more close the connection with 1008. */
  readonly bufferedBytes: number;
  /** Requests of a connection in work at which it is not read any more, until half of them are answered. */
  readonly requestsInWork: number;
  /** Requests per second of one connection, on average; more close it with 1008. 0 for any. */
  readonly requestsPerSecond: number;
  /** Requests that may come at once before `requestsPerSecond` counts. */
  readonly requestBurst: number;
  /** Sessions that one connection may keep alive; a further one is refused with 40009. */
  readonly sessionsPerConnection: number;
  /** Subscriptions of one session; a further one is refused with 40009. */
  readonly subscriptionsPerSession: number;
  /** Operations of one transaction; a longer one is refused with 40008. */
  readonly operationsPerTransaction: number;
}

/** Limits that no reasonable client meets: a thousand times what the official ones need. */
export const defaultLimits: Limits = {
  // An SDP has some 10 KiB, a large transaction some 100 KiB.
  messageBytes: 16 * 1024 * 1024,
  depth: 64,
  bufferedBytes: 16 * 1024 * 1024,
  requestsInWork: 1024,
  requestsPerSecond: 0,
  requestBurst: 1000,
  sessionsPerConnection: 1000,
  subscriptionsPerSession: 10_000,
  operationsPerTransaction: 1000,
};
