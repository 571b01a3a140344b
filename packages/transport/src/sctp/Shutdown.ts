/**
 * How an association ends in peace (RFC 9260 section 9.2).
 * @module
 */
import type { PacketWriter } from './PacketWriter.ts';
import { BackoffTimer } from './RetransmissionTimeout.ts';
import { ChunkType } from './sctpFormat.ts';

/** Repetitions of SHUTDOWN or SHUTDOWN ACK before we go without an answer. */
const MAX_RETRANSMITS = 5;
const NOTHING = new Uint8Array(0);

/** `none`, or how far the end has come. */
export type ShutdownState = 'none' | 'pending' | 'sent' | 'received' | 'ackSent';

/** What a shutdown needs to know. */
export interface ShutdownOptions {
  /** Where chunks go. */
  readonly writer: PacketWriter;
  /** The last TSN of the peer that has arrived with all before it. */
  readonly cumulativeTsn: () => number;
  /** How long to wait for an answer, milliseconds. */
  readonly timeoutMs: () => number;
  /** It is over. */
  readonly onEnd: () => void;
}

/** The three-way goodbye. */
export class Shutdown {
  readonly #options: ShutdownOptions;
  readonly #timer = new BackoffTimer();
  #state: ShutdownState = 'none';

  /** Nothing is ending. */
  constructor(options: ShutdownOptions) {
    this.#options = options;
  }

  /** How far it has come. */
  get state(): ShutdownState {
    return this.#state;
  }

  /** When `handleTimeout` is due; Infinity if not. */
  get dueMs(): number {
    return this.#timer.dueMs;
  }

  /** We want to end, once all is delivered. */
  start(): void {
    if (this.#state === 'none') this.#state = 'pending';
  }

  /** Everything of ours is delivered: says so to the peer, if it is time. */
  advance(nowMs: number): void {
    if (this.#state === 'pending') this.#go('sent', nowMs);
    else if (this.#state === 'received') this.#go('ackSent', nowMs);
  }

  /** The peer wants to end. */
  handleShutdown(nowMs: number): void {
    if (this.#state === 'sent') this.#go('ackSent', nowMs);
    else if (this.#state === 'ackSent') this.#send();
    else this.#state = 'received';
  }

  /** The peer has sent data after our SHUTDOWN; it has to know how far we have got. */
  handleData(nowMs: number): void {
    if (this.#state === 'sent') this.#go('sent', nowMs);
  }

  /** The peer agrees to the end. */
  handleShutdownAck(): void {
    if (this.#state !== 'sent' && this.#state !== 'ackSent') return;
    this.#options.writer.append(ChunkType.shutdownComplete, 0, NOTHING);
    this.#options.writer.flush();
    this.#end();
  }

  /** The peer has ended. */
  handleShutdownComplete(): void {
    if (this.#state === 'ackSent') this.#end();
  }

  /** Repeats what was not answered. */
  handleTimeout(nowMs: number): void {
    if (!this.#timer.takeDue(nowMs)) return;
    if (this.#timer.expirations > MAX_RETRANSMITS) this.#end();
    else this.#send();
  }

  /** The association has ended otherwise. */
  close(): void {
    this.#timer.stop();
  }

  #go(state: 'sent' | 'ackSent', nowMs: number): void {
    this.#state = state;
    this.#timer.start(nowMs, this.#options.timeoutMs());
    this.#send();
  }

  #send(): void {
    const { writer, cumulativeTsn } = this.#options;
    if (this.#state === 'ackSent') writer.append(ChunkType.shutdownAck, 0, NOTHING);
    else {
      const at = writer.reserve(ChunkType.shutdown, 0, 4);
      if (at !== undefined) writer.view.setUint32(at, cumulativeTsn());
    }
  }

  #end(): void {
    this.#timer.stop();
    this.#options.onEnd();
  }
}
