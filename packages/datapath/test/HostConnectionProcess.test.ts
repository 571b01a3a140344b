/**
 * Connections of media hosts to a router process: greetings, bounds, and the socket they come to.
 * @module
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import type { RouterDump } from '../src/operations.ts';
import { FakeHost, frame, privatePath, startHostedRouter } from './FakeHost.ts';
import {
  consume,
  counter,
  joinPeer,
  openHost,
  packet,
  produce,
  publisherSsrc,
  startUnbound,
  tapSsrc,
} from './hostedCall.ts';
import { eventually } from './SocketPeer.ts';
import { videoHeaderLength } from './videoPacket.ts';

describe('Connections of media hosts', () => {
  it('are refused when nobody waits for their greeting, and counted', async () => {
    const hosted = await startHostedRouter();
    const { router, path, events } = hosted;
    const { rtp, rtcp } = await openHost(hosted, 'host');
    const greetings = [
      Buffer.from('nobody'),
      Buffer.from('host/rtp'),
      Buffer.from('host/rtcp'),
      Buffer.from('host/rtp\0'),
      randomBytes(900),
      Uint8Array.of(0xff, 0xfe),
      Buffer.from('__proto__'),
    ];
    for (const [i, greeting] of greetings.entries()) {
      const host = await FakeHost.connect(path);
      host.socket.write(Buffer.concat([frame(greeting), frame(packet(1, true))]));
      await eventually(() => host.closed, `greeting ${i} is refused`);
    }
    assert.equal(await counter(router, 'hostGreetingsRefused'), greetings.length);
    assert.ok(!rtp.closed && !rtcp.closed);
    assert.equal(events.length, 1);
    await router.request('closeTransport', { transportId: 'host' });
    const late = await FakeHost.connect(path, 'host/rtp');
    await eventually(() => late.closed, 'refused after the end');
  });

  it('have to greet in time, also when they send half a greeting', async () => {
    const { router, path } = await startHostedRouter({ greetingDeadlineMs: 150 });
    await router.request('openHostTransport', { transportId: 'host', rtpStreamId: 'stream' });
    const silent = await FakeHost.connect(path);
    const half = await FakeHost.connect(path);
    half.socket.write(frame(Buffer.from('stream')).subarray(0, 5));
    const garbage = await FakeHost.connect(path);
    garbage.socket.write('GET / HTTP/1.1\r\n\r\n');
    const good = await FakeHost.connect(path, 'stream');
    await eventually(() => silent.closed && half.closed && garbage.closed, 'overdue');
    assert.equal(await counter(router, 'hostGreetingsOverdue'), 3);
    assert.equal(good.closed, false);
    assert.equal((await router.request('dump', {})).hostConnections, 1);
  });

  it('are bounded in number', async () => {
    const { router, path } = await startHostedRouter({ mostConnections: 3 });
    const hosts: FakeHost[] = [];
    for (let i = 0; i < 6; i++) hosts.push(await FakeHost.connect(path));
    await eventually(() => hosts.filter(({ closed }) => closed).length === 3, 'three are refused');
    assert.equal(await counter(router, 'hostConnectionsRefused'), 3);
    hosts.find(({ closed }) => !closed)?.socket.destroy();
    await eventually(async () => (await router.request('dump', {})).hostConnections === 2, 'one leaves');
    const next = await FakeHost.connect(path);
    await router.request('dump', {});
    assert.equal(next.closed, false);
  });

  it('leave nothing behind, however they come and go', async () => {
    const hosted = await startHostedRouter();
    const { router, path } = hosted;
    const holdings = ({
      hostTransports,
      hostConnections,
      consumers,
      producers,
      memoryBytes,
    }: RouterDump) => ({
      hostTransports,
      hostConnections,
      consumers,
      producers,
      memoryBytes,
    });
    const publisher = await joinPeer(router, 'p');
    await produce(router, 'p', 'p/in', publisherSsrc);
    const useOnce = async (i: number): Promise<void> => {
      const id = `host${i}`;
      const { rtp } = await openHost(hosted, id);
      await consume(router, id, `${id}/out`, tapSsrc + i);
      await router.request('link', { consumerId: `${id}/out`, producerId: 'p/in' });
      publisher.peer.sendRtp(packet(i, true), videoHeaderLength);
      await eventually(() => rtp.packets.length > 0, 'media');
      if (i % 3 === 0) rtp.socket.destroy();
      const stray = await FakeHost.connect(path, i % 2 === 0 ? 'stray' : undefined);
      await router.request('closeTransport', { transportId: id });
      stray.socket.destroy();
    };
    await useOnce(0);
    const settled = async (): Promise<RouterDump> => {
      await eventually(async () => (await router.request('dump', {})).hostConnections === 0, 'closed');
      return router.request('dump', {});
    };
    const before = holdings(await settled());
    for (let i = 1; i <= 30; i++) await useOnce(i);
    assert.deepEqual(holdings(await settled()), before);
  });
});

describe('The socket for media hosts', () => {
  it('is there once, and goes with the router', async () => {
    const { router, path } = await startHostedRouter();
    await assert.rejects(
      router.request('listenForHosts', { path: privatePath() }),
      /listens for hosts already/,
    );
    assert.ok(statSync(path).isSocket());
    await router.close();
    assert.equal(existsSync(path), false);
  });

  it('replaces what a killed router has left, and nothing else', async () => {
    const { router, path } = await startHostedRouter();
    process.kill(router.pid, 'SIGKILL');
    await assert.rejects(router.request('dump', {}), /gone/);
    assert.ok(statSync(path).isSocket());
    const again = await startUnbound();
    await again.request('listenForHosts', { path });
    const host = await FakeHost.connect(path);
    assert.equal(host.closed, false);
    const file = privatePath();
    writeFileSync(file, 'a file');
    const third = await startUnbound();
    await assert.rejects(third.request('listenForHosts', { path: file }), /EADDRINUSE/);
    // A failed attempt does not use the operation up.
    await third.request('listenForHosts', { path: privatePath() });
  });

  it('has to lie in a private folder, under a path that fits', async () => {
    const router = await startUnbound();
    const path = privatePath();
    const open = join(dirname(path), 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    for (const [bad, reason] of [
      [join(open, 's'), /who alone may enter it/],
      ['relative.sock', /should be absolute/],
      [`/${'x'.repeat(107)}`, /at most 107 bytes/],
      [join(dirname(path), 'missing', 's'), /ENOENT/],
    ] as const) {
      await assert.rejects(router.request('listenForHosts', { path: bad }), reason);
    }
    const transport = { transportId: 'host', rtpStreamId: 'a' };
    await assert.rejects(router.request('openHostTransport', transport), /does not listen for hosts/);
    await router.request('listenForHosts', { path });
    await router.request('openHostTransport', transport);
    for (const [bad, reason] of [
      [transport, /exists already/],
      [{ transportId: 'b', rtpStreamId: 'a' }, /Stream 'a' exists already/],
      [{ transportId: 'b', rtpStreamId: 'c', rtcpStreamId: 'c' }, /comes twice/],
      [{ transportId: 'b', rtpStreamId: '' }, /1 to 800 bytes/],
      [{ transportId: 'b', rtpStreamId: 'ä'.repeat(401) }, /1 to 800 bytes/],
    ] as const) {
      await assert.rejects(router.request('openHostTransport', bad), reason);
    }
    assert.equal((await router.request('dump', {})).hostTransports, 1);
  });
});
