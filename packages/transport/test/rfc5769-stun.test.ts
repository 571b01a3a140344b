import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  parseStun,
  readDestinationUfrag,
  StunType,
  serializeStun,
  verifyStunIntegrity,
} from '@rivero/transport';
import { fromHex, hmacSha1, toHex } from './nodeCrypto.ts';

const PASSWORD = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');
const ID = 'b7e7a701bc34d686fa87dfae';
const REQUEST = fromHex(`000100582112a442${ID}
  802200105354554e207465737420636c69656e74 002400046e0001ff 80290008932ff9b151263b36
  000600096576746a3a68367659202020 000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004e57a3bcf`);
const IPV4_RESPONSE = fromHex(`0101003c2112a442${ID}
  8022000b7465737420766563746f7220 002000080001a147e112a643
  000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96`);
const IPV6_RESPONSE = fromHex(`010100482112a442${ID}
  8022000b7465737420766563746f7220 002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9
  00080014a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c`);

describe('RFC 5769', () => {
  it('2.1: reads the request and finds it authentic', () => {
    const message = parseStun(REQUEST);
    assert.ok(message);
    assert.equal(message.type, StunType.bindingRequest);
    assert.equal(toHex(message.transactionId), ID);
    assert.equal(message.username, 'evtj:h6vY');
    assert.equal(message.priority, 0x6e0001ff);
    assert.equal(message.controlled, 0x932ff9b151263b36n);
    assert.equal(message.controlling, undefined);
    assert.deepEqual(message.unknownAttributes, []);
    assert.ok(verifyStunIntegrity(REQUEST, message, PASSWORD, hmacSha1));
    assert.ok(!verifyStunIntegrity(REQUEST, message, Buffer.from('another password'), hmacSha1));
    assert.equal(readDestinationUfrag(REQUEST), 'evtj');
  });

  for (const [name, response, address] of [
    ['2.2', IPV4_RESPONSE, '192.0.2.1:32853'],
    ['2.3', IPV6_RESPONSE, '[2001:db8:1234:5678:11:2233:4455:6677]:32853'],
  ] as const) {
    it(`${name}: reads the response with ${address}`, () => {
      const message = parseStun(response);
      assert.equal(message?.type, StunType.bindingSuccess);
      assert.equal(message?.mappedAddress?.key, address);
      assert.ok(message && verifyStunIntegrity(response, message, PASSWORD, hmacSha1));
    });

    it(`${name}: writes the same address`, () => {
      const mappedAddress = parseStun(response)?.mappedAddress;
      assert.ok(mappedAddress);
      const written = serializeStun(
        { type: StunType.bindingSuccess, transactionId: fromHex(ID), mappedAddress },
        PASSWORD,
        hmacSha1,
      );
      const end = 20 + 4 + 4 + mappedAddress.bytes.length;
      // The vectors carry a SOFTWARE attribute of 16 bytes in front.
      assert.equal(toHex(written.slice(20, end)), toHex(response.slice(36, end + 16)));
    });
  }
});
