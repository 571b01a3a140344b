/**
 * What arguments are accepted from the wire, case by case.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { api, type Fields } from '@rivero/model';
import { context, live, refusal } from './liveObjects.ts';

function decode(value: unknown, type: string): unknown {
  const fields: Fields = { p: { type, doc: 'A value.' } };
  return api.decodeParams({ p: value }, fields, 'operationParams', context)['p'];
}

describe('Accepted values', () => {
  const cases: readonly (readonly [type: string, given: unknown, taken: unknown])[] = [
    ['String', 'a', 'a'],
    ['String', '', ''],
    ['String', 5, '5'],
    ['String', -1.5, '-1.5'],
    ['String', true, 'true'],
    ['String', false, 'false'],
    ['String', null, ''],
    ['int', 7, 7],
    ['int', -2147483648, -2147483648],
    ['int', 2147483647, 2147483647],
    ['int', 1.9, 1],
    ['int', -1.9, -1],
    ['int', -0.5, 0],
    ['int', true, 1],
    ['int', false, 0],
    ['int', null, 0],
    ['int64', 7, 7],
    ['int64', -9007199254740991, -9007199254740991],
    ['int64', 9007199254740991, 9007199254740991],
    ['int64', -(2 ** 63), -(2 ** 63)],
    ['float', 0.1, 0.1],
    ['float', 3, 3],
    ['float', true, 1],
    ['float', null, 0],
    ['double', 1e300, 1e300],
    ['double', false, 0],
    ['double', null, 0],
    ['boolean', true, true],
    ['boolean', false, false],
    ['boolean', 0, 0 !== 0],
    ['boolean', -0.5, true],
    ['boolean', 2, true],
    ['boolean', null, false],
    ['MediaType', 'AUDIO', 'AUDIO'],
    ['int[]', [1, 2.5, null], [1, 2, 0]],
    ['int[]', [], []],
    ['int[]', null, []],
    ['String<>', { a: 1, b: 'c' }, { a: '1', b: 'c' }],
    ['String<>', {}, {}],
    ['String<>', null, {}],
    ['OfferOptions', {}, { offerToReceiveAudio: true, offerToReceiveVideo: true }],
    ['OfferOptions', null, { offerToReceiveAudio: true, offerToReceiveVideo: true }],
    ['OfferOptions', { offerToReceiveVideo: 0 }, { offerToReceiveAudio: true, offerToReceiveVideo: false }],
    ['MediaElement', 'endpoint', live[1]],
    ['MediaObject', 'endpoint', live[1]],
    ['MediaObject', 'pipeline', live[0]],
  ];
  for (const [type, given, taken] of cases) {
    it(`${type} takes ${JSON.stringify(given)} as ${JSON.stringify(taken)}`, () => {
      assert.deepEqual(decode(given, type), taken);
    });
  }
});

describe('Refused values', () => {
  const cases: readonly (readonly [type: string, given: unknown, message: string])[] = [
    ['String', {}, "40001 'p' parameter should be a string"],
    ['String', [], "40001 'p' parameter should be a string"],
    ['int', '5', "40001 'p' parameter should be a integer"],
    ['int', 2147483648, "40001 'p' parameter should be a integer"],
    ['int', 2147483647.5, "40001 'p' parameter should be a integer"],
    ['int', -2147483649, "40001 'p' parameter should be a integer"],
    ['int', [], "40001 'p' parameter should be a integer"],
    ['int64', '5', "40001 'p' parameter should be a int64"],
    ['int64', 1.5, "40001 'p' parameter should be a int64"],
    ['int64', true, "40001 'p' parameter should be a int64"],
    ['int64', null, "40001 'p' parameter should be a int64"],
    ['int64', 2 ** 63, "40001 'p' parameter should be a int64"],
    ['float', '0.5', "40001 'p' parameter should be a double"],
    ['double', '0.5', "40001 'p' parameter should be a double"],
    ['double', {}, "40001 'p' parameter should be a double"],
    ['boolean', 'true', "40001 'p' parameter should be a boolean"],
    ['boolean', {}, "40001 'p' parameter should be a boolean"],
    ['MediaType', 'audio', "40001 Invalid value for 'MediaType'"],
    ['MediaType', 'constructor', "40001 Invalid value for 'MediaType'"],
    ['MediaType', null, "40001 Invalid value for 'MediaType'"],
    ['MediaType', 1, "40001 Invalid value for 'MediaType'"],
    ['MediaType', {}, "40001 'p' parameter should be a string"],
    ['int[]', {}, "40001 'p' parameter should be a list"],
    ['int[]', 'a', "40001 'p' parameter should be a list"],
    ['int[]', [1, 'a'], "40001 'p[1]' parameter should be a integer"],
    ['String<>', [], "40001 'p' parameter should be a map"],
    ['String<>', 'a', "40001 'p' parameter should be a map"],
    ['String<>', { k: {} }, "40001 'p.k' parameter should be a string"],
    ['OfferOptions', [], "40001 'p' parameter should be a object"],
    ['OfferOptions', 'a', "40001 'p' parameter should be a object"],
    [
      'OfferOptions',
      { offerToReceiveVideo: 'no' },
      "40001 'offerToReceiveVideo' property should be a boolean",
    ],
    ['IceCandidate', null, "40001 'candidate' property should be a string"],
    ['IceCandidate', { candidate: '', sdpMid: '0' }, "40001 'sdpMLineIndex' property should be a integer"],
    ['VideoCaps', { codec: 'VP8' }, "40001 'framerate' property should be a object"],
    ['VideoCaps', { codec: 'VP8', framerate: {} }, "40001 'numerator' property should be a integer"],
    ['MediaElement', 'nobody', "40101 Object 'nobody' not found"],
    ['MediaElement', null, "40101 Object '' not found"],
    ['MediaElement', 'pipeline', "40001 'p' parameter should be a MediaElement"],
    ['MediaElement', {}, "40001 'p' parameter should be a string"],
  ];
  for (const [type, given, message] of cases) {
    it(`${type} refuses ${JSON.stringify(given)}`, () => {
      assert.equal(
        refusal(() => decode(given, type)),
        message,
      );
    });
  }
});

describe('Registers from the wire', () => {
  const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
  const unknown = "40003 Unknown type of 'p' parameter";

  it('may name their type or not', () => {
    for (const names of [
      {},
      { __module__: 'kurento' },
      { __type__: 'IceCandidate' },
      { __type__: 'IceCandidate', __module__: 'kurento' },
    ]) {
      assert.deepEqual(decode({ ...names, ...candidate }, 'IceCandidate'), candidate);
    }
  });

  it('are refused if nobody declared the type that they name', () => {
    for (const names of [
      { __type__: 'Nothing' },
      { __type__: 'IceCandidate', __module__: 'elements' },
      { __type__: 'MediaType' },
      { __type__: 'WebRtcEndpoint' },
      { __type__: 5 },
      { __type__: { toString: 1 } },
      { __type__: 'IceCandidate', __module__: null },
    ]) {
      assert.equal(
        refusal(() => decode({ ...names, ...candidate }, 'IceCandidate')),
        unknown,
      );
    }
  });

  it('are refused if they are of another register', () => {
    const given = { __type__: 'Fraction', numerator: 1, denominator: 2 };
    assert.equal(
      refusal(() => decode(given, 'IceCandidate')),
      "40001 'p' parameter should be a IceCandidate",
    );
  });

  it('may be of a register that adds to the declared one', () => {
    const given = {
      __type__: 'ElementStats',
      id: 'a',
      type: 'element',
      timestampMillis: 1,
      inputLatency: [],
    };
    const { __type__, ...taken } = given;
    assert.equal(__type__, 'ElementStats');
    assert.deepEqual(decode(given, 'Stats'), taken);
  });

  it('lose members that nobody declared', () => {
    assert.deepEqual(decode({ ...candidate, foundation: 1 }, 'IceCandidate'), candidate);
  });

  it('are told apart by module where two modules use one name', () => {
    const window = { topRightCornerX: 1, topRightCornerY: 2, width: 3, height: 4 };
    for (const [className, param, module] of [
      ['ChromaFilter', 'window', 'chroma'],
      ['PointerDetectorFilter', 'calibrationRegion', 'pointerdetector'],
    ] as const) {
      const fields = api.findClass(className)?.constructorParams ?? {};
      for (const [names, fits] of [
        [{}, true],
        [{ __module__: module, __type__: 'WindowParam' }, true],
        [{ __module__: module === 'chroma' ? 'pointerdetector' : 'chroma', __type__: 'WindowParam' }, false],
      ] as const) {
        const given = { mediaPipeline: 'pipeline', [param]: { ...names, ...window } };
        const run = (): unknown => api.decodeParams(given, fields, 'constructorParams', context)[param];
        if (fits) assert.deepEqual(run(), window);
        else assert.equal(refusal(run), `40001 '${param}' parameter should be a WindowParam`);
      }
    }
  });

  it('keep a key named __proto__ of a map as a key', () => {
    const given: unknown = JSON.parse('{"__proto__": "a"}');
    const taken = decode(given, 'String<>');
    assert.ok(typeof taken === 'object' && taken !== null);
    assert.deepEqual(Object.entries(taken), [['__proto__', 'a']]);
    assert.equal(Object.getPrototypeOf(taken), Object.prototype);
  });
});
