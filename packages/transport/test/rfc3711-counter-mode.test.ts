import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CounterProtection,
  deriveSessionKeys,
  type SrtpMasterKey,
  SrtpScratch,
  SrtpSession,
} from '@rivero/transport';
import { fromHex, NodeCrypto, toHex } from './nodeCrypto.ts';

const profile = 'SRTP_AES128_CM_SHA1_80';

describe('RFC 3711 appendix B', () => {
  it('B.2: gives the AES-CM key stream', () => {
    const crypto = new NodeCrypto();
    const protection = new CounterProtection(new SrtpScratch(crypto), {
      encryption: fromHex('2B7E151628AED2A6ABF7158809CF4F3C'),
      authentication: new Uint8Array(20),
      salt: fromHex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
    });
    // A header of zeros has SSRC 0 and sequence number 0, as the vector wants; a payload of zeros shows the key stream.
    assert.equal(protection.sealRtp(0, 12, 12, 48, 0), 70);
    assert.equal(
      toHex(crypto.memory.bytes.slice(12, 60)),
      'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0',
    );
  });

  it('B.3: derives the session keys', () => {
    const keys = deriveSessionKeys(
      new SrtpScratch(new NodeCrypto()),
      profile,
      {
        key: fromHex('E1F97A0D3E018BE0D64FA32C06DE4139'),
        salt: fromHex('0EC675AD498AFEEBB6960B3AABE6'),
      },
      'rtp',
    );
    assert.equal(toHex(keys.encryption), 'c61e7a93744f39ee10734afe3ff7a087');
    assert.equal(toHex(keys.salt), '30cbbc08863d8c85d49db34a9ae1');
    assert.equal(toHex(keys.authentication), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  });

  it('refuses master keys of another profile', () => {
    const short: SrtpMasterKey = { key: new Uint8Array(16), salt: new Uint8Array(12) };
    assert.throws(
      () => deriveSessionKeys(new SrtpScratch(new NodeCrypto()), profile, short, 'rtp'),
      RangeError,
    );
  });
});

describe('AES_CM_128_HMAC_SHA1_80 as other implementations write it', () => {
  it('protects the packet of the widely used test vector', () => {
    const crypto = new NodeCrypto();
    const master = {
      key: fromHex('e1f97a0d3e018be0d64fa32c06de4139'),
      salt: fromHex('0ec675ad498afeebb6960b3aabe6'),
    };
    const session = new SrtpSession({
      scratch: new SrtpScratch(crypto),
      keys: { profile, local: master, remote: master },
    });
    crypto.memory.bytes.set(fromHex(`800f1234decafbadcafebabe${'ab'.repeat(16)}`));
    const length = session.sender(0xcafebabe).protect(0, 12, 12, 16);
    assert.equal(
      toHex(crypto.memory.bytes.slice(0, length)),
      '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb',
    );
  });
});
