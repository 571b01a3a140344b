/**
 * The life of a WebRtcEndpoint without a browser: two endpoints of one server joined by SDP, errors, races, a lost router.
 * Spec 3.4 to 3.11, 3.17 and 6.2 "SDP" and "WebRTC".
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type RunningServer, startServer } from '@rivero/server';
import { Control } from './harness/Control.ts';
import { joinBySdp } from './harness/loopback.ts';
import { eventually } from './harness/PagePeer.ts';

let server: RunningServer;
let control: Control;
let pipeline: string;

before(async () => {
  server = await startServer({ port: 0, udpPort: 0, host: '127.0.0.1', routers: 1, interfaces: ['lo'] });
  control = await Control.open(server.wsUrl);
});
beforeEach(async () => {
  pipeline = await control.create('MediaPipeline');
});
after(async () => {
  control.close();
  await server.close();
});

async function create(parameters: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return control.create('WebRtcEndpoint', { mediaPipeline: pipeline, ...parameters });
}

/** Calls an operation that answers with text. */
async function text(endpoint: string, operation: string, parameters: object = {}): Promise<string> {
  return String(await control.invoke(endpoint, operation, { ...parameters }));
}

const candidate = {
  candidate: 'candidate:1 1 UDP 1 127.0.0.1 9 typ host',
  sdpMid: 'audio0',
  sdpMLineIndex: 0,
};

/** Keeps the values of one member of an event. */
async function watch(endpoint: string, type: string, member: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  await control.on(endpoint, type, (data) => seen.push(data[member]));
  return seen;
}

async function connected(...endpoints: readonly string[]): Promise<void> {
  for (const endpoint of endpoints) {
    await eventually(
      'connected',
      () => text(endpoint, 'getConnectionState'),
      (state) => state === 'CONNECTED',
    );
  }
}

/** Transports, producers and consumers that the router holds. */
async function held(): Promise<number[]> {
  const { transports, producers, consumers } = await routerOf().request('dump', {});
  return [transports, producers, consumers];
}

function routerOf() {
  const [link] = server.context.media.pool.links;
  assert.ok(link !== undefined);
  return link;
}

describe('negotiation', () => {
  it('happens once, and says what is missing', async () => {
    const [a, b] = [await create(), await create()];
    const fails = (endpoint: string, operation: string, parameters: object, code: number): Promise<void> =>
      assert.rejects(text(endpoint, operation, parameters), new RegExp(`^Error: ${code}: `), operation);
    await fails(a, 'getLocalSessionDescriptor', {}, 40202);
    await fails(a, 'getRemoteSessionDescriptor', {}, 40203);
    await fails(a, 'processAnswer', { answer: 'v=0' }, 40209);
    await fails(a, 'gatherCandidates', {}, 40400);
    await fails(a, 'processOffer', { offer: '' }, 40201);
    await fails(a, 'processOffer', { offer: 'nonsense' }, 40201);
    const offer = await text(a, 'generateOffer');
    await fails(a, 'generateOffer', {}, 40208);
    await fails(a, 'processOffer', { offer }, 40208);
    await fails(a, 'getRemoteSessionDescriptor', {}, 40203);
    const answer = await text(b, 'processOffer', { offer });
    await fails(b, 'processOffer', { offer }, 40208);
    await fails(b, 'generateOffer', {}, 40208);
    await fails(b, 'processAnswer', { answer }, 40209);
    await fails(a, 'processAnswer', { answer: '' }, 40201);
    assert.equal(await text(a, 'processAnswer', { answer }), await text(a, 'getLocalSessionDescriptor'));
    await fails(a, 'processAnswer', { answer }, 40210);
    assert.equal(await text(a, 'getRemoteSessionDescriptor'), answer);
    assert.equal(await text(b, 'getRemoteSessionDescriptor'), offer);
  });

  it('is won by one of two offers that come at once from two clients', async () => {
    const offer = await text(await create(), 'generateOffer');
    const contested = await create();
    using other = await Control.open(server.wsUrl);
    const answers = await Promise.allSettled(
      [control, other, control, other].map((one) => one.invoke(contested, 'processOffer', { offer })),
    );
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as Error] : [],
    );
    assert.equal(refusals.length, 3);
    for (const { message } of refusals) assert.match(message, /^40208: /);
  });

  it('follows the options of the offer and the flags of the constructor', async () => {
    const offered = async (options: object, parameters = {}): Promise<string[]> => {
      const offer = await text(await create(parameters), 'generateOffer', { options });
      return [...offer.matchAll(/^m=(\w+)|^a=(sendrecv|sendonly|recvonly)/gm)].map(
        ([, kind, way]) => kind ?? way ?? '',
      );
    };
    assert.deepEqual(await offered({}), ['audio', 'sendrecv', 'video', 'sendrecv']);
    assert.deepEqual(await offered({ offerToReceiveAudio: false }), ['video', 'sendrecv']);
    assert.deepEqual(await offered({ offerToReceiveVideo: false }), ['audio', 'sendrecv']);
    assert.deepEqual(await offered({ offerToReceiveAudio: false, offerToReceiveVideo: false }), []);
    assert.deepEqual(await offered({}, { recvonly: true }), ['audio', 'recvonly', 'video', 'recvonly']);
    assert.deepEqual(await offered({}, { sendonly: true }), ['audio', 'sendonly', 'video', 'sendonly']);
    const answered = async (offerer: object, answerer: object): Promise<string | undefined> => {
      const offer = await text(await create({ ...offerer }), 'generateOffer');
      return /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(
        await text(await create({ ...answerer }), 'processOffer', { offer }),
      )?.[1];
    };
    assert.equal(await answered({ sendonly: true }, {}), 'recvonly');
    assert.equal(await answered({}, { sendonly: true }), 'sendonly');
    assert.equal(await answered({ recvonly: true }, { recvonly: true }), 'inactive');
  });

  it('writes our ceilings into the SDP', async () => {
    const endpoint = await create();
    await text(endpoint, 'setMaxAudioRecvBandwidth', { maxAudioRecvBandwidth: 64 });
    await text(endpoint, 'setMaxVideoRecvBandwidth', { maxVideoRecvBandwidth: 700 });
    const offer = await text(endpoint, 'generateOffer');
    assert.deepEqual(offer.match(/^b=.*(?=\r)/gm), ['b=AS:64', 'b=AS:700']);
  });
});

describe('candidates', () => {
  it('may come before the SDP, after one that was refused, and be garbage; but not of no section', async () => {
    const [endpoint, other] = [await create(), await create()];
    const add = (change: object): Promise<unknown> =>
      control.invoke(endpoint, 'addIceCandidate', { candidate: { ...candidate, ...change } });
    for (const change of [{}, { candidate: '' }, { candidate: 'garbage' }, { sdpMLineIndex: 5 }])
      assert.equal(await add(change), null);
    await assert.rejects(add({ sdpMLineIndex: -1 }), /^Error: 40401: /);
    await assert.rejects(text(endpoint, 'processOffer', { offer: 'v=0\r\nhello' }), /^Error: 40201: /);
    assert.equal(await add({}), null);
    await text(endpoint, 'processOffer', { offer: await text(other, 'generateOffer') });
    assert.equal(await add({ sdpMLineIndex: 1 }), null);
    await assert.rejects(add({ sdpMLineIndex: 2 }), /^Error: 40401: /);
  });

  it('are bounded while they wait', async () => {
    const endpoint = await create();
    const all = await Promise.allSettled(
      Array.from({ length: 300 }, () => control.invoke(endpoint, 'addIceCandidate', { candidate })),
    );
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 256);
  });

  it('with names that nobody knows hold nothing up', async () => {
    const [endpoint, other] = [await create(), await create()];
    const offer = await text(other, 'generateOffer');
    const names = Array.from(
      { length: 60 },
      (_, i) => `a=candidate:1 1 udp 1 ${i}-nobody.local 9 typ host\r\n`,
    );
    const startMs = performance.now();
    await text(endpoint, 'processOffer', { offer: `${offer}${names.join('')}` });
    await control.invoke(endpoint, 'addIceCandidate', {
      candidate: { ...candidate, candidate: 'candidate:1 1 udp 1 nobody.local 9 typ host' },
    });
    assert.ok(performance.now() - startMs < 1000, `${performance.now() - startMs} ms`);
  });

  it('are told once for each section, then the end, once; and then stand in the SDP', async () => {
    const endpoint = await create();
    const found: string[] = [];
    await control.on(endpoint, 'IceCandidateFound', (data) => {
      const { sdpMid, sdpMLineIndex } = data['candidate'] as typeof candidate;
      found.push(`${sdpMid} ${sdpMLineIndex}`);
    });
    const done = await watch(endpoint, 'IceGatheringDone', 'type');
    await text(endpoint, 'generateOffer');
    await Promise.all([text(endpoint, 'gatherCandidates'), text(endpoint, 'gatherCandidates')]);
    // Loopback has an IPv4 and an IPv6 address, or the first alone.
    const local = await text(endpoint, 'getLocalSessionDescriptor');
    const [, audio = '', video = ''] = local.split('m=');
    const inSection = audio.match(/^a=candidate:.* typ host\r$/gm)?.length ?? 0;
    assert.ok(inSection >= 1, local);
    assert.equal(video.match(/^a=candidate:/gm)?.length, inSection);
    assert.deepEqual(found.toSorted(), [
      ...Array.from({ length: inSection }, () => 'audio0 0'),
      ...Array.from({ length: inSection }, () => 'video0 1'),
    ]);
    assert.equal(done.length, 1);
    assert.match(audio, /a=end-of-candidates/);
    assert.doesNotMatch(audio, /^audio (0|1|9) /);
  });

  it('are announced with the external address of their family, which must be one', async () => {
    const endpoint = await create();
    for (const wrong of ['nonsense', '192.0.2.300', '2001:db8::1', '192.0.2.7\r\na=ice-lite'])
      await assert.rejects(text(endpoint, 'setExternalIPv4', { externalIPv4: wrong }), /^Error: 40107: /);
    for (const wrong of ['nonsense', '192.0.2.7', '2001:db8::1 typ'])
      await assert.rejects(text(endpoint, 'setExternalIPv6', { externalIPv6: wrong }), /^Error: 40107: /);
    await text(endpoint, 'setExternalIPv6', { externalIPv6: '' });
    await text(endpoint, 'setExternalIPv4', { externalIPv4: '192.0.2.7' });
    await text(endpoint, 'generateOffer');
    await text(endpoint, 'gatherCandidates');
    const local = await text(endpoint, 'getLocalSessionDescriptor');
    assert.match(local, /^a=candidate:\S+ 1 UDP \d+ 192\.0\.2\.7 /im);
    assert.doesNotMatch(local, /127\.0\.0\.1/);
  });

  for (const [name, keep] of [
    ['IPv4', /^\S+ 1 UDP \d+ [\d.]+ /i],
    ['IPv6', /^\S+ 1 UDP \d+ [\da-f:]*:[\da-f:]* /i],
  ] as const) {
    it(`of ${name} alone, inside the SDP, connect without trickle`, async (t) => {
      const [a, b] = [await create({ certificateKeyType: 'ECDSA' }), await create()];
      await text(a, 'generateOffer');
      await text(a, 'gatherCandidates');
      const only = (sdp: string): string =>
        sdp.replaceAll(/^a=candidate:(.*)\r\n/gm, (line, value: string) => (keep.test(value) ? line : ''));
      const offer = only(await text(a, 'getLocalSessionDescriptor'));
      if (!offer.includes('a=candidate:')) {
        t.skip(`loopback has no ${name} address`);
        return;
      }
      await text(b, 'processOffer', { offer });
      await text(b, 'gatherCandidates');
      await text(a, 'processAnswer', { answer: only(await text(b, 'getLocalSessionDescriptor')) });
      await connected(a, b);
      const pairs = (await control.invoke(a, 'getICECandidatePairs')) as Record<string, string>[];
      assert.match((pairs[0]?.['remoteCandidate'] ?? '').replace('candidate:', ''), keep);
    });
  }
});

describe('two endpoints that are joined', () => {
  for (const [offerer, answerer] of [
    ['RSA', 'ECDSA'],
    ['ECDSA', 'RSA'],
  ] as const) {
    it(`tell the steps in order, with ${offerer} and ${answerer}, and the end of the other side`, async () => {
      const [a, b] = [
        await create({ certificateKeyType: offerer }),
        await create({ certificateKeyType: answerer }),
      ];
      const watches = async (endpoint: string): Promise<Record<string, unknown[]>> => ({
        ice: await watch(endpoint, 'IceComponentStateChanged', 'state'),
        dtls: await watch(endpoint, 'DtlsConnectionStateChange', 'state'),
        connection: await watch(endpoint, 'ConnectionStateChanged', 'newState'),
        pair: await watch(endpoint, 'NewCandidatePairSelected', 'candidatePair'),
        session: await watch(endpoint, 'MediaSessionStarted', 'type'),
      });
      const seen = [await watches(a), await watches(b)];
      await joinBySdp(control, a, b);
      await connected(a, b);
      for (const { ice, dtls, connection, pair, session } of seen) {
        assert.deepEqual(ice, ['GATHERING', 'CONNECTING', 'CONNECTED', 'READY']);
        assert.deepEqual(dtls, ['CONNECTING', 'CONNECTED']);
        assert.deepEqual(connection, ['CONNECTED']);
        assert.ok((pair?.length ?? 0) >= 1);
        assert.equal(session?.length, 1);
      }
      const { fingerprints } = routerOf().ready;
      const shown = async (endpoint: string): Promise<string | undefined> =>
        /a=fingerprint:sha-256 (\S+)/.exec(await text(endpoint, 'getLocalSessionDescriptor'))?.[1];
      assert.equal(await shown(a), fingerprints[offerer].value);
      assert.equal(await shown(b), fingerprints[answerer].value);
      assert.match(await text(b, 'getLocalSessionDescriptor'), /a=setup:active/);
      assert.match(await text(a, 'getLocalSessionDescriptor'), /a=setup:passive/);
      const [state] = (await control.invoke(a, 'getDtlsConnectionState')) as Record<string, string>[];
      assert.equal(state?.['state'], 'CONNECTED');
      await control.release(b);
      await eventually(
        'the end is told',
        () => seen[0]?.['connection'] ?? [],
        (states) => states.at(-1) === 'DISCONNECTED',
      );
      assert.equal(seen[0]?.['dtls']?.at(-1), 'CLOSED');
    });
  }

  it('have statistics from their negotiation on, by kind of media, with latencies only on demand', async () => {
    const [a, b] = [await create(), await create()];
    const stats = async (query: object = {}): Promise<string[]> => {
      const all = (await control.invoke(a, 'getStats', { ...query })) as Record<
        string,
        { id: string; type: string }
      > | null;
      for (const [key, { id }] of Object.entries(all ?? {})) assert.equal(key, id);
      return Object.values(all ?? {})
        .map(({ type }) => type)
        .toSorted();
    };
    assert.equal(await control.invoke(a, 'getStats'), null);
    await joinBySdp(control, a, b);
    await connected(a, b);
    assert.deepEqual(await stats(), ['inboundrtp', 'inboundrtp', 'outboundrtp', 'outboundrtp', 'session']);
    assert.deepEqual(await stats({ mediaType: 'VIDEO' }), ['inboundrtp', 'outboundrtp']);
    assert.deepEqual(await stats({ mediaType: 'DATA' }), []);
    await control.invoke(pipeline, 'setLatencyStats', { latencyStats: true });
    assert.deepEqual(await stats({ mediaType: 'DATA' }), ['endpoint']);
    const relay = await control.create('PassThrough', { mediaPipeline: pipeline });
    assert.deepEqual(Object.keys((await control.invoke(relay, 'getStats')) as object), [relay]);
  });

  it('refuse what makes no sense in their state', async () => {
    const [a, b] = [await create(), await create({ recvonly: true })];
    const refuses = (endpoint: string, code: number, operation: string, parameters = {}): Promise<void> =>
      assert.rejects(text(endpoint, operation, parameters), new RegExp(`^Error: ${code}: `));
    await refuses(a, 40111, 'requestKeyframe');
    await refuses(a, 40107, 'isMediaFlowingIn', { mediaType: 'DATA' });
    await joinBySdp(control, a, b);
    await refuses(a, 40111, 'requestKeyframe');
    await control.invoke(b, 'connect', { sink: a });
    await text(a, 'requestKeyframe');
    await control.invoke(a, 'connect', { sink: b });
    await refuses(b, 40111, 'requestKeyframe');
    assert.equal(await control.invoke(a, 'isMediaFlowingOut', { mediaType: 'VIDEO' }), false);
  });
});

describe('an endpoint that is released in the middle of its negotiation', () => {
  it('leaves nothing behind, and whoever asked learns it', async () => {
    using other = await Control.open(server.wsUrl);
    const offer = await text(await create(), 'generateOffer');
    const before = await held();
    const outcomes = new Set<string>();
    for (let round = 0; round < 40; round++) {
      const endpoint = await create();
      await control.invoke(endpoint, 'connect', { sink: endpoint });
      const answer = control.invoke(endpoint, 'processOffer', { offer }).then(
        () => 'answered',
        ({ message }: Error) => message.slice(0, 6),
      );
      // Further and further into the negotiation.
      for (let turn = 0; turn < round % 20; turn++) await other.request('ping', {});
      await other.release(endpoint);
      outcomes.add(await answer);
    }
    outcomes.delete('answered');
    assert.deepEqual([...outcomes], ['40101:']);
    assert.deepEqual(await held(), before);
    const [last] = server.context.registry.pipelines.slice(-1);
    assert.ok(last !== undefined);
    assert.deepEqual(server.context.media.of(last.pipeline).edges(), []);
  });
});

describe('a router process that dies', () => {
  it('takes the media of its pipelines along, which say so; what is asked then fails with a reason', async () => {
    const [a, b, fresh] = [await create(), await create(), await create()];
    await joinBySdp(control, a, b);
    await connected(a, b);
    const errors = await watch(a, 'Error', 'description');
    const states = [
      await watch(a, 'ConnectionStateChanged', 'newState'),
      await watch(a, 'IceComponentStateChanged', 'state'),
      await watch(a, 'DtlsConnectionStateChange', 'state'),
    ];
    const offering = await create();
    await text(offering, 'generateOffer');
    process.kill(routerOf().pid, 'SIGKILL');
    await eventually(
      'Error',
      () => errors.length,
      (count) => count === 1,
    );
    assert.deepEqual(states, [['DISCONNECTED'], ['FAILED'], ['CLOSED']]);
    assert.equal(await control.invoke(a, 'getStats'), null);
    assert.deepEqual(await control.invoke(a, 'getICECandidatePairs'), []);
    const answer = await text(b, 'getLocalSessionDescriptor');
    const gone = /^Error: 40111: The router process of this pipeline ended \(SIGKILL\)/;
    await assert.rejects(text(fresh, 'generateOffer'), gone);
    await assert.rejects(text(offering, 'processAnswer', { answer }), gone);
    await assert.rejects(text(offering, 'gatherCandidates'), gone);
    await control.invoke(a, 'connect', { sink: b });
    await control.release(pipeline);

    pipeline = await control.create('MediaPipeline');
    const [c, d] = [await create(), await create()];
    await joinBySdp(control, c, d);
    await connected(c, d);
  });
});
