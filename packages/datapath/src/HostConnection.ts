/**
 * One connection of a media host, from its greeting to its end.
 * @module
 */
import type { Socket } from 'node:net';
import { FrameReader } from '@rivero/rtp';

/** What a connection carries. */
export type HostStreamKind = 'rtp' | 'rtcp';

/** Who takes the packets of one connection. */
export interface HostStreamReceiver {
  /** One packet; the view is valid until this returns. */
  receive(kind: HostStreamKind, packet: Uint8Array): void;
  /** The connection is over. Not called after `close` of the connection. */
  connectionEnded(reason: string): void;
}

/** Who knows what connections are for. */
export interface HostConnectionListener {
  /** Bytes are about to be handled: time may have passed. */
  onActivity(): void;
  /** What was received is handled: forward and send. */
  onBatchEnd(): void;
  /** A bug: an exception while bytes were handled. */
  onException(error: unknown): void;
  /** The greeting has arrived. Whoever takes the packets from now on, or undefined to refuse it. */
  onGreeting(connection: HostConnection, streamId: string): [HostStreamKind, HostStreamReceiver] | undefined;
  /** No greeting within the deadline. */
  onGreetingOverdue(): void;
  /** The socket is closed, and nobody uses the connection any more. */
  onClosed(connection: HostConnection): void;
}

/** Longest stream id, bytes of UTF-8. */
export const longestStreamIdBytes = 800;

/** An accepted connection. */
export class HostConnection {
  /** For writing to it. */
  readonly socket: Socket;
  readonly #listener: HostConnectionListener;
  readonly #reader: FrameReader;
  readonly #timer: NodeJS.Timeout;
  readonly #onFree: (() => void)[] = [];
  #kind: HostStreamKind = 'rtp';
  #receiver: HostStreamReceiver | undefined;
  #reason = 'the host closed it';
  #closed = false;

  /** Waits for the greeting at most `greetingDeadlineMs`. */
  constructor(socket: Socket, greetingDeadlineMs: number, listener: HostConnectionListener) {
    this.socket = socket;
    this.#listener = listener;
    this.#reader = new FrameReader((packet) => this.#receivePacket(packet));
    this.#timer = setTimeout(() => this.#overdue(), greetingDeadlineMs);
    this.#timer.unref();
    socket.on('data', ({ buffer, byteOffset, length }) =>
      // Views of a Buffer are Buffers, which cost more to make.
      this.#batch(() => this.#reader.push(new Uint8Array(buffer, byteOffset, length))),
    );
    socket.on('error', ({ message }) => {
      this.#reason = message;
    });
    socket.once('end', () => this.#end());
    socket.once('close', () => this.#socketClosed());
  }

  /** Calls back when the socket is closed. */
  onceClosed(callback: () => void): void {
    this.#onFree.push(callback);
  }

  /** Ends it; its receiver is not told. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.socket.destroy();
  }

  /** Runs something that may make packets, with the clock read before and everything sent after. */
  #batch(action: () => void): void {
    this.#listener.onActivity();
    try {
      action();
    } catch (error) {
      this.#listener.onException(error);
    } finally {
      this.#listener.onBatchEnd();
    }
  }

  #receivePacket(packet: Uint8Array): void {
    // What follows in the same bytes after a refusal.
    if (this.#closed) return;
    if (this.#receiver === undefined) this.#greet(packet);
    else this.#receiver.receive(this.#kind, packet);
  }

  #greet(packet: Uint8Array): void {
    clearTimeout(this.#timer);
    const streamId = decodeStreamId(packet);
    const found = this.#listener.onGreeting(this, streamId);
    if (found === undefined) this.close();
    else [this.#kind, this.#receiver] = found;
  }

  #overdue(): void {
    this.#listener.onGreetingOverdue();
    this.close();
  }

  #end(): void {
    if (this.#closed) return;
    this.close();
    this.#batch(() => this.#receiver?.connectionEnded(this.#reason));
  }

  #socketClosed(): void {
    this.#end();
    for (const callback of this.#onFree) callback();
    this.#listener.onClosed(this);
  }
}

/** The stream id of a greeting; empty, which is nobody's, if it is none. */
function decodeStreamId(packet: Uint8Array): string {
  if (packet.length > longestStreamIdBytes) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(packet);
  } catch {
    return '';
  }
}
