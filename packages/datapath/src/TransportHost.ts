/**
 * What the transports of one router process share.
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import type { Router } from '@rivero/router';
import type { DtlsEngineFactory, SrtpScratch, TransportAddress } from '@rivero/transport';
import type { HostCounters } from './HostCounters.ts';
import type { LocalSocket } from './LocalSocket.ts';
import type { HostStreamEvents, RouterEvents } from './operations.ts';
import type { PacketSender } from './SrtpOutlet.ts';
import type { WebRtcTransport } from './WebRtcTransport.ts';

/** Who hears of events. */
export interface RouterEventListener {
  /** Something happened that control wants to know. */
  onEvent<K extends keyof RouterEvents>(name: K, event: RouterEvents[K]): void;
  /** Something happened to a transport to a media host. */
  onHostEvent<K extends keyof HostStreamEvents>(name: K, event: HostStreamEvents[K]): void;
}

/** The surroundings of a transport. */
export interface TransportHost {
  /** Where packets live. */
  readonly memory: PacketMemory;
  /** Working memory and ciphers of the SRTP sessions. */
  readonly srtpScratch: SrtpScratch;
  /** Makes DTLS associations with our certificates. */
  readonly dtls: DtlsEngineFactory;
  /** Where the RTP sessions live. */
  readonly router: Router;
  /** The sockets that transports share, by the numbers that ICE agents know them by. */
  readonly sockets: readonly LocalSocket[];
  /** Counts what leads nowhere. */
  readonly counters: HostCounters;
  /** Who hears of events. */
  readonly events: RouterEventListener;
  /** The way to other transports of this process. */
  readonly innerPath: PacketSender;
  /** Wall clock that never runs backwards, milliseconds since 1970. Read once per batch. */
  readonly nowMs: number;
  /** The next deadline of a transport may have changed. */
  onDeadlineChange(transport: WebRtcTransport): void;
  /**
   * Opens a socket for this transport alone, on the local address of `near`; gives it to `addSocket` in a later turn,
   * or counts that there is none.
   */
  openSocket(transport: WebRtcTransport, near: LocalSocket, index: number): void;
  /** Closes a socket that `addSocket` took. */
  closeSocket(socket: LocalSocket): void;
  /** Whether an address is one of our own sockets. */
  isOwnAddress(address: TransportAddress): boolean;
  /** The transport with this ufrag, if it is in this process. */
  transportByUfrag(ufrag: string): WebRtcTransport | undefined;
}
