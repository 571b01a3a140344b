/**
 * UDP sockets by `node:dgram`: the portable fallback. Every datagram is copied and allocated for; for development.
 *
 * Deviation: the traffic class (DSCP) of outgoing datagrams cannot be set and is ignored.
 * @module
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { TransportAddress } from '@rivero/transport';
import { type Arena, ArenaLease } from './Arena.ts';
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

/** Buffers that the fallback sockets of one process share: each socket fills and empties them within one batch. */
export class DgramSocketContext {
  /** Where packets live. */
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
  readonly #arena: ArenaLease;
  readonly #listener: DatagramListener;
  readonly #buffers: number;
  readonly #sendBuffer: number;
  readonly #handles = new Map<string, number>();
  readonly #remotes: (TransportAddress | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #remoteCapacity: number;
  readonly #counters = { received: 0, truncated: 0, sent: 0, dropped: 0, refused: 0 };
  #sender: TransportAddress;
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
    const isIpv6 = local.family === 6;
    const socket = createSocket({ type: isIpv6 ? 'udp6' : 'udp4', ipv6Only: isIpv6 });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind(local.port, local.address, resolve);
    });
    socket.removeAllListeners('error');
    return new DgramSocket(context, socket, local, listener, remoteCapacity);
  }

  private constructor(
    context: DgramSocketContext,
    socket: Socket,
    local: TransportAddress,
    listener: DatagramListener,
    remoteCapacity: number,
  ) {
    this.local = TransportAddress.fromBytes(local.bytes, socket.address().port);
    this.#sender = this.local;
    this.#socket = socket;
    this.#arena = new ArenaLease(context.arena);
    this.#listener = listener;
    this.#remoteCapacity = remoteCapacity;
    this.#buffers = this.#arena.reserve(receiveBatchSize * receiveBufferBytes);
    this.#sendBuffer = this.#arena.reserve(largestDatagramBytes);
    socket.on('message', (datagram, remote) => this.#receive(datagram, remote));
    // Errors of single datagrams come to the callback of `send`; what is left must not end the process.
    socket.on('error', () => this.#counters.refused++);
    socket.setRecvBufferSize(socketBufferBytes);
    socket.setSendBufferSize(socketBufferBytes);
  }

  get counters(): DatagramCounters {
    return { ...this.#counters };
  }

  get interned(): number {
    return this.#handles.size;
  }

  sender(): TransportAddress {
    return this.#sender;
  }

  intern(remote: TransportAddress, _dscp: number): number {
    if (remote.family !== this.local.family) return -1;
    const { key } = remote;
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    if (this.#handles.size >= this.#remoteCapacity) return -1;
    const handle = this.#free.pop() ?? this.#remotes.length;
    this.#handles.set(key, handle);
    this.#remotes[handle] = remote;
    return handle;
  }

  forget(handle: number): void {
    const remote = this.#remotes[handle];
    if (remote === undefined) return;
    this.#handles.delete(remote.key);
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
    if (remote.family !== this.local.family) return;
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
    this.#arena.release();
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
    const sender = TransportAddress.parse(remote.address, remote.port);
    if (sender === undefined) return; // A link-local address with its zone: nothing that we ever announce.
    const at = this.#buffers + this.#batched++ * receiveBufferBytes;
    this.#arena.bytes.set(datagram, at);
    this.#sender = sender;
    const handle = this.#handles.get(sender.key) ?? -1;
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
