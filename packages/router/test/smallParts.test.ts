/**
 * The small state holders of the router.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlowDetector } from '../src/FlowDetector.ts';
import { MediaStateDetector } from '../src/MediaStateDetector.ts';
import { payloadTypeMap } from '../src/payloadTypeMap.ts';
import { RateMeter } from '../src/RateMeter.ts';
import { maxResendBudgetBytes, ResendBudget } from '../src/ResendBudget.ts';
import { maxResends, SendHistory, sendHistorySize } from '../src/SendHistory.ts';
import { SenderClock } from '../src/SenderClock.ts';
import { SsrcTable } from '../src/SsrcTable.ts';
import { createMemory } from './peers/memory.ts';
import { opusCodec, rtpPacket, vp8Codec } from './peers/streams.ts';

describe('SendHistory', () => {
  for (const start of [0, 1023, 1024, 65_530, 65_535]) {
    it(`remembers the last ${sendHistorySize} packets from ${start}`, () => {
      const history = new SendHistory();
      for (let i = 0; i < 3000; i++) history.put((start + i) & 0xffff, i & 0xff_ffff);
      assert.equal(history.absSendTime((start + 2999) & 0xffff), 2999);
      assert.equal(history.absSendTime((start + 3000 - sendHistorySize) & 0xffff), 3000 - sendHistorySize);
      assert.equal(history.absSendTime((start + 2999 - sendHistorySize) & 0xffff), -1);
      assert.equal(history.absSendTime((start + 3000) & 0xffff), -1);
    });
  }

  it('sends a packet again once per interval and ten times in all', () => {
    const history = new SendHistory();
    history.put(7, 1);
    assert.equal(history.takeResend(7, 1000, 50), true);
    assert.equal(history.takeResend(7, 1049, 50), false);
    let times = 1;
    for (let nowMs = 1050; nowMs < 10_000; nowMs += 50) if (history.takeResend(7, nowMs, 50)) times += 1;
    assert.equal(times, maxResends);
  });

  it('counts intervals where the clock does not fit 32 bits', () => {
    const history = new SendHistory();
    history.put(7, 1);
    const nowMs = 2 ** 31 - 10;
    assert.equal(history.takeResend(7, nowMs, 50), true);
    assert.equal(history.takeResend(7, nowMs + 40, 50), false);
    assert.equal(history.takeResend(7, nowMs + 60, 50), true);
  });

  it('leaves a packet alone that was never sent', () => {
    const history = new SendHistory();
    assert.equal(history.takeResend(9, 0, 50), true);
    assert.equal(history.absSendTime(9), -1);
  });
});

describe('ResendBudget', () => {
  it('is spent, refilled by half of what is sent, and bounded', () => {
    const budget = new ResendBudget();
    assert.equal(budget.spend(maxResendBudgetBytes), true);
    assert.equal(budget.spend(1), false);
    budget.earn(2000);
    assert.equal(budget.spend(1000), true);
    assert.equal(budget.spend(1), false);
    budget.earn(10 * maxResendBudgetBytes);
    assert.equal(budget.bytes, maxResendBudgetBytes);
  });
});

describe('RateMeter', () => {
  it('knows the bits of the last second', () => {
    const meter = new RateMeter();
    for (let nowMs = 5000; nowMs < 7000; nowMs += 10) meter.add(125, nowMs);
    assert.equal(meter.bitrateBps(6990), 100_000);
    // Ten buckets, the one that has just begun included.
    assert.equal(meter.bitrateBps(7500), 40_000);
    assert.equal(meter.bitrateBps(9000), 0);
  });

  it('counts into the newest bucket when time stands still or runs back', () => {
    const meter = new RateMeter();
    meter.add(10, 1000);
    meter.add(10, 900);
    assert.equal(meter.bitrateBps(1000), 160);
  });
});

describe('FlowDetector', () => {
  it('starts with a packet and stops at the first check that saw none', () => {
    const flow = new FlowDetector();
    assert.equal(flow.dueMs, Number.POSITIVE_INFINITY);
    assert.equal(flow.packets(100), true);
    assert.equal(flow.packets(200), false);
    assert.equal(flow.dueMs, 2100);
    assert.equal(flow.check(2099), false);
    assert.equal(flow.check(2100), false);
    assert.equal(flow.flowing, true);
    assert.equal(flow.check(4100), true);
    assert.equal(flow.flowing, false);
    assert.equal(flow.dueMs, Number.POSITIVE_INFINITY);
    assert.equal(flow.packets(9000), true);
  });
});

describe('MediaStateDetector', () => {
  it('is connected by RTCP, and disconnected by BYE or ten seconds of silence', () => {
    const state = new MediaStateDetector();
    state.heard(0);
    assert.equal(state.connected, false);
    assert.equal(state.report(0), true);
    assert.equal(state.report(1000), false);
    state.heard(5000);
    assert.equal(state.check(10_000), false);
    assert.equal(state.dueMs, 15_000);
    assert.equal(state.check(15_000), true);
    assert.equal(state.goodbye(), false);
    assert.equal(state.report(16_000), true);
    assert.equal(state.goodbye(), true);
  });
});

describe('SenderClock', () => {
  it('relates two clocks, smooths, and follows a jump', () => {
    const clock = new SenderClock();
    assert.equal(clock.at(0), undefined);
    clock.report(5000, 1000);
    assert.equal(clock.at(1500), 5500);
    clock.report(6000, 2016);
    assert.equal(clock.at(2000), 5999);
    clock.report(100_000, 3000);
    assert.equal(clock.at(3000), 100_000);
  });
});

describe('payloadTypeMap', () => {
  it('maps by codec and leaves out what the viewer does not know', () => {
    const map = payloadTypeMap(
      [vp8Codec, { ...vp8Codec, payloadType: 97, name: 'VP9' }, opusCodec],
      [
        { ...opusCodec, payloadType: 0 },
        { ...vp8Codec, payloadType: 127 },
      ],
    );
    assert.equal(map[96], 127);
    assert.equal(map[97], -1);
    assert.equal(map[111], 0);
    assert.equal(map[5], -1);
  });
});

describe('SsrcTable', () => {
  const extensions = { mid: 4 };
  const video = {
    producerId: 'v',
    kind: 'video',
    mid: '1',
    codecs: [vp8Codec],
    ssrcs: [10],
    extensions,
  } as const;
  const screen = { ...video, producerId: 's', mid: '2', ssrcs: [] } as const;
  const audio = {
    ...video,
    producerId: 'a',
    kind: 'audio',
    mid: '0',
    codecs: [opusCodec],
    ssrcs: [],
  } as const;
  const payload = new Uint8Array(10);

  function table(): SsrcTable<string> {
    const ssrcs = new SsrcTable<string>();
    ssrcs.add(video, 'video');
    ssrcs.add(screen, 'screen');
    ssrcs.add(audio, 'audio');
    return ssrcs;
  }

  for (const { claim, packet, expected } of [
    { claim: 'announced SSRC', packet: { sequenceNumber: 0, ssrc: 10, payload }, expected: 'video' },
    {
      claim: 'mid',
      packet: { sequenceNumber: 0, ssrc: 77, payload, mid: { id: 4, value: '2' } },
      expected: 'screen',
    },
    {
      claim: 'payload type',
      packet: { sequenceNumber: 0, ssrc: 78, payloadType: 111, payload },
      expected: 'audio',
    },
    {
      claim: 'nothing when two have the payload type',
      packet: { sequenceNumber: 0, ssrc: 79, payload },
      expected: undefined,
    },
    {
      claim: 'nothing for the mid of a section that carries nothing, although the payload type is known',
      packet: { sequenceNumber: 0, ssrc: 81, payloadType: 111, payload, mid: { id: 4, value: '3' } },
      expected: undefined,
    },
    {
      claim: 'nothing for an unknown mid and payload type',
      packet: { sequenceNumber: 0, ssrc: 80, payloadType: 5, payload, mid: { id: 4, value: 'x' } },
      expected: undefined,
    },
  ]) {
    it(`finds by ${claim}`, () => {
      const test = createMemory(0);
      const bytes = rtpPacket(packet);
      const headerLength = bytes.length - payload.length;
      assert.equal(table().find(test.memory, test.receive(bytes), headerLength, packet.ssrc), expected);
    });
  }

  it('keeps one learnt SSRC per producer', () => {
    const test = createMemory(0);
    const ssrcs = table();
    const before = ssrcs.size;
    for (let ssrc = 1000; ssrc < 1100; ssrc++) {
      const bytes = rtpPacket({ sequenceNumber: 0, ssrc, payloadType: 111, payload });
      assert.equal(ssrcs.find(test.memory, test.receive(bytes), 12, ssrc), 'audio');
    }
    assert.equal(ssrcs.size, before + 1);
    ssrcs.remove('audio');
    ssrcs.remove('video');
    assert.equal(ssrcs.size, 0);
  });
});
