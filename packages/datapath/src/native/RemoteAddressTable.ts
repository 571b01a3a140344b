/**
 * Remote addresses of one socket, interned: the bytes of a `sockaddr` become a small number without allocation.
 * @module
 */
import { TransportAddress } from '@rivero/transport';
import type { SetUpMemory } from '../Arena.ts';
import { Socket } from './libc.ts';

/** Room for a `sockaddr_in` (16 bytes) or a `sockaddr_in6` (28 bytes). */
export const socketAddressSlotBytes = 32;

/** The layout of one family's `sockaddr`: the family in host order, the port and the address in network order. */
interface Layout {
  readonly sizeBytes: number;
  readonly family: number;
  readonly addressOffset: number;
  readonly addressBytes: number;
}

const layouts: Readonly<Record<4 | 6, Layout>> = {
  4: { sizeBytes: 16, family: Socket.AF_INET, addressOffset: 4, addressBytes: 4 },
  6: { sizeBytes: 28, family: Socket.AF_INET6, addressOffset: 8, addressBytes: 16 },
};

/** Reads and writes the `sockaddr` of one family in the arena. */
export class SocketAddressFormat {
  /** Bytes of a `sockaddr` of this family. */
  readonly sizeBytes: number;
  readonly #arena: SetUpMemory;
  readonly #layout: Layout;

  /** Works on `arena`. */
  constructor(arena: SetUpMemory, family: 4 | 6) {
    this.#arena = arena;
    this.#layout = layouts[family];
    this.sizeBytes = this.#layout.sizeBytes;
  }

  /** Writes the `sockaddr` of an address at `at`; false if it is of another family. */
  write(at: number, { bytes, port }: TransportAddress): boolean {
    const { sizeBytes, family, addressOffset, addressBytes } = this.#layout;
    if (bytes.length !== addressBytes) return false;
    this.#arena.bytes.fill(0, at, at + sizeBytes);
    this.#arena.view.setUint16(at, family, true);
    this.#arena.view.setUint16(at + 2, port);
    this.#arena.bytes.set(bytes, at + addressOffset);
    return true;
  }

  /** The address of the `sockaddr` at `at`. */
  read(at: number): TransportAddress {
    const { addressOffset, addressBytes } = this.#layout;
    const start = at + addressOffset;
    const bytes = this.#arena.bytes.subarray(start, start + addressBytes);
    return TransportAddress.fromBytes(bytes, this.#arena.view.getUint16(at + 2));
  }
}

/** A hash table with chains in typed arrays; its size is fixed, so it cannot be made to grow from outside. */
export class RemoteAddressTable {
  readonly #view: DataView;
  readonly #format: SocketAddressFormat;
  readonly #isIpv6: boolean;
  readonly #slots: number;
  readonly #scratch: number;
  readonly #buckets: Int32Array;
  readonly #next: Int32Array;
  readonly #free: number[] = [];
  readonly #capacity: number;
  #used = 0;

  /** A table of at most `capacity` addresses. */
  constructor(arena: SetUpMemory, family: 4 | 6, capacity: number) {
    this.#view = arena.view;
    this.#format = new SocketAddressFormat(arena, family);
    this.#isIpv6 = family === 6;
    this.#capacity = capacity;
    this.#slots = arena.reserve(capacity * socketAddressSlotBytes);
    this.#scratch = arena.reserve(socketAddressSlotBytes);
    this.#buckets = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity))).fill(-1);
    this.#next = new Int32Array(capacity).fill(-1);
  }

  /** Addresses interned now. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Handle of the address whose `sockaddr` stands at `at`, or -1. */
  lookup(at: number): number {
    let handle = this.#buckets[this.#bucket(at)] ?? -1;
    while (handle >= 0 && !this.#equal(at, this.offset(handle))) handle = this.#next[handle] ?? -1;
    return handle;
  }

  /** Handle of an address, new or known, or -1 if the table is full or the family is another one. */
  intern(remote: TransportAddress): number {
    if (!this.#format.write(this.#scratch, remote)) return -1;
    const known = this.lookup(this.#scratch);
    if (known >= 0) return known;
    const handle = this.#free.pop() ?? (this.#used < this.#capacity ? this.#used++ : -1);
    if (handle < 0) return -1;
    this.#format.write(this.offset(handle), remote);
    const bucket = this.#bucket(this.#scratch);
    this.#next[handle] = this.#buckets[bucket] ?? -1;
    this.#buckets[bucket] = handle;
    return handle;
  }

  /** Forgets a handle; forgetting twice does nothing. */
  forget(handle: number): void {
    const bucket = this.#bucket(this.offset(handle));
    let previous = -1;
    let current = this.#buckets[bucket] ?? -1;
    while (current >= 0 && current !== handle) {
      previous = current;
      current = this.#next[current] ?? -1;
    }
    if (current < 0) return;
    const after = this.#next[handle] ?? -1;
    if (previous < 0) this.#buckets[bucket] = after;
    else this.#next[previous] = after;
    this.#free.push(handle);
  }

  /** Offset of the `sockaddr` of a handle. */
  offset(handle: number): number {
    return this.#slots + handle * socketAddressSlotBytes;
  }

  #bucket(at: number): number {
    const view = this.#view;
    let hash = Math.imul(view.getUint16(at + 2) ^ view.getInt32(at + (this.#isIpv6 ? 20 : 4)), 0x9e3779b1);
    if (this.#isIpv6) {
      hash = Math.imul(hash ^ view.getInt32(at + 16), 0x85ebca6b);
      hash = Math.imul(hash ^ view.getInt32(at + 12), 0xc2b2ae35);
      hash = Math.imul(hash ^ view.getInt32(at + 8), 0x27d4eb2f);
    }
    return (hash ^ (hash >>> 15)) & (this.#buckets.length - 1);
  }

  #equal(a: number, b: number): boolean {
    const view = this.#view;
    if (view.getUint16(a + 2) !== view.getUint16(b + 2)) return false;
    if (!this.#isIpv6) return view.getInt32(a + 4) === view.getInt32(b + 4);
    return (
      view.getInt32(a + 20) === view.getInt32(b + 20) &&
      view.getInt32(a + 16) === view.getInt32(b + 16) &&
      view.getInt32(a + 12) === view.getInt32(b + 12) &&
      view.getInt32(a + 8) === view.getInt32(b + 8)
    );
  }
}
