/**
 * Building blocks of the packet tests: hexadecimal in, packet memory out.
 * @module
 */
import { type PacketMemory, packetMemoryOf } from '../src/index.ts';

/** Bytes of hexadecimal text; blanks are ignored. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

/** A memory with `bytes` at offset `at`, some filled space in front and behind. */
export function memoryWith(bytes: Uint8Array, at = 16): PacketMemory {
  const block = new Uint8Array(at + bytes.length + 512).fill(0xee);
  block.set(bytes, at);
  return packetMemoryOf(block);
}

/** The `length` bytes at `at` as hexadecimal text. */
export function hexOf(memory: PacketMemory, at: number, length: number): string {
  return Buffer.from(memory.bytes.subarray(at, at + length)).toString('hex');
}
