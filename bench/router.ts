/**
 * What the router itself costs per output packet: 1 producer to N consumers into an outlet that does nothing.
 *
 * Run: `node --conditions=source bench/router.ts`. Prints nanoseconds per output packet and bytes allocated.
 * @module
 */
import { packetMemoryOf } from '@rivero/rtp';
import { type OutboundStream, Router, type RtpOutlet } from '@rivero/router';

const packetBytes = 1128;
const codec = {
  payloadType: 96,
  name: 'VP8',
  clockRate: 90_000,
  channels: 1,
  parameters: {},
  feedback: ['nack', 'nack pli', 'goog-remb'],
};

/** Takes every packet and forgets it. */
class EmptyStream implements OutboundStream {
  readonly #at: number;
  bytes = 0;
  constructor(at: number) {
    this.#at = at;
  }
  reserve(): number {
    return this.#at;
  }
  commit(headerLength: number, _payload: number, payloadLength: number): void {
    this.bytes += headerLength + payloadLength;
  }
  close(): void {
    this.bytes = 0;
  }
}

/** A router with one video producer and `viewers` consumers, and a function that sends it packets. */
function createRouter(viewers: number): (packets: number, burst: number) => void {
  const memory = packetMemoryOf(new Uint8Array(2 * 1024 * 1024));
  const outlet: RtpOutlet = { openStream: () => new EmptyStream(1024 * 1024), sendRtcp: () => undefined };
  const router = new Router({
    memory,
    regions: { allocate: () => 1_100_000, release: () => undefined },
    random: () => 0.5,
    listener: {
      onProducerFlow: () => undefined,
      onConsumerFlow: () => undefined,
      onMediaState: () => undefined,
    },
  });
  const publisher = router.openSession('publisher', outlet);
  const common = {
    kind: 'video',
    mid: '0',
    codecs: [codec],
    extensions: { absSendTime: 3, mid: 4 },
  } as const;
  publisher.produce({ ...common, producerId: 'p', ssrcs: [1] });
  for (let i = 0; i < viewers; i++) {
    const session = router.openSession(`viewer${i}`, outlet);
    session.consume({ ...common, consumerId: `c${i}`, ssrc: 100 + i, cname: 'c' }, 0);
    session.outletReady(0);
    router.link(`c${i}`, 'p', 0);
  }
  let sequenceNumber = 0;
  let nowMs = 0;
  const { view } = memory;
  const writePacket = (at: number): void => {
    view.setUint32(at, 0x8060_0000 | (sequenceNumber & 0xffff));
    view.setUint32(at + 4, (sequenceNumber * 900) >>> 0);
    view.setUint32(at + 8, 1);
    view.setUint32(at + 12, 0x90c0_8000 | (sequenceNumber & 0x7fff));
    // TL0PICIDX, then the payload header: a key frame first.
    view.setUint16(at + 16, sequenceNumber === 0 ? 0 : 1);
    sequenceNumber += 1;
  };
  return (packets, burst) => {
    for (let sent = 0; sent < packets; sent += burst) {
      nowMs += burst;
      for (let i = 0; i < burst; i++) {
        const at = i * 2048;
        writePacket(at);
        publisher.receiveRtp(at, packetBytes, 12, nowMs);
      }
      router.flush(nowMs);
      if (router.nextTimeoutMs() <= nowMs) router.handleTimeout(nowMs);
    }
  };
}

console.log('| viewers | burst | ns per output packet | bytes allocated per output packet |');
console.log('|---|---|---|---|');
for (const viewers of [1, 10, 100, 500]) {
  for (const burst of [1, 5, 10]) {
    const send = createRouter(viewers);
    const packets = Math.round(2_000_000 / viewers / burst) * burst;
    send(Math.round(packets / 4 / burst) * burst, burst);
    const heapBefore = process.memoryUsage().heapUsed;
    const startNs = process.hrtime.bigint();
    send(packets, burst);
    const elapsedNs = Number(process.hrtime.bigint() - startNs);
    const allocated = Math.max(0, process.memoryUsage().heapUsed - heapBefore);
    const output = packets * viewers;
    console.log(
      `| ${viewers} | ${burst} | ${(elapsedNs / output).toFixed(0)} | ${(allocated / output).toFixed(2)} |`,
    );
  }
}
