/**
 * Several pairs of transports between the same two router processes, which have one port each.
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { RouterProcess, type RouterProcessOptions } from '../src/RouterProcess.ts';
import { eventually, SocketPeer } from './SocketPeer.ts';
import { extensions, videoHeaderLength, videoPacket, vp8 } from './videoPacket.ts';

const common = { kind: 'video', mid: '0', codecs: [vp8], extensions } as const;
const publisherSsrc = 0xcafe0002;
const packetCount = 20;

/** A router process, and which of its transports have keys. */
class Side {
  readonly router: RouterProcess;
  readonly connected: ReadonlySet<unknown>;
  readonly candidates = new Map<string, readonly string[]>();
  publisher: SocketPeer | undefined;

  static async start(options: Partial<RouterProcessOptions>): Promise<Side> {
    const connected = new Set<unknown>();
    const router = await RouterProcess.start(
      { udpPort: 0, ...options },
      {
        onEvent: (name, event) => {
          if (name !== 'dtlsStateChanged' || !('state' in event)) return;
          if (event.state === 'CONNECTED' && 'transportId' in event) connected.add(event.transportId);
        },
        onExit: () => {},
      },
    );
    after(() => router.close());
    return new Side(router, connected);
  }

  private constructor(router: RouterProcess, connected: ReadonlySet<unknown>) {
    this.router = router;
    this.connected = connected;
  }

  async open(transportId: string, iceControlling: boolean): Promise<void> {
    await this.router.request('openTransport', {
      transportId,
      iceUfrag: `ufrag-${transportId}`,
      icePassword: `password-of-transport-${transportId}`,
      iceControlling,
      certificateKeyType: 'ECDSA',
    });
    const { candidates } = await this.router.request('gatherCandidates', { transportId, interfaces: [] });
    this.candidates.set(transportId, candidates);
  }

  async connect(transportId: string, other: Side, remote: string, offers: boolean): Promise<void> {
    await this.router.request('connectTransport', {
      transportId,
      remoteUfrag: `ufrag-${remote}`,
      remotePassword: `password-of-transport-${remote}`,
      dtlsRole: offers ? 'server' : 'client',
      remoteFingerprints: [other.router.ready.fingerprints.ECDSA],
    });
    for (const candidate of other.candidates.get(remote) ?? []) {
      await this.router.request('addCandidate', { transportId, candidate });
    }
  }

  async join(transportId: string, address: string): Promise<SocketPeer> {
    const peer = await SocketPeer.open(address);
    await peer.peer.join(this.router, transportId);
    await eventually(() => peer.peer.srtp !== undefined, `${transportId} has keys`);
    return peer;
  }

  async produce(transportId: string, ssrc: number): Promise<void> {
    const producerId = `${transportId}/in`;
    await this.router.request('produce', { transportId, producerId, ssrcs: [ssrc], ...common });
  }

  async consume(transportId: string, producerId: string, ssrc: number): Promise<void> {
    const consumerId = `${transportId}/out`;
    await this.router.request('consume', { transportId, consumerId, ssrc, cname: 'c', ...common });
    await this.router.request('link', { consumerId, producerId });
  }

  async close(...transportIds: readonly string[]): Promise<void> {
    for (const transportId of transportIds) await this.router.request('closeTransport', { transportId });
  }

  async ownSockets(): Promise<number> {
    return (await this.router.request('dump', {})).counters['ownSockets'] ?? -1;
  }

  /** What must not grow. */
  async holdings(): Promise<Record<string, unknown>> {
    const { transports, producers, consumers, memoryBytes, counters } = await this.router.request('dump', {});
    const descriptors = readdirSync(`/proc/${this.router.pid}/fd`).length;
    const { internedAddresses, ownSockets } = counters;
    return { transports, producers, consumers, memoryBytes, descriptors, internedAddresses, ownSockets };
  }
}

interface Pair {
  readonly left: string;
  readonly right: string;
  readonly leftOffers: boolean;
}

async function joinPair(left: Side, right: Side, pair: Pair): Promise<void> {
  const offer = [left, pair.left, right, pair.right] as const;
  const answer = [right, pair.right, left, pair.left] as const;
  const [[offerer, a, answerer, b]] = pair.leftOffers ? [offer] : [answer];
  await offerer.open(a, true);
  await answerer.open(b, false);
  await answerer.connect(b, offerer, a, false);
  await offerer.connect(a, answerer, b, true);
}

function isConnected(left: Side, right: Side, pair: Pair): boolean {
  return left.connected.has(pair.left) && right.connected.has(pair.right);
}

/** Sends video from a publisher at one side through every pair to a viewer of its own at the other side. */
async function assertCarried(
  from: Side,
  to: Side,
  ends: readonly (readonly [string, string])[],
  address: string,
): Promise<void> {
  const publisher = await from.join(`p${from.router.pid}`, address);
  await from.produce(`p${from.router.pid}`, publisherSsrc);
  const viewers: SocketPeer[] = [];
  for (const [i, [near, far]] of ends.entries()) {
    await from.consume(near, `p${from.router.pid}/in`, 100 + i);
    await to.produce(far, 100 + i);
    viewers.push(await to.join(`v${far}`, address));
    await to.consume(`v${far}`, `${far}/in`, 200 + i);
  }
  const sent = Array.from({ length: packetCount }, (_, i) =>
    videoPacket({
      ssrc: publisherSsrc,
      sequenceNumber: i,
      timestamp: i * 3000,
      isKeyFrame: i === 0,
      payloadLength: 1000,
    }),
  );
  for (const packet of sent) publisher.peer.sendRtp(packet, videoHeaderLength);
  const bodies = sent.map((packet) => Buffer.from(packet.subarray(videoHeaderLength + 4)).toString('hex'));
  for (const [i, viewer] of viewers.entries()) {
    await eventually(() => viewer.received.length >= packetCount, `all packets of pair ${i}`);
    assert.deepEqual(
      viewer.received.map(({ payload }) => payload.slice(8)),
      bodies,
    );
  }
  await from.close(`p${from.router.pid}`);
  await to.close(...ends.map(([, far]) => `v${far}`));
  for (const peer of [publisher, ...viewers]) peer.close();
}

for (const datapath of ['batch', 'dgram'] as const) {
  for (const address of ['127.0.0.1', '::1']) {
    describe(`Two router processes with ${datapath} on ${address}`, () => {
      for (const [order, together] of [
        ['one after the other', false],
        ['at the same moment', true],
      ] as const) {
        it(`carry media both ways over three pairs that are joined ${order}, and keep nothing`, async () => {
          const options = { datapath, addresses: [address] };
          const [left, right] = [await Side.start(options), await Side.start(options)];
          const before = [await left.holdings(), await right.holdings()];
          const pairs = [0, 1, 2].map((i) => ({
            left: `left${i}`,
            right: `right${i}`,
            leftOffers: i % 2 === 0,
          }));
          if (together) await Promise.all(pairs.map((pair) => joinPair(left, right, pair)));
          for (const pair of pairs) {
            if (!together) await joinPair(left, right, pair);
            await eventually(() => isConnected(left, right, pair), `${pair.left} and ${pair.right} connect`);
          }
          const owned = (await left.ownSockets()) + (await right.ownSockets());
          assert.ok(owned >= 2 && owned <= 5, `${owned} sockets`);
          const rightwards = pairs.map((pair) => [pair.left, pair.right] as const);
          await assertCarried(left, right, rightwards, address);
          const leftwards = pairs.map((pair) => [pair.right, pair.left] as const);
          await assertCarried(right, left, leftwards, address);

          await left.close(...pairs.map((pair) => pair.left));
          await right.close(...pairs.map((pair) => pair.right));
          assert.deepEqual([await left.holdings(), await right.holdings()], before);
          for (const { router } of [left, right]) {
            const { counters } = await router.request('dump', {});
            assert.deepEqual([counters['exceptions'], counters['ownSocketsFailed']], [0, 0]);
            await router.close();
          }
        });
      }
    });
  }
}
