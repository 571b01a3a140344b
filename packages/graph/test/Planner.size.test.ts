import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyPlan, type Plan, type Planner, planSteps } from '@rivero/graph';
import { planner } from './planNotation.ts';

const many = Array.from({ length: 250 }, (_, index) => index);

/** Each makes 1,000 elements. */
const pipelines: readonly [string, string, (plan: Plan) => number, number][] = [
  [
    'one source and a thousand viewers of which half need a transcoder',
    `a=cam(VP8) ${many.map((i) => `p${i}=pass v${i}=view(VP8) w${i}=view(H264,VP9) x${i}=view(VP9,H264)`).join(' ')}
     ${many.map((i) => `a>p${i} a>v${i} p${i}>w${i} p${i}>x${i}`).join(' ')}`,
    (plan) => plan.encoders.size,
    1,
  ],
  [
    'two hundred and fifty transcoded calls through a filter',
    many
      .map((i) => `a${i}=cam(VP8) f${i}=filter b${i}=view(H264) c${i}=rec(H264)`)
      .concat(many.map((i) => `a${i}>f${i} f${i}>b${i} f${i}>c${i}`))
      .join(' '),
    (plan) => plan.encoders.size,
    250,
  ],
  [
    'a chain of a thousand, connected from its end',
    `a=cam(VP8) b=view(H264) ${many.map((i) => `p${i}=pass f${i}=filter q${i}=pass r${i}=pass`).join(' ')} r249>b
     ${many
       .toReversed()
       .map((i) => `q${i}>r${i} f${i}>q${i} p${i}>f${i} ${i ? `r${i - 1}` : 'a'}>p${i}`)
       .join(' ')}`,
    (plan) => plan.rawLinks.size,
    250,
  ],
  [
    'a mixer of five hundred filtered cameras whose picture is filtered for five hundred',
    `${many.map((i) => `a${i}=web(VP8) f${i}=filter m${i}=mix(hub) g${i}=filter`).join(' ')}
     ${many.map((i) => `a${i}>f${i} f${i}>m${i} m${i}>g${i} g${i}>a${i}`).join(' ')}`,
    (plan) => plan.rawLinks.size,
    750,
  ],
];

/** The fastest of five, milliseconds. */
function fastest(made: Planner): number {
  const times = [1, 2, 3, 4, 5].map(() => {
    const start = performance.now();
    made.plan();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('Planner.plan() of a thousand elements', () => {
  for (const [claim, text, count, expected] of pipelines) {
    it(`plans ${claim}`, (t) => {
      const made = planner(text);
      const plan = made.plan();
      assert.equal(count(plan), expected);
      const time = fastest(made);
      const start = performance.now();
      const steps = planSteps(emptyPlan, plan).length;
      t.diagnostic(`${time.toFixed(1)} ms; ${steps} steps in ${(performance.now() - start).toFixed(1)} ms`);
      // Measured: 1 to 6 ms. The bound only catches what is not linear.
      assert.ok(time < 100, `${time} ms`);
    });
  }
});
