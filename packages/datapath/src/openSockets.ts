/**
 * Opens one socket per local address, all on one port number.
 * @module
 */
import { TransportAddress } from '@rivero/transport';
import type { Arena } from './Arena.ts';
import type { DatagramListener, DatagramSocket } from './DatagramSocket.ts';
import { socketBufferBytes } from './DatagramSocket.ts';
import { DgramSocket, DgramSocketContext } from './DgramSocket.ts';
import { BatchSocket, BatchSocketContext } from './native/BatchSocket.ts';

/** What carries the packets. */
export type DatapathKind = 'batch' | 'dgram';

/** Opens one socket, for at most `remoteCapacity` interned addresses. */
type OpenSocket = (
  local: TransportAddress,
  listener: DatagramListener,
  remoteCapacity?: number,
) => DatagramSocket | Promise<DatagramSocket>;

/** A socket with its listener. */
interface BoundSocket<L extends DatagramListener> {
  /** The socket. */
  readonly socket: DatagramSocket;
  /** Who hears of its datagrams. */
  readonly listener: L;
}

/** Open sockets, and what the operator should know about them. */
export interface OpenSockets<L extends DatagramListener> {
  /** What carries the packets. */
  readonly datapath: DatapathKind;
  /** The port of all of them. */
  readonly port: number;
  /** At least one, in the order of the addresses. */
  readonly bound: readonly BoundSocket<L>[];
  /** Sentences for the operator. */
  readonly warnings: readonly string[];
  /**
   * Opens a further socket of the same kind; port 0 takes any free one.
   * @throws {Error} if it cannot be opened.
   */
  readonly open: OpenSocket;
}

/** How often a free port is looked for that is free on every address. */
const portAttempts = 20;

/**
 * Sockets on every one of `addresses`, on `port`, or on any port that is free on all of them if it is 0.
 * An address that cannot be bound is left out with a warning, as long as one is left. `auto` prefers batches.
 * Each socket gets a listener of its own.
 * @throws {Error} if no address can be bound.
 */
export async function openSockets<L extends DatagramListener>(
  arena: Arena,
  addresses: readonly string[],
  port: number,
  kind: DatapathKind | 'auto',
  createListener: () => L,
): Promise<OpenSockets<L>> {
  const { datapath, open, warnings } = chooseDatapath(arena, kind);
  for (let attempt = 1; ; attempt++) {
    const { bound, failures } = await openAll(addresses, port, open, createListener);
    const [first] = bound;
    const taken = failures.some(({ error }) => 'code' in error && error.code === 'EADDRINUSE');
    if (first === undefined || (taken && (port !== 0 || attempt === portAttempts))) {
      for (const { socket } of bound) socket.close();
      throw failures[0]?.error ?? new Error('No local address to bind to');
    }
    if (!taken) {
      const unbound = failures.map(({ address, error }) => `${address} is left out: ${error.message}`);
      const capped = cappedBuffers(bound.map(({ socket }) => socket));
      return {
        datapath,
        port: first.socket.local.port,
        bound,
        warnings: [...warnings, ...unbound, ...capped],
        open,
      };
    }
    for (const { socket } of bound) socket.close();
  }
}

function chooseDatapath(
  arena: Arena,
  kind: DatapathKind | 'auto',
): { datapath: DatapathKind; open: OpenSocket; warnings: readonly string[] } {
  const warnings: string[] = [];
  if (kind !== 'dgram') {
    try {
      const context = new BatchSocketContext(arena);
      const open: OpenSocket = (local, listener, capacity) =>
        new BatchSocket(context, local, listener, capacity);
      return { datapath: 'batch', open, warnings };
    } catch (error) {
      if (kind === 'batch') throw error;
      const reason = error instanceof Error ? error.message : String(error);
      warnings.push(`Packets go through node:dgram, which costs more: ${reason}`);
    }
  }
  const context = new DgramSocketContext(arena);
  const open: OpenSocket = (local, listener, capacity) =>
    DgramSocket.open(context, local, listener, capacity);
  return { datapath: 'dgram', open, warnings };
}

async function openAll<L extends DatagramListener>(
  addresses: readonly string[],
  wanted: number,
  open: OpenSocket,
  createListener: () => L,
): Promise<{ bound: BoundSocket<L>[]; failures: { address: string; error: Error }[] }> {
  const bound: BoundSocket<L>[] = [];
  const failures: { address: string; error: Error }[] = [];
  for (const address of addresses) {
    const port = bound[0]?.socket.local.port ?? wanted;
    const listener = createListener();
    try {
      const local = TransportAddress.parse(address, port);
      if (local === undefined) throw new TypeError(`'${address}' port ${port} is not a transport address`);
      // One after the other: the first decides the port.
      bound.push({ socket: await open(local, listener), listener }); // oxlint-disable-line no-await-in-loop
    } catch (error) {
      failures.push({ address, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return { bound, failures };
}

function cappedBuffers(sockets: readonly DatagramSocket[]): string[] {
  const granted = sockets.flatMap((socket) => {
    const capped = socket instanceof BatchSocket ? socket.cappedBufferBytes : undefined;
    return capped === undefined ? [] : [capped];
  });
  if (granted.length === 0) return [];
  return [
    `The kernel caps socket buffers at ${Math.min(...granted)} bytes; set net.core.rmem_max and ` +
      `net.core.wmem_max to ${socketBufferBytes} or packets will be lost under load`,
  ];
}
