/**
 * Packets between two transports of this process.
 *
 * Two endpoints of one server may be joined by SDP. Both then have the same socket address, so their packets could not
 * be told apart by it; they are handed over in memory instead. STUN still takes the way through the kernel.
 * @module
 */
import type { Arena } from './Arena.ts';
import { receiveBufferBytes } from './DatagramSocket.ts';
import type { HostCounters } from './HostCounters.ts';
import type { PacketSender } from './SrtpOutlet.ts';

/** Packets that may wait, each way. */
const capacity = 512;

/** Takes packets as a socket does, and delivers them in the next round. Handles are chosen by the owner. */
export class InnerPath implements PacketSender {
  readonly #counters: HostCounters;
  /** Two queues that change places: what is sent while one is delivered lands in the other. */
  readonly #buffers: [number, number];
  readonly #lengths: [Int32Array, Int32Array] = [new Int32Array(capacity), new Int32Array(capacity)];
  readonly #handles: [Int32Array, Int32Array] = [new Int32Array(capacity), new Int32Array(capacity)];
  #filling: 0 | 1 = 0;
  #count = 0;

  /** Takes its buffers from `arena`. */
  constructor(arena: Arena, counters: HostCounters) {
    this.#counters = counters;
    // One buffer more than packets: `reserve` promises one even when nothing fits any more.
    const queueBytes = (capacity + 1) * receiveBufferBytes;
    this.#buffers = [arena.reserve(queueBytes), arena.reserve(queueBytes)];
  }

  /** Packets that wait. */
  get count(): number {
    return this.#count;
  }

  reserve(): number {
    return this.#buffers[this.#filling] + this.#count * receiveBufferBytes;
  }

  commit(length: number, handle: number): void {
    if (this.#count === capacity) {
      this.#counters.innerDropped++;
      return;
    }
    this.#lengths[this.#filling][this.#count] = length;
    this.#handles[this.#filling][this.#count] = handle;
    this.#count++;
  }

  /** Delivers what was sent up to now. The packets stay valid until the next call. */
  deliver(receive: (handle: number, at: number, length: number) => void): void {
    const queue = this.#filling;
    const count = this.#count;
    this.#filling = queue === 0 ? 1 : 0;
    this.#count = 0;
    for (let i = 0; i < count; i++) {
      const at = this.#buffers[queue] + i * receiveBufferBytes;
      receive(this.#handles[queue][i] ?? -1, at, this.#lengths[queue][i] ?? 0);
    }
  }
}
