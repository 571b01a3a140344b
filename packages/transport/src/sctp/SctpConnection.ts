/**
 * An association from the moment on that both sides have agreed on it: chunks in, packets out.
 * @module
 */
import { DataReceiver } from './DataReceiver.ts';
import { DataSender } from './DataSender.ts';
import { Heartbeat } from './Heartbeat.ts';
import type { InboundMessage } from './InboundStreams.ts';
import { type PacketWriter, serializeParameter } from './PacketWriter.ts';
import { bytesOf, type SctpChunk } from './parsePacket.ts';
import type { RetransmissionTimeout } from './RetransmissionTimeout.ts';
import type { SendQueue } from './SendQueue.ts';
import { Shutdown } from './Shutdown.ts';
import type { CookieContent } from './StateCookie.ts';
import { StreamResets } from './StreamResets.ts';
import { ChunkType, ErrorCause } from './sctpFormat.ts';

/** RFC 9260 section 16: Association.Max.Retrans. */
const MAX_ERRORS = 10;

/** What a connection needs. */
export interface SctpConnectionOptions {
  /** What the handshake has agreed on. */
  readonly content: CookieContent;
  /** Where chunks go. */
  readonly writer: PacketWriter;
  /** Messages to send; there may be some already. */
  readonly queue: SendQueue;
  /** How long to wait for answers. */
  readonly timeout: RetransmissionTimeout;
  /** Largest packet, bytes. */
  readonly maxPacketBytes: number;
  /** Our receive window, bytes. */
  readonly windowBytes: number;
  /** Longest message that we accept, bytes. */
  readonly maxMessageBytes: number;
  /** Takes messages. */
  readonly onMessage: (message: InboundMessage) => void;
  /** Streams have begun anew. */
  readonly onReset: (direction: 'incoming' | 'outgoing', streamIds: readonly number[]) => void;
  /** The peer wants to end. */
  readonly onClosing: () => void;
  /** It has ended: in peace, or because the peer does not answer or breaks the rules. */
  readonly onEnd: (state: 'closed' | 'failed') => void;
}

/** Sender, receiver and all that goes with them. */
export class SctpConnection {
  /** What the handshake has agreed on. */
  readonly content: CookieContent;
  /** The sending half. */
  readonly sender: DataSender;
  /** The receiving half. */
  readonly receiver: DataReceiver;
  /** Resets of streams. */
  readonly resets: StreamResets;
  readonly #options: SctpConnectionOptions;
  readonly #heartbeat: Heartbeat;
  readonly #shutdown: Shutdown;
  #isEnded = false;

  /** Connected at `nowMs`. */
  constructor(options: SctpConnectionOptions, nowMs: number) {
    const { content, writer, queue, timeout, maxPacketBytes, onReset } = options;
    this.#options = options;
    this.content = content;
    this.sender = new DataSender(queue, timeout, {
      initialTsn: content.localInitialTsn,
      receiveWindowBytes: content.receiveWindowBytes,
      maxPacketBytes,
      canAbandon: content.partialReliability,
      isInterleaved: content.interleaving,
    });
    this.receiver = new DataReceiver({
      initialTsn: content.remoteInitialTsn,
      windowBytes: options.windowBytes,
      maxMessageBytes: options.maxMessageBytes,
      streams: content.incomingStreams,
      isInterleaved: content.interleaving,
      onMessage: options.onMessage,
    });
    const { sender, receiver } = this;
    const firstSequence = { local: content.localInitialTsn, remote: content.remoteInitialTsn };
    this.resets = new StreamResets({ sender, receiver, queue, timeout, firstSequence, onReset });
    this.#heartbeat = new Heartbeat(writer, timeout, nowMs);
    this.#shutdown = new Shutdown({
      writer,
      cumulativeTsn: () => receiver.cumulativeTsn,
      timeoutMs: () => timeout.timeoutMs,
      onEnd: () => this.#end('closed'),
    });
  }

  /** When `handleTimeout` is due. */
  get dueMs(): number {
    const { sender, receiver, resets } = this;
    const { dueMs } = this.#heartbeat;
    return Math.min(sender.dueMs, receiver.dueMs, resets.dueMs, dueMs, this.#shutdown.dueMs);
  }

  /** Takes a chunk of an association that is connected. False if the rest of its packet is to be left aside. */
  handleChunk(chunk: SctpChunk, nowMs: number): boolean {
    const { type, value } = chunk;
    const { interleaving } = this.content;
    switch (type) {
      case interleaving ? ChunkType.iData : ChunkType.data:
        return this.#handleData(chunk, nowMs);
      case ChunkType.sack:
        this.sender.handleSack(value, nowMs);
        return true;
      case interleaving ? ChunkType.iForwardTsn : ChunkType.forwardTsn:
        this.receiver.handleForwardTsn(chunk);
        return true;
      case ChunkType.reconfig:
        this.resets.handleReconfig(value);
        return true;
      case ChunkType.heartbeat:
        this.#options.writer.append(ChunkType.heartbeatAck, 0, bytesOf(value));
        return true;
      case ChunkType.heartbeatAck:
        this.#heartbeat.handleAck(value, nowMs);
        return true;
      default:
        return this.#handleShutdown(chunk, nowMs);
    }
  }

  /** All chunks of a packet have been handled. */
  endPacket(nowMs: number): void {
    this.receiver.endPacket(nowMs);
    this.resets.advance();
  }

  /** Adds to the writer all that may be sent at `nowMs`. */
  fill(nowMs: number): void {
    if (this.#isEnded) return;
    const { sender, receiver, resets } = this;
    const { writer, queue } = this.#options;
    if (receiver.mustAck || (!queue.isEmpty && receiver.hasUnacked)) receiver.writeSack(writer);
    sender.fill(writer, nowMs);
    resets.fill(writer, nowMs);
    if (sender.isIdle && queue.isEmpty) this.#shutdown.advance(nowMs);
  }

  /** Does what is due. */
  handleTimeout(nowMs: number): void {
    const { sender, receiver, resets } = this;
    const heartbeat = this.#heartbeat;
    this.#shutdown.handleTimeout(nowMs);
    receiver.handleTimeout(nowMs);
    sender.handleTimeout(nowMs);
    resets.handleTimeout(nowMs);
    heartbeat.handleTimeout(nowMs, sender.isIdle);
    if (sender.errors + resets.errors + heartbeat.errors > MAX_ERRORS) this.#end('failed');
  }

  /** Ends once everything is delivered. */
  shutDown(): void {
    this.#shutdown.start();
  }

  /** Ends at once, and tells the peer why. */
  abort(cause: number): void {
    const { writer } = this.#options;
    writer.append(ChunkType.abort, 0, serializeParameter(cause, new Uint8Array(0)));
    writer.flush();
    this.#end(cause === ErrorCause.userInitiatedAbort ? 'closed' : 'failed');
  }

  /** Drops everything; nothing is due any more. */
  stop(): void {
    this.#isEnded = true;
    this.#shutdown.close();
    this.sender.close();
  }

  #handleData(chunk: SctpChunk, nowMs: number): boolean {
    const verdict = this.receiver.handleData(chunk);
    this.#shutdown.handleData(nowMs);
    if (verdict === 'ok') return true;
    if (verdict === 'invalidStream') {
      const cause = new Uint8Array(4);
      cause.set(bytesOf(chunk.value).subarray(4, 6));
      this.#options.writer.append(ChunkType.error, 0, serializeParameter(ErrorCause.invalidStream, cause));
      return true;
    }
    this.abort(verdict);
    return false;
  }

  #handleShutdown(chunk: SctpChunk, nowMs: number): boolean {
    const { type, value } = chunk;
    if (type === ChunkType.shutdown) {
      if (value.byteLength < 4) return true;
      this.sender.handleCumulativeTsn(value.getUint32(0), nowMs);
      this.#shutdown.handleShutdown(nowMs);
      this.#options.onClosing();
    } else if (type === ChunkType.shutdownAck) this.#shutdown.handleShutdownAck();
    else if (type === ChunkType.shutdownComplete) this.#shutdown.handleShutdownComplete();
    else if (type !== ChunkType.error) return this.#handleUnknown(chunk);
    return true;
  }

  /** RFC 9260 section 3.2: the two highest bits of the type say what to do. */
  #handleUnknown({ type, flags, value }: SctpChunk): boolean {
    if ((type & 0x40) !== 0) {
      const chunk = new Uint8Array(4 + value.byteLength);
      chunk.set([type, flags, chunk.length >> 8, chunk.length & 0xff]);
      chunk.set(bytesOf(value), 4);
      const cause = serializeParameter(ErrorCause.unrecognizedChunk, chunk);
      this.#options.writer.append(ChunkType.error, 0, cause);
    }
    return (type & 0x80) !== 0;
  }

  #end(state: 'closed' | 'failed'): void {
    if (this.#isEnded) return;
    this.stop();
    this.#options.onEnd(state);
  }
}
