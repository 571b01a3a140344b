import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  parseStun,
  readDestinationUfrag,
  readTransactionPrefix,
  type StunFields,
  StunType,
  serializeStun,
  TransportAddress,
  verifyStunIntegrity,
} from '@rivero/transport';
import fc from 'fast-check';
import { hmacSha1 } from './nodeCrypto.ts';

const KEY = Buffer.from('password');
const transactionId = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
const everything: StunFields = {
  type: StunType.bindingRequest,
  transactionId,
  username: 'remote:local',
  priority: 0xffffffff,
  useCandidate: true,
  controlling: 0xffff_ffff_ffff_fffen,
  controlled: 0n,
  errorCode: 487,
  unknownAttributes: [0x7ffe, 3],
};
const write = (fields: StunFields): Uint8Array => serializeStun(fields, KEY, hmacSha1);

/** The datagram with an attribute inserted behind the header and lengths, but not codes, set right. */
function insertAttribute(datagram: Uint8Array, type: number, value: readonly number[]): Uint8Array {
  const attribute = [type >> 8, type & 255, value.length >> 8, value.length & 255, ...value];
  while (attribute.length % 4) attribute.push(0);
  // Without the fingerprint, which would be wrong now.
  const result = Uint8Array.from([...datagram.slice(0, 20), ...attribute, ...datagram.slice(20, -8)]);
  new DataView(result.buffer).setUint16(2, result.length - 20);
  return result;
}

describe('serializeStun and parseStun', () => {
  it('agree about every attribute', () => {
    const datagram = write(everything);
    const message = parseStun(datagram);
    assert.ok(message);
    const { integrityOffset, ...fields } = message;
    assert.deepEqual(
      { ...fields, transactionId: Uint8Array.from(fields.transactionId) },
      {
        ...everything,
        unknownAttributes: [],
      },
    );
    assert.ok(integrityOffset > 0);
    assert.ok(verifyStunIntegrity(datagram, message, KEY, hmacSha1));
  });

  it('collects unknown attributes that must be understood, and ignores the others', () => {
    const required = parseStun(insertAttribute(write(everything), 0x7fff, [1, 2, 3]));
    assert.deepEqual(required?.unknownAttributes, [0x7fff]);
    assert.deepEqual(parseStun(insertAttribute(write(everything), 0x8000, []))?.unknownAttributes, []);
  });

  it('refuses a message whose fingerprint is wrong', () => {
    const datagram = write(everything);
    datagram[datagram.length - 1]! ^= 1;
    assert.equal(parseStun(datagram), undefined);
  });

  it('refuses attributes of the wrong length', () => {
    for (const type of [0x20, 0x24, 0x08, 0x09, 0x8029, 0x802a]) {
      assert.equal(parseStun(insertAttribute(write(everything), type, [0])), undefined, `type ${type}`);
    }
    const longName = Array.from({ length: 514 }, () => 65);
    assert.equal(parseStun(insertAttribute(write(everything), 0x06, longName)), undefined);
  });

  it('finds no integrity in a message without its attribute', () => {
    const header = write({ type: StunType.bindingIndication, transactionId }).slice(0, 20);
    header.set([0, 0], 2);
    const message = parseStun(header);
    assert.ok(message);
    assert.equal(verifyStunIntegrity(header, message, KEY, hmacSha1), false);
  });

  it('refuses other methods, other cookies and other versions', () => {
    for (const [at, value] of [
      [0, 0x40],
      [1, 0x03],
      [4, 0],
    ] as const) {
      const datagram = write({ type: StunType.bindingRequest, transactionId });
      datagram[at] = value;
      assert.equal(parseStun(datagram), undefined);
    }
  });
});

describe('parseStun', () => {
  it('returns undefined for every truncation', () => {
    const datagram = write(everything);
    for (let length = 0; length < datagram.length; length++) {
      assert.equal(parseStun(datagram.slice(0, length)), undefined, `${length} bytes`);
    }
  });

  it('never throws and never finds a mutation of what is authenticated authentic', () => {
    const original = write(everything);
    fc.assert(
      fc.property(
        fc.nat(original.length - 9),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(2),
        (at, mask, cut) => {
          const datagram = original.slice(0, original.length - 4 * cut);
          // The length is free: the code is computed as if the message ended with it, so the fingerprint may be cut off.
          if (at >= datagram.length || at === 2 || at === 3) return;
          datagram[at]! ^= mask;
          const message = parseStun(datagram);
          readDestinationUfrag(datagram);
          readTransactionPrefix(datagram);
          assert.ok(message === undefined || !verifyStunIntegrity(datagram, message, KEY, hmacSha1));
        },
      ),
      { numRuns: 4000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
        parseStun(garbage);
        readDestinationUfrag(Uint8Array.from([0, 1, ...garbage]));
      }),
    );
  });
});

describe('readTransactionPrefix', () => {
  it('reads responses only', () => {
    assert.equal(readTransactionPrefix(write({ type: StunType.bindingSuccess, transactionId })), 0x01020304);
    assert.equal(readTransactionPrefix(write({ type: StunType.bindingError, transactionId })), 0x01020304);
    assert.equal(readTransactionPrefix(write(everything)), undefined);
    assert.equal(readTransactionPrefix(new Uint8Array(19)), undefined);
  });
});

describe('readDestinationUfrag', () => {
  it('reads what stands before the colon', () => {
    assert.equal(readDestinationUfrag(write(everything)), 'remote');
    assert.equal(readDestinationUfrag(write({ ...everything, username: 'no colon' })), undefined);
    assert.equal(readDestinationUfrag(write({ ...everything, username: '' })), undefined);
    assert.equal(readDestinationUfrag(write({ type: StunType.bindingSuccess, transactionId })), undefined);
  });
});

describe('TransportAddress', () => {
  const same: readonly (readonly [text: string, canonical: string])[] = [
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80:0000:0000:0000:0000:0000:0000:00ab', 'fe80::ab'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ];
  for (const [text, canonical] of same) {
    it(`writes ${text} as ${canonical}`, () => {
      const address = TransportAddress.parse(text, 9);
      assert.equal(address?.address, canonical);
      assert.ok(address);
      assert.equal(TransportAddress.parse(canonical, 9)?.key, address.key);
      assert.equal(TransportAddress.fromBytes(address.bytes, 9).key, address.key);
    });
  }

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    'x.local',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '::1.2.3',
    ' 1.2.3.4',
    '0x1.2.3.4',
  ]) {
    it(`refuses '${text}'`, () => {
      assert.equal(TransportAddress.parse(text, 9), undefined);
    });
  }

  it('refuses ports out of range', () => {
    for (const port of [-1, 65536, 1.5, Number.NaN])
      assert.equal(TransportAddress.parse('::1', port), undefined);
  });
});
