/**
 * How deeply a text is nested, and that nobody parses one that is too deep.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isDeeperThan } from '../src/depth.ts';
import { parseMessage } from '../src/envelope.ts';

/** Levels of a parsed value, the plain way. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('isDeeperThan', () => {
  const cases: [string, number][] = [
    ['1', 0],
    ['"[[["', 0],
    ['{}', 1],
    ['[[],[]]', 2],
    ['{"a":{"b":[1]}}', 3],
    [String.raw`["\"[[[[", []]`, 2],
    [String.raw`["\\", [[]], "\\\"["]`, 3],
    [String.raw`{"[\\\\":"]]]","\\\"":{}}`, 2],
  ];
  for (const [text, depth] of cases) {
    it(`finds ${depth} levels in ${text}`, () => {
      assert.equal(depthOf(JSON.parse(text)), depth);
      assert.equal(isDeeperThan(text, depth), false);
      if (depth > 0) assert.equal(isDeeperThan(text, depth - 1), true);
    });
  }

  it('agrees with the parsed value of any JSON text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 8 }), (text, maxDepth) => {
        assert.equal(isDeeperThan(text, maxDepth), depthOf(JSON.parse(text)) > maxDepth);
      }),
    );
  });

  it('comes to an end with any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{}"\\a]*$/), (text) => {
        assert.equal(typeof isDeeperThan(text, 3), 'boolean');
      }),
    );
  });
});

describe('parseMessage', () => {
  it('refuses a text that is too deep without parsing it', () => {
    const message = parseMessage('['.repeat(1_000_000), 64);
    assert.ok(message.kind === 'invalid');
    assert.deepEqual(
      [message.error.code, message.error.message],
      [-32600, 'Invalid JSON-RPC request: nested deeper than 64 levels.'],
    );
  });

  it('accepts one that is just deep enough', () => {
    const params = `${'['.repeat(63)}${']'.repeat(63)}`;
    assert.equal(
      parseMessage(`{"jsonrpc":"2.0","id":1,"method":"x","params":${params}}`, 64).kind,
      'request',
    );
  });
});
