/**
 * The five steps of Kurento's REMB, by table.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { minRembBps, RembController } from '../src/RembController.ts';

interface Step {
  /** Rate of one second, bit/s. */
  readonly rate: number;
  readonly packets?: number;
  readonly fractionLost?: number;
  readonly maxBps?: number;
  readonly remb: number;
  readonly threshold?: number;
  readonly loss?: number;
}

function run(controller: RembController, steps: readonly Step[]): void {
  controller.update(0, 0, 0, 0, 0);
  steps.forEach(({ rate, packets, fractionLost, maxBps, remb, threshold, loss }, i) => {
    const renewed = controller.update(
      (i + 1) * 1000,
      rate / 8,
      packets ?? 100,
      fractionLost ?? 0,
      maxBps ?? 0,
    );
    assert.equal(renewed, true, `step ${i} renews`);
    assert.equal(controller.rembBps, remb, `remb of step ${i}`);
    if (threshold !== undefined) assert.equal(controller.thresholdBps, threshold, `threshold of step ${i}`);
    if (loss !== undefined) assert.equal(controller.loss, loss, `loss of step ${i}`);
  });
}

describe('RembController', () => {
  it('starts at 2 Mbit/s before anything is received', () => {
    const controller = new RembController();
    assert.equal(controller.rembBps, 2_000_000);
    assert.equal(controller.thresholdBps, 2_000_000);
  });

  it('takes the first rate and grows by 4 % below the threshold', () => {
    run(new RembController(), [
      { rate: 1_000_000, remb: 1_040_000 },
      { rate: 1_000_000, remb: 1_081_600 },
      { rate: 1_000_000, remb: 1_124_864 },
    ]);
  });

  it('does not grow beyond twice the highest rate', () => {
    run(new RembController({ exponentialFactor: 0.9 }), [
      { rate: 100_000, remb: 190_000 },
      { rate: 100_000, remb: 200_000 },
      { rate: 100_000, remb: 200_000 },
      { rate: 150_000, remb: 300_000 },
    ]);
  });

  it('grows by linealFactorMin above the threshold', () => {
    run(new RembController(), [
      { rate: 2_000_000, remb: 2_000_050 },
      { rate: 2_000_000, remb: 2_000_100 },
    ]);
  });

  it('follows a rate that is higher than the estimate', () => {
    run(new RembController(), [
      { rate: 500_000, remb: 520_000 },
      { rate: 1_500_000, remb: 1_560_000 },
    ]);
  });

  it('holds at the highest rate while the loss is light, and sets the threshold', () => {
    run(new RembController(), [
      { rate: 1_000_000, remb: 1_040_000, threshold: 2_000_000 },
      // 11 of 256: base 1,040,000, threshold 0.8 of it, linear (base - threshold) / 30 = 6,933.
      { rate: 1_000_000, fractionLost: 11, remb: 1_000_000, threshold: 832_000, loss: 11 },
      // No loss, 100 packets: the average falls to 0; above the threshold growth is linear.
      { rate: 1_000_000, remb: 1_006_933, loss: 0 },
    ]);
  });

  it('halves the estimate from upLosses on and forgets loss and rates', () => {
    run(new RembController(), [
      { rate: 1_000_000, remb: 1_040_000 },
      { rate: 1_000_000, fractionLost: 12, remb: 520_000, threshold: 832_000, loss: 0 },
      // Highest rate starts anew at 600,000.
      { rate: 600_000, remb: 624_000, loss: 0 },
    ]);
  });

  it('averages loss over packetsRecvIntervalTop packets', () => {
    run(new RembController(), [
      { rate: 1_000_000, remb: 1_040_000 },
      // 40 of 100 packets with 100/256: 40; heavy.
      { rate: 1_000_000, packets: 40, fractionLost: 100, remb: 520_000, loss: 0 },
      // 10 of 100 packets with 50/256: 5; light. Base is max(remb, average), remb stays below the highest rate.
      { rate: 1_000_000, packets: 10, fractionLost: 50, remb: 520_000, loss: 5 },
      { rate: 1_000_000, packets: 10, fractionLost: 0, remb: 520_000, loss: 4 },
    ]);
  });

  it('lets a single loss fade out completely', () => {
    const controller = new RembController();
    controller.update(0, 0, 0, 0, 0);
    controller.update(1000, 125_000, 50, 8, 0);
    for (let i = 2; i < 10; i++) controller.update(i * 1000, 125_000, 50, 0, 0);
    assert.equal(controller.loss, 0);
  });

  it('weights more packets than packetsRecvIntervalTop with their own number', () => {
    run(new RembController(), [{ rate: 1_000_000, packets: 500, fractionLost: 7, remb: 1_000_000, loss: 7 }]);
  });

  it('keeps below the configured ceiling', () => {
    run(new RembController(), [{ rate: 1_000_000, maxBps: 800_000, remb: 800_000 }]);
  });

  it('is updated at most every 200 ms', () => {
    const controller = new RembController();
    assert.equal(controller.update(0, 0, 0, 0, 0), false);
    assert.equal(controller.update(199, 1000, 10, 0, 0), false);
    assert.equal(controller.update(200, 1000, 10, 0, 0), true);
    assert.equal(controller.update(399, 1000, 10, 0, 0), false);
  });

  it('asks for a bitrate that makes sense, whatever the settings', () => {
    const setting = fc.oneof(
      fc.constantFrom(0, 1, -1, 0.5, 1e38, -1e38, 2 ** 31 - 1, -(2 ** 31)),
      fc.double({ noNaN: true, min: -1e38, max: 1e38 }),
    );
    const settings = fc.record(
      {
        packetsRecvIntervalTop: setting,
        exponentialFactor: setting,
        linealFactorMin: setting,
        linealFactorGrade: setting,
        decrementFactor: setting,
        thresholdFactor: setting,
        upLosses: setting,
        rembOnConnect: setting,
      },
      { requiredKeys: [] },
    );
    const second = fc.record({ bytes: fc.nat(10_000_000), packets: fc.nat(2000), lost: fc.nat(255) });
    fc.assert(
      fc.property(settings, fc.array(second, { maxLength: 20 }), (given, seconds) => {
        const controller = new RembController(given);
        seconds.forEach(({ bytes, packets, lost }, i) =>
          controller.update(i * 1000, bytes, packets, lost, 0),
        );
        const bps = controller.limited(0, 0);
        assert.ok(bps >= minRembBps && bps <= 1e10, `${bps}`);
      }),
    );
  });

  it('waits for the first packet', () => {
    const controller = new RembController();
    controller.update(0, 0, 0, 0, 0);
    assert.equal(controller.update(1000, 0, 0, 0, 0), false);
    assert.equal(controller.rembBps, 2_000_000);
  });

  for (const { minimum, downstream, sent } of [
    { minimum: 0, downstream: 0, sent: 1_040_000 },
    { minimum: 0, downstream: 300_000, sent: 300_000 },
    { minimum: 0, downstream: 2_000_000, sent: 1_040_000 },
    { minimum: 0, downstream: 1000, sent: minRembBps },
    { minimum: 500_000, downstream: 300_000, sent: 500_000 },
    { minimum: 1_500_000, downstream: 0, sent: 1_500_000 },
  ]) {
    it(`sends ${sent} with floor ${minimum} and downstream ${downstream}`, () => {
      const controller = new RembController();
      run(controller, [{ rate: 1_000_000, remb: 1_040_000 }]);
      assert.equal(controller.limited(minimum, downstream), sent);
    });
  }
});
