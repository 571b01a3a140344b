/**
 * A network in virtual time, and ICE agents that live in it.
 *
 * ```
 *   IceAgent ─ IcePeer ─ socket 0 ─┐                           ┌─ socket 0 ─ IcePeer ─ IceAgent
 *                        socket 1 ─┴─ Network (loss, delay, …) ─┘
 * ```
 * @module
 */
import assert from 'node:assert/strict';
import {
  hostCandidate,
  IceAgent,
  type IceState,
  type SelectedPair,
  TransportAddress,
} from '@rivero/transport';
import { hmacSha1 } from './nodeCrypto.ts';

/** What happens to datagrams on their way. */
export interface Weather {
  readonly seed?: number;
  readonly lossPercent?: number;
  readonly duplicatePercent?: number;
  /** Least one-way delay. */
  readonly delayMs?: number;
  /** Added to the delay, evenly spread; so datagrams overtake each other. */
  readonly jitterMs?: number;
  /** What each sender's line carries; no limit by default. */
  readonly bitrateBps?: number;
  /** Datagrams that would wait longer than this for their turn on the line vanish. */
  readonly queueMs?: number;
}

/** Something with a deadline. */
export interface Timed {
  nextTimeoutMs(): number | undefined;
  handleTimeout(nowMs: number): void;
}

type Receiver = (datagram: Uint8Array, from: TransportAddress) => void;

/** A number generator of its own, so that a seed tells the whole story (mulberry32). Gives 0..1. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** The address in a text like `10.0.0.1:5000` or `[::1]:5000`. */
export function at(text: string): TransportAddress {
  const [, address = '', port = ''] = /^\[?(.+?)\]?:(\d+)$/.exec(text) ?? [];
  const parsed = TransportAddress.parse(address, Number(port));
  assert.ok(parsed, text);
  return parsed;
}

/** Carries datagrams, and turns the clock. */
export class Network {
  nowMs = 1_000_000;
  /** Datagrams for which this is true vanish. */
  isBlocked: (from: TransportAddress, to: TransportAddress) => boolean = () => false;
  /** Delay on top of the weather's. */
  extraDelayMs: (from: TransportAddress, to: TransportAddress) => number = () => 0;
  /** As a NAT would: the source address that the other side sees. */
  readonly translations = new Map<string, TransportAddress>();
  readonly random: () => number;
  readonly #weather: Required<Weather>;
  readonly #receivers = new Map<string, Receiver>();
  readonly #timed: Timed[] = [];
  /** When each sender's line is free again. */
  readonly #freeMs = new Map<string, number>();
  #flying: { readonly dueMs: number; readonly deliver: () => void }[] = [];

  constructor(weather: Weather = {}) {
    const fair = { seed: 1, lossPercent: 0, duplicatePercent: 0, delayMs: 10, jitterMs: 0 };
    const wide = { bitrateBps: Number.POSITIVE_INFINITY, queueMs: 100 };
    this.#weather = { ...fair, ...wide, ...weather };
    this.random = seededRandom(this.#weather.seed);
  }

  /** Puts an address on the network. */
  attach(address: TransportAddress, receiver: Receiver): void {
    this.#receivers.set(address.key, receiver);
  }

  /** Sees to the deadlines of something. */
  schedule(timed: Timed): void {
    this.#timed.push(timed);
  }

  /** Sends one datagram. */
  send(from: TransportAddress, to: TransportAddress, datagram: Uint8Array): void {
    assert.equal(from.family, to.family);
    const { lossPercent, duplicatePercent, delayMs, jitterMs } = this.#weather;
    const copies = this.random() * 100 < duplicatePercent ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.random() * 100 < lossPercent) continue;
      const waitMs = this.#takeTurn(from, datagram.length);
      if (waitMs === undefined) continue;
      const bytes = datagram.slice();
      const dueMs = this.nowMs + waitMs + delayMs + this.random() * jitterMs + this.extraDelayMs(from, to);
      this.#flying.push({ dueMs, deliver: () => this.#deliver(from, to, bytes) });
    }
  }

  /** Lets `durationMs` pass, or less if `isOver` becomes true. */
  run(durationMs: number, isOver: () => boolean = () => false): void {
    const endMs = this.nowMs + durationMs;
    let standstill = 0;
    while (!isOver()) {
      const deadlines = this.#timed.map((timed) => timed.nextTimeoutMs() ?? Number.POSITIVE_INFINITY);
      const next = Math.min(...deadlines, ...this.#flying.map(({ dueMs }) => dueMs));
      if (next > endMs) break;
      standstill = next > this.nowMs ? 0 : standstill + 1;
      assert.ok(standstill < 1000, 'A deadline is not met by handleTimeout');
      this.nowMs = Math.max(this.nowMs, next);
      const due = this.#flying.filter(({ dueMs }) => dueMs <= this.nowMs);
      this.#flying = this.#flying.filter(({ dueMs }) => dueMs > this.nowMs);
      for (const { deliver } of due) deliver();
      for (const timed of this.#timed) {
        if ((timed.nextTimeoutMs() ?? Number.POSITIVE_INFINITY) <= this.nowMs)
          timed.handleTimeout(this.nowMs);
      }
    }
    if (!isOver()) this.nowMs = endMs;
  }

  /** How long a datagram waits until the line has carried it, or undefined if the line's queue is full. */
  #takeTurn(from: TransportAddress, length: number): number | undefined {
    const { bitrateBps, queueMs } = this.#weather;
    const waitMs = Math.max(0, (this.#freeMs.get(from.key) ?? 0) - this.nowMs);
    if (waitMs > queueMs) return undefined;
    const endMs = waitMs + (length * 8000) / bitrateBps;
    this.#freeMs.set(from.key, this.nowMs + endMs);
    return endMs;
  }

  #deliver(from: TransportAddress, to: TransportAddress, datagram: Uint8Array): void {
    if (this.isBlocked(from, to)) return;
    const source = this.translations.get(from.key) ?? from;
    const target = [...this.translations].find(([, seen]) => seen.key === to.key)?.[0];
    // Behind a NAT only the translated address works.
    if (target === undefined && this.translations.has(to.key)) return;
    this.#receivers.get(target ?? to.key)?.(datagram, source);
  }
}

/** How to make an `IcePeer`. */
export interface PeerOptions {
  readonly name: string;
  readonly controlling: boolean;
  /** Socket `i` has address `i`; the first is the best. */
  readonly addresses: readonly string[];
  readonly tieBreaker?: bigint;
}

/** An agent with its sockets, and a diary of what it says. */
export class IcePeer {
  readonly name: string;
  readonly agent: IceAgent;
  readonly password: string;
  readonly addresses: readonly TransportAddress[];
  readonly states: IceState[] = [];
  readonly events: string[] = [];
  readonly accepted = new Set<string>();
  selected: SelectedPair | undefined;
  sentCount = 0;
  readonly #network: Network;

  constructor(network: Network, options: PeerOptions) {
    this.#network = network;
    this.name = options.name;
    this.password = `${options.name}-password-of-22-letters`;
    this.addresses = options.addresses.map(at);
    this.agent = new IceAgent({
      localUfrag: options.name,
      localPassword: this.password,
      controlling: options.controlling,
      tieBreaker: options.tieBreaker ?? BigInt(Math.floor(network.random() * 2 ** 48)),
      transactionPrefix: Math.floor(network.random() * 2 ** 32),
      hmacSha1,
      randomBytes: (length) => Uint8Array.from({ length }, () => network.random() * 256),
      listener: {
        onSend: (socket, remote, datagram) => {
          this.sentCount++;
          network.send(this.addresses[socket]!, remote, datagram);
        },
        onStateChange: (state) => {
          this.states.push(state);
          this.events.push(state);
        },
        onSelectedPair: (pair) => {
          this.selected = pair;
          this.events.push('selected');
        },
        onAddressValidated: (socket, remote) => {
          assert.ok(!this.accepted.has(`${socket} ${remote.key}`), 'validated twice');
          this.accepted.add(`${socket} ${remote.key}`);
          return true;
        },
        onAddressExpired: (socket, remote) => {
          assert.ok(this.accepted.delete(`${socket} ${remote.key}`), 'expired without being validated');
        },
      },
    });
    for (const [socket, address] of this.addresses.entries()) {
      network.attach(address, (datagram, from) =>
        this.agent.handleStun(datagram, socket, from, network.nowMs),
      );
    }
    network.schedule(this.agent);
  }

  /** Adds the candidates of all sockets. */
  gather(): void {
    for (const [socket, address] of this.addresses.entries()) {
      assert.ok(this.agent.addLocalCandidate(hostCandidate(address, 65535 - socket), socket));
    }
  }

  /** Takes what the other peer's description says about credentials. */
  learnCredentials(other: IcePeer, lite = false): void {
    this.agent.setRemoteCredentials({ ufrag: other.name, password: other.password, lite });
  }

  /** Takes the other peer's candidates. */
  learnCandidates(other: IcePeer): void {
    for (const [socket, address] of other.addresses.entries()) {
      assert.ok(this.agent.addRemoteCandidate(hostCandidate(address, 65535 - socket)));
    }
  }

  /** True if the agent has a selected pair. */
  get connected(): boolean {
    return this.agent.selectedPair !== undefined;
  }

  /** Addresses of the selected pair, ours first. */
  get path(): string {
    const pair = this.agent.selectedPair;
    return pair === undefined ? 'none' : `${pair.local.address}:${pair.local.port} ${pair.remoteAddress.key}`;
  }

  /** Virtual time. */
  get nowMs(): number {
    return this.#network.nowMs;
  }
}

/** Joins two peers as a complete offer and answer would. */
export function exchange(left: IcePeer, right: IcePeer): void {
  for (const peer of [left, right]) peer.gather();
  left.learnCredentials(right);
  right.learnCredentials(left);
  left.learnCandidates(right);
  right.learnCandidates(left);
}
