/**
 * What every part of one router shares: memory, chance, counters, and the ways up.
 * @module
 */
import type { MemoryRegions, PacketMemory } from '@rivero/rtp';
import { PacketBatch } from './PacketBatch.ts';

/** Who wants to hear what happens in a router. The methods must not call back into the router. */
export interface RouterListener {
  /**
   * Packets of a producer begin to arrive, or none came for two seconds. `codec` is the canonical name of that of the
   * last packet. Called again with `flowing` true when a flowing video producer changes its codec.
   */
  onProducerFlow(producerId: string, flowing: boolean, codec: string): void;
  /** A consumer begins to send, or sent nothing for two seconds. */
  onConsumerFlow(consumerId: string, flowing: boolean): void;
  /** RTCP of the remote was seen, or it said BYE, or it has been silent for ten seconds. */
  onMediaState(sessionId: string, connected: boolean): void;
}

/** Counts of what was dropped or could not be done, since the router started. */
export interface RouterCounters {
  /** RTP packets that no producer wants: unknown SSRC, mid and payload type. */
  unknownSsrc: number;
  /** Packets of a second SSRC of a producer whose first one is still active. */
  secondSsrc: number;
  /** RTP packets of a payload type that the producer has not negotiated. */
  unknownPayloadType: number;
  /** Headers that do not fit their packet. */
  malformedRtp: number;
  /** Compounds in which nothing could be read. */
  malformedRtcp: number;
  /** Packets received twice. */
  duplicate: number;
  /** Packets whose sequence number is far from all others. */
  stray: number;
  /** Senders that started over. */
  restart: number;
  /** Packets of a codec that the viewer has not negotiated. */
  unmappedPayloadType: number;
  /** Packets older than what the viewer may still get. */
  tooLate: number;
  /** Packets that the outlet could not take. */
  outletFull: number;
  /** Packets sent again because a viewer asked. */
  resent: number;
  /** Asked for by a viewer, but not in the cache. */
  resendMissing: number;
  /** Asked for by a viewer too often or too fast. */
  resendRefused: number;
  /** Packets that were not cached because the packet memory is used up. */
  cacheFull: number;
  /** Packets given up after all NACKs, or lost in one piece too large to ask for. */
  nackHopeless: number;
}

/** All counters at zero. */
function createRouterCounters(): RouterCounters {
  return {
    unknownSsrc: 0,
    secondSsrc: 0,
    unknownPayloadType: 0,
    malformedRtp: 0,
    malformedRtcp: 0,
    duplicate: 0,
    stray: 0,
    restart: 0,
    unmappedPayloadType: 0,
    tooLate: 0,
    outletFull: 0,
    resent: 0,
    resendMissing: 0,
    resendRefused: 0,
    cacheFull: 0,
    nackHopeless: 0,
  };
}

/** Something with packets to forward at the next flush. */
export interface Flushable {
  /** Forwards what was received since the last flush; `absSendTime` is `nowMs` in 24-bit 6.18 fixed-point seconds. */
  flush(nowMs: number, absSendTime: number): void;
}

/** The shared parts of one router. */
export interface RouterContext {
  /** Where packets live. */
  readonly memory: PacketMemory;
  /** Where caches get their memory from. */
  readonly regions: MemoryRegions;
  /** Who hears of flow and media state. */
  readonly listener: RouterListener;
  /** Numbers in [0, 1), evenly distributed. Need not be cryptographic. */
  readonly random: () => number;
  /** What was dropped or could not be done. */
  readonly counters: RouterCounters;
  /** For describing a cached packet; nobody keeps anything in it. */
  readonly scratch: PacketBatch;
  /** Makes sure that the next `flush` of the router flushes `part`. Call once per flush. */
  markDirty(part: Flushable): void;
}

/** A number of `bits` (at most 32) from a random source in [0, 1). */
export function randomBits(random: () => number, bits: number): number {
  return Math.floor(random() * 2 ** bits);
}

/** The shared parts with fresh counters; the router adds how it learns of packets to forward. */
export function createRouterContext(
  memory: PacketMemory,
  regions: MemoryRegions,
  listener: RouterListener,
  random: () => number,
  markDirty: (part: Flushable) => void,
): RouterContext {
  return {
    memory,
    regions,
    listener,
    random,
    markDirty,
    counters: createRouterCounters(),
    scratch: new PacketBatch(),
  };
}
