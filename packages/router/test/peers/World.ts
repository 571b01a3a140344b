/**
 * Publishers, a router and viewers in virtual time, with a network between.
 *
 * ```text
 *  Publisher ── Network ──▶ session ─┐        ┌─ session ── Network ──▶ Viewer
 *      ▲──────── Network ── (RTCP) ◀─┤ Router ├─▶ (RTCP) ◀── Network ─────┘
 * ```
 * @module
 */
import { Router } from '../../src/Router.ts';
import type { RtpSession } from '../../src/RtpSession.ts';
import { createMemory, type TestMemory } from './memory.ts';
import { goodNetwork, Network, type NetworkConditions } from './Network.ts';
import { PlainOutlet } from './PlainOutlet.ts';
import { Publisher, type PublisherOptions } from './Publisher.ts';
import { seededRandom } from './random.ts';
import { vp8Codec } from './streams.ts';
import { Viewer } from './Viewer.ts';

interface Peer {
  readonly session: RtpSession;
  readonly toRouter: Network;
  readonly fromRouter: Network;
  readonly outlet: PlainOutlet;
  receive(bytes: Uint8Array, nowMs: number): void;
  tick(nowMs: number): void;
}

export class World {
  readonly test: TestMemory = createMemory(16);
  readonly router: Router;
  readonly events: string[] = [];
  readonly #random: () => number;
  readonly #conditions: NetworkConditions;
  readonly #peers: Peer[] = [];
  nowMs = 0;

  constructor(seed: number, conditions: NetworkConditions = goodNetwork) {
    this.#random = seededRandom(seed);
    this.#conditions = conditions;
    this.router = new Router({
      memory: this.test.memory,
      regions: this.test.regions,
      random: seededRandom(seed + 1),
      listener: {
        onProducerFlow: (id, flowing, codec) =>
          this.events.push(`${id} ${flowing ? 'in' : 'stopped'} ${codec}`),
        onConsumerFlow: (id, flowing) => this.events.push(`${id} ${flowing ? 'out' : 'stopped'}`),
        onMediaState: (id, connected) =>
          this.events.push(`${id} ${connected ? 'connected' : 'disconnected'}`),
      },
    });
  }

  /** A publisher whose producer has the id `name`. */
  publish(name: string, options: PublisherOptions): { publisher: Publisher; session: RtpSession } {
    const toRouter = this.#network();
    const publisher = new Publisher(options, (packet, nowMs) => toRouter.send(packet, nowMs));
    const session = this.#join(name, toRouter, {
      receive: (bytes, nowMs) => publisher.receiveRtcp(bytes, nowMs),
      tick: (nowMs) => publisher.tick(nowMs),
    });
    session.produce({
      producerId: name,
      kind: 'video',
      mid: 'v',
      codecs: [vp8Codec],
      ssrcs: [options.ssrc],
      extensions: {},
    });
    return { publisher, session };
  }

  /** A viewer whose consumer has the id `name`. It accepts VP8 as payload type 120. */
  watch(name: string, ssrc: number): { viewer: Viewer; session: RtpSession } {
    const toRouter = this.#network();
    const viewer = new Viewer(ssrc, (packet, nowMs) => toRouter.send(packet, nowMs));
    const session = this.#join(name, toRouter, {
      receive: (bytes, nowMs) => viewer.receive(bytes, nowMs),
      tick: (nowMs) => viewer.tick(nowMs),
    });
    session.consume(
      {
        consumerId: name,
        kind: 'video',
        mid: 'video',
        codecs: [{ ...vp8Codec, payloadType: 120 }],
        ssrc,
        cname: 'router',
        extensions: { absSendTime: 3, mid: 4 },
      },
      this.nowMs,
    );
    session.outletReady(this.nowMs);
    return { viewer, session };
  }

  link(consumerId: string, producerId: string | null): void {
    this.router.link(consumerId, producerId, this.nowMs);
  }

  run(untilMs: number): void {
    for (; this.nowMs < untilMs; this.nowMs++) this.#step();
  }

  #network(): Network {
    return new Network(this.#conditions, this.#random);
  }

  #join(id: string, toRouter: Network, behaviour: Pick<Peer, 'receive' | 'tick'>): RtpSession {
    const fromRouter = this.#network();
    const send = (packet: Uint8Array): void => fromRouter.send(packet, this.nowMs);
    const outlet = new PlainOutlet(this.test, send, send);
    const session = this.router.openSession(id, outlet);
    this.#peers.push({ ...behaviour, session, toRouter, fromRouter, outlet });
    return session;
  }

  #step(): void {
    for (const peer of this.#peers) peer.tick(this.nowMs);
    for (const { session, toRouter } of this.#peers) {
      for (const packet of toRouter.deliver(this.nowMs)) {
        const at = this.test.receive(packet);
        const type = packet[1] ?? 0;
        if (type >= 200 && type <= 206) session.receiveRtcp(at, packet.length, this.nowMs);
        else session.receiveRtp(at, packet.length, -1, this.nowMs);
      }
    }
    this.router.flush(this.nowMs);
    if (this.router.nextTimeoutMs() <= this.nowMs) this.router.handleTimeout(this.nowMs);
    for (const peer of this.#peers) {
      for (const packet of peer.fromRouter.deliver(this.nowMs)) peer.receive(packet, this.nowMs);
    }
  }
}
