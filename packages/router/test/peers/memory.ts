/**
 * Packet memory for tests: a receive area in front, an outgoing area, and regions that know what is still held.
 * @module
 */
import { type MemoryRegions, type PacketMemory, packetMemoryOf } from '@rivero/rtp';

const receiveBytes = 512 * 1024;
const sendBytes = 2048;

/** Regions that count what was not given back, and throw on a wrong release. */
class CountedRegions implements MemoryRegions {
  readonly #held = new Map<number, number>();
  readonly #free: [number, number][] = [];
  #next: number;
  readonly #end: number;

  constructor(start: number, end: number) {
    this.#next = start;
    this.#end = end;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const size of this.#held.values()) sum += size;
    return sum;
  }

  allocate(sizeBytes: number): number {
    const again = this.#free.findIndex(([, size]) => size === sizeBytes);
    const offset = again >= 0 ? this.#free.splice(again, 1)[0]![0] : this.#next;
    if (again < 0) {
      if (offset + sizeBytes > this.#end) return -1;
      this.#next += sizeBytes;
    }
    this.#held.set(offset, sizeBytes);
    return offset;
  }

  release(offset: number, sizeBytes: number): void {
    if (this.#held.get(offset) !== sizeBytes) throw new Error(`Region ${offset} of ${sizeBytes} is not held`);
    this.#held.delete(offset);
    this.#free.push([offset, sizeBytes]);
  }
}

/** A packet memory with a place for received packets and one for the next outgoing packet. */
export interface TestMemory {
  readonly memory: PacketMemory;
  readonly regions: CountedRegions;
  /** Copies a packet to where the datapath would have received it, and returns the offset. */
  receive(packet: Uint8Array): number;
  /** Where outlets write. */
  readonly sendAt: number;
}

/** A memory with room for `caches` video producers. */
export function createMemory(caches = 8): TestMemory {
  const regionsAt = receiveBytes + sendBytes;
  const bytes = new Uint8Array(regionsAt + caches * 262_144);
  const memory = packetMemoryOf(bytes);
  let cursor = 0;
  return {
    memory,
    regions: new CountedRegions(regionsAt, bytes.length),
    sendAt: receiveBytes,
    receive(packet) {
      if (cursor + packet.length > receiveBytes) cursor = 0;
      const at = cursor;
      bytes.set(packet, at);
      cursor += packet.length;
      return at;
    },
  };
}
