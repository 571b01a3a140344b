/**
 * Attacks on a running call through a router process: nothing that is not authentic moves or ends it.
 * @module
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { TransportAddress } from '@rivero/transport';
import { RouterProcess } from '../src/RouterProcess.ts';
import { context, eventually, SocketPeer } from './SocketPeer.ts';
import { extensions, videoHeaderLength, videoPacket, vp8 } from './videoPacket.ts';

const ssrc = 0xcafe0001;

/** A publisher whose video one viewer receives. */
interface Call {
  readonly router: RouterProcess;
  readonly publisher: SocketPeer;
  readonly viewer: SocketPeer;
  /** States of DTLS and ICE that were told since the call began. */
  readonly states: unknown[];
}

async function call(): Promise<Call> {
  const states: unknown[] = [];
  const router = await RouterProcess.start(
    { udpPort: 0 },
    {
      onEvent: (_, event) => 'state' in event && states.push(event.state),
      onExit: () => states.push('exit'),
    },
  );
  after(() => router.close());
  const [publisher, viewer] = [await SocketPeer.open('127.0.0.1'), await SocketPeer.open('127.0.0.1')];
  await publisher.peer.join(router, 'p', { interfaces: ['lo'] });
  await viewer.peer.join(router, 'v', { interfaces: ['lo'] });
  await eventually(
    () => publisher.peer.srtp !== undefined && viewer.peer.srtp !== undefined,
    'both have keys',
  );
  const common = { kind: 'video', mid: '0', codecs: [vp8], extensions } as const;
  await router.request('produce', { transportId: 'p', producerId: 'in', ssrcs: [ssrc], ...common });
  await router.request('consume', { transportId: 'v', consumerId: 'out', ssrc: 5, cname: 'c', ...common });
  await router.request('link', { consumerId: 'out', producerId: 'in' });
  states.length = 0;
  return { router, publisher, viewer, states };
}

function packet(sequenceNumber: number): Uint8Array {
  const timestamp = sequenceNumber * 3000;
  const isKeyFrame = sequenceNumber === 0;
  return videoPacket({ ssrc, sequenceNumber, timestamp, isKeyFrame, payloadLength: 900 });
}

/** Sends the next packets and fails unless all of them arrive, and nothing was told. */
async function goesOn({ publisher, viewer, states }: Call, first: number): Promise<void> {
  const before = viewer.received.length;
  for (let i = first; i < first + 10; i++) publisher.peer.sendRtp(packet(i), videoHeaderLength);
  await eventually(() => viewer.received.length === before + 10, 'media flows on');
  assert.deepEqual(states, []);
}

async function counter({ router }: Call, name: string): Promise<number> {
  return (await router.request('dump', {})).counters[name] ?? 0;
}

/** Keeps what the peer sends over its path. */
function record(peer: SocketPeer): { datagrams: Uint8Array[]; target: () => TransportAddress } {
  const datagrams: Uint8Array[] = [];
  let target: TransportAddress | undefined;
  const { socket } = peer;
  const send = socket.send.bind(socket);
  socket.send = (datagram, remote) => {
    datagrams.push(datagram.slice());
    target = remote;
    return send(datagram, remote);
  };
  const known = (): TransportAddress => {
    assert.ok(target !== undefined);
    return target;
  };
  return { datagrams, target: known };
}

describe('A call', () => {
  it('takes each packet once, however often it is repeated, and none from another address', async () => {
    const running = await call();
    const { publisher, viewer } = running;
    const { datagrams, target } = record(publisher);
    await goesOn(running, 0);
    const media = datagrams.filter(([first = 0]) => first >= 128);
    assert.ok(media.length >= 10);
    const before = await counter(running, 'replayed');
    for (let round = 0; round < 5; round++) for (const one of media) publisher.peer.sendRaw(one);
    await eventually(
      async () => (await counter(running, 'replayed')) >= before + 5 * media.length,
      'all are counted',
    );
    const stranger = await SocketPeer.open('127.0.0.1');
    for (const one of media) stranger.socket.send(one, target());
    stranger.socket.flush();
    await eventually(async () => (await counter(running, 'unvalidatedAddress')) >= media.length, 'refused');
    assert.equal(viewer.received.length, 10);
    await goesOn(running, 10);
  });

  it('survives a thousand packets that are not authentic', async () => {
    const running = await call();
    await goesOn(running, 0);
    for (let i = 0; i < 1000; i++) {
      const forged = videoPacket({
        ssrc: i % 2 === 0 ? ssrc : i,
        sequenceNumber: (i * 37) & 0xffff,
        timestamp: i,
        isKeyFrame: true,
        payloadLength: 200,
      });
      running.publisher.peer.sendRaw(forged);
    }
    await eventually(async () => (await counter(running, 'refused')) >= 900, 'they are counted');
    await goesOn(running, 10);
  });

  it('survives a new handshake, alerts and records that somebody forges under its address', async () => {
    const running = await call();
    const hello = context.dtls.create('client', 'RSA', 1200);
    hello.start();
    const flight = hello.takeOutput();
    assert.ok(flight !== undefined);
    const record0 = (type: number, body: readonly number[]): Uint8Array =>
      Uint8Array.from([type, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, body.length, ...body]);
    const forged = [
      flight,
      // Fatal handshake_failure and warning close_notify (RFC 5246 section 7.2), neither encrypted.
      record0(21, [2, 40]),
      record0(21, [1, 0]),
      record0(20, [1]),
      record0(23, [...randomBytes(40)]),
    ];
    for (const one of forged) {
      for (const peer of [running.publisher, running.viewer]) peer.peer.sendRaw(one);
    }
    await goesOn(running, 0);
    await goesOn(running, 10);
    hello.close();
  });
});
