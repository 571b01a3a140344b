import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { smallestCover } from '../src/smallestCover.ts';

const cases: readonly [string, string[], string, string][] = [
  // Claim, wishes by preference, running, chosen.
  ['chooses nothing for nobody', [], '', ''],
  ['gives one what it wants most', ['ab'], '', 'a'],
  ['gives one what runs already', ['ab'], 'b', 'b'],
  ['goes by the first among equals', ['ab', 'ba'], '', 'a'],
  ['keeps what runs among equals', ['ab', 'ba'], 'b', 'b'],
  ['finds the one that all share', ['abc', 'dc', 'ec'], '', 'c'],
  ['prefers one that starts to two that run', ['ac', 'bc'], 'ab', 'c'],
  ['takes two where none is shared', ['a', 'b'], '', 'ab'],
  ['takes two of three in a ring', ['ab', 'bc', 'ca'], '', 'ab'],
  ['takes what runs in a ring', ['ab', 'bc', 'ca'], 'c', 'ac'],
  ['goes by the first where two are needed', ['abc', 'bd', 'cd'], '', 'ad'],
  ['counts equal wishes once', ['ab', 'b', 'b', 'b'], '', 'b'],
  ['ignores what runs and nobody wants', ['a'], 'z', 'a'],
  ['chooses well among more than eight', ['abcdefgh', 'ixh', 'jh'], '', 'h'],
  ['keeps what runs among more than eight', ['abcdefghij', 'jabcdefghi'], 'j', 'j'],
];

describe('smallestCover()', () => {
  for (const [claim, wishes, running, expected] of cases) {
    it(claim, () => {
      const chosen = smallestCover(
        wishes.map((wish) => wish.split('')),
        new Set(running),
      );
      assert.deepEqual([...chosen].sort().join(''), expected);
    });
  }

  const wish = (letters: string): fc.Arbitrary<string[]> =>
    fc.uniqueArray(fc.constantFrom(...letters.split('')), { minLength: 1, maxLength: 4 });

  it('is never larger than any other choice', () => {
    fc.assert(
      fc.property(fc.array(wish('abcdef'), { maxLength: 8 }), wish('abcdef'), (wishes, other) => {
        const chosen = smallestCover(wishes);
        assert.ok(wishes.every((one) => one.some((format) => chosen.has(format))));
        if (wishes.every((one) => one.some((format) => other.includes(format)))) {
          assert.ok(chosen.size <= other.length);
        }
      }),
    );
  });

  it('leaves nobody without a format, however many there are', () => {
    fc.assert(
      fc.property(fc.array(wish('abcdefghijklmn')), (wishes) => {
        const chosen = smallestCover(wishes);
        assert.ok(wishes.every((one) => one.some((format) => chosen.has(format))));
      }),
    );
  });
});
