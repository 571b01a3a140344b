/**
 * Media through connected endpoints: two endpoints of one server joined by SDP, late viewers, switched senders, loss of a peer.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Control } from './harness/Control.ts';
import { joinBySdp, loopback, negotiate } from './harness/loopback.ts';
import { assertPlays, eventually, PagePeer } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

/** An endpoint with a page's peer connection at its other end. */
async function join(control: Control, pipeline: string, peer: PagePeer): Promise<string> {
  const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
  await negotiate(control, endpoint, peer);
  return endpoint;
}

/** A viewer of `source` in this page. */
async function view(control: Control, pipeline: string, source: string, page: Page): Promise<PagePeer> {
  const peer = await PagePeer.create(page, { sends: false });
  const endpoint = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
  await control.invoke(source, 'connect', { sink: endpoint });
  await negotiate(control, endpoint, peer);
  return peer;
}

describe('WebRtcEndpoint', () => {
  it('carries media between two endpoints of one server that are joined by SDP', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const pipeline = await control.create('MediaPipeline');
    const peer = await PagePeer.create(await browser.open());
    const outer = await join(control, pipeline, peer);
    const offerer = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    const answerer = await control.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    await control.invoke(outer, 'connect', { sink: offerer });
    await control.invoke(answerer, 'connect', { sink: outer });

    await joinBySdp(control, offerer, answerer);
    await assertPlays(() => peer.figures(), 5);
    await control.release(pipeline);
  });

  it('feeds three viewers; one that joins late sees a picture within 1 s', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const pipeline = await control.create('MediaPipeline');
    const page = await browser.open();
    const sender = await PagePeer.create(page, { receives: false });
    const source = await join(control, pipeline, sender);
    const early = [await view(control, pipeline, source, page), await view(control, pipeline, source, page)];
    for (const peer of early) await assertPlays(() => peer.figures(), 2);

    const late = await view(control, pipeline, source, page);
    await late.waitForConnection('connected');
    const connectedMs = performance.now();
    await eventually(
      'late picture',
      () => late.figures(),
      ({ framesDecoded }) => framesDecoded > 0,
      1000,
    );
    console.log(
      `late viewer: first frame ${Math.round(performance.now() - connectedMs)} ms after its connection`,
    );
    for (const peer of [...early, late]) await assertPlays(() => peer.figures(), 2);
  });

  it('switches the sender by a new connect while the viewer plays on', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const pipeline = await control.create('MediaPipeline');
    const page = await browser.open();
    const sources: string[] = [];
    for (let count = 0; count < 2; count++) {
      sources.push(await join(control, pipeline, await PagePeer.create(page, { receives: false })));
    }
    const [first = '', second = ''] = sources;
    const viewer = await PagePeer.create(page, { sends: false });
    const sink = await join(control, pipeline, viewer);
    await control.invoke(first, 'connect', { sink });
    await assertPlays(() => viewer.figures(), 2);
    for (const source of [second, first, second]) {
      await control.invoke(source, 'connect', { sink });
      const connections = await control.invoke(sink, 'getSourceConnections');
      assert.deepEqual(
        new Set((connections as { source: string }[]).map((c) => c.source)),
        new Set([source]),
      );
      await assertPlays(() => viewer.figures(), 2);
    }
  });

  it('stops and resumes the picture by disconnect and connect', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const { endpoint, peer } = await loopback(control, await PagePeer.create(await browser.open()));
    await assertPlays(() => peer.figures(), 1);
    await control.invoke(endpoint, 'disconnect', { sink: endpoint, mediaType: 'VIDEO' });
    let last = -1;
    await eventually(
      'picture stands still',
      async () => {
        const { framesDecoded } = await peer.figures();
        const still = framesDecoded === last;
        last = framesDecoded;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return still;
      },
      Boolean,
    );
    await control.invoke(endpoint, 'connect', { sink: endpoint, mediaType: 'VIDEO' });
    await eventually(
      'picture moves',
      () => peer.figures(),
      ({ framesDecoded }) => framesDecoded > last + 10,
    );
    await assertPlays(() => peer.figures(), 2);
  });

  it('notices a peer that vanishes without a word by the consent time-out', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    using control = await Control.open(rivero.wsUrl);
    const page = await browser.open();
    const { endpoint, peer } = await loopback(control, await PagePeer.create(page));
    await assertPlays(() => peer.figures(), 1);
    const states: unknown[] = [];
    await control.on(endpoint, 'IceComponentStateChanged', ({ state }) => states.push(state));
    const flows: unknown[] = [];
    await control.on(endpoint, 'MediaFlowOutStateChanged', ({ state }) => flows.push(state));
    await page.context().close();
    // RFC 7675 section 5.1: consent expires 30 s after the last answer.
    await eventually(
      'media stops',
      () => flows,
      (seen) => seen.includes('NOT_FLOWING'),
      10_000,
    );
    await eventually(
      'consent is lost',
      () => states,
      (seen) => seen.includes('DISCONNECTED') || seen.includes('FAILED'),
      45_000,
    );
    assert.equal(await control.invoke(endpoint, 'getConnectionState'), 'DISCONNECTED');
    assert.equal(await control.invoke(endpoint, 'getMediaState'), 'DISCONNECTED');
  });
});
