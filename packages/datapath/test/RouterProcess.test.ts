/**
 * Whole calls through a router process, over loopback, on both datapaths and both address families.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ntpOfUnixMs, type RtcpPacket } from '@rivero/rtp';
import { TransportAddress } from '@rivero/transport';
import type { RouterDump, RouterEvents } from '../src/operations.ts';
import { RouterProcess, type RouterProcessOptions } from '../src/RouterProcess.ts';
import type { JoinOptions } from './Peer.ts';
import { arena, context, eventually, SocketPeer } from './SocketPeer.ts';
import { extensions, videoHeaderLength, videoPacket, vp8 } from './videoPacket.ts';

const publisherSsrc = 0xcafe0001;

interface Events {
  readonly list: { name: keyof RouterEvents; event: RouterEvents[keyof RouterEvents] }[];
  exit: string | undefined;
}

async function start(
  options: Partial<RouterProcessOptions> = {},
): Promise<{ router: RouterProcess; events: Events }> {
  const events: Events = { list: [], exit: undefined };
  const router = await RouterProcess.start(
    { udpPort: 0, ...options },
    {
      onEvent: (name, event) => events.list.push({ name, event }),
      onExit: (reason) => {
        events.exit = reason;
      },
    },
  );
  after(() => router.close());
  return { router, events };
}

async function join(
  router: RouterProcess,
  id: string,
  address: string,
  options: JoinOptions = {},
): Promise<SocketPeer> {
  const peer = await SocketPeer.open(address);
  await peer.peer.join(router, id, options);
  await eventually(() => peer.peer.srtp !== undefined, `${id} has keys`);
  return peer;
}

async function publish(router: RouterProcess, id: string): Promise<void> {
  const common = { kind: 'video', mid: '0', codecs: [vp8], extensions } as const;
  await router.request('produce', {
    transportId: id,
    producerId: `${id}/in`,
    ssrcs: [publisherSsrc],
    ...common,
  });
}

async function view(router: RouterProcess, id: string, producerId: string, ssrc: number): Promise<void> {
  const common = { kind: 'video', mid: '0', codecs: [vp8], extensions } as const;
  await router.request('consume', { transportId: id, consumerId: `${id}/out`, ssrc, cname: 'c', ...common });
  await router.request('link', { consumerId: `${id}/out`, producerId });
}

function packet(sequenceNumber: number, isKeyFrame = false): Uint8Array {
  const timestamp = sequenceNumber * 3000;
  return videoPacket({ ssrc: publisherSsrc, sequenceNumber, timestamp, isKeyFrame, payloadLength: 1100 });
}

const senderReport: RtcpPacket = {
  type: 'senderReport',
  ssrc: publisherSsrc,
  ntp: ntpOfUnixMs(Date.now()),
  rtpTimestamp: 0,
  packetCount: 0,
  octetCount: 0,
  reports: [],
};

/** The part of a payload that the router leaves alone: behind descriptor and picture id. */
function body(payload: string): string {
  return payload.slice(8);
}

function bodyOf(sent: Uint8Array): string {
  return body(Buffer.from(sent.subarray(videoHeaderLength)).toString('hex'));
}

for (const datapath of ['batch', 'dgram'] as const) {
  for (const [address, interfaces] of [
    ['127.0.0.1', ['lo']],
    ['::1', ['lo']],
  ] as const) {
    describe(`RouterProcess with ${datapath} on ${address}`, () => {
      it('carries video from a publisher to viewers, and repairs what they miss', async () => {
        const { router, events } = await start({ datapath });
        assert.equal(router.ready.datapath, datapath);
        const publisher = await join(router, 'p', address, { interfaces });
        await publish(router, 'p');
        const viewers: SocketPeer[] = [];
        for (const [i, dtlsRole] of (['server', 'client'] as const).entries()) {
          const keyType = i === 0 ? 'RSA' : 'ECDSA';
          const viewer = await join(router, `v${i}`, address, { interfaces, dtlsRole, keyType });
          await view(router, `v${i}`, 'p/in', 100 + i);
          viewers.push(viewer);
        }
        const sent = Array.from({ length: 60 }, (_, i) => packet(65_520 + i, i === 0));
        publisher.peer.sendRtcp(publisherSsrc, [senderReport]);
        for (const each of sent) publisher.peer.sendRtp(each, videoHeaderLength);
        for (const [i, viewer] of viewers.entries()) {
          await eventually(() => viewer.received.length >= sent.length, 'all packets');
          assert.deepEqual(
            viewer.received.map(({ payload }) => body(payload)),
            sent.map(bodyOf),
          );
          assert.ok(viewer.received.every(({ ssrc }) => ssrc === 100 + i));
          await nackIsAnswered(viewer, 100 + i);
        }
        await eventually(
          () => viewers.every(({ peer }) => peer.rtcp.some(({ type }) => type === 'senderReport')),
          'SR',
        );
        const names = events.list.map(({ name }) => name);
        for (const name of [
          'iceStateChanged',
          'candidatePairSelected',
          'dtlsStateChanged',
          'producerFlowChanged',
        ] as const) {
          assert.ok(names.includes(name), name);
        }
        const stats = await router.request('stats', { transportId: 'v0' });
        assert.equal(stats.consumers[0]?.packetsSent, 61);
        for (const peer of [publisher, ...viewers]) peer.close();
        await router.close();
        assert.equal(events.exit, undefined);
      });

      it('joins two of its own transports', async () => {
        const { router, events } = await start({ datapath, addresses: [address] });
        const fingerprint = router.ready.fingerprints.RSA;
        const open = async (transportId: string, iceControlling: boolean): Promise<string[]> => {
          await router.request('openTransport', {
            transportId,
            iceUfrag: `ufrag${transportId}`,
            icePassword: `password-of-transport-${transportId}`,
            iceControlling,
            certificateKeyType: 'RSA',
          });
          return (await router.request('gatherCandidates', { transportId, interfaces: [] })).candidates;
        };
        const candidates = [await open('a', true), await open('b', false)];
        for (const [transportId, remote, dtlsRole] of [
          ['a', 'b', 'server'],
          ['b', 'a', 'client'],
        ] as const) {
          await router.request('connectTransport', {
            transportId,
            remoteUfrag: `ufrag${remote}`,
            remotePassword: `password-of-transport-${remote}`,
            dtlsRole,
            remoteFingerprints: [fingerprint],
          });
          for (const candidate of candidates[remote === 'a' ? 0 : 1] ?? []) {
            await router.request('addCandidate', { transportId, candidate });
          }
        }
        const isConnected = (id: string): boolean =>
          events.list.some(
            ({ name, event }) =>
              name === 'dtlsStateChanged' &&
              'state' in event &&
              event.state === 'CONNECTED' &&
              event.transportId === id,
          );
        await eventually(() => isConnected('a') && isConnected('b'), 'both connected');
        const publisher = await join(router, 'p', address);
        const viewer = await join(router, 'v', address);
        await publish(router, 'p');
        await view(router, 'a', 'p/in', 77);
        const common = { kind: 'video', mid: '0', codecs: [vp8], extensions } as const;
        await router.request('produce', { transportId: 'b', producerId: 'b/in', ssrcs: [77], ...common });
        await view(router, 'v', 'b/in', 88);
        const sent = Array.from({ length: 30 }, (_, i) => packet(i, i === 0));
        for (const each of sent) publisher.peer.sendRtp(each, videoHeaderLength);
        await eventually(() => viewer.received.length >= sent.length, 'all packets');
        assert.deepEqual(
          viewer.received.map(({ payload }) => body(payload)),
          sent.map(bodyOf),
        );
        publisher.close();
        viewer.close();
        await router.close();
      });
    });
  }
}

async function nackIsAnswered(viewer: SocketPeer, mediaSsrc: number): Promise<void> {
  const [, , lost] = viewer.received;
  assert.ok(lost !== undefined);
  const before = viewer.received.length;
  // The replay window of the peer would drop the repeated packet, which proves that it is the same one.
  const repeated = new Promise<void>((resolve) => {
    viewer.peer.forget(mediaSsrc);
    viewer.peer.onRtp = (at) => {
      if (arena.view.getUint16(at + 2) === lost.sequenceNumber) resolve();
    };
  });
  const sequenceNumbers = [lost.sequenceNumber];
  viewer.peer.sendRtcp(1, [{ type: 'nack', senderSsrc: 1, mediaSsrc, sequenceNumbers }]);
  await repeated;
  assert.ok(before > 0);
}

describe('RouterProcess', () => {
  it('verifies the fingerprint before any media', async () => {
    const { router, events } = await start();
    const value = router.ready.fingerprints.RSA.value;
    const peer = await SocketPeer.open('127.0.0.1');
    await peer.peer.join(router, 'p', { interfaces: ['lo'], fingerprint: { algorithm: 'sha-256', value } });
    await eventually(
      () => events.list.some(({ event }) => 'state' in event && event.state === 'FAILED'),
      'DTLS fails',
    );
    peer.peer.sendRtp(packet(1, true), videoHeaderLength);
    await eventually(async () => (await counters(router))['mediaBeforeKeys'] !== 0, 'media refused');
    peer.close();
    await router.close();
  });

  it('ignores DTLS and media from addresses that ICE has not validated', async () => {
    const { router } = await start();
    const stranger = await SocketPeer.open('127.0.0.1');
    const target = { ...router.ready };
    const hello = context.dtls.create('client', 'RSA', 1200);
    hello.start();
    const flight = hello.takeOutput();
    assert.ok(flight !== undefined);
    sendTo(stranger, target.udpPort, flight);
    sendTo(stranger, target.udpPort, packet(1, true));
    await eventually(async () => (await counters(router))['unvalidatedAddress'] === 2, 'both counted');
    assert.equal(stranger.socket.counters.received, 0);
    hello.close();
    stranger.close();
    await router.close();
  });

  it('shrugs off a flood of garbage, from strangers and from a peer', async () => {
    const { router } = await start();
    const publisher = await join(router, 'p', '127.0.0.1', { interfaces: ['lo'] });
    const viewer = await join(router, 'v', '127.0.0.1', { interfaces: ['lo'] });
    await publish(router, 'p');
    await view(router, 'v', 'p/in', 5);
    const stranger = await SocketPeer.open('127.0.0.1');
    for (let i = 0; i < 20_000; i++) {
      const garbage = randomBytes(1 + (i % 300));
      if (i % 4 === 0) garbage[0] = 0x80 | (i & 0x3f);
      if (i % 4 === 1)
        garbage.set([0, 1, 0, garbage.length - 20, 0x21, 0x12, 0xa4, 0x42].slice(0, garbage.length));
      if (i % 4 === 2) garbage[0] = 20 + (i % 5);
      if (i % 2 === 0) sendTo(stranger, router.ready.udpPort, garbage);
      else publisher.peer.sendRaw(garbage);
      if (i % 500 === 0) await turn();
    }
    for (let i = 0; i < 10; i++) publisher.peer.sendRtp(packet(i, i === 0), videoHeaderLength);
    await eventually(() => viewer.received.length === 10, 'media still flows');
    assert.equal((await counters(router))['exceptions'], 0);
    for (const peer of [publisher, viewer, stranger]) peer.close();
    await router.close();
  });

  it('tells at once when the process is killed, and refuses what is asked then', async () => {
    const { router, events } = await start();
    process.kill(router.pid, 'SIGKILL');
    await assert.rejects(router.request('dump', {}), /gone: SIGKILL/);
    assert.equal(events.exit, 'SIGKILL');
    await assert.rejects(router.request('dump', {}), /gone: SIGKILL/);
    await router.close();
  });

  it('kills a process that does not answer within its deadline', async () => {
    const { router, events } = await start({ deadlineMs: 200 });
    process.kill(router.pid, 'SIGSTOP');
    await assert.rejects(router.request('dump', {}), /not answered within 200 ms/);
    assert.match(events.exit ?? '', /'dump' was not answered/);
    await router.close();
  });

  it('kills a process that does not close in time', async () => {
    const { router, events } = await start();
    process.kill(router.pid, 'SIGSTOP');
    await router.close();
    assert.equal(isAlive(router.pid), false);
    assert.equal(events.exit, undefined);
    await assert.rejects(router.request('dump', {}), /gone/);
  });

  it('ends with the process that started it', async () => {
    const file = new URL('../src/RouterProcess.ts', import.meta.url);
    const script = `import { RouterProcess } from '${file.href}';
      const router = await RouterProcess.start({ udpPort: 0 }, { onEvent() {}, onExit() {} });
      console.log(router.pid);`;
    const parent = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', script]);
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await eventually(() => !isAlive(pid), 'the router process ends');
  });

  it('rejects with the reason and lives on', async () => {
    const { router } = await start();
    await assert.rejects(router.request('stats', { transportId: 'x' }), /There is no transport 'x'/);
    const request = {
      transportId: 'x',
      iceUfrag: 'u',
      icePassword: 'p'.repeat(22),
      iceControlling: true,
      certificateKeyType: 'RSA',
    } as const;
    await router.request('openTransport', request);
    await assert.rejects(router.request('openTransport', request), /exists already/);
    await assert.rejects(
      router.request('openTransport', { ...request, transportId: 'y' }),
      /ufrag 'u' is taken/,
    );
    await assert.rejects(router.request('link', { consumerId: 'c', producerId: null }), /consumer 'c'/);
    assert.deepEqual(await router.request('addCandidate', { transportId: 'x', candidate: 'nonsense' }), {
      accepted: false,
    });
    await router.close();
  });

  it('does not start on a port that is taken, and says so', async () => {
    const { router } = await start({ addresses: ['127.0.0.1'] });
    const { udpPort } = router.ready;
    await assert.rejects(start({ addresses: ['127.0.0.1'], udpPort }), /EADDRINUSE/);
    await router.close();
  });

  it('holds nothing after 300 transports have come and gone', async () => {
    const { router } = await start({ addresses: ['127.0.0.1'] });
    const round = async (i: number): Promise<void> => {
      const peer = await join(router, `t${i}`, '127.0.0.1');
      await publish(router, `t${i}`);
      await view(router, `t${i}`, `t${i}/in`, 9);
      for (let n = 0; n < 5; n++) peer.peer.sendRtp(packet(n, n === 0), videoHeaderLength);
      await eventually(() => peer.received.length > 0, 'an echo');
      await router.request('closeTransport', { transportId: `t${i}` });
      peer.close();
    };
    await round(0);
    const before = await holdings(router);
    for (let i = 1; i <= 300; i++) await round(i);
    const now = await holdings(router);
    assert.deepEqual(now, before);
    // What ended streams have moved still counts.
    const { traffic } = await router.request('dump', {});
    assert.ok(traffic.packetsReceived >= 301 && traffic.packetsSent >= 301, JSON.stringify(traffic));
    assert.ok(
      traffic.bytesReceived >= traffic.packetsReceived && traffic.bytesSent > 0,
      JSON.stringify(traffic),
    );
    await router.close();
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function counters(router: RouterProcess): Promise<RouterDump['counters']> {
  return (await router.request('dump', {})).counters;
}

/** What must not grow. */
async function holdings(router: RouterProcess): Promise<Record<string, unknown>> {
  const { transports, producers, consumers, memoryBytes, counters: all } = await router.request('dump', {});
  const descriptors = readdirSync(`/proc/${router.pid}/fd`).length;
  return { transports, producers, consumers, memoryBytes, descriptors, interned: all['internedAddresses'] };
}

function sendTo(peer: SocketPeer, port: number, bytes: Uint8Array): void {
  const target = TransportAddress.fromBytes(peer.socket.local.bytes, port);
  peer.socket.send(bytes, target);
  peer.socket.flush();
}
