/**
 * The memory in which packets live. A packet is an offset and a length in it, never an object of its own.
 * @module
 */

/** One block of memory, seen as bytes and as a `DataView`, that holds every packet of a router process. */
export interface PacketMemory {
  /** The whole block. Offsets handed around are indexes into it. */
  readonly bytes: Uint8Array;
  /** The same block, for reading and writing numbers in network byte order. */
  readonly view: DataView;
}

/** Hands out long-lived regions of a `PacketMemory`, for instance a producer's retransmission cache. */
export interface MemoryRegions {
  /** Offset of a region of `sizeBytes`, or -1 when the memory is used up. The content is undefined. */
  allocate(sizeBytes: number): number;
  /** Gives a region back. `sizeBytes` must be what was asked for. */
  release(offset: number, sizeBytes: number): void;
}

/** A packet memory over `bytes`, which is shared, not copied. Offset 0 is its first byte. */
export function packetMemoryOf(bytes: Uint8Array): PacketMemory {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
