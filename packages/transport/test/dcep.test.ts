/**
 * Messages that open data channels, and their texts.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDcep, serializeAck, serializeOpen } from '../src/datachannel/dcep.ts';
import { decodeUtf8, encodeUtf8 } from '../src/datachannel/utf8.ts';
import { toHex } from './nodeCrypto.ts';

const text = (content: string) => new Uint8Array(Buffer.from(content));

describe('DCEP', () => {
  it('has the layout of RFC 8832', () => {
    const open = serializeOpen({
      label: 'ab',
      protocol: 'c',
      isOrdered: false,
      maxLifetimeMs: 1000,
      priority: 512,
    });
    assert.equal(toHex(open), '03820200' + '000003e8' + '00020001' + '616263');
    assert.equal(
      toHex(serializeOpen({ label: '', protocol: '', isOrdered: true })),
      '030001000000000000000000',
    );
    assert.equal(toHex(serializeAck()), '02');
  });

  it('round-trips', () => {
    const limits = fc.constantFrom(
      {},
      { maxRetransmits: 0 },
      { maxRetransmits: 0xffff_ffff },
      { maxLifetimeMs: 5 },
    );
    const unit = 'grapheme';
    fc.assert(
      fc.property(
        fc.string({ unit }),
        fc.string({ unit }),
        fc.boolean(),
        limits,
        (label, protocol, isOrdered, limit) => {
          const none = { maxRetransmits: undefined, maxLifetimeMs: undefined };
          const parameters = { ...none, label, protocol, isOrdered, ...limit, priority: 256 };
          assert.deepEqual(parseDcep(serializeOpen(parameters)), { type: 'open', parameters });
        },
      ),
    );
    assert.deepEqual(parseDcep(serializeAck()), { type: 'ack' });
  });

  it('refuses unknown messages and channel types', () => {
    const open = serializeOpen({ label: '', protocol: '', isOrdered: true });
    assert.equal(parseDcep(open.with(0, 4)), undefined);
    assert.equal(parseDcep(open.with(1, 3)), undefined);
    assert.equal(parseDcep(open.with(9, 1)), undefined);
    assert.equal(parseDcep(new Uint8Array(0)), undefined);
  });
});

describe('UTF-8', () => {
  it('is what the platform makes of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (content) => {
        assert.deepEqual(encodeUtf8(content), text(content));
        assert.equal(decodeUtf8(text(content)), content);
      }),
    );
    assert.deepEqual(encodeUtf8('\ud800'), text('\ufffd'));
    assert.equal(decodeUtf8(Uint8Array.of(0xc0, 0x80)), '\ufffd');
    assert.equal(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80, 65)), '\ufffdA');
  });
});
