/**
 * The sockets of a router process: those that its transports share, and the few that one of them has for itself.
 *
 * DTLS and media are told apart by the pair of socket and remote address. Where two routers with one port each are
 * joined more than once, or a peer uses one address for two transports, the shared socket is taken; a transport then
 * gets one of its own, on an ephemeral port of the same local address.
 * @module
 */
import { hostCandidate, TransportAddress } from '@rivero/transport';
import type { Arena } from './Arena.ts';
import type { DatagramCounters } from './DatagramSocket.ts';
import { LocalSocket, type LocalSocketContext } from './LocalSocket.ts';
import { type OpenSockets, openSockets } from './openSockets.ts';
import type { RouterSettings } from './routerMessages.ts';

/** Remote addresses that a transport's own socket keeps interned: more than an ICE agent has remote candidates. */
const ownRemoteCapacity = 128;

/** Opens, flushes, counts and closes sockets. */
export class RouterSockets {
  /** Shared by all transports, by the numbers that ICE agents know them by. */
  readonly shared: LocalSocket[] = [];
  readonly #context: LocalSocketContext;
  readonly #own = new Set<LocalSocket>();
  readonly #addresses = new Set<string>();
  #opened: OpenSockets<LocalSocket> | undefined;
  #ended: DatagramCounters = noDatagrams;

  /** None at first. */
  constructor(context: LocalSocketContext) {
    this.#context = context;
  }

  /** The shared sockets as they were opened. */
  get opened(): OpenSockets<LocalSocket> {
    if (this.#opened === undefined) throw new Error('Sockets are not open');
    return this.#opened;
  }

  /** Sockets that a transport has for itself. */
  get ownCount(): number {
    return this.#own.size;
  }

  /** Remote addresses interned in all sockets. */
  get interned(): number {
    return this.#all().reduce((sum, { socket }) => sum + socket.interned, 0);
  }

  /** What all sockets have counted, closed ones included. */
  get counters(): DatagramCounters {
    return this.#all().reduce((sum, { socket }) => addDatagrams(sum, socket.counters), this.#ended);
  }

  /**
   * Opens the shared sockets.
   * @throws {Error} if no address can be bound.
   */
  async open(arena: Arena, addresses: readonly string[], settings: RouterSettings): Promise<void> {
    const { udpPort, datapath = 'auto' } = settings;
    const createListener = (): LocalSocket => new LocalSocket(this.#context);
    this.#opened = await openSockets(arena, addresses, udpPort, datapath, createListener);
    this.#opened.bound.forEach(({ socket, listener }, index) => {
      const { local } = socket;
      // RFC 8421 section 4: IPv6 first; among equals the order of the system.
      const preference = (local.family === 6 ? 0xffff : 0x7fff) - index;
      listener.attach(socket, hostCandidate(local, preference), index);
      this.shared.push(listener);
      this.#addresses.add(local.key);
    });
  }

  /**
   * Opens a socket for one transport, on the local address of another one. Its ICE agent will know it by `index`.
   * @throws {Error} if it cannot be opened.
   */
  async openOwn({ socket: { local } }: LocalSocket, index: number): Promise<LocalSocket> {
    const own = new LocalSocket(this.#context);
    const any = TransportAddress.fromBytes(local.bytes, 0);
    const socket = await this.opened.open(any, own, ownRemoteCapacity);
    // Below all shared ones of its family.
    own.attach(socket, hostCandidate(socket.local, local.family === 6 ? 0xbfff : 0x3fff), index);
    this.#own.add(own);
    this.#addresses.add(socket.local.key);
    return own;
  }

  /** Closes what `openOwn` gave. */
  closeOwn(own: LocalSocket): void {
    if (!this.#own.delete(own)) return;
    const { socket } = own;
    this.#addresses.delete(socket.local.key);
    socket.close();
    this.#ended = addDatagrams(this.#ended, socket.counters);
  }

  /** Whether an address is one of these sockets. */
  hasAddress({ key }: TransportAddress): boolean {
    return this.#addresses.has(key);
  }

  /** Hands everything queued to the kernel. */
  flush(): void {
    for (const { socket } of this.shared) socket.flush();
    for (const { socket } of this.#own) socket.flush();
  }

  /** Closes all sockets. */
  close(): void {
    for (const { socket } of this.#all()) socket.close();
  }

  #all(): LocalSocket[] {
    return [...this.shared, ...this.#own];
  }
}

const noDatagrams: DatagramCounters = { received: 0, truncated: 0, sent: 0, dropped: 0, refused: 0 };

function addDatagrams(a: DatagramCounters, b: DatagramCounters): DatagramCounters {
  return {
    received: a.received + b.received,
    truncated: a.truncated + b.truncated,
    sent: a.sent + b.sent,
    dropped: a.dropped + b.dropped,
    refused: a.refused + b.refused,
  };
}
