/**
 * When an association repeats itself, and how much it has on its way.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CongestionWindow } from '../src/sctp/CongestionWindow.ts';
import { BackoffTimer, RetransmissionTimeout } from '../src/sctp/RetransmissionTimeout.ts';
import type { Weather } from './network.ts';
import { numbered, sctpPair } from './sctpPair.ts';

describe('RetransmissionTimeout', () => {
  it('follows RFC 9260 section 6.3 within its limits', () => {
    const timeout = new RetransmissionTimeout();
    assert.equal(timeout.timeoutMs, 500);
    timeout.measure(200);
    assert.equal(timeout.timeoutMs, 200 + 4 * 100);
    timeout.measure(200);
    assert.equal(timeout.timeoutMs, 200 + 4 * 75);
    for (let i = 0; i < 100; i++) timeout.measure(200);
    assert.ok(Math.abs(timeout.timeoutMs - 420) < 1);
    timeout.backOff();
    assert.ok(Math.abs(timeout.timeoutMs - 840) < 1);
    for (let i = 0; i < 10; i++) timeout.backOff();
    assert.equal(timeout.timeoutMs, 5000);
    timeout.recover();
    assert.equal(timeout.timeoutMs, 2500);
  });

  it('doubles for timers', () => {
    const timer = new BackoffTimer();
    assert.equal(timer.takeDue(1e9), false);
    timer.start(0, 500);
    assert.equal(timer.takeDue(499), false);
    const waits = [500, 1000, 2000, 4000, 5000, 5000];
    let nowMs = 0;
    for (const wait of waits) {
      assert.equal(timer.dueMs, nowMs + wait);
      nowMs += wait;
      assert.equal(timer.takeDue(nowMs), true);
    }
    assert.equal(timer.expirations, waits.length);
  });
});

describe('CongestionWindow', () => {
  it('starts slowly, grows by a packet per window behind the threshold, and shrinks as section 7.2 says', () => {
    const window = new CongestionWindow(1000);
    assert.equal(window.windowBytes, 4000);
    window.grow(2000, 4000);
    assert.equal(window.windowBytes, 5000);
    window.grow(2000, 1000);
    assert.equal(window.windowBytes, 5000, 'not while it is not used');
    window.shrinkOnTimeout();
    assert.equal(window.windowBytes, 1000);
    for (let i = 0; i < 4; i++) window.grow(1000, window.windowBytes);
    assert.deepEqual([window.windowBytes, window.isSlowStart], [5000, false]);
    for (let i = 0; i < 4; i++) window.grow(1000, 5000);
    assert.equal(window.windowBytes, 5000);
    window.grow(1000, 5000);
    assert.equal(window.windowBytes, 6000);
    window.shrinkOnLoss();
    assert.equal(window.windowBytes, 4000);
    window.shrinkOnIdle(9);
    assert.equal(window.windowBytes, 4000);
  });
});

/** Kilobits per second that arrive of one long stream in ten seconds. */
function goodputKbps(weather: Weather): number {
  const { network, left, right, connect } = sctpPair({ delayMs: 25, seed: 3, ...weather });
  connect();
  let bytes = 0;
  right.messages.push = (message) => (bytes += message.bytes.length);
  const endMs = network.nowMs + 10_000;
  const message = numbered(1, 16_384);
  while (network.nowMs < endMs) {
    while (left.association.send(0, 53, message, {}, network.nowMs) === 'accepted');
    network.run(20);
  }
  return (bytes * 8) / 10_000;
}

describe('SctpAssociation (goodput)', () => {
  // Round trip 50 ms. With loss, what the windows of RFC 9260 give: 1.22 packets per round trip over the root of the loss.
  for (const [name, weather, leastKbps] of [
    ['fills a line of 2 Mbit/s', { bitrateBps: 2_000_000 }, 1800],
    ['fills a line of 10 Mbit/s', { bitrateBps: 10_000_000 }, 8500],
    ['does what it can with 1 % loss', { bitrateBps: 10_000_000, lossPercent: 1 }, 1400],
    ['does what it can with 5 % loss', { bitrateBps: 10_000_000, lossPercent: 5 }, 500],
    ['goes on with 10 % loss', { bitrateBps: 10_000_000, lossPercent: 10 }, 200],
  ] as const) {
    it(name, () => {
      const kbps = goodputKbps(weather);
      assert.ok(kbps >= leastKbps, `${Math.round(kbps)} kbit/s`);
    });
  }

  it('does not repeat what was not lost', () => {
    const { network, left, right, connect } = sctpPair({ delayMs: 100 });
    connect();
    for (let i = 0; i < 200; i++) {
      left.association.send(i % 3, 53, numbered(i, 1000), {}, network.nowMs);
      network.run(50);
    }
    network.run(5000);
    assert.equal(right.messages.length, 200);
    assert.equal(left.association.statistics.chunksRetransmitted, 0);
    assert.ok(Math.abs(left.association.statistics.roundTripMs! - 200) < 60);
  });

  it('repeats a single lost packet without waiting for the timer, if others follow', () => {
    const { network, left, right, connect } = sctpPair({ delayMs: 25 });
    connect();
    for (let i = 0; i < 20; i++) {
      left.association.send(0, 53, numbered(i, 1000), {}, network.nowMs);
      network.run(60);
    }
    let lost = 0;
    left.isSwallowed = ({ length }) => length > 1000 && lost++ === 0;
    const startMs = network.nowMs;
    for (let i = 20; i < 26; i++) left.association.send(0, 53, numbered(i, 1000), {}, network.nowMs);
    network.run(5000, () => right.messages.length === 26);
    assert.ok(network.nowMs - startMs < 160, `${network.nowMs - startMs} ms`);
    assert.equal(left.association.statistics.chunksRetransmitted, 1);
  });
});
