/**
 * The one block of memory in which every packet, cache, key context and kernel structure of a router process lives.
 * @module
 */
import type { MemoryRegions, PacketMemory } from '@rivero/rtp';

/** Packet memory from which pieces are taken once, for set-up. */
export interface SetUpMemory extends PacketMemory {
  /** All of the memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Over the same bytes. */
  readonly view: DataView<ArrayBuffer>;
  /**
   * Offset of `sizeBytes` zeroed bytes, aligned to a cache line.
   * @throws {RangeError} if there are not so many.
   */
  reserve(sizeBytes: number): number;
}

const cacheLineBytes = 64;
/** Smallest region, bytes: below it bookkeeping would cost more than the memory. */
const smallestRegionBytes = 256;

/**
 * A bump allocator with size classes on top. Memory is handed out from the front; regions that come back are
 * kept in a free list of their size class and handed out again, so the size in use is bounded by the peak.
 */
export class Arena implements SetUpMemory, MemoryRegions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  #top = 0;
  #regionBytes = 0;
  readonly #freeRegions = new Map<number, number[]>();

  /** Hands out `buffer`, or one of that many bytes; less than 2 GiB, so that offsets stay small integers. */
  constructor(buffer: ArrayBuffer | number) {
    const sizeBytes = typeof buffer === 'number' ? buffer : buffer.byteLength;
    if (!(sizeBytes > 0 && sizeBytes <= 2 ** 31 - cacheLineBytes)) {
      throw new RangeError(`An arena should have 1 to 2^31 - 64 bytes, got ${sizeBytes}`);
    }
    const memory = typeof buffer === 'number' ? new ArrayBuffer(buffer) : buffer;
    this.bytes = new Uint8Array(memory);
    this.view = new DataView(memory);
  }

  /** Bytes of regions handed out and not yet released, rounded up to their size classes. */
  get regionBytes(): number {
    return this.#regionBytes;
  }

  /** Bytes that were ever taken, free regions included. */
  get reservedBytes(): number {
    return this.#top;
  }

  /**
   * Offset of `sizeBytes` zeroed bytes that are never given back, aligned to a cache line. For set-up.
   * @throws {RangeError} if the arena is used up.
   */
  reserve(sizeBytes: number): number {
    const offset = this.#take(sizeBytes);
    if (offset < 0) throw new RangeError(`Arena of ${this.bytes.length} bytes has no ${sizeBytes} left`);
    return offset;
  }

  /** Offset of a region of at least `sizeBytes`, aligned to a cache line, or -1. The content is undefined. */
  allocate(sizeBytes: number): number {
    const classBytes = sizeClass(sizeBytes);
    const offset = this.#freeRegions.get(classBytes)?.pop() ?? this.#take(classBytes);
    if (offset >= 0) this.#regionBytes += classBytes;
    return offset;
  }

  /** Gives back a region; `sizeBytes` as it was asked for. */
  release(offset: number, sizeBytes: number): void {
    const classBytes = sizeClass(sizeBytes);
    const free = this.#freeRegions.get(classBytes);
    if (free === undefined) this.#freeRegions.set(classBytes, [offset]);
    else free.push(offset);
    this.#regionBytes -= classBytes;
  }

  #take(sizeBytes: number): number {
    const end = this.#top + Math.ceil(sizeBytes / cacheLineBytes) * cacheLineBytes;
    if (!(sizeBytes >= 0) || end > this.bytes.length) return -1;
    const offset = this.#top;
    this.#top = end;
    return offset;
  }
}

/** Set-up memory of something that ends before the process does. */
export class ArenaLease implements SetUpMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  readonly #arena: Arena;
  readonly #regions: { readonly offset: number; readonly sizeBytes: number }[] = [];

  /** Takes regions of `arena`. */
  constructor(arena: Arena) {
    this.#arena = arena;
    this.bytes = arena.bytes;
    this.view = arena.view;
  }

  reserve(sizeBytes: number): number {
    const offset = this.#arena.allocate(sizeBytes);
    if (offset < 0) throw new RangeError(`Arena of ${this.bytes.length} bytes has no ${sizeBytes} left`);
    this.#regions.push({ offset, sizeBytes });
    this.bytes.fill(0, offset, offset + sizeBytes);
    return offset;
  }

  /** Gives everything back; nobody may use it any more. */
  release(): void {
    for (const { offset, sizeBytes } of this.#regions.splice(0)) this.#arena.release(offset, sizeBytes);
  }
}

/** Sizes are rounded up to a power of two or to one and a half of it, so at most a third is wasted. */
function sizeClass(sizeBytes: number): number {
  if (!(sizeBytes > 0)) throw new RangeError(`'sizeBytes' should be positive, got ${sizeBytes}`);
  let classBytes = smallestRegionBytes;
  while (classBytes < sizeBytes) {
    if (classBytes + classBytes / 2 >= sizeBytes) return classBytes + classBytes / 2;
    classBytes *= 2;
  }
  return classBytes;
}
