/**
 * Reading native memory, and blocks of our own that C may write to.
 * @module
 */
import koffi from 'koffi';
import type { Kind, Null, Pointer } from './cTypes.ts';

/** The pointer-sized number `offset` bytes behind an address, which must be readable. */
export function wordAt(address: number, offset = 0): number {
  return Number(koffi.decode(BigInt(address + offset), 'uintptr_t'));
}

/** The unsigned 32-bit number `offset` bytes behind an address, which must be readable. */
export function uint32At(address: number, offset = 0): number {
  return Number(koffi.decode(BigInt(address + offset), 'uint32_t'));
}

/** The signed 32-bit number `offset` bytes behind an address, which must be readable. */
export function int32At(address: number, offset = 0): number {
  return Number(koffi.decode(BigInt(address + offset), 'int32_t'));
}

/** The text that ends with a zero byte at an address, which must be readable; empty for NULL. */
export function textAt(address: number): string {
  return address === 0 ? '' : String(koffi.decode(BigInt(address), 'char', -1));
}

/**
 * A block of zeroed bytes that C may use as long as this object lives.
 *
 * It is a buffer of its own: what V8 keeps inside its heap (small typed arrays) moves when garbage is collected.
 */
export class NativeBlock<K extends Kind> {
  /** The content. */
  readonly bytes: Uint8Array;
  /** Where it is, as the kind of pointer that it is used for. */
  readonly pointer: Pointer<K>;

  /** A block of `sizeBytes`. */
  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(new ArrayBuffer(Math.max(sizeBytes, 64)), 0, sizeBytes);
    // Holds because the caller names what it uses the block for.
    this.pointer = Number(koffi.address(this.bytes)) as Pointer<K>;
  }
}

/** Places for results of C functions, each 8 bytes and zeroed. */
export class OutCells {
  readonly #block: NativeBlock<'Out'>;
  readonly #view: DataView;

  /** Room for `count` results. */
  constructor(count: number) {
    this.#block = new NativeBlock(8 * count);
    this.#view = new DataView(this.#block.bytes.buffer);
  }

  /** Zeroes all places. */
  clear(): void {
    this.#block.bytes.fill(0);
  }

  /** Address of place `i`. */
  at(i: number): Pointer<'Out'> {
    // Holds because it is inside the block.
    return (this.#block.pointer + 8 * i) as Pointer<'Out'>;
  }

  /** A pointer that was written to place `i`. */
  pointer<K extends Kind>(i: number): Pointer<K> | Null {
    // Holds because the caller names what the function that it called writes.
    return Number(this.#view.getBigUint64(8 * i, true)) as Pointer<K> | Null;
  }

  /** A 32-bit number that was written to place `i`. */
  int(i: number): number {
    return this.#view.getInt32(8 * i, true);
  }

  /** A 64-bit number that was written to place `i`. */
  int64(i: number): bigint {
    return this.#view.getBigInt64(8 * i, true);
  }
}
