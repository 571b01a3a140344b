import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { AeadProtection, CounterProtection, SrtpScratch } from '@rivero/transport';
import fc from 'fast-check';
import { NodeCrypto, toHex } from './nodeCrypto.ts';

// The formulas of RFC 3711 and RFC 7714 written once more, with big integers and node:crypto, for indexes that the
// vectors of the standards do not reach.

const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const SALT = Buffer.from('f0e1d2c3b4a5968778695a4b3c2d', 'hex');
const AUTHENTICATION = Buffer.alloc(20, 0xa5);
const HEADER = Buffer.from('806000000000000000000000', 'hex');
const PLAIN = Buffer.from('the payload of a packet');

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const edge = fc.oneof(u32, fc.constantFrom(0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff));
const sequence = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0x7fff, 0x8000, 0xffff));

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

function word(value: number): Buffer {
  return toBytes(BigInt(value), 4);
}

function rtpHeader(ssrc: number, sequenceNumber: number): Buffer {
  const header = Buffer.from(HEADER);
  header.writeUInt16BE(sequenceNumber, 2);
  header.writeUInt32BE(ssrc, 8);
  return header;
}

function rtcpHeader(ssrc: number): Buffer {
  return Buffer.concat([Buffer.from([0x80, 200, 0, 6]), word(ssrc)]);
}

function counterMode(ssrc: number, index: bigint, plain: Buffer): Buffer {
  const iv = (toBigInt(SALT) << 16n) ^ (BigInt(ssrc) << 64n) ^ (index << 16n);
  return createCipheriv('aes-128-ctr', KEY, toBytes(iv, 16)).update(plain);
}

function galoisMode(nonce: bigint, additional: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-gcm', KEY, toBytes(nonce ^ toBigInt(SALT.subarray(0, 12)), 12));
  cipher.setAAD(additional);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function tag(...parts: Buffer[]): Buffer {
  return createHmac('sha1', AUTHENTICATION).update(Buffer.concat(parts)).digest().subarray(0, 10);
}

function counterProtection() {
  const crypto = new NodeCrypto();
  const keys = { encryption: KEY, authentication: AUTHENTICATION, salt: SALT };
  return { bytes: crypto.memory.bytes, protection: new CounterProtection(new SrtpScratch(crypto), keys) };
}

function aeadProtection() {
  const crypto = new NodeCrypto();
  const keys = { encryption: KEY, authentication: new Uint8Array(0), salt: SALT.subarray(0, 12) };
  return {
    bytes: crypto.memory.bytes,
    protection: new AeadProtection(new SrtpScratch(crypto), keys, 'seal'),
  };
}

describe('CounterProtection', () => {
  const { bytes, protection } = counterProtection();

  it('writes RTP as the formulas say, for every SSRC and index', () => {
    fc.assert(
      fc.property(edge, edge, sequence, (ssrc, rollover, sequenceNumber) => {
        const header = rtpHeader(ssrc, sequenceNumber);
        const body = counterMode(ssrc, (BigInt(rollover) << 16n) | BigInt(sequenceNumber), PLAIN);
        const expected = Buffer.concat([header, body, tag(header, body, word(rollover))]);
        bytes.set(Buffer.concat([header, PLAIN]));
        const length = protection.sealRtp(0, 12, 12, PLAIN.length, rollover);
        assert.equal(toHex(bytes.slice(0, length)), toHex(expected));
        assert.equal(protection.openRtp(0, length, 12, rollover), 12 + PLAIN.length);
        assert.equal(toHex(bytes.slice(12, 12 + PLAIN.length)), toHex(PLAIN));
      }),
    );
  });

  it('writes RTCP as the formulas say, for every SSRC and index', () => {
    fc.assert(
      fc.property(edge, edge, (ssrc, wide) => {
        const index = wide & 0x7fffffff;
        const header = rtcpHeader(ssrc);
        const indexWord = word((index | 0x80000000) >>> 0);
        const body = counterMode(ssrc, BigInt(index), PLAIN);
        const expected = Buffer.concat([header, body, indexWord, tag(header, body, indexWord)]);
        bytes.set(Buffer.concat([header, PLAIN]));
        const length = protection.sealRtcp(0, 8 + PLAIN.length, index);
        assert.equal(toHex(bytes.slice(0, length)), toHex(expected));
        assert.equal(protection.openRtcp(0, length), 8 + PLAIN.length);
        assert.equal(toHex(bytes.slice(8, 8 + PLAIN.length)), toHex(PLAIN));
      }),
    );
  });
});

describe('AeadProtection', () => {
  const { bytes, protection } = aeadProtection();

  it('writes RTP as the formulas say, for every SSRC and index', () => {
    fc.assert(
      fc.property(edge, edge, sequence, (ssrc, rollover, sequenceNumber) => {
        const header = rtpHeader(ssrc, sequenceNumber);
        const nonce = (BigInt(ssrc) << 48n) | (BigInt(rollover) << 16n) | BigInt(sequenceNumber);
        const expected = Buffer.concat([header, galoisMode(nonce, header, PLAIN)]);
        bytes.set(Buffer.concat([header, PLAIN]));
        const length = protection.sealRtp(0, 12, 12, PLAIN.length, rollover);
        assert.equal(toHex(bytes.slice(0, length)), toHex(expected));
      }),
    );
  });

  it('writes RTCP as the formulas say, for every SSRC and index', () => {
    fc.assert(
      fc.property(edge, edge, (ssrc, wide) => {
        const index = wide & 0x7fffffff;
        const header = rtcpHeader(ssrc);
        const indexWord = word((index | 0x80000000) >>> 0);
        const nonce = (BigInt(ssrc) << 48n) | BigInt(index);
        const body = galoisMode(nonce, Buffer.concat([header, indexWord]), PLAIN);
        bytes.set(Buffer.concat([header, PLAIN]));
        const length = protection.sealRtcp(0, 8 + PLAIN.length, index);
        assert.equal(toHex(bytes.slice(0, length)), toHex(Buffer.concat([header, body, indexWord])));
      }),
    );
  });
});
