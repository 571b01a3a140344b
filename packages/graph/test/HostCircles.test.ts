import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HostCircles } from '../src/HostCircles.ts';

describe('HostCircles', () => {
  it('sees a node that feeds itself', () => {
    assert.equal(new HostCircles().closes('a', 'a'), true);
  });

  it('sees what was linked after it was asked', () => {
    const circles = new HostCircles();
    assert.equal(circles.closes('a', 'b'), false);
    circles.add('a', 'b');
    assert.equal(circles.closes('b', 'c'), false);
    circles.add('b', 'c');
    assert.equal(circles.closes('c', 'b'), true);
    assert.equal(circles.closes('c', 'a'), true);
    assert.equal(circles.closes('a', 'c'), false);
  });

  it('agrees with looking at every path', () => {
    const node = fc.constantFrom(...'abcdef'.split(''));
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 25, size: 'max' }), (links) => {
        const circles = new HostCircles();
        const made: (readonly [string, string])[] = [];
        const reaches = (from: string, to: string): boolean =>
          from === to || made.some(([one, next]) => one === from && reaches(next, to));
        for (const [from, to] of links) {
          const closes = circles.closes(from, to);
          assert.equal(closes, reaches(to, from), `${from}>${to} beside ${made.join(' ')}`);
          if (closes) continue;
          circles.add(from, to);
          made.push([from, to]);
        }
      }),
    );
  });
});
