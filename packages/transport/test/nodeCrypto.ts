/**
 * The ciphers of node:crypto behind the interface that SRTP is written against.
 * @module
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { PacketMemory } from '@rivero/rtp';
import type { AeadCipher, Authenticator, CounterCipher, PacketCrypto } from '@rivero/transport';

/** 64 KiB of packet memory with ciphers over it. Counts what is open, and cipher calls. */
export class NodeCrypto implements PacketCrypto {
  readonly memory: PacketMemory;
  openCiphers = 0;
  calls = 0;
  #scratchEnd = 0x10000;

  constructor() {
    const bytes = new Uint8Array(0x10000);
    this.memory = { bytes, view: new DataView(bytes.buffer) };
  }

  allocateScratch(sizeBytes: number): number {
    this.#scratchEnd -= sizeBytes;
    return this.#scratchEnd;
  }

  createAead(key: Uint8Array, direction: 'seal' | 'open'): AeadCipher {
    const kept = key.slice();
    const { bytes } = this.memory;
    this.openCiphers++;
    return {
      seal: (nonce, aad, aadLength, from, to, length) => {
        this.calls++;
        if (direction !== 'seal') throw new Error('This cipher opens');
        const cipher = createCipheriv('aes-128-gcm', kept, bytes.slice(nonce, nonce + 12));
        cipher.setAAD(bytes.slice(aad, aad + aadLength));
        bytes.set(Buffer.concat([cipher.update(bytes.slice(from, from + length)), cipher.final()]), to);
        bytes.set(cipher.getAuthTag(), to + length);
      },
      open: (nonce, aad, aadLength, at, length) => {
        this.calls++;
        if (direction !== 'open') throw new Error('This cipher seals');
        const cipher = createDecipheriv('aes-128-gcm', kept, bytes.slice(nonce, nonce + 12));
        cipher.setAAD(bytes.slice(aad, aad + aadLength));
        cipher.setAuthTag(bytes.slice(at + length, at + length + 16));
        bytes.set(cipher.update(bytes.slice(at, at + length)), at);
        try {
          cipher.final();
          return true;
        } catch {
          return false;
        }
      },
      close: () => void this.openCiphers--,
    };
  }

  createCounter(key: Uint8Array): CounterCipher {
    const kept = key.slice();
    const { bytes } = this.memory;
    this.openCiphers++;
    return {
      crypt: (counter, from, to, length) => {
        this.calls++;
        const cipher = createCipheriv('aes-128-ctr', kept, bytes.slice(counter, counter + 16));
        bytes.set(cipher.update(bytes.slice(from, from + length)), to);
      },
      close: () => void this.openCiphers--,
    };
  }

  createAuthenticator(key: Uint8Array): Authenticator {
    const kept = key.slice();
    const { bytes } = this.memory;
    this.openCiphers++;
    return {
      sign: (at, length, suffix, suffixLength, to) => {
        this.calls++;
        const hmac = createHmac('sha1', kept).update(bytes.slice(at, at + length));
        bytes.set(hmac.update(bytes.slice(suffix, suffix + suffixLength)).digest(), to);
      },
      close: () => void this.openCiphers--,
    };
  }
}

/** HMAC-SHA1 for STUN. */
export function hmacSha1(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sha1', key).update(data).digest();
}

/** Bytes written as hexadecimal text; spaces are ignored. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

/** The reverse of `fromHex`, without spaces. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
