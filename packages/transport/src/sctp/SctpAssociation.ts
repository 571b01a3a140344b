/**
 * An SCTP association over DTLS (RFC 9260 as RFC 8261 and RFC 8831 profile it), without socket, clock or randomness of
 * its own.
 *
 * ```
 *   receive ─ parsePacket ─┬─ INIT, COOKIE … ── Handshake ── agreed ─┐
 *                          ├─ DATA, FORWARD TSN ── DataReceiver ─────┼─ onMessage
 *                          ├─ SACK ── DataSender ◄── SendQueue ◄─────┼─ send
 *                          ├─ RE-CONFIG ── StreamResets ─────────────┼─ onStreamReset
 *                          └─ SHUTDOWN … ── Shutdown                 │
 *   onSend ◄──────────── PacketWriter ◄──────────────────────────────┘
 * ```
 * @module
 */
import { Handshake } from './Handshake.ts';
import type { InboundMessage } from './InboundStreams.ts';
import { PacketWriter } from './PacketWriter.ts';
import { parsePacket, type SctpChunk, type SctpPacket } from './parsePacket.ts';
import { RetransmissionTimeout } from './RetransmissionTimeout.ts';
import type {
  SctpAssociationOptions,
  SctpStatistics,
  SendOptions,
  SendResult,
} from './SctpAssociationOptions.ts';
import { SctpConnection } from './SctpConnection.ts';
import type { SctpListener, SctpState } from './SctpListener.ts';
import { SendQueue } from './SendQueue.ts';
import type { CookieContent } from './StateCookie.ts';
import { ChunkType, ErrorCause, FLAG_TAG_REFLECTED } from './sctpFormat.ts';

const DEFAULTS = {
  /** A record of any of our cipher suites fits into 1,200 bytes: AES-CBC with HMAC-SHA1 adds 53 at most. */
  maxPacketBytes: 1144,
  /** Our choice, like those that follow: what one peer may make us keep. */
  windowBytes: 1 << 20,
  sendBufferBytes: 4 << 20,
  maxMessageBytes: 256 << 10,
  interleaving: true,
};
const EMPTY = new Uint8Array(0);

/**
 * One association. Both sides may call `connect`, as WebRTC wants it; one is enough.
 *
 * After every call ask `nextTimeoutMs` again and see that `handleTimeout` is called then.
 */
export class SctpAssociation {
  readonly #options: SctpAssociationOptions;
  readonly #listener: SctpListener;
  readonly #limits: typeof DEFAULTS;
  readonly #writer: PacketWriter;
  readonly #queue: SendQueue;
  readonly #timeout = new RetransmissionTimeout();
  readonly #handshake: Handshake;
  #connection: SctpConnection | undefined;
  #state: SctpState = 'new';
  #isBusy = false;
  #isRefusing = false;
  #packetsReceived = 0;
  #packetsDropped = 0;

  /** In state `new`; nothing is sent, but packets of the peer are answered. */
  constructor(options: SctpAssociationOptions) {
    this.#options = options;
    this.#listener = options.listener;
    this.#limits = { ...DEFAULTS, ...options };
    const ports = { local: options.localPort, remote: options.remotePort };
    this.#writer = new PacketWriter(ports, this.#limits.maxPacketBytes, (packet) =>
      this.#listener.onSend(packet),
    );
    this.#queue = new SendQueue((streamId) => this.#listener.onBufferedLow(streamId));
    this.#handshake = new Handshake(this.#writer, {
      randomBytes: options.randomBytes,
      hmacSha1: options.hmacSha1,
      windowBytes: this.#limits.windowBytes,
      capabilities: { partialReliability: true, reconfig: true, interleaving: this.#limits.interleaving },
      onEstablished: (content, nowMs) => this.#establish(content, nowMs),
      onFailed: () => this.#end('failed'),
    });
  }

  /** The latest state told to the listener. */
  get state(): SctpState {
    return this.#state;
  }

  /** Our verification tag, with which all packets to us begin but INIT. */
  get localTag(): number {
    return this.#handshake.localTag;
  }

  /** The peer's verification tag; 0 until the association is connected. */
  get remoteTag(): number {
    return this.#handshake.remoteTag;
  }

  /** How many streams we may send on, from 0 on; 0 before the association is connected. */
  get outgoingStreams(): number {
    return this.#connection?.content.outgoingStreams ?? 0;
  }

  /** True if both sides know how to reset streams; false before the association is connected. */
  get canResetStreams(): boolean {
    return this.#connection?.content.reconfig ?? false;
  }

  /** Counters. */
  get statistics(): SctpStatistics {
    const { sender, receiver } = this.#connection ?? {};
    return {
      packetsSent: this.#writer.sentPackets,
      packetsReceived: this.#packetsReceived,
      packetsDropped: this.#packetsDropped,
      chunksRetransmitted: sender?.retransmittedChunks ?? 0,
      chunksDuplicated: receiver?.duplicateChunks ?? 0,
      chunksDropped: receiver?.droppedChunks ?? 0,
      roundTripMs: this.#timeout.roundTripMs,
      congestionWindowBytes: sender?.congestionWindowBytes ?? 0,
    };
  }

  /** Begins the association, unless it has begun. DTLS must be connected. */
  connect(nowMs: number): void {
    if (this.#state !== 'new') return;
    this.#setState('connecting');
    this.#handshake.start(nowMs, this.#timeout.timeoutMs);
  }

  /** Takes a packet, the application data of one DTLS record. Never throws; what is not in order is dropped. */
  receive(packet: Uint8Array, nowMs: number): void {
    const parsed = parsePacket(packet);
    if (parsed === undefined || !this.#isForUs(parsed)) {
      this.#packetsDropped++;
      return;
    }
    this.#packetsReceived++;
    this.#perform(nowMs, () => {
      for (const chunk of parsed.chunks) if (!this.#handleChunk(chunk, nowMs)) break;
      if (!this.#isOver()) this.#connection?.endPacket(nowMs);
    });
  }

  /**
   * Sends a message, or keeps it until it can be sent. The bytes are not copied and must not be changed afterwards.
   * @throws {RangeError} if there are none: SCTP has no empty messages.
   */
  send(
    streamId: number,
    payloadProtocol: number,
    bytes: Uint8Array,
    options: SendOptions,
    nowMs: number,
  ): SendResult {
    if (bytes.length === 0) throw new RangeError('A message should have at least one byte');
    const refusal = this.#refusal(streamId, bytes.length);
    if (refusal !== undefined) return refusal;
    const { isUnordered = false, maxRetransmits = Number.POSITIVE_INFINITY, lifetimeMs } = options;
    const expiresMs = lifetimeMs === undefined ? Number.POSITIVE_INFINITY : nowMs + lifetimeMs;
    const stream = this.#queue.stream(streamId);
    this.#perform(nowMs, () =>
      this.#queue.push({ stream, payloadProtocol, bytes, isUnordered, maxRetransmits, expiresMs }),
    );
    return 'accepted';
  }

  /** Bytes accepted on this stream that have not been sent for the first time. */
  bufferedBytes(streamId: number): number {
    return this.#queue.existing(streamId)?.bufferedBytes ?? 0;
  }

  /** True from `resetStreams` to `onStreamReset`. */
  isResetting(streamId: number): boolean {
    return this.#queue.existing(streamId)?.isResetting ?? false;
  }

  /** From now on `onBufferedLow` is told when the bytes that wait on this stream fall to `bytes` or below. */
  setLowThreshold(streamId: number, bytes: number): void {
    this.#queue.stream(streamId).lowThresholdBytes = bytes;
  }

  /**
   * Tells how many bytes of received messages the host holds because it cannot pass them on. The peer may send that
   * much less; at a full window it stops.
   */
  setHeldBytes(bytes: number, nowMs: number): void {
    this.#perform(nowMs, () => this.#connection?.receiver.setHostBytes(bytes));
  }

  /**
   * Resets our side of streams (RFC 6525) when their messages have been sent; until `onStreamReset` nothing can be
   * sent on them. With a peer that does not know how, or without a connection, it is done at once.
   */
  resetStreams(streamIds: readonly number[], nowMs: number): void {
    if (this.#isOver() || streamIds.length === 0) return;
    if (!this.canResetStreams) this.#listener.onStreamReset('outgoing', streamIds);
    else this.#perform(nowMs, () => this.#connection?.resets.add(streamIds));
  }

  /** Ends in `closed`, after everything that was accepted has been delivered. */
  close(nowMs: number): void {
    if (this.#connection === undefined) this.abort();
    if (this.#isOver()) return;
    this.#setState('closing');
    this.#perform(nowMs, () => this.#connection?.shutDown());
  }

  /** Ends in `closed` at once, and tells the peer. */
  abort(): void {
    if (this.#isOver()) return;
    this.#connection?.abort(ErrorCause.userInitiatedAbort);
    this.#end('closed');
  }

  /** Does what is due at `nowMs`. Early or superfluous calls do nothing. */
  handleTimeout(nowMs: number): void {
    if (this.#isOver()) return;
    this.#perform(nowMs, () => {
      this.#handshake.handleTimeout(nowMs);
      this.#connection?.handleTimeout(nowMs);
    });
  }

  /** When `handleTimeout` is due, on the clock of `nowMs`; undefined if nothing is planned. */
  nextTimeoutMs(): number | undefined {
    if (this.#isOver()) return undefined;
    const next = Math.min(this.#handshake.dueMs, this.#connection?.dueMs ?? Number.POSITIVE_INFINITY);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** RFC 9260 section 8.5. */
  #isForUs({ sourcePort, destinationPort, verificationTag, chunks }: SctpPacket): boolean {
    const { localPort, remotePort } = this.#options;
    if (sourcePort !== remotePort || destinationPort !== localPort) return false;
    const first = chunks[0];
    if (first?.type === ChunkType.init) return verificationTag === 0 && chunks.length === 1;
    const { localTag, remoteTag } = this.#handshake;
    const isEnd = first?.type === ChunkType.abort || first?.type === ChunkType.shutdownComplete;
    if (isEnd && (first.flags & FLAG_TAG_REFLECTED) !== 0) {
      return remoteTag !== 0 && verificationTag === remoteTag;
    }
    return verificationTag === localTag;
  }

  /** False if the rest of the packet is to be left aside. */
  #handleChunk(chunk: SctpChunk, nowMs: number): boolean {
    if (this.#isOver()) {
      // The peer has not heard our SHUTDOWN COMPLETE (section 8.4).
      if (chunk.type === ChunkType.shutdownAck && this.remoteTag !== 0) {
        this.#writer.append(ChunkType.shutdownComplete, 0, EMPTY);
      }
      return false;
    }
    const isHandled = this.#handleHandshake(chunk, nowMs);
    if (isHandled !== undefined) return isHandled;
    return this.#connection?.handleChunk(chunk, nowMs) ?? this.#count(false);
  }

  /** Undefined if it is another chunk. */
  #handleHandshake({ type, flags, value }: SctpChunk, nowMs: number): boolean | undefined {
    switch (type) {
      case ChunkType.init:
        return this.#count(this.#handshake.handleInit(value, nowMs));
      case ChunkType.initAck:
        return this.#count(this.#handshake.handleInitAck(value, nowMs, this.#timeout.timeoutMs));
      case ChunkType.cookieEcho:
        return this.#count(this.#handshake.handleCookieEcho(value, nowMs));
      case ChunkType.cookieAck:
        // Superfluous where both sides began at once; what comes with it counts.
        this.#handshake.handleCookieAck(nowMs);
        return true;
      case ChunkType.abort:
        // Before there is an association nobody can end it but who knows our tag.
        if (this.#connection !== undefined || (flags & FLAG_TAG_REFLECTED) === 0) this.#end('closed');
        return false;
      default:
        return undefined;
    }
  }

  #count(isHandled: boolean): boolean {
    if (!isHandled) this.#packetsDropped++;
    return isHandled;
  }

  #establish(content: CookieContent, nowMs: number): void {
    const { windowBytes, maxPacketBytes, maxMessageBytes } = this.#limits;
    const options = {
      content,
      writer: this.#writer,
      queue: this.#queue,
      timeout: this.#timeout,
      windowBytes,
      maxPacketBytes,
      maxMessageBytes,
      // The listener may have ended the association in the middle of several messages.
      onMessage: ({ streamId, payloadProtocol, bytes }: InboundMessage) => {
        if (!this.#isOver()) this.#listener.onMessage(streamId, payloadProtocol, bytes);
      },
      onReset: (direction: 'incoming' | 'outgoing', streamIds: readonly number[]) => {
        if (!this.#isOver()) this.#listener.onStreamReset(direction, streamIds);
      },
      onClosing: () => this.#setState('closing'),
      onEnd: (state: 'closed' | 'failed') => this.#end(state),
    };
    this.#connection = new SctpConnection(options, nowMs);
    this.#setState('connected');
  }

  #refusal(streamId: number, length: number): Exclude<SendResult, 'accepted'> | undefined {
    if (this.#isOver() || this.#state === 'closing') return 'closed';
    if (streamId >= (this.#connection?.content.outgoingStreams ?? 65_535)) return 'invalidStream';
    if (this.isResetting(streamId)) return 'closed';
    if (this.#hasRoomFor(length)) return undefined;
    this.#isRefusing = true;
    return 'full';
  }

  /** Runs `action`, then sends what there is to send. Calls from within the listener are part of the outer one. */
  #perform(nowMs: number, action: () => void): void {
    if (this.#isBusy) {
      action();
      return;
    }
    this.#isBusy = true;
    try {
      action();
      this.#tellRoom();
      this.#flush(nowMs);
    } finally {
      this.#isBusy = false;
    }
  }

  #flush(nowMs: number): void {
    if (!this.#isOver()) this.#connection?.fill(nowMs);
    this.#writer.flush();
  }

  #tellRoom(): void {
    if (!this.#isRefusing || this.#isOver() || this.#usedBytes() > this.#limits.sendBufferBytes / 2) return;
    if (this.#queue.isFull) return;
    this.#isRefusing = false;
    this.#listener.onSendPossible();
  }

  #hasRoomFor(bytes: number): boolean {
    const used = this.#usedBytes();
    return !this.#queue.isFull && (used === 0 || used + bytes <= this.#limits.sendBufferBytes);
  }

  #usedBytes(): number {
    return this.#queue.bufferedBytes + (this.#connection?.sender.heldBytes ?? 0);
  }

  #isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'failed';
  }

  #end(state: 'closed' | 'failed'): void {
    if (this.#isOver()) return;
    this.#handshake.close();
    this.#connection?.stop();
    this.#queue.clear();
    this.#setState(state);
  }

  #setState(state: SctpState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#listener.onState(state);
  }
}
