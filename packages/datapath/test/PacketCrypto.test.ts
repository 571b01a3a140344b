/**
 * One suite for both packet ciphers: they agree with published vectors and with each other.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PacketCrypto } from '@rivero/transport';
import fc from 'fast-check';
import { Arena } from '../src/Arena.ts';
import { NativeCrypto } from '../src/native/NativeCrypto.ts';
import { NodeCrypto } from '../src/NodeCrypto.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** Places bytes in scratch memory. */
function put(crypto: PacketCrypto, bytes: Uint8Array, roomBytes = 0): number {
  const at = crypto.allocateScratch(bytes.length + roomBytes);
  crypto.memory.bytes.set(bytes, at);
  return at;
}

function get(crypto: PacketCrypto, at: number, length: number): string {
  return Buffer.from(crypto.memory.bytes.subarray(at, at + length)).toString('hex');
}

const implementations: Record<string, (arena: Arena) => PacketCrypto> = {
  NativeCrypto: (arena) => new NativeCrypto(arena),
  NodeCrypto: (arena) => new NodeCrypto(arena),
};

for (const [name, create] of Object.entries(implementations)) {
  describe(name, () => {
    it('seals as the GCM specification, test case 4, and opens it again', () => {
      const crypto = create(new Arena(1 << 16));
      const key = hex('feffe9928665731c6d6a8f9467308308');
      const plain = hex(
        'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
      );
      const nonce = put(crypto, hex('cafebabefacedbaddecaf888'));
      const aad = put(crypto, hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'));
      const from = put(crypto, plain);
      const to = put(crypto, new Uint8Array(plain.length), 16);
      crypto.createAead(key, 'seal').seal(nonce, aad, 20, from, to, plain.length);
      const sealed = get(crypto, to, plain.length + 16);
      assert.equal(
        sealed,
        '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
      );
      assert.equal(crypto.createAead(key, 'open').open(nonce, aad, 20, to, plain.length), true);
      assert.equal(get(crypto, to, plain.length), Buffer.from(plain).toString('hex'));
    });

    it('refuses any single changed bit of data, tag, associated data and nonce, and goes on working', () => {
      const crypto = create(new Arena(1 << 16));
      const key = new Uint8Array(16).fill(7);
      const seal = crypto.createAead(key, 'seal');
      const open = crypto.createAead(key, 'open');
      const at = put(crypto, new Uint8Array(12 + 12 + 40 + 16));
      const [nonce, aad, data] = [at, at + 12, at + 24];
      seal.seal(nonce, aad, 12, data, data, 40);
      const sealed = crypto.memory.bytes.slice(at, at + 80);
      for (let bit = 0; bit < 80 * 8; bit += 7) {
        crypto.memory.bytes.set(sealed, at);
        const index = at + (bit >> 3);
        crypto.memory.view.setUint8(index, crypto.memory.view.getUint8(index) ^ (1 << (bit & 7)));
        assert.equal(open.open(nonce, aad, 12, data, 40), false, `bit ${bit}`);
      }
      crypto.memory.bytes.set(sealed, at);
      assert.equal(open.open(nonce, aad, 12, data, 40), true);
    });

    it('seals nothing but associated data, and opens it', () => {
      const crypto = create(new Arena(1 << 16));
      const key = new Uint8Array(16);
      const at = put(crypto, new Uint8Array(100));
      crypto.createAead(key, 'seal').seal(at, at + 12, 8, at + 20, at + 20, 0);
      assert.equal(crypto.createAead(key, 'open').open(at, at + 12, 8, at + 20, 0), true);
      assert.equal(crypto.createAead(key, 'open').open(at, at + 12, 7, at + 20, 0), false);
    });

    it('encrypts in counter mode as NIST SP 800-38A section F.5.1', () => {
      const crypto = create(new Arena(1 << 16));
      const counter = put(crypto, hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'));
      const at = put(crypto, hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51'));
      crypto.createCounter(hex('2b7e151628aed2a6abf7158809cf4f3c')).crypt(counter, at, at, 32);
      assert.equal(get(crypto, at, 32), '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff');
    });

    it('signs as RFC 2202, test cases 1 and 3, however the message is split', () => {
      const crypto = create(new Arena(1 << 16));
      for (const [byte, message, expected] of [
        [0x0b, Buffer.from('Hi There'), 'b617318655057264e28bc0b6fb378c8ef146be00'],
        [0xaa, Buffer.alloc(50, 0xdd), '125d7342b9ac11cd91a39af48aa17b4f63f175d3'],
      ] as const) {
        const authenticator = crypto.createAuthenticator(new Uint8Array(20).fill(byte));
        const at = put(crypto, message);
        const to = put(crypto, new Uint8Array(20));
        for (const split of [0, 1, message.length - 1, message.length]) {
          authenticator.sign(at, split, at + split, message.length - split, to);
          assert.equal(get(crypto, to, 20), expected);
        }
        authenticator.close();
        authenticator.close();
      }
    });

    it('refuses offsets outside the memory and keys of a wrong size', () => {
      const arena = new Arena(1 << 16);
      const crypto = create(arena);
      const end = arena.bytes.length;
      const aead = crypto.createAead(new Uint8Array(16), 'seal');
      const counter = crypto.createCounter(new Uint8Array(16));
      const authenticator = crypto.createAuthenticator(new Uint8Array(20));
      for (const bad of [-1, end, end - 3, Number.NaN]) {
        assert.throws(() => aead.seal(bad, 0, 4, 0, 0, 4), RangeError);
        assert.throws(() => aead.seal(0, bad, 4, 0, 0, 4), RangeError);
        assert.throws(() => aead.seal(0, 0, 4, bad, 0, 4), RangeError);
        assert.throws(() => aead.seal(0, 0, 4, 0, bad, 4), RangeError);
        assert.throws(() => aead.open(0, 0, 4, bad, 4), RangeError);
        assert.throws(() => counter.crypt(0, bad, 0, 4), RangeError);
        assert.throws(() => counter.crypt(0, 0, bad, 4), RangeError);
        assert.throws(() => authenticator.sign(bad, 4, 0, 0, 0), RangeError);
        assert.throws(() => authenticator.sign(0, 4, 0, 0, bad), RangeError);
      }
      assert.throws(() => crypto.createAead(new Uint8Array(15), 'seal'), RangeError);
      assert.throws(() => crypto.createAuthenticator(new Uint8Array(21)), RangeError);
    });
  });
}

describe('NativeCrypto and NodeCrypto', () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ minLength: length, maxLength: length });

  it('are byte-identical on any input', () => {
    const native = new NativeCrypto(new Arena(1 << 22));
    const node = new NodeCrypto(new Arena(1 << 22));
    const area = 1 << 21; // Far behind what either has reserved.
    const inputs = fc.tuple(bytes(20), bytes(16), bytes(64), fc.uint8Array({ maxLength: 1500 }));
    fc.assert(
      fc.property(inputs, ([key, counter, aad, data]) => {
        const results = [native, node].map((crypto) => {
          const memory = crypto.memory.bytes.subarray(area);
          memory.fill(0, 0, 4096);
          memory.set(counter);
          memory.set(aad, 16);
          memory.set(data, 80);
          const aead = crypto.createAead(key.subarray(0, 16), 'seal');
          aead.seal(area, area + 16, 64, area + 80, area + 80, data.length);
          const counterCipher = crypto.createCounter(key.subarray(4));
          counterCipher.crypt(area, area + 80, area + 2000, data.length);
          const authenticator = crypto.createAuthenticator(key);
          authenticator.sign(area + 2000, data.length, area + 16, 4, area + 4000);
          for (const cipher of [aead, counterCipher, authenticator]) cipher.close();
          return Buffer.from(memory.subarray(0, 4096)).toString('hex');
        });
        assert.equal(results[0], results[1]);
      }),
    );
    assert.equal(native.memory.regionBytes, 0);
  });
});
