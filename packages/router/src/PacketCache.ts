/**
 * The last packets of one producer, as received, so that every viewer's losses are repaired from one copy.
 * @module
 */
import type { MemoryRegions, PacketMemory } from '@rivero/rtp';

/** Bytes of a video producer's cache: two seconds at 1 Mbit/s. */
export const videoCacheBytes = 262_144;

/** Packets that a cache finds again. A power of two. */
export const packetCacheSlots = 1024;

const slotMask = packetCacheSlots - 1;
const empty = -1;

/** A byte ring in the packet memory. The oldest packets make room for new ones. */
export class PacketCache {
  readonly #memory: PacketMemory;
  readonly #regions: MemoryRegions;
  readonly #sizeBytes: number;
  readonly #sequenceNumbers = new Int32Array(packetCacheSlots).fill(empty);
  readonly #offsets = new Int32Array(packetCacheSlots);
  readonly #lengths = new Uint16Array(packetCacheSlots);
  readonly #headerLengths = new Uint16Array(packetCacheSlots);
  // Slot numbers in the order of storing: what the ring overwrites next.
  readonly #order = new Uint16Array(packetCacheSlots);
  #oldest = 0;
  #count = 0;
  #region = -1;
  #write = 0;

  /** Nothing is taken from `regions` before the first packet. */
  constructor(memory: PacketMemory, regions: MemoryRegions, sizeBytes: number) {
    this.#memory = memory;
    this.#regions = regions;
    this.#sizeBytes = sizeBytes;
  }

  /** Packets that can be found now. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of packet memory held. */
  get memoryBytes(): number {
    return this.#region < 0 ? 0 : this.#sizeBytes;
  }

  /** Copies a packet of `length` bytes at `at`. False if there is no memory left or the packet is too long. */
  store(sequenceNumber: number, at: number, length: number, headerLength: number): boolean {
    if (length > this.#sizeBytes || length > 0xffff) return false;
    if (this.#region < 0) this.#region = this.#regions.allocate(this.#sizeBytes);
    if (this.#region < 0) return false;
    const slot = sequenceNumber & slotMask;
    const start = this.#makeRoom(length, slot);
    this.#memory.bytes.copyWithin(this.#region + start, at, at + length);
    this.#sequenceNumbers[slot] = sequenceNumber;
    this.#offsets[slot] = start;
    this.#lengths[slot] = length;
    this.#headerLengths[slot] = headerLength;
    this.#order[(this.#oldest + this.#count) & slotMask] = slot;
    this.#count += 1;
    this.#write = start + length;
    return true;
  }

  /** Slot of the packet, or -1. Valid until the next `store` or `clear`. */
  find(sequenceNumber: number): number {
    const slot = sequenceNumber & slotMask;
    return this.#sequenceNumbers[slot] === sequenceNumber ? slot : -1;
  }

  /** Offset in the packet memory of the packet in `slot`. */
  at(slot: number): number {
    return this.#region + (this.#offsets[slot] ?? 0);
  }

  /** Bytes of the packet in `slot`. */
  length(slot: number): number {
    return this.#lengths[slot] ?? 0;
  }

  /** Bytes of its header. */
  headerLength(slot: number): number {
    return this.#headerLengths[slot] ?? 0;
  }

  /** Forgets all packets and gives the memory back. The cache can be used again. */
  clear(): void {
    if (this.#region >= 0) this.#regions.release(this.#region, this.#sizeBytes);
    this.#region = -1;
    this.#sequenceNumbers.fill(empty);
    this.#oldest = 0;
    this.#count = 0;
    this.#write = 0;
  }

  /** Drops what stands in the way of `length` new bytes and returns where they go, relative to the region. */
  #makeRoom(length: number, slot: number): number {
    // A slot is reused before its turn only if sequence numbers jumped: then the older ones are of no use either.
    while (this.#sequenceNumbers[slot] !== empty) this.#dropOldest();
    let start = this.#write;
    if (start + length > this.#sizeBytes) {
      // The rest of the ring stays unused; what lies there is the oldest and goes first.
      while (this.#count > 0 && this.#oldestOffset() >= start) this.#dropOldest();
      start = 0;
    }
    while (this.#count > 0 && this.#oldestOffset() >= start && this.#oldestOffset() < start + length) {
      this.#dropOldest();
    }
    return start;
  }

  #oldestOffset(): number {
    return this.#offsets[this.#order[this.#oldest] ?? 0] ?? 0;
  }

  #dropOldest(): void {
    this.#sequenceNumbers[this.#order[this.#oldest] ?? 0] = empty;
    this.#oldest = (this.#oldest + 1) & slotMask;
    this.#count -= 1;
  }
}
