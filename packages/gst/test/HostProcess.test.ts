/**
 * A media host process: operations, events, refusals, streams to routers, leaks, and how it ends.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fork } from 'node:child_process';
import { decodeText, encodeText, encoderName } from '../src/branchText.ts';
import { mediaCodec } from '../src/codecs.ts';
import { HostError, type HostErrorType } from '../src/HostError.ts';
import type { HostDump, SocketRequest } from '../src/operations.ts';
import { RouterEnd } from './RouterEnd.ts';
import { eventually, startHost, type TestHost } from './TestHost.ts';

const router = await RouterEnd.open();
after(() => router.close());
const shared = await startHost();

function socket(name: string, streamId: string): SocketRequest {
  return { name, path: router.path, streamId };
}

function refusal(type: HostErrorType, message: RegExp = /./): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.type === type && message.test(error.message);
}

const vp8 = mediaCodec('vp8')!;
const picture = 'videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=30/1';

describe('HostProcess operations', () => {
  const { host, events } = shared;

  it('launch, get, set, query, dot, stats, setState, close work on a branch', async () => {
    const branchId = 'ops';
    await host.request('launch', {
      branchId,
      text: `${picture} ! vp8enc name=e ! fakesink name=s sync=false`,
    });
    await eventually(
      () => events.some(({ name, event }) => name === 'streamReady' && event.branchId === branchId),
      'streamReady',
    );
    await host.request('set', { branchId, element: 'e', property: 'target-bitrate', value: 123_000 });
    const { value } = await host.request('get', { branchId, element: 'e', property: 'target-bitrate' });
    assert.equal(value, 123_000);
    const name = await host.request('get', { branchId, element: 's', pad: 'sink', property: 'name' });
    assert.equal(name.value, 'sink');
    const position = await host.request('query', { branchId });
    assert.equal(position.state, 'PLAYING');
    assert.ok((position.positionNs ?? 0n) > 0n);
    assert.match((await host.request('dot', { branchId })).text, /digraph/);
    const stats = await host.request('stats', { branchId });
    assert.match(stats.elements['s'] ?? '', /rendered=\(guint64\)[1-9]/);
    await host.request('setState', { branchId, state: 'PAUSED' });
    await host.request('close', { branchId });
    assert.deepEqual((await host.request('dump', {})).branches, {});
  });

  it('sendEos ends the streams and tells when all sinks are done', async () => {
    await host.request('launch', { branchId: 'eos', text: `${picture} ! fakesink` });
    await host.request('sendEos', { branchId: 'eos' });
    await eventually(
      () => events.some(({ name, event }) => name === 'eos' && event.branchId === 'eos'),
      'eos',
    );
    await host.request('close', { branchId: 'eos' });
  });

  it('seek moves a file', async () => {
    await host.request('launch', {
      branchId: 'seek',
      text: 'audiotestsrc num-buffers=3000 ! fakesink',
      state: 'PAUSED',
    });
    await host.request('seek', { branchId: 'seek', positionNs: 3_000_000_000n, accurate: true });
    await host.request('close', { branchId: 'seek' });
  });

  it('tell errors of elements with the types of spec 3.18', async () => {
    const open = 'videotestsrc num-buffers=1 ! filesink location=/no/such/folder/file';
    const launched = host.request('launch', { branchId: 'errors', text: open });
    await assert.rejects(launched, refusal('STATE_REFUSED'));
    const error = events.find(({ name, event }) => name === 'error' && event.branchId === 'errors')?.event;
    assert.ok(error !== undefined && 'errorCode' in error);
    assert.equal(error.type, 'RESOURCE_ERROR_OPEN');
    assert.equal(error.element, 'filesink0');
    assert.match(error.description, /Error code 6: .*no\/such\/folder/s);
    assert.deepEqual((await host.request('dump', {})).branches, {}, 'a branch that fails to start is gone');
  });

  it('say what a machine can do', async () => {
    const reply = await host.request('describe', {
      factories: ['vp8enc', 'no-such-element'],
      properties: true,
    });
    assert.match(reply.version, /^GStreamer 1\./);
    assert.deepEqual(
      reply.factories.map(({ available }) => available),
      [true, false],
    );
    const bitrate = reply.factories[0]?.properties.find(({ name }) => name === 'target-bitrate');
    assert.equal(bitrate?.kind, 'integer');
  });
});

describe('HostProcess refusals', () => {
  const { host } = shared;
  const long = 'x'.repeat(201);
  const text = 'fakesrc ! fakesink';
  const property = { branchId: 'r', element: 'e', property: 'p' };
  const cases: readonly [string, unknown, HostErrorType][] = [
    ['no-such-operation', {}, 'INVALID_REQUEST'],
    ['toString', {}, 'INVALID_REQUEST'],
    ['__proto__', {}, 'INVALID_REQUEST'],
    ['launch', undefined, 'INVALID_REQUEST'],
    ['launch', 'text', 'INVALID_REQUEST'],
    ['launch', [], 'INVALID_REQUEST'],
    ['launch', { branchId: '', text }, 'INVALID_REQUEST'],
    ['launch', { branchId: long, text }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'a\0b', text }, 'INVALID_REQUEST'],
    ['launch', { branchId: 5, text }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text: '' }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text: 'x'.repeat(100_001) }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text: `${text}\0` }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text, state: 'RUNNING' }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text, sockets: {} }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text, sockets: [{ name: 'a b' }] }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text: 'fdsrc fd=socket:x ! fakesink' }, 'INVALID_REQUEST'],
    ['launch', { branchId: 'r', text: 'fdsrc ! nothing' }, 'MISSING_FACTORY'],
    ['launch', { branchId: 'r', text: 'fakesrc !' }, 'LAUNCH_FAILED'],
    [
      'launch',
      { branchId: 'r', text, sockets: [{ name: 'a', path: '/nobody/here', streamId: 's' }] },
      'SOCKET_FAILED',
    ],
    [
      'launch',
      { branchId: 'r', text, sockets: [{ name: 'a', path: `/${'p'.repeat(120)}`, streamId: 's' }] },
      'SOCKET_FAILED',
    ],
    ['link', { branchId: 'r', partId: 'p', text: 'fakesink' }, 'NOT_FOUND'],
    ['link', { branchId: 'r', partId: 'p q', text: 'fakesink' }, 'INVALID_REQUEST'],
    ['link', { branchId: 'r', partId: 'p', text: 'fakesink', from: { element: 'x' } }, 'INVALID_REQUEST'],
    ['unlink', { branchId: 'r', partId: 'p' }, 'NOT_FOUND'],
    ['set', { ...property }, 'INVALID_REQUEST'],
    ['set', { ...property, value: {} }, 'INVALID_REQUEST'],
    ['set', { ...property, value: 1 }, 'NOT_FOUND'],
    ['set', { ...property, property: '1%n', value: 1 }, 'INVALID_REQUEST'],
    ['get', { ...property, element: '' }, 'INVALID_REQUEST'],
    ['seek', { branchId: 'r', positionNs: -1n, accurate: true }, 'INVALID_REQUEST'],
    ['seek', { branchId: 'r', positionNs: 5, accurate: true }, 'INVALID_REQUEST'],
    ['setState', { branchId: 'r', state: 4 }, 'INVALID_REQUEST'],
    ['dot', { branchId: 'r', details: 2 ** 40 }, 'INVALID_REQUEST'],
    ['describe', { factories: 'all', properties: true }, 'INVALID_REQUEST'],
    ['close', { branchId: 'r' }, 'NOT_FOUND'],
  ];
  for (const [operation, request, type] of cases) {
    const shown = JSON.stringify(request, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    it(`answer ${type} to ${operation} of ${shown?.slice(0, 60)}`, async () => {
      // Holds because the host must stand whatever arrives, also what our types exclude.
      await assert.rejects(host.request(operation as 'ping', request as never), refusal(type));
    });
  }

  it('leave the host well, with nothing open', async () => {
    const before = await host.request('dump', {});
    assert.deepEqual(before.branches, {});
    assert.equal(before.sockets, 0);
    assert.equal(shared.exit, undefined);
  });

  it('come for a second branch of the same id, also while the first is being made', async () => {
    const [first, second] = await Promise.allSettled([
      host.request('launch', { branchId: 'twice', text: `${picture} ! fakesink` }),
      host.request('launch', { branchId: 'twice', text: `${picture} ! fakesink` }),
    ]);
    assert.deepEqual([first.status, second.status], ['fulfilled', 'rejected']);
    await host.request('close', { branchId: 'twice' });
  });
});

describe('HostProcess parts', () => {
  const { host, events } = shared;

  it('come to and go from a running tee while the rest goes on', async () => {
    const branchId = 'tee';
    await host.request('launch', {
      branchId,
      text: `${picture} ! tee name=t allow-not-linked=true t. ! queue ! fakesink name=main`,
    });
    for (let i = 0; i < 10; i++) {
      const pads = await host.request('link', {
        branchId,
        partId: 'out',
        text: 'queue ! fakesink name=extra async=false',
        from: { element: 't', pad: 'src_%u' },
      });
      assert.match(pads.fromPad ?? '', /^src_\d+$/);
      await eventually(() => true, '');
      await host.request('unlink', { branchId, partId: 'out' });
    }
    const rendered = async (): Promise<number> => {
      const { elements } = await host.request('stats', { branchId });
      return Number(/rendered=\(guint64\)(\d+)/.exec(elements['main'] ?? '')?.[1]);
    };
    const before = await rendered();
    await sleep(300);
    assert.ok((await rendered()) > before, 'the main output goes on');
    assert.deepEqual(
      events.filter(({ name, event }) => name === 'error' && event.branchId === branchId),
      [],
    );
    await host.request('close', { branchId });
  });

  it('come to and go from a running mixer, with properties of their pads', async () => {
    const branchId = 'mix';
    await host.request('launch', {
      branchId,
      text:
        'compositor name=m background=black force-live=true ignore-inactive-pads=true ! ' +
        'video/x-raw,width=160,height=120,framerate=30/1 ! fakesink name=out',
    });
    const input = 'videotestsrc is-live=true ! video/x-raw,width=80,height=60,framerate=30/1 ! queue';
    for (let i = 0; i < 5; i++) {
      const { intoPad } = await host.request('link', {
        branchId,
        partId: `in${i}`,
        text: input,
        into: { element: 'm', pad: 'sink_%u', properties: { xpos: 80, alpha: 0.5 } },
      });
      assert.ok(intoPad !== undefined);
      const request = { branchId, element: 'm', pad: intoPad };
      assert.equal((await host.request('get', { ...request, property: 'xpos' })).value, 80);
      await host.request('set', { ...request, property: 'xpos', value: 0 });
    }
    for (const i of [3, 0, 4]) await host.request('unlink', { branchId, partId: `in${i}` });
    assert.deepEqual((await host.request('dump', {})).branches, { mix: ['in1', 'in2'] });
    await host.request('close', { branchId });
  });

  it('leave nothing when they cannot be made', async () => {
    const branchId = 'bad';
    await host.request('launch', {
      branchId,
      text: `${picture} ! tee name=t allow-not-linked=true t. ! queue ! fakesink`,
    });
    const before = await host.request('dump', {});
    const from = { element: 't', pad: 'src_%u' };
    const cases: readonly [object, HostErrorType][] = [
      [{ text: 'no-such ! fakesink', from }, 'MISSING_FACTORY'],
      [{ text: 'queue ! fakesink', from: { element: 'nobody', pad: 'src_%u' } }, 'NOT_FOUND'],
      [{ text: 'queue ! fakesink', from: { element: 't', pad: 'nonsense' } }, 'LINK_FAILED'],
      [{ text: 'audioconvert ! fakesink async=false', from }, 'LINK_FAILED'],
      [{ text: 'fakesrc ! fakesink async=false', from }, 'LINK_FAILED'],
      [{ text: 'queue ! filesink location=/no/such/file', from }, 'STATE_REFUSED'],
      [{ text: 'queue ! fakesink', from: { ...from, properties: { 'no-such': 1 } } }, 'PROPERTY_REFUSED'],
      [{ text: 'fdsrc fd=socket:x ! fakesink' }, 'INVALID_REQUEST'],
    ];
    for (const [part, type] of cases) {
      const request = { branchId, partId: 'p', ...part } as never;
      await assert.rejects(host.request('link', request), refusal(type), JSON.stringify(part));
    }
    const dump = await host.request('dump', {});
    assert.deepEqual(dump.branches, { bad: [] });
    assert.ok(dump.descriptors <= before.descriptors + 1, 'no descriptor is left');
    await host.request('close', { branchId });
  });
});

/** The first key frame flag of a VP8 packet (RFC 7741 section 4.2), for packets that begin a frame. */
function isVp8KeyFrame(packet: Uint8Array): boolean {
  const payload = packet.subarray(12);
  const [first = 0, extension = 0] = payload;
  if ((first & 0x10) === 0 || (first & 7) !== 0) return false;
  let at = 1;
  if ((first & 0x80) !== 0) {
    at = 2;
    if ((extension & 0x80) !== 0) at += ((payload[at] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) at++;
    if ((extension & 0x30) !== 0) at++;
  }
  return ((payload[at] ?? 1) & 1) === 0;
}

/** A receiver report and a picture loss indication (RFC 4585 section 6.3.1) for one stream. */
function pictureLossIndication(ssrc: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x80c9_0001);
  view.setUint32(4, 0x1234);
  view.setUint32(8, 0x81ce_0002);
  view.setUint32(12, 0x1234);
  view.setUint32(16, ssrc);
  return bytes;
}

/** True when a compound RTCP packet has a PLI or FIR in it. */
function asksForKeyFrame(packet: Uint8Array): boolean {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  for (let at = 0; at + 4 <= packet.length; at += 4 * (view.getUint16(at + 2) + 1)) {
    if (view.getUint8(at + 1) === 206 && [1, 4].includes(view.getUint8(at) & 31)) return true;
  }
  return false;
}

describe('HostProcess streams', () => {
  const { host } = shared;
  const ends = { name: 'v', rtp: 'rtp', rtcp: 'rtcp', payloadType: 96 };

  async function launchEncoder(branchId: string): Promise<void> {
    await host.request('launch', {
      branchId,
      text: `${picture} ! ${encodeText(vp8, { ...ends, ssrc: 0xabcd, keyFrameDistance: 100_000 })}`,
      sockets: [socket('rtp', `${branchId}/rtp`), socket('rtcp', `${branchId}/rtcp`)],
    });
  }

  it('a PLI from the router makes a key frame', async () => {
    await launchEncoder('pli');
    const [rtp, rtcp] = await Promise.all([router.stream('pli/rtp'), router.stream('pli/rtcp')]);
    let keyFrames = 0;
    let ssrc = 0;
    rtp.onPacket = (packet) => {
      ssrc = new DataView(packet.buffer, packet.byteOffset).getUint32(8);
      if (isVp8KeyFrame(packet)) keyFrames++;
    };
    await eventually(() => rtp.packets >= 20, 'packets');
    assert.equal(ssrc, 0xabcd);
    const before = keyFrames;
    for (let i = 1; i <= 3; i++) {
      const startedMs = performance.now();
      rtcp.send(pictureLossIndication(ssrc));
      await eventually(() => keyFrames >= before + i, `key frame ${i}`);
      assert.ok(performance.now() - startedMs < 1000, 'within a second');
    }
    await host.request('requestKeyFrame', { branchId: 'pli', element: encoderName('v') });
    await eventually(() => keyFrames >= before + 4, 'key frame by operation');
    await host.request('close', { branchId: 'pli' });
  });

  it('a decoder that misses packets asks the router for a key frame', async () => {
    await launchEncoder('lossy-out');
    await host.request('launch', {
      branchId: 'lossy-in',
      text: `${decodeText(vp8, ends)} ! fakesink sync=false async=false`,
      sockets: [socket('rtp', 'lossy-in/rtp'), socket('rtcp', 'lossy-in/rtcp')],
    });
    const [out, into, rtcp] = await Promise.all(
      ['lossy-out/rtp', 'lossy-in/rtp', 'lossy-in/rtcp'].map((id) => router.stream(id)),
    );
    let asked = 0;
    rtcp!.onPacket = (packet) => {
      if (asksForKeyFrame(packet)) asked++;
    };
    let count = 0;
    let lossy = false;
    out!.onPacket = (packet) => {
      count++;
      if (!lossy || count % 5 !== 0) into!.send(packet);
    };
    await eventually(() => count >= 30, 'packets');
    const before = asked;
    lossy = true;
    await eventually(() => asked > before, 'a request for a key frame');
    await host.request('close', { branchId: 'lossy-out' });
    await host.request('close', { branchId: 'lossy-in' });
  });

  it('a router that stops reading holds up nobody', async () => {
    const branchId = 'stalled';
    await host.request('launch', {
      branchId,
      text:
        `videotestsrc is-live=true pattern=snow ! video/x-raw,width=640,height=480,framerate=30/1 ! tee name=t ` +
        `t. ! ${encodeText(vp8, { ...ends, bitrateBps: 20_000_000 })} t. ! queue ! fakesink name=other`,
      sockets: [socket('rtp', 'stalled/rtp'), socket('rtcp', 'stalled/rtcp')],
    });
    (await router.stream('stalled/rtp')).stall();
    const rendered = async (): Promise<number> => {
      const { elements } = await host.request('stats', { branchId });
      return Number(/rendered=\(guint64\)(\d+)/.exec(elements['other'] ?? '')?.[1]);
    };
    await sleep(1500);
    const before = await rendered();
    await sleep(500);
    assert.ok((await rendered()) > before, 'the other output goes on');
    const startedMs = performance.now();
    await host.request('close', { branchId });
    assert.ok(performance.now() - startedMs < 1000, 'it ends at once');
  });

  it('garbage from a router ends no host', async () => {
    await host.request('launch', {
      branchId: 'garbage',
      text: `${decodeText(vp8, ends)} ! fakesink sync=false async=false`,
      sockets: [socket('rtp', 'garbage/rtp'), socket('rtcp', 'garbage/rtcp')],
    });
    const [rtp, rtcp] = await Promise.all([router.stream('garbage/rtp'), router.stream('garbage/rtcp')]);
    for (let i = 0; i < 500; i++) {
      const packet = Uint8Array.from({ length: (i * 37) % 1400 }, (_, j) => (i * 31 + j * 7) & 0xff);
      if (i % 3 === 0) packet.set([0x80, 96, 0, i & 0xff].slice(0, packet.length));
      rtp.send(packet);
      rtcp.send(packet);
    }
    await sleep(200);
    await host.request('ping', {});
    await host.request('close', { branchId: 'garbage' });
    assert.equal(shared.exit, undefined);
  });
});

describe('HostProcess leaks', () => {
  it('200 branches leave memory, descriptors and threads as they were', async () => {
    const test: TestHost = await startHost();
    const round = async (i: number): Promise<void> => {
      const branchId = `leak${i}`;
      const sockets = [socket('rtp', `${branchId}/rtp`), socket('rtcp', `${branchId}/rtcp`)];
      const stream = { name: 'v', rtp: 'rtp', rtcp: 'rtcp', payloadType: 96 };
      const text = `${picture} ! tee name=t allow-not-linked=true t. ! ${encodeText(vp8, stream)}`;
      await test.host.request('launch', { branchId, text, sockets });
      await test.host.request('link', {
        branchId,
        partId: 'p',
        text: 'queue ! fakesink async=false',
        from: { element: 't', pad: 'src_%u' },
      });
      await test.host.request('set', {
        branchId,
        element: encoderName('v'),
        property: 'target-bitrate',
        value: 300_000 + i,
      });
      await test.host.request('unlink', { branchId, partId: 'p' });
      await test.host.request('close', { branchId });
    };
    const rounds = async (count: number, from: number): Promise<HostDump> => {
      for (let i = 0; i < count; i += 4) await Promise.all([0, 1, 2, 3].map((j) => round(from + i + j)));
      return await test.host.request('dump', {});
    };
    const warm = await rounds(60, 0);
    const end = await rounds(200, 1000);
    assert.deepEqual(end.branches, {});
    assert.equal(end.sockets, 0);
    assert.ok(
      end.descriptors <= warm.descriptors + 4,
      `descriptors ${warm.descriptors} → ${end.descriptors}`,
    );
    assert.ok(end.threads <= warm.threads + 8, `threads ${warm.threads} → ${end.threads}`);
    const grownMb = (end.residentBytes - warm.residentBytes) / 1e6;
    assert.ok(grownMb < 20, `memory grew by ${grownMb.toFixed(1)} MB`);
    await eventually(() => router.connections === 0, 'all connections closed');
    await test.host.close();
  });
});

describe('HostProcess end', () => {
  it('is told within a second of SIGKILL, and pending operations fail', async () => {
    const test = await startHost();
    await test.host.request('launch', { branchId: 'a', text: `${picture} ! fakesink` });
    const pending = assert.rejects(
      Promise.all(Array.from({ length: 200 }, () => test.host.request('dump', {}))),
      refusal('HOST_GONE', /SIGKILL/),
    );
    const startedMs = performance.now();
    process.kill(test.host.pid, 'SIGKILL');
    await eventually(() => test.exit !== undefined, 'exit', 1000);
    assert.ok(performance.now() - startedMs < 1000);
    assert.equal(test.exit, 'SIGKILL');
    await pending;
    await assert.rejects(test.host.request('ping', {}), refusal('HOST_GONE'));
  });

  it('comes within the deadline when it hangs, asked or not', async () => {
    for (const asked of [true, false]) {
      const test = await startHost({ deadlineMs: 400, pingIntervalMs: 100 });
      process.kill(test.host.pid, 'SIGSTOP');
      if (asked) {
        await assert.rejects(
          test.host.request('dump', {}),
          refusal('HOST_GONE', /'(dump|ping)' was not answered/),
        );
      }
      await eventually(() => test.exit !== undefined, 'exit', 2000);
      assert.match(test.exit ?? '', /not answered within 400 ms/);
      await eventually(() => !existsSync(`/proc/${test.host.pid}`), 'the process is gone', 2000);
    }
  });

  it('is not told after close, which leaves no process', async () => {
    const test = await startHost();
    await test.host.request('launch', { branchId: 'a', text: `${picture} ! fakesink` });
    await test.host.close();
    assert.equal(test.exit, undefined);
    assert.equal(existsSync(`/proc/${test.host.pid}`), false);
    await assert.rejects(test.host.request('ping', {}), refusal('HOST_GONE'));
  });

  it('comes when its parent dies, also when it hangs', async () => {
    const parent = fork(new URL('./orphan.ts', import.meta.url), { stdio: ['ignore', 2, 2, 'ipc'] });
    const [pid] = (await once(parent, 'message')) as [number];
    assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /hostMain/);
    process.kill(pid, 'SIGSTOP');
    parent.kill('SIGKILL');
    await eventually(() => !existsSync(`/proc/${pid}`), 'the host is gone', 3000);
  });
});
