/**
 * One session that gets its own stream back, as the hello-world tutorial does.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packetMemoryOf, parseRtcp, type RtcpPacket, serializeRtcp } from '@rivero/rtp';
import { Router } from '../../src/Router.ts';
import { createMemory } from '../peers/memory.ts';
import { PlainOutlet } from '../peers/PlainOutlet.ts';
import { seededRandom } from '../peers/random.ts';
import { rtpPacket, vp8Codec, vp8Payload } from '../peers/streams.ts';

describe('RtpSession as a loop', () => {
  it('sends its own producer back and reports on both in one compound', () => {
    const test = createMemory(2);
    const router = new Router({
      memory: test.memory,
      regions: test.regions,
      random: seededRandom(3),
      listener: {
        onProducerFlow: () => undefined,
        onConsumerFlow: () => undefined,
        onMediaState: () => undefined,
      },
    });
    const sent: Uint8Array[] = [];
    const compounds: RtcpPacket[][] = [];
    const outlet = new PlainOutlet(
      test,
      (packet) => sent.push(packet),
      (bytes) => compounds.push(parseRtcp(packetMemoryOf(bytes), 0, bytes.length)),
    );
    const session = router.openSession('loop', outlet);
    const common = { kind: 'video', mid: 'v', codecs: [vp8Codec], extensions: {} } as const;
    session.produce({ ...common, producerId: 'p', ssrcs: [1] });
    session.consume({ ...common, consumerId: 'c', ssrc: 11, cname: 'router' }, 0);
    session.outletReady(0);
    router.link('c', 'p', 0);
    const tell = (packet: RtcpPacket, nowMs: number): void => {
      const bytes = serializeRtcp(1, [packet]);
      session.receiveRtcp(test.receive(bytes), bytes.length, nowMs);
    };
    for (let i = 0; i < 300; i++) {
      const nowMs = i * 10;
      const payload = vp8Payload({ keyFrame: i === 0, first: true, pictureId: i, tl0PicIdx: 0, tag: i });
      const packet = rtpPacket({ ssrc: 1, sequenceNumber: i, payload });
      session.receiveRtp(test.receive(packet), packet.length, -1, nowMs);
      router.flush(nowMs);
      router.handleTimeout(nowMs);
      const report = { packetCount: i, octetCount: i, rtpTimestamp: 0, ntp: { seconds: 10, fraction: 0 } };
      if (i === 10) tell({ type: 'senderReport', ssrc: 1, reports: [], ...report }, nowMs);
      if (i === 20) tell({ type: 'remb', senderSsrc: 1, bitrateBps: 222_000, ssrcs: [11] }, nowMs);
    }
    assert.equal(sent.length, 300);
    const last = compounds.at(-1);
    assert.ok(last);
    assert.deepEqual(
      last.map(({ type }) => type),
      ['senderReport', 'sourceDescription', 'remb'],
    );
    const [report, names, remb] = last;
    assert.ok(
      report?.type === 'senderReport' && names?.type === 'sourceDescription' && remb?.type === 'remb',
    );
    assert.equal(report.ssrc, 11);
    assert.equal(report.reports[0]?.ssrc, 1);
    assert.deepEqual(names.chunks, [{ ssrc: 11, cname: 'router' }]);
    assert.equal(remb.senderSsrc, 11);
    assert.ok(remb.bitrateBps <= 222_000 && remb.bitrateBps > 30_000, `${remb.bitrateBps} bit/s`);
  });
});
