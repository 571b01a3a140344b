/**
 * UDP sockets of the Linux datapath: many datagrams per system call, straight from and to the arena.
 * @module
 */
import type { TransportAddress } from '@rivero/transport';
import { type Arena, ArenaLease } from '../Arena.ts';
import {
  type DatagramCounters,
  type DatagramListener,
  type DatagramSocket,
  defaultRemoteCapacity,
  largestDatagramBytes,
  receiveBatchSize,
  socketBufferBytes,
} from '../DatagramSocket.ts';
import { errnoName, lastErrno } from './errno.ts';
import { type Libc, libc, type Readiness, Socket, watchReadable } from './libc.ts';
import { addressOf } from './library.ts';
import { ReceiveBatch } from './ReceiveBatch.ts';
import { RemoteAddressTable, SocketAddressFormat } from './RemoteAddressTable.ts';
import { type Segmentation, SendQueue } from './SendQueue.ts';

/** Batches taken in one go before the event loop may look after timers and control. */
const batchesPerWakeUp = 8;

/** What the batch sockets of one process share. */
export class BatchSocketContext {
  /** Where packets and kernel structures live. */
  readonly arena: Arena;
  /** The system calls. */
  readonly libc: Libc;
  /** Received datagrams of the batch at hand. */
  readonly batch: ReceiveBatch;
  /** Whether the kernel cuts messages up. */
  readonly segmentation: Segmentation = { enabled: true };
  readonly #scratch: number;
  readonly #base: number;

  /** @throws {Error} where batch system calls do not exist. */
  constructor(arena: Arena) {
    this.arena = arena;
    this.libc = libc();
    this.batch = new ReceiveBatch(arena, this.libc);
    this.#scratch = arena.reserve(64);
    this.#base = addressOf(arena.bytes);
  }

  /** Offset of 64 bytes for the arguments of one system call. */
  get scratch(): number {
    return this.#scratch;
  }

  /** Native address of `scratch`. */
  get scratchAddress(): number {
    return this.#base + this.#scratch;
  }
}

/** A UDP socket with batches in both directions. */
export class BatchSocket implements DatagramSocket {
  readonly local: TransportAddress;
  /** Bytes that the kernel granted for receiving and sending, or undefined if it granted what we asked for. */
  readonly cappedBufferBytes: number | undefined;
  readonly #context: BatchSocketContext;
  readonly #lease: ArenaLease;
  readonly #descriptor: number;
  readonly #listener: DatagramListener;
  readonly #format: SocketAddressFormat;
  readonly #remotes: RemoteAddressTable;
  readonly #trafficClasses: Uint8Array;
  readonly #queue: SendQueue;
  readonly #readiness: Readiness;
  #current = 0;
  #received = 0;
  #truncated = 0;
  #closed = false;

  /**
   * Binds to `local`; port 0 takes any free one. `remoteCapacity` bounds the interned addresses.
   * @throws {Error} with `code`, for instance `EADDRINUSE`.
   */
  constructor(
    context: BatchSocketContext,
    local: TransportAddress,
    listener: DatagramListener,
    remoteCapacity: number = defaultRemoteCapacity,
  ) {
    const arena = new ArenaLease(context.arena);
    const { family } = local;
    this.#context = context;
    this.#lease = arena;
    this.#listener = listener;
    this.#format = new SocketAddressFormat(arena, family);
    this.#descriptor = openSocket(context, family);
    this.local = this.#bind(local);
    this.cappedBufferBytes = enlargeBuffers(context, this.#descriptor);
    this.#trafficClasses = new Uint8Array(remoteCapacity);
    const { libc: c, segmentation } = context;
    try {
      this.#remotes = new RemoteAddressTable(arena, family, remoteCapacity);
      this.#queue = new SendQueue(arena, c, this.#descriptor, family, this.#format, segmentation);
      this.#readiness = watchReadable(this.#descriptor, () => this.#receive());
    } catch (error) {
      arena.release();
      c.close(this.#descriptor);
      throw error;
    }
  }

  get counters(): DatagramCounters {
    return { received: this.#received, truncated: this.#truncated, ...this.#queue.counters };
  }

  get interned(): number {
    return this.#remotes.size;
  }

  sender(): TransportAddress {
    return this.#format.read(this.#context.batch.senderOffset(this.#current));
  }

  intern(remote: TransportAddress, dscp: number): number {
    const handle = this.#remotes.intern(remote);
    // The DSCP is the upper six bits of the traffic class (RFC 2474 section 3).
    if (handle >= 0) this.#trafficClasses[handle] = dscp << 2;
    return handle;
  }

  forget(handle: number): void {
    this.flush();
    this.#remotes.forget(handle);
  }

  reserve(): number {
    return this.#queue.reserve();
  }

  commit(length: number, handle: number): void {
    if (!(length > 0 && length <= largestDatagramBytes)) {
      throw new RangeError(`'length' should be between 1 and ${largestDatagramBytes}, got ${length}`);
    }
    this.#queue.append(length, this.#remotes.offset(handle), this.#trafficClasses[handle] ?? 0);
  }

  send(datagram: Uint8Array, remote: TransportAddress): void {
    if (this.#closed || datagram.length === 0 || datagram.length > largestDatagramBytes) return;
    const at = this.#queue.reserve();
    const name = this.#queue.temporaryName;
    if (!this.#format.write(name, remote)) return;
    this.#context.arena.bytes.set(datagram, at);
    this.#queue.append(datagram.length, name, 0);
  }

  flush(): void {
    if (!this.#closed) this.#queue.flush();
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#readiness.close();
    this.#context.libc.close(this.#descriptor);
    this.#lease.release();
  }

  #receive(): void {
    for (let round = 0; round < batchesPerWakeUp && !this.#closed; round++) {
      if (this.#receiveBatch() < receiveBatchSize) return;
    }
  }

  #receiveBatch(): number {
    const { batch } = this.#context;
    const count = batch.receive(this.#descriptor);
    for (let i = 0; i < count && !this.#closed; i++) {
      const length = batch.length(i);
      this.#current = i;
      if (length < 0) this.#truncated++;
      else {
        const remote = this.#remotes.lookup(batch.senderOffset(i));
        this.#listener.onDatagram(this, batch.offset(i), length, remote);
      }
    }
    this.#received += count;
    if (count > 0) this.#listener.onBatchEnd();
    return count;
  }

  #bind(local: TransportAddress): TransportAddress {
    const { arena, libc: c, scratch, scratchAddress } = this.#context;
    this.#format.write(scratch, local);
    if (c.bind(this.#descriptor, scratchAddress, this.#format.sizeBytes) !== 0) {
      const error = systemError(`bind ${local.address} port ${local.port}`);
      c.close(this.#descriptor);
      throw error;
    }
    arena.view.setUint32(scratch + 32, 32, true);
    c.getsockname(this.#descriptor, scratchAddress, scratchAddress + 32);
    return this.#format.read(scratch);
  }
}

function openSocket(context: BatchSocketContext, family: 4 | 6): number {
  const domain = family === 4 ? Socket.AF_INET : Socket.AF_INET6;
  const type = Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK;
  const descriptor = context.libc.socket(domain, type, 0);
  if (descriptor < 0) throw systemError('socket');
  if (family === 6) setOption(context, descriptor, Socket.IPPROTO_IPV6, Socket.IPV6_V6ONLY, 1);
  return descriptor;
}

/** Asks for large kernel buffers; returns what was granted if it is less. */
function enlargeBuffers(context: BatchSocketContext, descriptor: number): number | undefined {
  let granted = Number.POSITIVE_INFINITY;
  for (const [force, option] of [
    [Socket.SO_RCVBUFFORCE, Socket.SO_RCVBUF],
    [Socket.SO_SNDBUFFORCE, Socket.SO_SNDBUF],
  ] as const) {
    // The first needs CAP_NET_ADMIN and knows no limit; the second is capped by net.core.*mem_max.
    if (!setOption(context, descriptor, Socket.SOL_SOCKET, force, socketBufferBytes)) {
      setOption(context, descriptor, Socket.SOL_SOCKET, option, socketBufferBytes);
    }
    // The kernel reports twice what it grants, for its own bookkeeping.
    granted = Math.min(granted, getOption(context, descriptor, Socket.SOL_SOCKET, option) / 2);
  }
  return granted < socketBufferBytes ? granted : undefined;
}

function setOption(
  context: BatchSocketContext,
  descriptor: number,
  level: number,
  option: number,
  value: number,
): boolean {
  context.arena.view.setInt32(context.scratch, value, true);
  return context.libc.setsockopt(descriptor, level, option, context.scratchAddress, 4) === 0;
}

function getOption(context: BatchSocketContext, descriptor: number, level: number, option: number): number {
  const { arena, scratch, scratchAddress } = context;
  arena.view.setInt32(scratch, 0, true);
  arena.view.setInt32(scratch + 8, 4, true);
  context.libc.getsockopt(descriptor, level, option, scratchAddress, scratchAddress + 8);
  return arena.view.getInt32(scratch, true);
}

function systemError(what: string): Error & { code: string } {
  const code = errnoName(lastErrno());
  return Object.assign(new Error(`Cannot ${what}: ${code}`), { code });
}
