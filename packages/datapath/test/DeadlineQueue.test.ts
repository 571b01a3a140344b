/**
 * Deadlines are served in order, once, whatever changes meanwhile.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Deadline, DeadlineQueue } from '../src/DeadlineQueue.ts';

class Alarm implements Deadline {
  dueMs: number | undefined;
  rangMs: number[] = [];
  /** What the alarm wants after it rang. */
  periodMs: number | undefined;

  constructor(dueMs?: number) {
    this.dueMs = dueMs;
  }

  nextTimeoutMs(): number | undefined {
    return this.dueMs;
  }

  handleTimeout(nowMs: number): void {
    this.rangMs.push(nowMs);
    this.dueMs = this.periodMs === undefined ? undefined : nowMs + this.periodMs;
  }
}

describe('DeadlineQueue', () => {
  it('tells the earliest time, and whether an update made it earlier', () => {
    const queue = new DeadlineQueue();
    assert.equal(queue.nextMs, undefined);
    assert.equal(queue.update(new Alarm()), false);
    assert.equal(queue.update(new Alarm(50)), true);
    assert.equal(queue.update(new Alarm(70)), false);
    assert.equal(queue.update(new Alarm(20)), true);
    assert.equal(queue.nextMs, 20);
  });

  it('serves a postponed deadline at its new time only', () => {
    const queue = new DeadlineQueue();
    const alarm = new Alarm(10);
    queue.update(alarm);
    alarm.dueMs = 30;
    queue.update(alarm);
    queue.run(10);
    assert.deepEqual(alarm.rangMs, []);
    assert.equal(queue.nextMs, 30);
    queue.run(30);
    assert.deepEqual(alarm.rangMs, [30]);
    assert.equal(queue.size, 0);
  });

  it('serves a deadline brought forward once', () => {
    const queue = new DeadlineQueue();
    const alarm = new Alarm(30);
    queue.update(alarm);
    alarm.dueMs = 10;
    queue.update(alarm);
    queue.run(10);
    queue.run(30);
    assert.deepEqual(alarm.rangMs, [10]);
  });

  it('does not spin on a deadline that always asks for the past', () => {
    const queue = new DeadlineQueue();
    const alarm = new Alarm(10);
    alarm.periodMs = -5;
    queue.update(alarm);
    queue.run(10);
    assert.deepEqual(alarm.rangMs, [10]);
  });

  it('forgets what is removed', () => {
    const queue = new DeadlineQueue();
    const alarm = new Alarm(10);
    queue.update(alarm);
    queue.remove(alarm);
    queue.run(100);
    assert.deepEqual(alarm.rangMs, []);
    assert.equal(queue.nextMs, undefined);
  });

  it('never misses and never serves early, whatever is set, moved and removed', () => {
    const step = fc.record({ alarm: fc.nat(7), dueMs: fc.option(fc.nat(100)), runMs: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new DeadlineQueue();
        const alarms = Array.from({ length: 8 }, () => new Alarm());
        let nowMs = 0;
        for (const { alarm: i, dueMs, runMs } of steps) {
          const alarm = alarms[i];
          assert.ok(alarm !== undefined);
          if (dueMs === null) {
            alarm.dueMs = undefined;
            queue.remove(alarm);
          } else {
            alarm.dueMs = nowMs + dueMs;
            queue.update(alarm);
          }
          nowMs += runMs;
          const due = alarms.filter((each) => each.dueMs !== undefined && each.dueMs <= nowMs);
          const rang = new Map(alarms.map((each) => [each, each.rangMs.length]));
          queue.run(nowMs);
          for (const each of alarms) {
            assert.equal(each.rangMs.length - (rang.get(each) ?? 0), due.includes(each) ? 1 : 0);
          }
        }
      }),
    );
  });
});
