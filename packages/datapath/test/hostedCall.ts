/**
 * Calls that pass through media hosts, for tests: peers, a router, and hosts that send back what they get.
 * @module
 */
import { after } from 'node:test';
import { RouterProcess } from '../src/RouterProcess.ts';
import { FakeHost, type HostedRouter, startHostedRouter } from './FakeHost.ts';
import { eventually, SocketPeer } from './SocketPeer.ts';
import { extensions, videoHeaderLength, videoPacket, vp8 } from './videoPacket.ts';

export const publisherSsrc: number = 0xcafe0001;
export const encoderSsrc: number = 0xbeef0001;
export const tapSsrc: number = 0x1234;
export const viewerSsrc: number = 0x5678;

export async function joinPeer(router: RouterProcess, id: string): Promise<SocketPeer> {
  const peer = await SocketPeer.open('127.0.0.1');
  await peer.peer.join(router, id, { interfaces: ['lo'] });
  await eventually(() => peer.peer.srtp !== undefined, `${id} has keys`);
  return peer;
}

export function packet(sequenceNumber: number, isKeyFrame = false, ssrc = publisherSsrc): Uint8Array {
  const timestamp = sequenceNumber * 3000;
  return videoPacket({ ssrc, sequenceNumber, timestamp, isKeyFrame, payloadLength: 1100 });
}

/** The part of a packet that the router leaves alone: behind header, descriptor and picture id. */
export function body(bytes: Uint8Array, headerLength = videoHeaderLength): string {
  return Buffer.from(bytes.subarray(headerLength + 4)).toString('hex');
}

export async function counter(router: RouterProcess, name: string): Promise<number> {
  return (await router.request('dump', {})).counters[name] ?? 0;
}

/** A router that does not listen for hosts yet. */
export async function startUnbound(): Promise<RouterProcess> {
  const router = await RouterProcess.start({ udpPort: 0 }, { onEvent: () => {}, onExit: () => {} });
  after(() => router.close());
  return router;
}

const video = { kind: 'video', mid: '0', codecs: [vp8] } as const;

export async function produce(
  router: RouterProcess,
  transportId: string,
  producerId: string,
  ssrc: number,
): Promise<void> {
  await router.request('produce', { ...video, transportId, producerId, ssrcs: [ssrc], extensions: {} });
}

export async function consume(
  router: RouterProcess,
  transportId: string,
  consumerId: string,
  ssrc: number,
): Promise<void> {
  const ids = transportId.startsWith('host') ? {} : extensions;
  await router.request('consume', { ...video, transportId, consumerId, ssrc, cname: 'c', extensions: ids });
}

/** A host transport with its two connections. */
export async function openHost(
  { router, path, events }: HostedRouter,
  transportId: string,
): Promise<{ rtp: FakeHost; rtcp: FakeHost }> {
  const rtpStreamId = `${transportId}/rtp`;
  const rtcpStreamId = `${transportId}/rtcp`;
  await router.request('openHostTransport', { transportId, rtpStreamId, rtcpStreamId });
  const rtp = await FakeHost.connect(path, rtpStreamId);
  const rtcp = await FakeHost.connect(path, rtcpStreamId);
  const isConnected = (): boolean =>
    events.some(({ name, event }) => name === 'hostStreamConnected' && event.transportId === transportId);
  await eventually(isConnected, `${transportId} is connected`);
  return { rtp, rtcp };
}

/** A publisher whose packets go to a host that sends them back, as an encoder's, to a viewer. */
export async function detour(): Promise<
  HostedRouter & {
    publisher: SocketPeer;
    viewer: SocketPeer;
    tap: { rtp: FakeHost; rtcp: FakeHost };
    encoder: { rtp: FakeHost; rtcp: FakeHost };
  }
> {
  const hosted = await startHostedRouter();
  const { router } = hosted;
  const publisher = await joinPeer(router, 'p');
  await produce(router, 'p', 'p/in', publisherSsrc);
  const tap = await openHost(hosted, 'host-tap');
  await consume(router, 'host-tap', 'tap', tapSsrc);
  await router.request('link', { consumerId: 'tap', producerId: 'p/in' });
  const encoder = await openHost(hosted, 'host-encoder');
  await produce(router, 'host-encoder', 'encoded', encoderSsrc);
  const viewer = await joinPeer(router, 'v');
  await consume(router, 'v', 'v/out', viewerSsrc);
  await router.request('link', { consumerId: 'v/out', producerId: 'encoded' });
  tap.rtp.onPacket = (bytes) => {
    tap.rtp.packets.push(bytes);
    const again = Uint8Array.from(bytes);
    new DataView(again.buffer).setUint32(8, encoderSsrc);
    encoder.rtp.send(again);
  };
  return { ...hosted, publisher, viewer, tap, encoder };
}
