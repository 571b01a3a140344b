import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type SrtpProfile,
  SrtpError,
  type SrtpKeys,
  SrtpScratch,
  SrtpSession,
  splitKeyingMaterial,
  srtpKeyingMaterialLength,
} from '@rivero/transport';
import fc from 'fast-check';
import { NodeCrypto } from './nodeCrypto.ts';

const PROFILES: readonly SrtpProfile[] = ['SRTP_AEAD_AES_128_GCM', 'SRTP_AES128_CM_SHA1_80'];
const SSRC = 0xdeadbeef;
const HEADER = 12;
const OUT = 0x1000;
const PAYLOAD = 0x2000;

/** Two ends of one association over one memory, and the verbs that the tests speak in. */
function associate(profile: SrtpProfile, maxRemoteSsrcs?: number) {
  const crypto = new NodeCrypto();
  const { bytes, view } = crypto.memory;
  const material = Uint8Array.from({ length: srtpKeyingMaterialLength(profile) }, (_, i) => i * 7);
  const scratch = new SrtpScratch(crypto);
  const limit = maxRemoteSsrcs === undefined ? {} : { maxRemoteSsrcs };
  const local = new SrtpSession({
    scratch,
    keys: splitKeyingMaterial(profile, 'client', material),
    ...limit,
  });
  const remote = new SrtpSession({
    scratch,
    keys: splitKeyingMaterial(profile, 'server', material),
    ...limit,
  });
  /** The packet that `local` sends, or the reason why not. */
  const send = (sequenceNumber: number, payload = `p${sequenceNumber}`, ssrc = SSRC): Uint8Array => {
    bytes.set([0x80, 96], OUT);
    view.setUint16(OUT + 2, sequenceNumber);
    view.setUint32(OUT + 4, sequenceNumber * 3000);
    view.setUint32(OUT + 8, ssrc);
    bytes.set(Buffer.from(payload), PAYLOAD);
    const length = local.sender(ssrc).protect(OUT, HEADER, PAYLOAD, payload.length);
    assert.ok(length > 0, `protect gave ${length}`);
    return bytes.slice(OUT, OUT + length);
  };
  /** The payload that `remote` gets, or the reason for refusing it. */
  const receive = (packet: Uint8Array, headerLength = HEADER): string | number => {
    bytes.set(packet, OUT);
    const length = remote.unprotect(OUT, packet.length, headerLength);
    return length < 0
      ? length
      : Buffer.from(bytes.slice(OUT + headerLength, OUT + length)).toString('latin1');
  };
  const sendRtcp = (text: string, ssrc = SSRC): Uint8Array => {
    bytes.set([0x80, 200, 0, 1], OUT);
    view.setUint32(OUT + 4, ssrc);
    bytes.set(Buffer.from(text), OUT + 8);
    return bytes.slice(OUT, OUT + local.protectRtcp(OUT, 8 + text.length));
  };
  const receiveRtcp = (packet: Uint8Array): string | number => {
    bytes.set(packet, OUT);
    const length = remote.unprotectRtcp(OUT, packet.length);
    return length < 0 ? length : Buffer.from(bytes.slice(OUT + 8, OUT + length)).toString('latin1');
  };
  return { crypto, local, remote, send, receive, sendRtcp, receiveRtcp };
}

/** The packet with one bit of the byte at `at` turned over. */
function flip(packet: Uint8Array, at: number): Uint8Array {
  const copy = packet.slice();
  copy[at]! ^= 1;
  return copy;
}

/** Every edge at which a 16-bit number, its half or the replay window turns over. */
const STARTS = [
  0, 1, 2, 2046, 2047, 2048, 2049, 32766, 32767, 32768, 32769, 63487, 63488, 65533, 65534, 65535,
];

for (const profile of PROFILES) {
  describe(`SrtpSession with ${profile}`, () => {
    it('carries packets in order across two roll-overs, from every edge', () => {
      for (const start of STARTS) {
        const { send, receive } = associate(profile);
        for (let step = 0; step <= 140_000; step += 9973) {
          const sequenceNumber = (start + step) & 0xffff;
          assert.equal(receive(send(sequenceNumber)), `p${sequenceNumber}`, `from ${start}, step ${step}`);
        }
      }
    });

    it('accepts late packets on either side of a roll-over, once each, from every edge', () => {
      for (const start of STARTS) {
        const { send, receive } = associate(profile);
        receive(send((start + 65536 - 100) & 0xffff));
        // Below a start of 100 the first number lies before its sender's first roll-over, so go on from there.
        const packets = [3, 0, 4, 1, 2, 8, 5].map((step) => send((start + step) & 0xffff));
        for (const packet of packets) assert.equal(typeof receive(packet), 'string', `from ${start}`);
        for (const packet of packets) assert.equal(receive(packet), SrtpError.replayed, `from ${start}`);
      }
    });

    it('retransmits with the roll-over counter that the packet had', () => {
      const { send, receive } = associate(profile);
      const original = send(65530);
      for (const next of [65534, 65535, 0, 1, 2]) send(next);
      assert.deepEqual(send(65530), original);
      assert.equal(receive(send(65535)), 'p65535');
      assert.equal(receive(send(2)), 'p2');
      assert.equal(receive(original), 'p65530');
    });

    it('counts on after a retransmission from far behind', () => {
      const { send, receive } = associate(profile);
      const old = send(10_000);
      assert.equal(receive(send(40_000)), 'p40000');
      assert.deepEqual(send(10_000), old);
      assert.equal(receive(send(45_000)), 'p45000');
    });

    it('sends nothing from before the first roll-over', () => {
      const { crypto, local, send } = associate(profile);
      send(5);
      crypto.memory.view.setUint16(OUT + 2, 65535);
      assert.equal(local.sender(SSRC).protect(OUT, HEADER, PAYLOAD, 10), SrtpError.tooOld);
    });

    it('accepts 2,047 packets behind the newest and refuses older ones without decrypting them', () => {
      const { crypto, send, receive } = associate(profile);
      const packets = Array.from({ length: 2050 }, (_, i) => send((65000 + i) & 0xffff, `${i}`));
      assert.equal(receive(packets[0]!), '0');
      assert.equal(receive(packets[2049]!), '2049');
      assert.equal(receive(packets[2]!), '2');
      const calls = crypto.calls;
      assert.equal(receive(packets[1]!), SrtpError.tooOld);
      assert.equal(receive(packets[0]!), SrtpError.tooOld);
      assert.equal(receive(packets[2]!), SrtpError.replayed);
      assert.equal(crypto.calls, calls);
    });

    it('forgets the marks that it has passed by a leap of any width', () => {
      for (const leap of [1, 31, 32, 33, 2047, 2048, 2049, 4096, 30000]) {
        const { send, receive } = associate(profile);
        const before = send(1000);
        receive(before);
        const between = send(1000 + leap - 1, 'between');
        assert.equal(receive(send(1000 + leap)), `p${1000 + leap}`);
        const expected = leap === 1 ? SrtpError.replayed : 'between';
        assert.equal(receive(between), expected, `leap ${leap}`);
      }
    });

    it('refuses a changed bit anywhere, and takes the true packet afterwards', () => {
      const { send, receive } = associate(profile);
      assert.equal(receive(send(1)), 'p1');
      const packet = send(2);
      for (let at = 0; at < packet.length; at++) {
        const outcome = receive(flip(packet, at));
        assert.ok(typeof outcome === 'number' && outcome < 0, `byte ${at}`);
      }
      assert.equal(receive(packet), 'p2');
    });

    it('is not moved by forged packets: no roll-over, no window, no context', () => {
      const { send, receive } = associate(profile, 1);
      receive(send(60000));
      for (let ssrc = 1; ssrc < 200; ssrc++) {
        const forged = new Uint8Array(40).fill(ssrc);
        assert.equal(receive(forged), SrtpError.forged);
      }
      const future = send(60001);
      future[2] = 0;
      assert.equal(receive(future), SrtpError.forged);
      assert.equal(receive(send(60002)), 'p60002');
    });

    it('keeps state for as many SSRCs as allowed and makes room when told', () => {
      const { remote, send, receive } = associate(profile, 2);
      assert.equal(receive(send(1, 'a', 1)), 'a');
      assert.equal(receive(send(1, 'b', 0xffffffff)), 'b');
      assert.equal(receive(send(1, 'c', 3)), SrtpError.tooManySsrcs);
      assert.equal(receive(send(2, 'd', 1)), 'd');
      remote.forgetRemoteSsrc(0xffffffff);
      assert.equal(receive(send(1, 'c', 3)), 'c');
    });

    it('keeps header extensions and CSRCs readable and authentic', () => {
      const { crypto, local, remote } = associate(profile);
      const { bytes, view } = crypto.memory;
      const header = Uint8Array.from([
        0x91, 96, 0, 7, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 0xbe, 0xde, 0, 1, 0x10, 9, 0, 0,
      ]);
      const seal = (): number => {
        bytes.set(header, OUT);
        bytes.set(Buffer.from('payload'), PAYLOAD);
        return local.sender(0x02020202).protect(OUT, header.length, PAYLOAD, 7);
      };
      const length = seal();
      assert.deepEqual(bytes.slice(OUT, OUT + header.length), header);
      view.setUint8(OUT + 21, 8);
      assert.equal(remote.unprotect(OUT, length, header.length), SrtpError.forged);
      seal();
      assert.equal(remote.unprotect(OUT, length, header.length), header.length + 7);
      assert.equal(
        Buffer.from(bytes.slice(OUT + header.length, OUT + header.length + 7)).toString(),
        'payload',
      );
    });

    it('says tooShort for packets that cannot hold header and code', () => {
      const { crypto, local, remote, send } = associate(profile);
      const overhead = local.sender(SSRC).overhead;
      for (let length = 0; length < HEADER + overhead; length++) {
        assert.equal(remote.unprotect(OUT, length, HEADER), SrtpError.tooShort);
      }
      for (let headerLength = 0; headerLength < 12; headerLength++) {
        assert.equal(remote.unprotect(OUT, 100, headerLength), SrtpError.tooShort);
        assert.equal(local.sender(SSRC).protect(OUT, headerLength, PAYLOAD, 1), SrtpError.tooShort);
      }
      for (let length = 0; length < 8 + remote.rtcpOverhead; length++) {
        assert.equal(remote.unprotectRtcp(OUT, length), SrtpError.tooShort);
      }
      assert.equal(local.protectRtcp(OUT, 7), SrtpError.tooShort);
      assert.equal(send(1, '').length, HEADER + overhead);
      assert.ok(crypto.openCiphers > 0);
    });

    it('carries RTCP of several SSRCs, once each, late ones included', () => {
      const { sendRtcp, receiveRtcp } = associate(profile);
      const packets = Array.from({ length: 300 }, (_, i) => sendRtcp(`report ${i}`, i & 1 ? 1 : 0xffffffff));
      assert.equal(receiveRtcp(packets[299]!), 'report 299');
      assert.equal(receiveRtcp(packets[297]!), 'report 297');
      assert.equal(receiveRtcp(packets[45]!), 'report 45');
      assert.equal(receiveRtcp(packets[45]!), SrtpError.replayed);
      assert.equal(receiveRtcp(packets[299]!), SrtpError.replayed);
      assert.equal(receiveRtcp(packets[43]!), SrtpError.tooOld);
      assert.equal(receiveRtcp(packets[0]!), 'report 0');
    });

    it('refuses changed RTCP, and RTCP that claims not to be encrypted', () => {
      const { sendRtcp, receiveRtcp } = associate(profile);
      const packet = sendRtcp('sender report');
      const indexAt = profile === 'SRTP_AEAD_AES_128_GCM' ? packet.length - 4 : packet.length - 14;
      for (let at = 0; at < packet.length; at++) {
        if (at !== indexAt) assert.equal(receiveRtcp(flip(packet, at)), SrtpError.forged, `byte ${at}`);
      }
      const plain = packet.slice();
      plain[indexAt]! ^= 0x80;
      assert.equal(receiveRtcp(plain), SrtpError.notEncrypted);
      assert.equal(receiveRtcp(packet), 'sender report');
    });

    it('bounds RTCP contexts, which forged packets never create', () => {
      const { sendRtcp, receiveRtcp } = associate(profile, 1);
      for (let i = 0; i < 10; i++) assert.equal(receiveRtcp(flip(sendRtcp('x', i), 8)), SrtpError.forged);
      assert.equal(receiveRtcp(sendRtcp('mine', 77)), 'mine');
      assert.equal(receiveRtcp(sendRtcp('other', 78)), SrtpError.tooManySsrcs);
    });

    it('makes at most two cipher calls per packet', () => {
      const { crypto, send, receive } = associate(profile);
      receive(send(1));
      const before = crypto.calls;
      const packet = send(2);
      const sent = crypto.calls;
      receive(packet);
      assert.ok(sent - before <= 2 && crypto.calls - sent <= 2);
    });

    it('writes nothing behind the packet', () => {
      const { crypto, send, sendRtcp } = associate(profile);
      crypto.memory.bytes.fill(0x55, OUT, OUT + 200);
      const rtp = send(9, 'payload');
      assert.equal(crypto.memory.bytes[OUT + rtp.length], 0x55);
      crypto.memory.bytes.fill(0x55, OUT, OUT + 200);
      const rtcp = sendRtcp('payload');
      assert.equal(crypto.memory.bytes[OUT + rtcp.length], 0x55);
    });

    it('never throws on garbage', () => {
      const { crypto, remote } = associate(profile);
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(100), (garbage, headerLength) => {
          crypto.memory.bytes.set(garbage, OUT);
          assert.ok(remote.unprotect(OUT, garbage.length, headerLength) < 0);
          assert.ok(remote.unprotectRtcp(OUT, garbage.length) < 0);
        }),
        { numRuns: 300 },
      );
    });

    it('frees its ciphers', () => {
      const { crypto, local, remote } = associate(profile);
      local.close();
      remote.close();
      assert.equal(crypto.openCiphers, 0);
    });
  });
}

describe('splitKeyingMaterial', () => {
  it('takes client key, server key, client salt, server salt in this order', () => {
    const material = Uint8Array.from({ length: 60 }, (_, i) => i);
    const client: SrtpKeys = splitKeyingMaterial('SRTP_AES128_CM_SHA1_80', 'client', material);
    assert.deepEqual([client.local.key[0], client.remote.key[0]], [0, 16]);
    assert.deepEqual([client.local.salt[0], client.remote.salt[0]], [32, 46]);
    const server = splitKeyingMaterial('SRTP_AES128_CM_SHA1_80', 'server', material);
    assert.deepEqual(server.local, client.remote);
    const aead = splitKeyingMaterial('SRTP_AEAD_AES_128_GCM', 'client', material);
    assert.deepEqual([aead.local.salt[0], aead.remote.salt[0], aead.remote.salt.length], [32, 44, 12]);
  });

  it('refuses material that is too short', () => {
    assert.throws(
      () => splitKeyingMaterial('SRTP_AEAD_AES_128_GCM', 'client', new Uint8Array(55)),
      RangeError,
    );
  });
});
