/**
 * Working memory of the SRTP functions.
 * @module
 */
import type { PacketMemory } from '@rivero/rtp';
import type { PacketCrypto } from '../crypto.ts';

/**
 * Offsets of small working areas in the packet memory, shared by all SRTP sessions of a process.
 * Scratch memory is never given back, so make one of these per `PacketCrypto`, not one per session.
 */
export class SrtpScratch {
  /** Makes the ciphers of the sessions. */
  readonly crypto: PacketCrypto;
  /** The memory that the offsets refer to. */
  readonly memory: PacketMemory;
  /** 16 bytes for a nonce or counter block. */
  readonly nonce: number;
  /** 16 bytes for additional data that does not lie in one piece in the packet, or the roll-over counter. */
  readonly additional: number;
  /** 32 bytes for an authentication code, or for derived keys. */
  readonly code: number;

  /** Takes 64 bytes of scratch memory. */
  constructor(crypto: PacketCrypto) {
    this.crypto = crypto;
    this.memory = crypto.memory;
    this.nonce = crypto.allocateScratch(64);
    this.additional = this.nonce + 16;
    this.code = this.nonce + 32;
  }
}
