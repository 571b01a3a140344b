import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyPlan, planSteps } from '@rivero/graph';
import { planCases } from './planCases.ts';
import { brief, change, planner, stepText, words } from './planNotation.ts';
import { RunningMedia } from './RunningMedia.ts';

const plans = planCases('plans.txt');
const steps = planCases('steps.txt');

describe('Planner, by plans.txt', () => {
  for (const { group, claim, lines } of plans) {
    it(`${group}: ${claim}`, () => {
      const [text = '', expected] = lines;
      const plan = planner(text).plan();
      assert.equal(brief(plan) || 'nothing', expected);
      const media = new RunningMedia();
      for (const step of planSteps(emptyPlan, plan)) media.apply(step);
      media.equals(plan);
      for (const step of planSteps(plan, emptyPlan)) media.apply(step);
      media.equals(emptyPlan);
    });
  }

  it('has read the whole table, each case once', () => {
    assert.ok(plans.length >= 160, `${plans.length} cases`);
    assert.equal(new Set(plans.map(({ claim }) => claim)).size, plans.length);
    for (const { claim, lines } of plans) assert.equal(lines.length, 2, claim);
  });
});

describe('planSteps(), by steps.txt', () => {
  for (const { group, claim, lines } of steps) {
    it(`${group}: ${claim}`, () => {
      const [text = '', changes = '', expected] = lines;
      const made = planner(text);
      const before = made.plan();
      for (const one of words(changes)) change(made, one);
      const after = made.plan(before);
      const found = planSteps(before, after);
      assert.equal(found.map(stepText).join(', ') || 'nothing', expected);
      const media = new RunningMedia();
      for (const step of [...planSteps(emptyPlan, before), ...found]) media.apply(step);
      media.equals(after);
    });
  }

  it('has read the whole table, each case once', () => {
    assert.ok(steps.length >= 45, `${steps.length} cases`);
    assert.equal(new Set(steps.map(({ claim }) => claim)).size, steps.length);
    for (const { claim, lines } of steps) assert.equal(lines.length, 3, claim);
  });
});
