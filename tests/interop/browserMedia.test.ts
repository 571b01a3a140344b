/**
 * What browsers really do: answer, mute, replace tracks, send one kind of media, offer what we do not know, hide their
 * addresses, leave; and what the elements tell of it.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Control } from './harness/Control.ts';
import { negotiate } from './harness/loopback.ts';
import { assertPlays, eventually, PagePeer, type PagePeerOptions } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

let rivero: RiveroProcess;
let browser: TestBrowser;
let control: Control;
let pipeline: string;
let page: Page;

before(async () => {
  rivero = await RiveroProcess.start();
  browser = await TestBrowser.start();
  control = await Control.open(rivero.wsUrl);
});
beforeEach(async () => {
  pipeline = await control.create('MediaPipeline');
  page = await browser.open();
});
after(async () => {
  control?.close();
  await browser?.[Symbol.asyncDispose]();
  await rivero?.[Symbol.asyncDispose]();
});

const both = ['AUDIO', 'VIDEO'] as const;

function create(type = 'WebRtcEndpoint'): Promise<string> {
  return control.create(type, { mediaPipeline: pipeline });
}

/** Ends what a test has made, so that the next one has the machine for itself. */
async function finish(): Promise<void> {
  await page.context().close();
  await control.release(pipeline);
}

/** Joins a peer to an endpoint without trickle; `change` alters its offer on the way. */
async function join(peer: PagePeer, endpoint: string, change: (offer: string) => string) {
  const offer = change(await peer.createOffer());
  const answer = String(await control.invoke(endpoint, 'processOffer', { offer }));
  await control.invoke(endpoint, 'gatherCandidates');
  await peer.acceptAnswer(String(await control.invoke(endpoint, 'getLocalSessionDescriptor')));
  return { offer, answer };
}

/** A peer whose media comes back to it. */
async function echo(options: PagePeerOptions = {}, change: (offer: string) => string = (offer) => offer) {
  const peer = await PagePeer.create(page, options);
  const endpoint = await create();
  await control.invoke(endpoint, 'connect', { sink: endpoint });
  return { peer, endpoint, ...(await join(peer, endpoint, change)) };
}

async function flows(element: string): Promise<string[]> {
  const flowing: string[] = [];
  for (const way of ['In', 'Out'] as const) {
    for (const mediaType of both) {
      if (await control.invoke(element, `isMediaFlowing${way}`, { mediaType }))
        flowing.push(`${way} ${mediaType}`);
    }
  }
  return flowing;
}

describe('a browser', () => {
  it('answers our offer', async () => {
    const peer = await PagePeer.create(page, { answers: true });
    const endpoint = await create();
    await control.invoke(endpoint, 'connect', { sink: endpoint });
    await control.invoke(endpoint, 'generateOffer');
    await control.invoke(endpoint, 'gatherCandidates');
    const offer = String(await control.invoke(endpoint, 'getLocalSessionDescriptor'));
    await control.invoke(endpoint, 'processAnswer', { answer: await peer.answer(offer) });
    await assertPlays(() => peer.figures(), 2);
    await assert.rejects(control.invoke(endpoint, 'processOffer', { offer }), /^Error: 40208: /);
    await assertPlays(() => peer.figures(), 1);
    await finish();
  });

  it('only watches when it answers an offer that only sends', async () => {
    const { endpoint: source } = await echo();
    const viewer = await PagePeer.create(page, { sends: false, answers: true });
    const endpoint = await control.create('WebRtcEndpoint', {
      mediaPipeline: pipeline,
      sendonly: true,
      certificateKeyType: 'ECDSA',
    });
    await control.invoke(source, 'connect', { sink: endpoint });
    await control.invoke(endpoint, 'generateOffer');
    await control.invoke(endpoint, 'gatherCandidates');
    const offer = String(await control.invoke(endpoint, 'getLocalSessionDescriptor'));
    await control.invoke(endpoint, 'processAnswer', { answer: await viewer.answer(offer) });
    await assertPlays(() => viewer.figures(), 2);
    await finish();
  });

  for (const kind of ['audio', 'video'] as const) {
    it(`may send ${kind} alone`, async () => {
      const { peer, endpoint } = await echo({ kinds: [kind] });
      await eventually(
        kind,
        () => peer.figures(),
        ({ framesDecoded, audioEnergy }) => (kind === 'video' ? framesDecoded > 20 : audioEnergy > 0),
      );
      const type = kind.toUpperCase();
      assert.deepEqual(await flows(endpoint), [`In ${type}`, `Out ${type}`]);
      await finish();
    });
  }

  it('offers repair and simulcast as kurento-utils writes it; we answer without, and media flows', async () => {
    const { peer, offer, answer } = await echo({}, withSimulcastGroup);
    assert.match(offer, /a=ssrc-group:SIM [1-9]\d+ \d+ \d+/);
    assert.match(offer, /a=rtpmap:\d+ rtx\/90000/);
    assert.doesNotMatch(answer, /rtx|red\/|ulpfec|flexfec|transport-cc|ssrc-group|a=rid|simulcast/);
    await assertPlays(() => peer.figures(), 2);
    await finish();
  });

  it('may hide its addresses behind names that nobody can resolve', async () => {
    const { peer, offer } = await echo({}, (sdp) =>
      sdp
        .replaceAll(/^(a=candidate:\S+ \d \w+ \d+) \S+/gm, '$1 1f4712db-ea17-4bcf-a596-105139dfd8bf.local')
        .replaceAll(/^c=IN IP[46] .*\r$/gm, 'c=IN IP4 0.0.0.0\r'),
    );
    assert.match(offer, /a=candidate:.*\.local /);
    await assertPlays(() => peer.figures(), 1);
    await finish();
  });

  it('may turn its camera off and on, and send another picture size, without a word', async () => {
    const { peer } = await echo();
    await assertPlays(() => peer.figures(), 1);
    await peer.setCamera(false);
    await assertPlays(() => peer.figures(), 1);
    await peer.setCamera(true);
    await peer.replaceCamera(320, 180);
    await eventually(
      'the other picture',
      () => peer.figures(),
      ({ frameWidth }) => frameWidth === 320,
    );
    await assertPlays(() => peer.figures(), 1);
    await finish();
  });
});

describe('a viewer whose SDP has a ceiling', () => {
  it('lowers what its source is asked to send', async () => {
    const source = await create();
    const sender = await PagePeer.create(page, { receives: false });
    await negotiate(control, source, sender);
    const asked = async (): Promise<number> => {
      const stats = ((await control.invoke(source, 'getStats', { mediaType: 'VIDEO' })) ?? {}) as Record<
        string,
        { type: string; remb: number }
      >;
      return Object.values(stats).find(({ type }) => type === 'inboundrtp')?.remb ?? 0;
    };
    await eventually('a bitrate without viewers', asked, (remb) => remb > 200_000, 15_000);
    const viewer = await PagePeer.create(page, { sends: false });
    const endpoint = await create();
    await control.invoke(source, 'connect', { sink: endpoint });
    const { offer } = await join(viewer, endpoint, (sdp) =>
      sdp.replace(/^(m=video[^]*?c=.*\r\n)/m, '$1b=AS:150\r\n'),
    );
    assert.match(offer, /b=AS:150/);
    await eventually('a lower bitrate', asked, (remb) => remb >= 100_000 && remb <= 150_000);
    await finish();
  });
});

describe('elements', () => {
  it('tell of media at both ends of a chain, count it, and tell of its end when the peer leaves', async () => {
    const [source, first, second, sink] = [
      await create(),
      await create('PassThrough'),
      await create('PassThrough'),
      await create(),
    ];
    const seen: string[] = [];
    for (const [name, element] of Object.entries({ source, first, second, sink })) {
      for (const way of ['In', 'Out'] as const) {
        await control.on(element, `MediaFlow${way}StateChanged`, ({ state, mediaType, padName }) => {
          assert.equal(padName, 'default');
          seen.push(`${name} ${way} ${String(mediaType)} ${String(state)}`);
        });
      }
    }
    const states: Record<string, unknown[]> = { MediaStateChanged: [], ConnectionStateChanged: [] };
    for (const [type, list] of Object.entries(states))
      await control.on(source, type, ({ newState }) => list.push(newState));
    const [sender, viewer] = [
      await PagePeer.create(page, { receives: false }),
      await PagePeer.create(page, { sends: false }),
    ];
    await control.invoke(source, 'connect', { sink: first });
    await control.invoke(first, 'connect', { sink: second });
    await negotiate(control, source, sender);
    await negotiate(control, sink, viewer);
    await control.invoke(second, 'connect', { sink });
    await assertPlays(() => viewer.figures(), 3);

    const places = ['source Out', 'first In', 'first Out', 'second In', 'second Out', 'sink In'];
    const flowing = places.flatMap((place) => both.map((type) => `${place} ${type} FLOWING`));
    assert.deepEqual(seen.toSorted(), flowing.toSorted());
    assert.deepEqual(await flows(first), ['In AUDIO', 'In VIDEO', 'Out AUDIO', 'Out VIDEO']);
    assert.deepEqual(await flows(sink), ['In AUDIO', 'In VIDEO']);
    assert.deepEqual(states, { MediaStateChanged: ['CONNECTED'], ConnectionStateChanged: ['CONNECTED'] });
    await checkCounters(source, 'inboundrtp', 'Received');
    await checkCounters(sink, 'outboundrtp', 'Sent');
    await control.invoke(sink, 'requestKeyframe');

    // A link that is cut falls silent from there on, and nowhere else.
    seen.length = 0;
    await control.invoke(first, 'disconnect', { sink: second, mediaType: 'AUDIO' });
    const cut = ['second In', 'second Out', 'sink In'].map((place) => `${place} AUDIO NOT_FLOWING`);
    assert.deepEqual(seen.toSorted(), cut.toSorted());

    await sender.close();
    await eventually(
      'the end of the connection',
      () => states['ConnectionStateChanged'],
      (list) => list?.at(-1) === 'DISCONNECTED',
    );
    await eventually(
      'the end of the media',
      () => seen,
      (list) => list.includes('sink In VIDEO NOT_FLOWING') && list.includes('source Out AUDIO NOT_FLOWING'),
    );
    assert.deepEqual(await flows(source), []);
    await eventually(
      'the end of RTCP',
      () => states['MediaStateChanged'],
      (list) => list?.at(-1) === 'DISCONNECTED',
      20_000,
    );
    await finish();
  });
});

/** Fails unless both kinds of media have been counted. */
async function checkCounters(endpoint: string, type: string, what: 'Sent' | 'Received'): Promise<void> {
  const stats = (await control.invoke(endpoint, 'getStats')) as Record<string, Record<string, unknown>>;
  const streams = Object.values(stats).filter((one) => one['type'] === type);
  assert.equal(streams.length, 2);
  for (const stream of streams) {
    assert.ok(Number(stream[`packets${what}`]) > 50, JSON.stringify(stream));
    assert.ok(Number(stream[`bytes${what}`]) > 1000, JSON.stringify(stream));
    assert.match(String(stream['ssrc']), /^[1-9]\d*$/);
  }
}

/** The offer with two more video streams in a group, as `simulcast: true` of kurento-utils writes them. */
function withSimulcastGroup(offer: string): string {
  const first = Number(/a=ssrc-group:FID (\d+) /.exec(offer)?.[1]);
  assert.ok(first > 0, offer);
  const more = [first + 1000, first + 2000].map((one) => `a=ssrc:${one} cname:more\r\n`).join('');
  return `${offer.trimEnd()}\r\n${more}a=ssrc-group:SIM ${first} ${first + 1000} ${first + 2000}\r\n`;
}
