/**
 * Decoding is total: whatever JSON a client sends, the answer is a value or a KurentoError.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { api, builtInModules, type Fields, KurentoError } from '@rivero/model';

const object = {};
const context = {
  resolve(id: string): object {
    if (id === 'known') return object;
    throw new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${id}' not found`);
  },
  isA: (_object: object, className: string) => className !== 'HubPort',
};

/** The parameters of every operation and constructor, and the members of every register. */
const allFields: readonly Fields[] = [
  ...api.classes.flatMap((info) => [
    info.constructorParams,
    ...[...info.operations.values()].map(({ params }) => params),
  ]),
  ...builtInModules.flatMap((module) =>
    Object.values(module.types)
      .filter((type) => type.kind === 'register')
      .map((type) => ({ p: { type: `${module.wireModule}.${type.name}`, doc: 'A value.' } })),
  ),
];

/** JSON that often has the right member names, so that it gets past the first check. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1.5,
      2 ** 31,
      2 ** 63,
      1e308,
      '',
      'known',
      'AUDIO',
      'kurento',
      'IceCandidate',
    ),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'p',
        'candidate',
        'sdpMid',
        'codec',
        'framerate',
        '__type__',
        '__module__',
        'toString',
        '__proto__',
      ),
      tie('json'),
    ),
  ),
}));

function decodeOrRefuse(given: unknown, fields: Fields): void {
  try {
    api.decodeParams(given, fields, 'operationParams', context);
  } catch (error) {
    assert.ok(error instanceof KurentoError, String(error));
  }
}

describe('Api.decodeParams()', () => {
  it('throws nothing but a KurentoError for any JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allFields), fc.oneof(fc.jsonValue(), json), (fields, given) => {
        decodeOrRefuse(given, fields);
      }),
      { numRuns: 3000 },
    );
  });

  it('throws nothing but a KurentoError when members have the right names', () => {
    const withMembers = fc.constantFrom(...allFields).chain((fields) =>
      fc.record({
        fields: fc.constant(fields),
        given: fc.record(Object.fromEntries(Object.keys(fields).map((name) => [name, json])), {
          requiredKeys: [],
        }),
      }),
    );
    fc.assert(
      fc.property(withMembers, ({ fields, given }) => {
        decodeOrRefuse(given, fields);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives back what encode made of it', () => {
    const iceCandidate = fc.record(
      {
        candidate: fc.string(),
        sdpMid: fc.string(),
        sdpMLineIndex: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      },
      { noNullPrototype: true },
    );
    const fields: Fields = { p: { type: 'IceCandidate[]', doc: 'A value.' } };
    fc.assert(
      fc.property(fc.array(iceCandidate), (value) => {
        const wire: unknown = JSON.parse(
          JSON.stringify(api.encode(value, 'IceCandidate[]', { idOf: () => assert.fail() })),
        );
        assert.deepEqual(api.decodeParams({ p: wire }, fields, 'operationParams', context)['p'], value);
      }),
    );
  });
});
