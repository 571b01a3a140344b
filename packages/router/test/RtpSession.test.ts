/**
 * Single packets through a session: headers, extensions, refusals, garbage.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  findHeaderExtension,
  packetMemoryOf,
  type RtcpPacket,
  rtpHeaderLength,
  serializeRtcp,
} from '@rivero/rtp';
import { Router } from '../src/Router.ts';
import type { RtpSession } from '../src/RtpSession.ts';
import { createMemory, type TestMemory } from './peers/memory.ts';
import { PlainOutlet } from './peers/PlainOutlet.ts';
import { seededRandom } from './peers/random.ts';
import { opusCodec, readPacket, rtpPacket, vp8Codec, vp8Payload } from './peers/streams.ts';

interface Bench {
  readonly test: TestMemory;
  readonly router: Router;
  readonly publisher: RtpSession;
  readonly viewer: RtpSession;
  readonly outlet: PlainOutlet;
  readonly sent: Uint8Array[];
  readonly receive: (packet: Uint8Array, nowMs: number) => void;
  readonly feedback: (packet: RtcpPacket, nowMs: number) => void;
  readonly counter: (name: string) => number;
}

/** One publisher with audio and video, one viewer of both, linked. */
function bench(caches = 4): Bench {
  const test = createMemory(caches);
  const router = new Router({
    memory: test.memory,
    regions: test.regions,
    random: seededRandom(1),
    listener: {
      onProducerFlow: () => undefined,
      onConsumerFlow: () => undefined,
      onMediaState: () => undefined,
    },
  });
  const sent: Uint8Array[] = [];
  const outlet = new PlainOutlet(test, (packet) => sent.push(packet));
  const publisher = router.openSession('publisher', new PlainOutlet(test, () => undefined));
  const viewer = router.openSession('viewer', outlet);
  const from = { mid: 4, audioLevel: 5 };
  publisher.produce({
    producerId: 'pv',
    kind: 'video',
    mid: 'v',
    codecs: [vp8Codec],
    ssrcs: [1],
    extensions: from,
  });
  publisher.produce({
    producerId: 'pa',
    kind: 'audio',
    mid: 'a',
    codecs: [opusCodec],
    ssrcs: [2],
    extensions: from,
  });
  const to = { mid: 4, absSendTime: 3, audioLevel: 7 };
  const common = { cname: 'c', extensions: to, mid: 'mid' } as const;
  viewer.consume({ ...common, consumerId: 'cv', kind: 'video', codecs: [vp8Codec], ssrc: 11 }, 0);
  viewer.consume({ ...common, consumerId: 'ca', kind: 'audio', codecs: [opusCodec], ssrc: 12 }, 0);
  router.link('cv', 'pv', 0);
  router.link('ca', 'pa', 0);
  viewer.outletReady(0);
  return {
    test,
    router,
    publisher,
    viewer,
    outlet,
    sent,
    receive(packet, nowMs) {
      publisher.receiveRtp(test.receive(packet), packet.length, -1, nowMs);
      router.flush(nowMs);
    },
    feedback(packet, nowMs) {
      const bytes = serializeRtcp(9, [packet]);
      viewer.receiveRtcp(test.receive(bytes), bytes.length, nowMs);
    },
    counter: (name) => router.dump().counters[name] ?? 0,
  };
}

function video(sequenceNumber: number, keyFrame = false): Uint8Array {
  const payload = vp8Payload({ keyFrame, first: keyFrame, pictureId: 1, tl0PicIdx: 1, tag: sequenceNumber });
  return rtpPacket({ ssrc: 1, sequenceNumber, payload });
}

describe('RtpSession forwarding', () => {
  it('rewrites audio with its level, mid, send time and contributing sources', () => {
    const { receive, sent } = bench();
    const payload = new Uint8Array([1, 2, 3, 4, 5]);
    const audio = { ssrc: 2, payloadType: 111, payload, csrcs: [77, 78], marker: true };
    receive(rtpPacket({ ...audio, sequenceNumber: 5, audioLevel: { id: 5, value: 0x8a } }), 1000);
    receive(rtpPacket({ ...audio, sequenceNumber: 6, csrcs: [] }), 1020);
    const [first, second] = sent;
    assert.ok(first && second);
    const memory = packetMemoryOf(first);
    const headerLength = rtpHeaderLength(memory, 0, first.length);
    assert.deepEqual(first.subarray(headerLength), payload);
    assert.equal(memory.view.getUint8(0), 0x92);
    assert.deepEqual([memory.view.getUint32(12), memory.view.getUint32(16)], [77, 78]);
    assert.equal(memory.view.getUint32(8), 12);
    assert.equal(memory.view.getUint8(1), 0x80 | 111);
    const levelAt = findHeaderExtension(memory, 0, headerLength, 7);
    assert.equal(memory.view.getUint8(levelAt), 0x8a);
    assert.equal(readPacket(first).absSendTime, Math.floor(1000 * 262.144));
    assert.equal(readPacket(first).mid, 'mid');
    // Without a level the place stays empty, and the length of the header the same.
    const other = packetMemoryOf(second);
    const otherLength = rtpHeaderLength(other, 0, second.length);
    assert.equal(otherLength, headerLength - 8);
    assert.equal(findHeaderExtension(other, 0, otherLength, 7), -1);
    assert.equal(readPacket(second).mid, 'mid');
    assert.deepEqual(second.subarray(otherLength), payload);
  });

  it('waits for a key frame with video, not with audio', () => {
    const { receive, sent } = bench();
    receive(video(1), 0);
    receive(rtpPacket({ ssrc: 2, payloadType: 111, sequenceNumber: 0, payload: new Uint8Array(3) }), 0);
    assert.equal(sent.length, 1);
    receive(video(2, true), 10);
    receive(video(3), 20);
    assert.equal(sent.length, 3);
  });

  it('forwards a full batch by itself, in order', () => {
    const { publisher, router, test, sent } = bench();
    for (let i = 0; i < 200; i++) {
      const packet = video(i, i === 0);
      publisher.receiveRtp(test.receive(packet), packet.length, -1, 0);
    }
    assert.equal(sent.length, 192);
    router.flush(1);
    assert.deepEqual(
      sent.map((packet) => readPacket(packet).tag),
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  it('sends a packet later that the outlet could not take, when the viewer misses it', () => {
    const { receive, sent, outlet, feedback, counter } = bench();
    receive(video(1, true), 0);
    outlet.hasRoom = false;
    receive(video(2), 10);
    outlet.hasRoom = true;
    receive(video(3), 20);
    assert.equal(counter('outletFull'), 1);
    const missing = readPacket(sent[0]!).sequenceNumber + 1;
    feedback({ type: 'nack', senderSsrc: 9, mediaSsrc: 11, sequenceNumbers: [missing] }, 60);
    const late = readPacket(sent[2]!);
    assert.deepEqual(
      [late.tag, late.sequenceNumber, late.absSendTime],
      [2, missing, Math.floor(60 * 262.144)],
    );
    // From now on it is a packet that was sent: repeated bit by bit.
    feedback({ type: 'nack', senderSsrc: 9, mediaSsrc: 11, sequenceNumbers: [missing] }, 200);
    feedback({ type: 'nack', senderSsrc: 9, mediaSsrc: 11, sequenceNumbers: [missing] }, 400);
    assert.deepEqual(sent[3], sent[2]);
    assert.deepEqual(sent[4], sent[2]);
  });

  it('repeats a packet to two viewers, each with its own picture ids', () => {
    const { router, receive, viewer, test, sent, feedback } = bench();
    receive(video(1, true), 0);
    // The second viewer has seen another source before, so its picture ids differ from the source's.
    const other: Uint8Array[] = [];
    const session = router.openSession('other', new PlainOutlet(test, (packet) => other.push(packet)));
    const consume = {
      consumerId: 'co',
      kind: 'video',
      mid: '',
      codecs: [vp8Codec],
      ssrc: 13,
      cname: '',
    } as const;
    session.consume({ ...consume, extensions: {} }, 0);
    session.outletReady(0);
    router.link('co', 'pv', 0);
    receive(video(2, true), 10);
    session.pauseConsumer('co');
    session.resumeConsumer('co', 20);
    receive(video(3, true), 30);
    const pictureIds = [sent, other].map((packets) => readPacket(packets.at(-1)!).pictureId);
    assert.deepEqual(pictureIds, [1, 2]);
    const number = (packets: Uint8Array[]): number => readPacket(packets.at(-1)!).sequenceNumber;
    const ask = (to: RtpSession, ssrc: number, sequenceNumber: number, nowMs: number): void => {
      const nack = serializeRtcp(9, [
        { type: 'nack', senderSsrc: 9, mediaSsrc: ssrc, sequenceNumbers: [sequenceNumber] },
      ]);
      to.receiveRtcp(test.receive(nack), nack.length, nowMs);
    };
    for (let i = 1; i <= 3; i++) {
      ask(session, 13, number(other), i * 100);
      ask(viewer, 11, number(sent), i * 100);
    }
    assert.equal(other.length, 5);
    for (const packet of other.slice(2)) assert.deepEqual(packet, other[1]);
    for (const packet of sent.slice(3)) assert.deepEqual(packet, sent[2]);
    feedback({ type: 'pli', senderSsrc: 9, mediaSsrc: 11 }, 500);
    assert.equal(router.stats('viewer', 500)?.consumers[0]?.pliCount, 1);
  });

  it('refuses to repeat without end', () => {
    const { receive, sent, feedback, counter } = bench();
    receive(video(1, true), 0);
    const nack = { type: 'nack', senderSsrc: 9, mediaSsrc: 11 } as const;
    const { sequenceNumber } = readPacket(sent[0]!);
    for (let nowMs = 1; nowMs < 5000; nowMs++)
      feedback({ ...nack, sequenceNumbers: [sequenceNumber] }, nowMs);
    assert.equal(counter('resent'), 10);
    assert.equal(counter('resendRefused'), 4989);
    feedback(
      { ...nack, sequenceNumbers: [(sequenceNumber + 1) & 0xffff, (sequenceNumber - 1) & 0xffff] },
      6000,
    );
    assert.equal(sent.length, 11);
  });
});

describe('RtpSession refusals', () => {
  const payload = new Uint8Array(20);
  for (const { counter, packets } of [
    { counter: 'malformedRtp', packets: [new Uint8Array(11)] },
    {
      counter: 'unknownSsrc',
      packets: [rtpPacket({ ssrc: 99, payloadType: 5, sequenceNumber: 0, payload })],
    },
    {
      counter: 'unknownPayloadType',
      packets: [rtpPacket({ ssrc: 1, payloadType: 5, sequenceNumber: 0, payload })],
    },
    { counter: 'duplicate', packets: [video(1), video(1)] },
    { counter: 'stray', packets: [video(1), video(30_000)] },
    {
      counter: 'secondSsrc',
      packets: [video(1), rtpPacket({ ssrc: 3, sequenceNumber: 0, payload, mid: { id: 4, value: 'v' } })],
    },
  ]) {
    it(`counts ${counter}`, () => {
      const { receive, counter: count, sent } = bench();
      for (const packet of packets) receive(packet, 0);
      assert.equal(count(counter), 1);
      assert.equal(sent.length, 0);
    });
  }

  it('counts RTCP in which nothing can be read', () => {
    const { viewer, test, counter } = bench();
    viewer.receiveRtcp(test.receive(new Uint8Array(3)), 3, 0);
    assert.equal(counter('malformedRtcp'), 1);
  });

  it('forwards without a cache when the memory is used up', () => {
    const { receive, sent, feedback, counter } = bench(0);
    receive(video(1, true), 0);
    assert.equal(sent.length, 1);
    assert.equal(counter('cacheFull'), 1);
    const sequenceNumbers = [readPacket(sent[0]!).sequenceNumber];
    feedback({ type: 'nack', senderSsrc: 9, mediaSsrc: 11, sequenceNumbers }, 60);
    assert.equal(counter('resendMissing'), 1);
  });

  it('lets another SSRC take over after a second of silence', () => {
    const { receive, sent, router } = bench();
    receive(video(1, true), 0);
    const payloadOf = vp8Payload({ keyFrame: true, first: true, pictureId: 9, tl0PicIdx: 3, tag: 7 });
    receive(
      rtpPacket({ ssrc: 3, sequenceNumber: 500, payload: payloadOf, mid: { id: 4, value: 'v' } }),
      1000,
    );
    assert.equal(sent.length, 2);
    assert.equal(readPacket(sent[1]!).sequenceNumber, (readPacket(sent[0]!).sequenceNumber + 1) & 0xffff);
    assert.equal(readPacket(sent[1]!).pictureId, 2);
    assert.equal(router.stats('publisher', 1000)?.producers[0]?.ssrc, 3);
  });
});

describe('RtpSession against garbage', () => {
  const valid = [
    video(1, true),
    rtpPacket({
      ssrc: 2,
      payloadType: 111,
      sequenceNumber: 3,
      payload: new Uint8Array(9),
      csrcs: [1, 2],
      mid: { id: 4, value: 'a' },
    }),
    serializeRtcp(1, [
      { type: 'sourceDescription', chunks: [{ ssrc: 1, cname: 'x' }] },
      { type: 'nack', senderSsrc: 1, mediaSsrc: 11, sequenceNumbers: [1, 2, 900] },
      { type: 'pli', senderSsrc: 1, mediaSsrc: 11 },
      { type: 'fir', senderSsrc: 1, entries: [{ ssrc: 11, commandNumber: 1 }] },
      { type: 'remb', senderSsrc: 1, bitrateBps: 1e6, ssrcs: [11] },
      { type: 'goodbye', ssrcs: [1] },
    ]),
  ];

  it('never throws on truncated or changed packets', () => {
    const { publisher, viewer, router, test } = bench();
    let nowMs = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...valid),
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        (original, cut, changes) => {
          const packet = original.slice(0, cut % (original.length + 1));
          for (const [at, value] of changes) if (packet.length > 0) packet[at % packet.length] = value;
          for (const session of [publisher, viewer]) {
            session.receiveRtp(test.receive(packet), packet.length, -1, nowMs);
            session.receiveRtcp(test.receive(packet), packet.length, nowMs);
          }
          nowMs += 7;
          router.flush(nowMs);
          router.handleTimeout(nowMs);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never throws on random bytes', () => {
    const { publisher, viewer, router, test } = bench();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (packet) => {
        for (const session of [publisher, viewer]) {
          session.receiveRtp(test.receive(packet), packet.length, -1, 0);
          session.receiveRtcp(test.receive(packet), packet.length, 0);
        }
        router.flush(0);
      }),
      { numRuns: 2000 },
    );
  });
});
