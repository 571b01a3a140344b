/**
 * The router's end of all streams to media hosts: a unix socket that hosts connect to, and the transports behind it.
 * What goes over the connections is said in `operations.ts`.
 * @module
 */
import { lstat, stat, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname, isAbsolute } from 'node:path';
import type { MemoryRegions, PacketMemory } from '@rivero/rtp';
import type { Router } from '@rivero/router';
import type { Arena } from './Arena.ts';
import { receiveBufferBytes } from './DatagramSocket.ts';
import type { FrameSender } from './FrameSender.ts';
import {
  HostConnection,
  type HostConnectionListener,
  type HostStreamKind,
  type HostStreamReceiver,
  longestStreamIdBytes,
} from './HostConnection.ts';
import type { HostCounters } from './HostCounters.ts';
import { HostTransport, type HostTransportContext } from './HostTransport.ts';
import type { HostStreamEvents, ListenForHosts, OpenHostTransport } from './operations.ts';
import { addTraffic, noTraffic, type Traffic } from './Traffic.ts';

/** What it needs of the router process. */
export interface HostStreamsOwner {
  /** Where the RTP sessions live. */
  readonly router: Router;
  /** Counts what is refused and dropped. */
  readonly counters: HostCounters;
  /** Wall clock that never runs backwards, milliseconds since 1970. Read once per batch. */
  readonly nowMs: number;
  /** Bytes are about to be handled: time may have passed. */
  onActivity(): void;
  /** A batch is over: forward and send, that is also `flush` of this. */
  onBatchEnd(): void;
  /** A bug: an exception while bytes were handled. */
  onException(error: unknown): void;
  /** Something happened that control wants to know. */
  onHostEvent<K extends keyof HostStreamEvents>(name: K, event: HostStreamEvents[K]): void;
}

/** Packets from hosts that stay in place until the router is flushed. */
const placeCount = 64;
const defaultMostConnections = 1000;
const defaultGreetingDeadlineMs = 5000;
/** `sun_path` of `sockaddr_un` has 108 bytes, the last one zero. */
const longestPathBytes = 107;

/** Listens for hosts, knows the stream ids, and holds the transports. */
export class HostStreams implements HostTransportContext, HostConnectionListener {
  /** See `FrameSenderContext`. */
  readonly memory: PacketMemory;
  /** See `FrameSenderContext`. */
  readonly regions: MemoryRegions;
  readonly #owner: HostStreamsOwner;
  readonly #transports = new Map<string, HostTransport>();
  readonly #byStreamId = new Map<string, HostTransport>();
  readonly #connections = new Set<HostConnection>();
  readonly #waiting: FrameSender[] = [];
  #places = -1;
  #placed = 0;
  #server: Server | undefined;
  #mostConnections = defaultMostConnections;
  #greetingDeadlineMs = defaultGreetingDeadlineMs;
  #endedTraffic = noTraffic;

  /** Takes its memory from `arena`, when it is needed. */
  constructor(owner: HostStreamsOwner, arena: Arena) {
    this.#owner = owner;
    this.memory = arena;
    this.regions = arena;
  }

  /** Open transports. */
  get transportCount(): number {
    return this.#transports.size;
  }

  /** Open connections, those that have not greeted yet included. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** What was moved between this router and hosts since the start. */
  get traffic(): Traffic {
    let sum = this.#endedTraffic;
    for (const { session } of this.#transports.values()) sum = addTraffic(sum, session.stats(this.nowMs));
    return sum;
  }

  get router(): Router {
    return this.#owner.router;
  }

  get counters(): HostCounters {
    return this.#owner.counters;
  }

  get nowMs(): number {
    return this.#owner.nowMs;
  }

  /** Listens for hosts. @throws {Error} if it does already, the path or its folder does not do, or it cannot be bound. */
  async listen(request: ListenForHosts): Promise<void> {
    if (this.#server !== undefined) throw new Error('This router listens for hosts already');
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    this.#mostConnections = request.mostConnections ?? defaultMostConnections;
    this.#greetingDeadlineMs = request.greetingDeadlineMs ?? defaultGreetingDeadlineMs;
    if (this.#places < 0) this.#places = this.regions.allocate(placeCount * receiveBufferBytes);
    try {
      if (this.#places < 0) throw new Error('The packet memory is used up');
      await assertPrivate(request.path);
      await bind(server, request.path);
      server.on('error', (error) => this.onException(error));
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  /** Opens a transport for a host that is about to connect. @throws {Error} if an id is taken, or nobody listens. */
  open(request: OpenHostTransport): void {
    if (this.#server?.listening !== true) throw new Error('This router does not listen for hosts');
    const { rtpStreamId, rtcpStreamId } = request;
    for (const streamId of rtcpStreamId === undefined ? [rtpStreamId] : [rtpStreamId, rtcpStreamId]) {
      const bytes = Buffer.byteLength(streamId);
      if (bytes === 0 || bytes > longestStreamIdBytes)
        throw new RangeError(`A stream id should have 1 to ${longestStreamIdBytes} bytes, got ${bytes}`);
      if (this.#byStreamId.has(streamId)) throw new RangeError(`Stream '${streamId}' exists already`);
    }
    if (rtpStreamId === rtcpStreamId) throw new RangeError(`Stream '${rtpStreamId}' comes twice`);
    const transport = new HostTransport(this, request);
    this.#transports.set(transport.id, transport);
    for (const streamId of transport.streamIds.keys()) this.#byStreamId.set(streamId, transport);
  }

  /** The transport with this id. */
  transport(transportId: string): HostTransport | undefined {
    return this.#transports.get(transportId);
  }

  /** Ends a transport, its streams and its connections. */
  closeTransport(transport: HostTransport): void {
    this.#endedTraffic = addTraffic(this.#endedTraffic, transport.session.stats(this.nowMs));
    transport.close();
    this.#transports.delete(transport.id);
    for (const streamId of transport.streamIds.keys()) this.#byStreamId.delete(streamId);
  }

  /** Writes what waits for hosts. The packets from hosts may be overwritten from now on. */
  flush(): void {
    this.#placed = 0;
    if (this.#waiting.length === 0) return;
    for (const sender of this.#waiting) sender.flush();
    this.#waiting.length = 0;
  }

  /** Ends everything; the socket is removed. */
  close(): void {
    for (const transport of this.#transports.values()) this.closeTransport(transport);
    for (const connection of this.#connections) connection.close();
    this.#server?.close();
  }

  markWaiting(sender: FrameSender): void {
    this.#waiting.push(sender);
  }

  place(packet: Uint8Array): number {
    if (packet.length > receiveBufferBytes) {
      this.counters.hostFramesTooLong++;
      return -1;
    }
    if (this.#placed === placeCount) {
      this.onBatchEnd();
      this.onActivity();
      this.#placed = 0;
    }
    const at = this.#places + this.#placed++ * receiveBufferBytes;
    this.memory.bytes.set(packet, at);
    return at;
  }

  onHostEvent<K extends keyof HostStreamEvents>(name: K, event: HostStreamEvents[K]): void {
    this.#owner.onHostEvent(name, event);
  }

  onActivity(): void {
    this.#owner.onActivity();
  }

  onBatchEnd(): void {
    this.#owner.onBatchEnd();
  }

  onException(error: unknown): void {
    this.#owner.onException(error);
  }

  onGreeting(connection: HostConnection, streamId: string): [HostStreamKind, HostStreamReceiver] | undefined {
    const transport = this.#byStreamId.get(streamId);
    const kind = transport?.streamIds.get(streamId);
    if (transport === undefined || kind === undefined || !transport.isAwaited(kind)) {
      this.counters.hostGreetingsRefused++;
      return undefined;
    }
    transport.attach(kind, connection);
    return [kind, transport];
  }

  onGreetingOverdue(): void {
    this.counters.hostGreetingsOverdue++;
  }

  onClosed(connection: HostConnection): void {
    this.#connections.delete(connection);
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#mostConnections) {
      this.counters.hostConnectionsRefused++;
      socket.destroy();
      return;
    }
    this.#connections.add(new HostConnection(socket, this.#greetingDeadlineMs, this));
  }
}

/** Refuses a path that does not fit into a socket address, or whose folder others can enter. */
async function assertPrivate(path: string): Promise<void> {
  const bytes = Buffer.byteLength(path);
  if (!isAbsolute(path) || bytes > longestPathBytes)
    throw new RangeError(`The path should be absolute, of at most ${longestPathBytes} bytes, got '${path}'`);
  const folder = await stat(dirname(path));
  const isOurs = process.getuid === undefined || folder.uid === process.getuid();
  if (!isOurs || (folder.mode & 0o077) !== 0)
    throw new Error(`'${dirname(path)}' should belong to the user of this process, who alone may enter it`);
}

/** Binds the server. A socket that a killed process left behind is replaced; anything else is not. */
async function bind(server: Server, path: string): Promise<void> {
  const left = await lstat(path).catch(() => undefined);
  if (left?.isSocket() === true) await unlink(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
