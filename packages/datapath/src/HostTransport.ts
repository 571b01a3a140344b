/**
 * A transport to a media host: an RTP session on two connections of a unix socket, without ICE, DTLS and SRTP.
 *
 * ```text
 * RTP connection ──→ RtpSession … RtpSession ──→ RTP connection
 * RTCP connection ←───────── both ways ─────────→ RTCP connection
 * ```
 * @module
 */
import type { BandwidthLimits, OutboundStream, Router, RtpOutlet, RtpSession } from '@rivero/router';
import type { PacketMemory } from '@rivero/rtp';
import { largestDatagramBytes } from './DatagramSocket.ts';
import { FrameSender, type FrameSenderContext } from './FrameSender.ts';
import type { HostConnection, HostStreamKind, HostStreamReceiver } from './HostConnection.ts';
import type { HostStreamEvents, OpenHostTransport } from './operations.ts';

/** The surroundings of a host transport. */
export interface HostTransportContext extends FrameSenderContext {
  /** Where the RTP sessions live. */
  readonly router: Router;
  /** Wall clock that never runs backwards, milliseconds since 1970. Read once per batch. */
  readonly nowMs: number;
  /** Copies a packet to where it stays until the router is flushed. Its offset, or -1 if it is too long. */
  place(packet: Uint8Array): number;
  /** Something happened that control wants to know. */
  onHostEvent<K extends keyof HostStreamEvents>(name: K, event: HostStreamEvents[K]): void;
}

/** Bytes of RTP that may wait in each of two buffers: half a second at a megabit, or one large key frame. */
const rtpBufferBytes = 1 << 16;
/** Bytes of RTCP that may wait in each of two buffers. */
const rtcpBufferBytes = 1 << 13;
/** A wished bitrate is told again when it has changed by this share. */
const toldChange = 0.05;

/** Streams between this router and one branch of a media host. */
export class HostTransport implements HostStreamReceiver {
  /** Chosen by control. */
  readonly id: string;
  /** Greetings of its connections. */
  readonly streamIds: ReadonlyMap<string, HostStreamKind>;
  /** Its streams. */
  readonly session: RtpSession;
  readonly #context: HostTransportContext;
  readonly #outlet: HostOutlet;
  readonly #connections = new Map<HostStreamKind, HostConnection>();
  /** Bitrates that control knows of, bit/s, by producer id. */
  readonly #toldBps = new Map<string, number>();
  #ended = false;

  /** Opens the session in the router. Nothing is sent before the host has connected. */
  constructor(context: HostTransportContext, request: OpenHostTransport) {
    const { transportId, rtpStreamId, rtcpStreamId } = request;
    this.#context = context;
    this.id = transportId;
    const streamIds = new Map<string, HostStreamKind>([[rtpStreamId, 'rtp']]);
    if (rtcpStreamId !== undefined) streamIds.set(rtcpStreamId, 'rtcp');
    this.streamIds = streamIds;
    this.#outlet = new HostOutlet(context.memory, () => this.#tellBitrates());
    this.session = context.router.openSession(transportId, this.#outlet);
    this.setBandwidth({
      minVideoReceiveBps: 0,
      maxVideoReceiveBps: 0,
      minVideoSendBps: 0,
      maxVideoSendBps: 0,
    });
  }

  /** Sets limits. Unlike a viewer's, no bitrate is assumed of a host before its first REMB: a socket has no narrow path. */
  setBandwidth(limits: BandwidthLimits): void {
    this.session.setBandwidth({ ...limits, remb: { rembOnConnect: 0, ...limits.remb } });
  }

  /** Whether this connection may still come. */
  isAwaited(kind: HostStreamKind): boolean {
    return !this.#ended && !this.#connections.has(kind);
  }

  /** A connection has greeted for this transport. With the last one media flows. */
  attach(kind: HostStreamKind, connection: HostConnection): void {
    this.#connections.set(kind, connection);
    const bufferBytes = kind === 'rtp' ? rtpBufferBytes : rtcpBufferBytes;
    const sender = new FrameSender(this.#context, connection.socket, bufferBytes);
    connection.onceClosed(() => sender.free());
    this.#outlet.setSender(kind, sender);
    if (this.#connections.size < this.streamIds.size) return;
    this.session.outletReady(this.#context.nowMs);
    this.#context.onHostEvent('hostStreamConnected', { transportId: this.id });
  }

  receive(kind: HostStreamKind, packet: Uint8Array): void {
    const at = this.#context.place(packet);
    if (at < 0) return;
    if (kind === 'rtp') this.session.receiveRtp(at, packet.length, -1, this.#context.nowMs);
    else this.session.receiveRtcp(at, packet.length, this.#context.nowMs);
  }

  connectionEnded(reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#context.onHostEvent('hostStreamEnded', { transportId: this.id, reason });
  }

  /** Says BYE, and closes the connections. Nothing is told to control any more. */
  close(): void {
    this.session.close();
    if (!this.#ended) this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#outlet.close();
    for (const connection of this.#connections.values()) connection.close();
  }

  /** With each report there may be another bitrate that the viewers of an encoder can take. */
  #tellBitrates(): void {
    if (this.#ended) return;
    for (const { producerId, rembBps } of this.session.stats(this.#context.nowMs).producers) {
      const told = this.#toldBps.get(producerId) ?? 0;
      if (rembBps === 0 || Math.abs(rembBps - told) <= told * toldChange) continue;
      this.#toldBps.set(producerId, rembBps);
      const event = { transportId: this.id, producerId, bitrateBps: rembBps };
      this.#context.onHostEvent('hostBitrateWished', event);
    }
  }
}

/** `RtpOutlet` of a host transport. */
class HostOutlet implements RtpOutlet {
  readonly #memory: PacketMemory;
  readonly #onRtcp: () => void;
  readonly #streams = new Set<HostStream>();
  #rtp: FrameSender | undefined;
  #rtcp: FrameSender | undefined;

  constructor(memory: PacketMemory, onRtcp: () => void) {
    this.#memory = memory;
    this.#onRtcp = onRtcp;
  }

  setSender(kind: HostStreamKind, sender: FrameSender): void {
    if (kind === 'rtcp') {
      this.#rtcp = sender;
      return;
    }
    this.#rtp = sender;
    for (const stream of this.#streams) stream.sender = sender;
  }

  openStream(): OutboundStream {
    const stream = new HostStream(this.#memory, () => this.#streams.delete(stream));
    stream.sender = this.#rtp;
    this.#streams.add(stream);
    return stream;
  }

  sendRtcp(bytes: Uint8Array): void {
    this.#onRtcp();
    if (bytes.length > largestDatagramBytes) return;
    const at = this.#rtcp?.reserve() ?? -1;
    if (at < 0) return;
    this.#memory.bytes.set(bytes, at);
    this.#rtcp?.commit(bytes.length);
  }

  close(): void {
    for (const sender of [this.#rtp, this.#rtcp]) {
      sender?.flush();
      sender?.close();
    }
    for (const stream of this.#streams) stream.sender = undefined;
    this.#rtp = undefined;
    this.#rtcp = undefined;
  }
}

class HostStream implements OutboundStream {
  readonly #memory: PacketMemory;
  readonly #onClose: () => void;
  sender: FrameSender | undefined;
  #reserved = -1;

  constructor(memory: PacketMemory, onClose: () => void) {
    this.#memory = memory;
    this.#onClose = onClose;
  }

  reserve(): number {
    this.#reserved = this.sender?.reserve() ?? -1;
    return this.#reserved;
  }

  commit(headerLength: number, payload: number, payloadLength: number): void {
    const length = headerLength + payloadLength;
    if (length > largestDatagramBytes) return;
    this.#memory.bytes.copyWithin(this.#reserved + headerLength, payload, payload + payloadLength);
    this.sender?.commit(length);
  }

  close(): void {
    this.sender = undefined;
    this.#onClose();
  }
}
