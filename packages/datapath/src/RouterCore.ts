/**
 * A complete router without a process around it: sockets, transports and the routing of packets between them.
 * @module
 */
import { lookup } from 'node:dns/promises';
import type { PacketMemory } from '@rivero/rtp';
import { Router, type RouterListener, type RtpSession } from '@rivero/router';
import {
  type Candidate,
  type PacketCrypto,
  parseCandidate,
  SrtpScratch,
  type TransportAddress,
} from '@rivero/transport';
import { Arena } from './Arena.ts';
import { DeadlineQueue, type Deadline } from './DeadlineQueue.ts';
import { createHostCounters, type HostCounters } from './HostCounters.ts';
import { HostStreams, type HostStreamsOwner } from './HostStreams.ts';
import { InnerPath } from './InnerPath.ts';
import type { LocalSocket, LocalSocketContext, ReceiverDirectory } from './LocalSocket.ts';
import { announcedAddresses, type LocalAddress, localAddresses } from './localAddresses.ts';
import { allocateLowMemory } from './native/lowMemory.ts';
import { NativeCrypto } from './native/NativeCrypto.ts';
import { OpensslDtlsFactory } from './native/OpensslDtls.ts';
import { NodeCrypto } from './NodeCrypto.ts';
import type { HostStreamEvents, RouterDump, RouterOperations, RouterReady } from './operations.ts';
import type { OperationName, RouterSettings } from './routerMessages.ts';
import { RouterSockets } from './RouterSockets.ts';
import type { RouterEventListener, TransportHost } from './TransportHost.ts';
import { addTraffic, noTraffic } from './Traffic.ts';
import { WebRtcTransport } from './WebRtcTransport.ts';

/** The request of an operation. */
type Request<K extends OperationName> = RouterOperations[K]['request'];
/** The reply of an operation. */
type Reply<K extends OperationName> = RouterOperations[K]['reply'];
/** What runs each operation. */
type Operations = {
  readonly [K in OperationName]: (
    request: Request<K>,
  ) => Reply<K> extends undefined ? void | Promise<void> : Reply<K> | Promise<Reply<K>>;
};

/** Packet memory of the process; real memory is taken only for what is written. */
const arenaBytes = 1 << 29;
/** Rounds in which packets between transports of this process are handed over before the sockets have their turn. */
const innerRounds = 8;
/** Host names in candidates that are looked up at a time; further ones are refused. */
const maxLookups = 64;

/** All transports of a process, and the one clockwork that drives them. */
export class RouterCore
  implements TransportHost, LocalSocketContext, ReceiverDirectory, RouterListener, HostStreamsOwner
{
  /** See `TransportHost`. */
  readonly memory: PacketMemory;
  /** See `TransportHost`. */
  readonly srtpScratch: SrtpScratch;
  /** See `TransportHost`. */
  readonly dtls: OpensslDtlsFactory;
  /** See `TransportHost`. */
  readonly router: Router;
  /** See `TransportHost`. */
  readonly counters: HostCounters = createHostCounters();
  /** See `TransportHost`. */
  readonly events: RouterEventListener;
  readonly innerPath: InnerPath;
  readonly #arena: Arena;
  readonly #hosts: HostStreams;
  readonly #listed: boolean;
  readonly #addresses: readonly LocalAddress[];
  readonly #sockets: RouterSockets = new RouterSockets(this);
  readonly #transports = new Map<string, WebRtcTransport>();
  readonly #byUfrag = new Map<string, WebRtcTransport>();
  readonly #byNumber = new Map<number, WebRtcTransport>();
  readonly #deadlines = new DeadlineQueue();
  readonly #routerDeadline: Deadline;
  #lookups = 0;
  #endedTraffic = noTraffic;
  #nextNumber = 1;
  #nowMs = wallClockMs();
  #clockIsStale = true;
  #timer: NodeJS.Timeout | undefined;
  #armedMs = Number.POSITIVE_INFINITY;
  #closed = false;

  /**
   * Binds the sockets and makes the certificates.
   * @throws {Error} if no address can be bound.
   */
  static async start(settings: RouterSettings, events: RouterEventListener): Promise<RouterCore> {
    const core = new RouterCore(settings, events);
    const addresses = core.#addresses.map(({ address }) => address);
    await core.#sockets.open(core.#arena, addresses, settings);
    return core;
  }

  private constructor(settings: RouterSettings, events: RouterEventListener) {
    this.dtls = new OpensslDtlsFactory(settings.certificateFiles);
    this.#arena = new Arena(allocateLowMemory(arenaBytes));
    this.memory = this.#arena;
    this.events = events;
    this.#listed = settings.addresses !== undefined;
    this.#addresses = localAddresses(settings.addresses);
    this.innerPath = new InnerPath(this.#arena, this.counters);
    const crypto: PacketCrypto =
      settings.datapath === 'dgram' ? new NodeCrypto(this.#arena) : new NativeCrypto(this.#arena);
    this.srtpScratch = new SrtpScratch(crypto);
    const router = new Router({
      memory: this.#arena,
      regions: this.#arena,
      listener: this,
      random: () => Math.random(),
    });
    this.router = router;
    this.#hosts = new HostStreams(this, this.#arena);
    this.#routerDeadline = {
      nextTimeoutMs: () => {
        const dueMs = router.nextTimeoutMs();
        return dueMs === Number.POSITIVE_INFINITY ? undefined : dueMs;
      },
      handleTimeout: (nowMs) => router.handleTimeout(nowMs),
    };
  }

  /** What control is told first. */
  get ready(): RouterReady {
    const { port: udpPort, datapath, warnings } = this.#sockets.opened;
    const fingerprints = { RSA: this.dtls.fingerprint('RSA'), ECDSA: this.dtls.fingerprint('ECDSA') };
    return { udpPort, datapath, warnings, fingerprints };
  }

  /** See `TransportHost`. */
  get sockets(): readonly LocalSocket[] {
    return this.#sockets.shared;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** See `LocalSocketContext`. */
  get directory(): ReceiverDirectory {
    return this;
  }

  /**
   * Runs an operation of control.
   * @throws {Error} if it names something that does not exist, or exists already.
   */
  async perform<K extends OperationName>(operation: K, request: Request<K>): Promise<Reply<K>> {
    if (!Object.hasOwn(this.#operations, operation)) throw new Error(`Unknown operation '${operation}'`);
    this.onActivity();
    try {
      // Holds because each operation of the table gives the reply of its own name.
      return (await this.#operations[operation](request)) as Reply<K>;
    } finally {
      this.onBatchEnd();
    }
  }

  /** Says goodbye to every peer and closes the sockets. */
  close(): void {
    this.onActivity();
    for (const transport of this.#transports.values()) this.#closeTransport(transport);
    this.onBatchEnd();
    this.#hosts.close();
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#sockets.close();
  }

  isOwnAddress(address: TransportAddress): boolean {
    return this.#sockets.hasAddress(address);
  }

  openSocket(transport: WebRtcTransport, near: LocalSocket, index: number): void {
    this.#sockets.openOwn(near, index).then(
      (socket) => {
        this.onActivity();
        if (!this.#closed && transport.addSocket(socket)) this.onDeadlineChange(transport);
        else this.#sockets.closeOwn(socket);
        this.onBatchEnd();
      },
      () => this.counters.ownSocketsFailed++,
    );
  }

  closeSocket(socket: LocalSocket): void {
    this.#sockets.closeOwn(socket);
  }

  transportByUfrag(ufrag: string): WebRtcTransport | undefined {
    return this.#byUfrag.get(ufrag);
  }

  byUfrag(ufrag: string): WebRtcTransport | undefined {
    return this.#byUfrag.get(ufrag);
  }

  byTransactionPrefix(prefix: number): WebRtcTransport | undefined {
    return this.#byNumber.get(prefix);
  }

  onActivity(): void {
    if (!this.#clockIsStale) return;
    this.#clockIsStale = false;
    this.#nowMs = Math.max(this.#nowMs, wallClockMs());
  }

  onBatchEnd(): void {
    if (this.#closed) return;
    this.#forward();
    this.#sockets.flush();
    this.#hosts.flush();
    this.#deadlines.update(this.#routerDeadline);
    this.#clockIsStale = true;
    this.#armTimer();
  }

  onException(error: unknown): void {
    if (this.counters.exceptions++ === 0) console.error('A datagram met a bug:', error);
  }

  onDeadlineChange(transport: WebRtcTransport): void {
    this.#deadlines.update(transport);
  }

  onProducerFlow(producerId: string, flowing: boolean, codec: string): void {
    this.events.onEvent('producerFlowChanged', { producerId, flowing, codec });
  }

  onConsumerFlow(consumerId: string, flowing: boolean): void {
    this.events.onEvent('consumerFlowChanged', { consumerId, flowing });
  }

  onMediaState(transportId: string, connected: boolean): void {
    this.events.onEvent('mediaStateChanged', { transportId, connected });
  }

  /** See `HostStreamsOwner`. */
  onHostEvent<K extends keyof HostStreamEvents>(name: K, event: HostStreamEvents[K]): void {
    this.events.onHostEvent(name, event);
  }

  readonly #operations: Operations = {
    openTransport: (request) => this.#openTransport(request),
    gatherCandidates: ({ transportId, interfaces }) => this.#gather(transportId, interfaces),
    connectTransport: (request) => this.#transport(request.transportId).connect(request),
    addCandidate: ({ transportId, candidate }) => ({ accepted: this.#addCandidate(transportId, candidate) }),
    listenForHosts: (request) => this.#hosts.listen(request),
    openHostTransport: (request) => this.#hosts.open(request),
    setBandwidth: ({ transportId, ...limits }) =>
      (this.#hosts.transport(transportId) ?? this.#transport(transportId).session).setBandwidth(limits),
    closeTransport: ({ transportId }) => this.#close(transportId),
    produce: ({ transportId, ...parameters }) => this.#session(transportId).produce(parameters),
    consume: ({ transportId, ...parameters }) => this.#session(transportId).consume(parameters, this.#nowMs),
    link: ({ consumerId, producerId }) => this.router.link(consumerId, producerId, this.#nowMs),
    requestKeyFrame: ({ consumerId }) => this.router.requestKeyFrame(consumerId, this.#nowMs),
    stats: ({ transportId }) => this.#session(transportId).stats(this.#nowMs),
    dump: () => this.#dump(),
  };

  #openTransport(request: Request<'openTransport'>): void {
    const { transportId, iceUfrag } = request;
    if (this.#transports.has(transportId)) throw new Error(`Transport '${transportId}' exists already`);
    if (this.#byUfrag.has(iceUfrag)) throw new Error(`The ufrag '${iceUfrag}' is taken`);
    const transport = new WebRtcTransport(this, this.#nextNumber++, request);
    this.#transports.set(transportId, transport);
    this.#byUfrag.set(iceUfrag, transport);
    this.#byNumber.set(transport.number, transport);
  }

  #gather(transportId: string, interfaces: readonly string[]): { candidates: string[] } {
    const announced = announcedAddresses(this.#addresses, interfaces, this.#listed);
    const texts = new Set(announced.map(({ address }) => address));
    const sockets = this.sockets.filter(({ socket }) => texts.has(socket.local.address));
    return { candidates: this.#transport(transportId).gather(sockets) };
  }

  #addCandidate(transportId: string, text: string): boolean {
    const transport = this.#transport(transportId);
    const candidate = parseCandidate(text);
    if (candidate === undefined) return false;
    if (!candidate.address.endsWith('.local')) return transport.addCandidate(candidate);
    if (this.#lookups >= maxLookups) return false;
    void this.#addNamedCandidate(transport, candidate);
    return true;
  }

  /** A host name of mDNS, for the system's resolver. Nobody waits: it may take seconds to say that there is none. */
  async #addNamedCandidate(transport: WebRtcTransport, candidate: Candidate): Promise<void> {
    this.#lookups++;
    const found = await lookup(candidate.address).catch(() => undefined);
    this.#lookups--;
    if (found === undefined || this.#closed || this.#transports.get(transport.id) !== transport) return;
    this.onActivity();
    transport.addCandidate({ ...candidate, address: found.address });
    this.onBatchEnd();
  }

  #close(transportId: string): void {
    const host = this.#hosts.transport(transportId);
    if (host !== undefined) this.#hosts.closeTransport(host);
    else this.#closeTransport(this.#transport(transportId));
  }

  #closeTransport(transport: WebRtcTransport): void {
    this.#endedTraffic = addTraffic(this.#endedTraffic, transport.session.stats(this.#nowMs));
    transport.close();
    this.#deadlines.remove(transport);
    this.#transports.delete(transport.id);
    this.#byUfrag.delete(transport.ufrag);
    this.#byNumber.delete(transport.number);
  }

  /** The streams of a transport of either kind. */
  #session(transportId: string): RtpSession {
    return (this.#hosts.transport(transportId) ?? this.#transport(transportId)).session;
  }

  #transport(transportId: string): WebRtcTransport {
    const transport = this.#transports.get(transportId);
    if (transport === undefined) throw new Error(`There is no transport '${transportId}'`);
    return transport;
  }

  /** Packets to other transports of this process may make more packets. */
  #forward(): void {
    for (let round = 0; round < innerRounds; round++) {
      this.router.flush(this.#nowMs);
      if (this.innerPath.count === 0) return;
      this.innerPath.deliver((number, at, length) => this.#byNumber.get(number)?.receiveInner(at, length));
    }
    this.router.flush(this.#nowMs);
    if (this.innerPath.count > 0) setImmediate(() => this.#runTimers());
  }

  /** One timer for everything. One that is armed too early only looks again, which is cheaper than re-arming. */
  #armTimer(): void {
    const dueMs = this.#deadlines.nextMs;
    if (dueMs === undefined || dueMs >= this.#armedMs || this.#closed) return;
    clearTimeout(this.#timer);
    this.#armedMs = dueMs;
    this.#timer = setTimeout(() => this.#runTimers(), Math.max(0, Math.ceil(dueMs - wallClockMs())));
  }

  #runTimers(): void {
    this.#armedMs = Number.POSITIVE_INFINITY;
    this.onActivity();
    this.#deadlines.run(this.#nowMs);
    this.onBatchEnd();
  }

  #dump(): RouterDump {
    const { sessions: transports, producers, consumers, counters } = this.router.dump();
    const { received, truncated, sent, dropped, refused } = this.#sockets.counters;
    return {
      transports,
      hostTransports: this.#hosts.transportCount,
      hostConnections: this.#hosts.connectionCount,
      producers,
      consumers,
      memoryBytes: this.#arena.regionBytes,
      traffic: [...this.#transports.values()].reduce(
        (sum, { session }) => addTraffic(sum, session.stats(this.#nowMs)),
        this.#endedTraffic,
      ),
      hostTraffic: this.#hosts.traffic,
      counters: {
        ...counters,
        ...this.counters,
        datagramsReceived: received,
        datagramsTruncated: truncated,
        datagramsSent: sent,
        datagramsDropped: dropped,
        datagramsRefused: refused,
        internedAddresses: this.#sockets.interned,
        ownSockets: this.#sockets.ownCount,
      },
    };
  }
}

/** Milliseconds since 1970, by a clock that never runs backwards. */
function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}
