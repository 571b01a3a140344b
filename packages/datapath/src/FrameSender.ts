/**
 * The way out to one connection of a media host: packets in the framing of RFC 4571, many in one write.
 *
 * Frames are put together where they are written from: a consumer writes its header right there, the payload is copied
 * once. There are two buffers: while the kernel has not taken all of one, the other one is filled. When that is full
 * too, whole packets are dropped: a host that reads too slowly must not hold anybody up.
 * @module
 */
import type { Socket } from 'node:net';
import { frameHeaderLength, type MemoryRegions, type PacketMemory } from '@rivero/rtp';
import { largestDatagramBytes } from './DatagramSocket.ts';
import type { HostCounters } from './HostCounters.ts';

/** What the connections of one process share. */
export interface FrameSenderContext {
  /** Where packets live. */
  readonly memory: PacketMemory;
  /** Where buffers come from. */
  readonly regions: MemoryRegions;
  /** Counts what is dropped. */
  readonly counters: HostCounters;
  /** This sender has frames that want a `flush` at the end of the batch. */
  markWaiting(sender: FrameSender): void;
}

/** Writes frames to one socket. The memory of its two buffers is taken with the first packet. */
export class FrameSender {
  readonly #context: FrameSenderContext;
  readonly #socket: Socket;
  readonly #bufferBytes: number;
  #region = -1;
  #isSecond = false;
  #length = 0;
  /** The kernel has not taken all of the other buffer yet. */
  #inFlight = false;
  #closed = false;

  /** At most twice `bufferBytes` wait here, at least `largestDatagramBytes` and two more each. */
  constructor(context: FrameSenderContext, socket: Socket, bufferBytes: number) {
    this.#context = context;
    this.#socket = socket;
    this.#bufferBytes = bufferBytes;
  }

  /** Offset of `largestDatagramBytes` free bytes for the next packet, or -1 when it has to be dropped, which is counted. */
  reserve(): number {
    if (this.#closed || !this.#makeRoom()) {
      this.#context.counters.hostPacketsDropped++;
      return -1;
    }
    return this.#end + frameHeaderLength;
  }

  /** Queues the `length` bytes at the offset that `reserve` gave. */
  commit(length: number): void {
    this.#context.memory.view.setUint16(this.#end, length);
    if (this.#length === 0) this.#context.markWaiting(this);
    this.#length += frameHeaderLength + length;
  }

  /** Hands everything queued to the kernel, unless it is still busy with what it got before. */
  flush(): void {
    if (this.#length === 0 || this.#inFlight || this.#closed) return;
    const start = this.#start;
    const bytes = this.#context.memory.bytes.subarray(start, start + this.#length);
    this.#length = 0;
    this.#socket.write(bytes, () => this.#written());
    // As a rule the kernel takes it all at once, and the buffer is free again.
    if (this.#socket.writableLength === 0) return;
    this.#inFlight = true;
    this.#isSecond = !this.#isSecond;
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
  }

  /** Gives the buffers back. To be called when the socket is closed, so that nobody reads them any more. */
  free(): void {
    this.close();
    if (this.#region >= 0) this.#context.regions.release(this.#region, 2 * this.#bufferBytes);
    this.#region = -1;
  }

  get #start(): number {
    return this.#region + (this.#isSecond ? this.#bufferBytes : 0);
  }

  get #end(): number {
    return this.#start + this.#length;
  }

  #makeRoom(): boolean {
    if (this.#region < 0) this.#region = this.#context.regions.allocate(2 * this.#bufferBytes);
    if (this.#region < 0) return false;
    if (this.#fitsAnother) return true;
    this.flush();
    return this.#fitsAnother;
  }

  get #fitsAnother(): boolean {
    return this.#length + frameHeaderLength + largestDatagramBytes <= this.#bufferBytes;
  }

  #written(): void {
    if (!this.#inFlight || this.#closed || this.#socket.writableLength > 0) return;
    this.#inFlight = false;
    this.flush();
  }
}
