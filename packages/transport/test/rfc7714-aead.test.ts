import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AeadProtection, SrtpError, SrtpScratch, SrtpSession } from '@rivero/transport';
import { fromHex, NodeCrypto, toHex } from './nodeCrypto.ts';

const sessionKeys = {
  encryption: fromHex('000102030405060708090a0b0c0d0e0f'),
  authentication: new Uint8Array(0),
  salt: fromHex('517569642070726f2071756f'),
};
const RTP_PLAIN = `8040f17b8041f8d35501a0b2
  47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573`;
const RTP_PROTECTED = `8040f17b8041f8d35501a0b2
  f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
  899d7f27beb16a9152cf765ee4390cce`;
const RTCP_PLAIN = `81c8000d4d617273
  4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef`;
const RTCP_PROTECTED = `81c8000d4d617273
  63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b
  c84aa45896cf4d2fc5abf87245d9eade 800005d4`;

function protection(direction: 'seal' | 'open') {
  const crypto = new NodeCrypto();
  return {
    bytes: crypto.memory.bytes,
    protection: new AeadProtection(new SrtpScratch(crypto), sessionKeys, direction),
  };
}

describe('RFC 7714 sections 16 and 17', () => {
  it('16.1.1: encrypts an RTP packet', () => {
    const seal = protection('seal');
    seal.bytes.set(fromHex(RTP_PLAIN));
    const length = seal.protection.sealRtp(0, 12, 12, 38, 0);
    assert.equal(toHex(seal.bytes.slice(0, length)), toHex(fromHex(RTP_PROTECTED)));
  });

  it('16.1.2: decrypts an RTP packet', () => {
    const open = protection('open');
    open.bytes.set(fromHex(RTP_PROTECTED));
    const length = open.protection.openRtp(0, 66, 12, 0);
    assert.equal(toHex(open.bytes.slice(0, length)), toHex(fromHex(RTP_PLAIN)));
  });

  it('17.1: encrypts an RTCP packet', () => {
    const seal = protection('seal');
    seal.bytes.set(fromHex(RTCP_PLAIN));
    const length = seal.protection.sealRtcp(0, 52, 0x5d4);
    assert.equal(toHex(seal.bytes.slice(0, length)), toHex(fromHex(RTCP_PROTECTED)));
  });

  it('17.2: decrypts an RTCP packet', () => {
    const open = protection('open');
    open.bytes.set(fromHex(RTCP_PROTECTED));
    assert.equal(open.protection.readRtcpIndexWord(0, 72), 0x800005d4);
    const length = open.protection.openRtcp(0, 72);
    assert.equal(toHex(open.bytes.slice(0, length)), toHex(fromHex(RTCP_PLAIN)));
  });

  it('authenticates the index of an RTCP packet', () => {
    const open = protection('open');
    open.bytes.set(fromHex(RTCP_PROTECTED));
    open.bytes[71]! ^= 1;
    assert.equal(open.protection.openRtcp(0, 72), SrtpError.forged);
  });
});

describe('AEAD_AES_128_GCM as other implementations write it', () => {
  it('derives keys from a 96-bit salt and protects the packet of the widely used test vector', () => {
    const crypto = new NodeCrypto();
    const master = {
      key: fromHex('000102030405060708090a0b0c0d0e0f'),
      salt: fromHex('a0a1a2a3a4a5a6a7a8a9aaab'),
    };
    const session = new SrtpSession({
      scratch: new SrtpScratch(crypto),
      keys: { profile: 'SRTP_AEAD_AES_128_GCM', local: master, remote: master },
    });
    crypto.memory.bytes.set(fromHex(`800f1234decafbadcafebabe${'ab'.repeat(16)}`));
    const length = session.sender(0xcafebabe).protect(0, 12, 12, 16);
    assert.equal(
      toHex(crypto.memory.bytes.slice(0, length)),
      '800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392',
    );
  });
});
