/**
 * The official npm package `kurento-client`, in its strict mode, drives us as it drives Kurento.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import kurentoClient, { type KurentoClient, type KurentoElement } from 'kurento-client';
import { Control } from './harness/Control.ts';
import { assertPlays, PagePeer } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

const toCandidate = kurentoClient.getComplexType('IceCandidate');

/** Sends the page's camera into the endpoint by the package's own calls. */
async function negotiate(endpoint: KurentoElement, peer: PagePeer): Promise<void> {
  endpoint.on('IceCandidateFound', ({ candidate }) => {
    void peer.addCandidate(candidate as RTCIceCandidateInit);
  });
  const offer = await peer.createOffer();
  await peer.acceptAnswer(await endpoint.processOffer(offer));
  await endpoint.gatherCandidates();
  // The offer has them all already; a client that trickles sends each like this.
  for (const [line] of offer.matchAll(/^a=candidate:.*$/gm)) {
    await endpoint.addIceCandidate(toCandidate({ candidate: line.slice(2), sdpMid: '0', sdpMLineIndex: 0 }));
  }
}

describe('kurento-client 7.3.0', () => {
  it('connects in strict mode and reads the modules', async () => {
    await using rivero = await RiveroProcess.start();
    const client: KurentoClient = await kurentoClient(rivero.wsUrl, { strict: true });
    try {
      const manager = await client.getServerManager();
      const { modules } = await manager.getInfo();
      const names = (modules as { name: string }[]).map(({ name }) => name);
      for (const name of ['core', 'elements', 'filters'])
        assert.ok(names.includes(name), `${name} in ${names.join()}`);
    } finally {
      client.close();
    }
  });

  it('sends the camera of a page through a WebRtcEndpoint and back, with picture and sound', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    const client: KurentoClient = await kurentoClient(rivero.wsUrl, { strict: true });
    try {
      const pipeline = await client.create('MediaPipeline');
      const endpoint = await pipeline.create('WebRtcEndpoint');
      assert.match(endpoint.id, /_kurento\.MediaPipeline\/[0-9a-f-]+_kurento\.WebRtcEndpoint$/);
      await endpoint.connect(endpoint);

      const peer = await PagePeer.create(await browser.open());
      await negotiate(endpoint, peer);
      await assertPlays(() => peer.figures(), 6);

      const stats = Object.values(await endpoint.getStats());
      const packets = stats.map(({ type, packetsReceived }) =>
        type === 'inboundrtp' ? Number(packetsReceived) : 0,
      );
      assert.ok(Math.max(...packets) > 100, `packets received: ${packets.join()}`);
      await pipeline.release();
      using control = await Control.open(rivero.wsUrl);
      await assert.rejects(control.invoke(endpoint.id, 'getName'), /40101/);
    } finally {
      client.close();
    }
  });
});
