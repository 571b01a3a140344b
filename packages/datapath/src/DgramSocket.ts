/**
 * UDP sockets by `node:dgram`: the portable fallback. Every datagram is copied and allocated for; for development.
 *
 * Deviation: the traffic class (DSCP) of outgoing datagrams cannot be set and is ignored.
 * @module
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { TransportAddress } from '@rivero/transport';
import type { Arena } from './Arena.ts';
import {
  type DatagramCounters,
  type DatagramListener,
  type DatagramSocket,
  defaultRemoteCapacity,
  largestDatagramBytes,
  receiveBatchSize,
  receiveBufferBytes,
  socketBufferBytes,
} from './DatagramSocket.ts';
import { addressFamily, formatAddress, parseAddress } from './ipAddress.ts';

/** Buffers that the fallback sockets of one process share: each socket fills and empties them within one batch. */
export class DgramSocketContext {
  readonly arena: Arena;

  /** Packets of all sockets live in `arena`. */
  constructor(arena: Arena) {
    this.arena = arena;
  }
}

/** A UDP socket by `node:dgram`. */
export class DgramSocket implements DatagramSocket {
  readonly local: TransportAddress;
  readonly #socket: Socket;
  readonly #arena: Arena;
  readonly #listener: DatagramListener;
  readonly #buffers: number;
  readonly #sendBuffer: number;
  readonly #handles = new Map<string, number>();
  readonly #remotes: (TransportAddress | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #remoteCapacity: number;
  readonly #counters = { received: 0, truncated: 0, sent: 0, dropped: 0, refused: 0 };
  #sender: TransportAddress = { address: '', port: 0 };
  #batched = 0;
  #batchEnd: NodeJS.Immediate | undefined;
  #closed = false;

  /**
   * Binds to `local`; port 0 takes any free one. `remoteCapacity` bounds the interned addresses.
   * @throws {Error} with `code`, for instance `EADDRINUSE`.
   */
  static async open(
    context: DgramSocketContext,
    local: TransportAddress,
    listener: DatagramListener,
    remoteCapacity: number = defaultRemoteCapacity,
  ): Promise<DgramSocket> {
    const isIpv6 = addressFamily(local.address) === 'IPv6';
    const socket = createSocket({ type: isIpv6 ? 'udp6' : 'udp4', ipv6Only: isIpv6 });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind(local.port, local.address, resolve);
    });
    socket.removeAllListeners('error');
    return new DgramSocket(context, socket, listener, remoteCapacity);
  }

  private constructor(
    context: DgramSocketContext,
    socket: Socket,
    listener: DatagramListener,
    remoteCapacity: number,
  ) {
    const { address, port } = socket.address();
    this.local = { address: canonical(address), port };
    this.#socket = socket;
    this.#arena = context.arena;
    this.#listener = listener;
    this.#remoteCapacity = remoteCapacity;
    this.#buffers = context.arena.reserve(receiveBatchSize * receiveBufferBytes);
    this.#sendBuffer = context.arena.reserve(largestDatagramBytes);
    socket.on('message', (datagram, remote) => this.#receive(datagram, remote));
    // Errors of single datagrams come to the callback of `send`; what is left must not end the process.
    socket.on('error', () => this.#counters.refused++);
    socket.setRecvBufferSize(socketBufferBytes);
    socket.setSendBufferSize(socketBufferBytes);
  }

  get counters(): DatagramCounters {
    return { ...this.#counters };
  }

  sender(): TransportAddress {
    return this.#sender;
  }

  intern(remote: TransportAddress, _dscp: number): number {
    if (addressFamily(remote.address) !== addressFamily(this.local.address)) return -1;
    const key = keyOf(canonical(remote.address), remote.port);
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    if (this.#handles.size >= this.#remoteCapacity) return -1;
    const handle = this.#free.pop() ?? this.#remotes.length;
    this.#handles.set(key, handle);
    this.#remotes[handle] = { address: canonical(remote.address), port: remote.port };
    return handle;
  }

  forget(handle: number): void {
    const remote = this.#remotes[handle];
    if (remote === undefined) return;
    this.#handles.delete(keyOf(remote.address, remote.port));
    this.#remotes[handle] = undefined;
    this.#free.push(handle);
  }

  reserve(): number {
    return this.#sendBuffer;
  }

  commit(length: number, handle: number): void {
    const remote = this.#remotes[handle];
    if (remote === undefined) return;
    this.#send(this.#arena.bytes.slice(this.#sendBuffer, this.#sendBuffer + length), remote);
  }

  send(datagram: Uint8Array, remote: TransportAddress): void {
    if (datagram.length === 0 || datagram.length > largestDatagramBytes) return;
    if (addressFamily(remote.address) !== addressFamily(this.local.address)) return;
    this.#send(datagram.slice(), remote);
  }

  flush(): void {
    // Datagrams left at once.
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#batchEnd !== undefined) clearImmediate(this.#batchEnd);
    this.#socket.close();
  }

  #send(datagram: Uint8Array, remote: TransportAddress): void {
    if (this.#closed) return;
    if (this.#socket.getSendQueueSize() > socketBufferBytes) {
      this.#counters.dropped++;
      return;
    }
    this.#socket.send(datagram, remote.port, remote.address, (error) => {
      if (error === null) this.#counters.sent++;
      else this.#counters.refused++;
    });
  }

  #receive(datagram: Uint8Array, remote: RemoteInfo): void {
    if (this.#closed) return;
    this.#counters.received++;
    if (datagram.length > receiveBufferBytes) {
      this.#counters.truncated++;
      return;
    }
    if (datagram.length === 0) return;
    const at = this.#buffers + this.#batched++ * receiveBufferBytes;
    this.#arena.bytes.set(datagram, at);
    const address = canonical(remote.address);
    this.#sender = { address, port: remote.port };
    const handle = this.#handles.get(keyOf(address, remote.port)) ?? -1;
    this.#listener.onDatagram(this, at, datagram.length, handle);
    if (this.#batched === receiveBatchSize) this.#endBatch();
    else this.#batchEnd ??= setImmediate(() => this.#endBatch());
  }

  #endBatch(): void {
    if (this.#batchEnd !== undefined) clearImmediate(this.#batchEnd);
    this.#batchEnd = undefined;
    this.#batched = 0;
    if (!this.#closed) this.#listener.onBatchEnd();
  }
}

function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}

function canonical(address: string): string {
  const bytes = parseAddress(address);
  return bytes === undefined ? address : formatAddress(bytes);
}
