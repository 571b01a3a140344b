/**
 * What values of the server look like on the wire.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { api } from '@rivero/model';

const object = { id: 'one' };
const context = {
  idOf(given: object): string {
    assert.equal(given, object);
    return object.id;
  },
};

const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
const stats = { id: 'a', timestampMillis: 1767225600123 };

describe('Api.encode()', () => {
  const cases: readonly (readonly [type: string, value: unknown, wire: unknown])[] = [
    ['void', undefined, null],
    ['String', 'a', 'a'],
    ['String', 5, '5'],
    ['boolean', false, false],
    ['int', 5, 5],
    ['int', 5.9, 5],
    ['int64', 2 ** 40, 2 ** 40],
    ['int64', 2n ** 40n, 2 ** 40],
    ['float', 0.1, 0.10000000149011612],
    ['float', 30, 30],
    ['double', 0.1, 0.1],
    ['MediaType', 'DATA', 'DATA'],
    ['MediaElement', object, 'one'],
    ['MediaElement', null, null],
    ['MediaElement', undefined, null],
    ['MediaObject[]', [object, object], ['one', 'one']],
    ['String[]', [], []],
    ['String<>', {}, null],
    ['String<>', { a: 'b' }, { a: 'b' }],
    ['Stats<>', {}, null],
    ['IceCandidate', candidate, { __module__: 'kurento', __type__: 'IceCandidate', ...candidate }],
    ['RembParams', {}, { __module__: 'kurento', __type__: 'RembParams' }],
    [
      'RembParams',
      { decrementFactor: 0.1, upLosses: undefined },
      { __module__: 'kurento', __type__: 'RembParams', decrementFactor: 0.10000000149011612 },
    ],
    [
      'Stats<>',
      { a: { __type__: 'ElementStats', ...stats, type: 'element', inputLatency: [], extra: 1 } },
      { a: { __module__: 'kurento', __type__: 'ElementStats', ...stats, type: 'element', inputLatency: [] } },
    ],
    [
      'chroma.WindowParam',
      { topRightCornerX: 1, topRightCornerY: 2, width: 3, height: 4 },
      {
        __module__: 'chroma',
        __type__: 'WindowParam',
        topRightCornerX: 1,
        topRightCornerY: 2,
        width: 3,
        height: 4,
      },
    ],
  ];
  for (const [type, value, wire] of cases) {
    it(`writes a ${type} as ${JSON.stringify(wire)}`, () => {
      assert.deepEqual(api.encode(value, type, context), wire);
    });
  }

  it('reads members that a class computes', () => {
    class Candidate {
      readonly sdpMid = '0';
      readonly sdpMLineIndex = 0;
      get candidate(): string {
        return 'candidate:1';
      }
    }
    const wire = { __module__: 'kurento', __type__: 'IceCandidate', ...candidate };
    assert.deepEqual(api.encode(new Candidate(), 'IceCandidate', context), wire);
  });

  it('puts the type names first, then the members as declared', () => {
    const wire = api.encode({ sdpMLineIndex: 0, sdpMid: '0', candidate: '' }, 'IceCandidate', context);
    const keys = ['__module__', '__type__', 'candidate', 'sdpMid', 'sdpMLineIndex'];
    assert.deepEqual(Object.keys(wire as object), keys);
  });

  const bugs: readonly (readonly [type: string, value: unknown, message: string])[] = [
    ['String', undefined, "'String' is no String"],
    ['boolean', 1, "'boolean' is no boolean"],
    ['int', '5', "'int' is no int"],
    ['MediaType', 'SMELL', "'MediaType' is no MediaType"],
    ['MediaElement', 'one', "'MediaElement' is no MediaElement"],
    ['String[]', {}, "'String[]' is no list"],
    ['String<>', null, "'String<>' is no map"],
    ['String<>', new Map([['a', 'b']]), "'String<>' is no map"],
    ['IceCandidate', { ...candidate, sdpMid: undefined }, "'IceCandidate.sdpMid' is no String"],
    ['Stats', { __type__: 'IceCandidate', ...candidate }, "'Stats' is no Stats"],
    ['Nothing', 1, "Type 'Nothing' is not declared"],
  ];
  for (const [type, value, message] of bugs) {
    it(`throws a TypeError for ${JSON.stringify(value)} as ${type}: a bug, not a fault of the client`, () => {
      assert.throws(() => api.encode(value, type, context), new TypeError(message));
    });
  }
});

describe('Api.encodeEvent()', () => {
  const common = { source: object, timestampMillis: '1767225600123' };
  const wireCommon = { source: 'one', timestampMillis: '1767225600123', tags: [] };

  function encode(name: string, fields: Record<string, unknown>): Record<string, unknown> {
    return api.encodeEvent(api.findEvent(name) ?? assert.fail(name), { ...common, ...fields }, context);
  }

  it('fills in the tags and the type of an event that extends Media', () => {
    assert.deepEqual(encode('IceCandidateFound', { candidate }), {
      ...wireCommon,
      type: 'IceCandidateFound',
      candidate: { __module__: 'kurento', __type__: 'IceCandidate', ...candidate },
    });
  });

  it('carries the tags given', () => {
    const { tags } = encode('EndOfStream', { tags: [{ key: 'k', value: 'v' }] });
    assert.deepEqual(tags, [{ __module__: 'kurento', __type__: 'Tag', key: 'k', value: 'v' }]);
  });

  it('writes no type where the event has none', () => {
    assert.deepEqual(encode('ObjectCreated', { object }), { ...wireCommon, object: 'one' });
    assert.deepEqual(encode('ObjectDestroyed', { objectId: 'x' }), { ...wireCommon, objectId: 'x' });
  });

  it('takes the type of an Error from the caller', () => {
    const error = { description: 'Gone', errorCode: 1, type: 'INVALID_URI' };
    assert.deepEqual(encode('Error', error), { ...wireCommon, ...error });
    assert.throws(
      () => encode('Error', { description: 'Gone', errorCode: 1 }),
      new TypeError("'Error.type' is no String"),
    );
  });

  it('keeps the odd type of PlateDetected', () => {
    assert.equal(encode('PlateDetected', { plate: 'AB' })['type'], 'plate-detected');
  });
});
