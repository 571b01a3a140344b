/**
 * `parseLenientJson`: JSON, the liberties that people take with it, and nothing else.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LenientJsonError, parseLenientJson } from '@rivero/model';

describe('parseLenientJson', () => {
  it('reads all JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (text, indent) => {
        const pretty = JSON.stringify(JSON.parse(text), null, indent);
        assert.deepEqual(parseLenientJson(text), JSON.parse(text));
        assert.deepEqual(parseLenientJson(pretty), JSON.parse(text));
      }),
    );
  });

  for (const [what, text, value] of [
    ['line comments', '// a\n{"a": 1 // b\n}// c', { a: 1 }],
    ['block comments', '/* a */ [1, /* 2, */ 3]', [1, 3]],
    ['slashes in texts', '{"a": "http://b/*c*/"}', { a: 'http://b/*c*/' }],
    ['trailing commas', '{"a": [1, 2,], }', { a: [1, 2] }],
    ['texts over several lines', '"a\n\tb\u0001"', 'a\n\tb\u0001'],
    ['a byte order mark', '\uFEFF{}', {}],
    ['the last of equal names', '{"a": 1, "a": 2}', { a: 2 }],
    ['a name that objects have', '{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
    ['escapes', String.raw`"\"\\\u0041\n"`, '"\\A\n'],
  ] as const) {
    it(`takes ${what}`, () => {
      assert.deepEqual(parseLenientJson(text), value);
    });
  }

  for (const [what, text, line, column] of [
    ['nothing', '', 1, 1],
    ['a missing colon', '{\n  "a" 1}', 2, 7],
    ['a missing comma', '[1 2]', 1, 4],
    ['a bare word', '{\n a: 1}', 2, 2],
    ['an open text', '["a', 1, 2],
    ['an open comment', '[1] /* a', 1, 5],
    ['an open object', '{"a": 1', 1, 8],
    ['two values', '1 2', 1, 3],
    ['a wrong escape', String.raw`["\x"]`, 1, 2],
    ['two commas', '[1,,2]', 1, 4],
    ['too much nesting', '['.repeat(5000), 1, 102],
  ] as const) {
    it(`refuses ${what}, and says where`, () => {
      assert.throws(
        () => parseLenientJson(text),
        (error) => {
          assert.ok(error instanceof LenientJsonError);
          assert.deepEqual([error.line, error.column], [line, column], error.message);
          return true;
        },
      );
    });
  }

  it('throws nothing else, whatever the text', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string(), (text, at, noise) => {
        const broken = text.slice(0, at % (text.length + 1)) + noise;
        try {
          parseLenientJson(broken);
        } catch (error) {
          assert.ok(error instanceof LenientJsonError);
        }
      }),
    );
  });
});
