/**
 * A media host process: operations, events, refusals, and parts that come and go.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostError, type HostErrorType } from '../src/HostError.ts';
import { eventually, startHost } from './TestHost.ts';

const shared = await startHost();

function refusal(type: HostErrorType, message: RegExp = /./): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.type === type && message.test(error.message);
}

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
    await eventually(
      () =>
        events.some(
          ({ name, event }) =>
            name === 'stateChanged' && event.branchId === branchId && event.state === 'PLAYING',
        ),
      'PLAYING',
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

  it('tell at most 20 errors of a branch in a second, and count the rest', async () => {
    const branchId = 'storm';
    const failing = 'fakesrc ! identity error-after=2 ! fakesink async=false ';
    await host.request('launch', { branchId, text: failing.repeat(40) });
    let stats = await host.request('stats', { branchId });
    const untilMs = performance.now() + 10_000;
    while (stats.errors < 40) {
      assert.ok(performance.now() < untilMs, `${stats.errors} errors`);
      await sleep(20);
      stats = await host.request('stats', { branchId });
    }
    const told = events.filter(({ name, event }) => name === 'error' && event.branchId === branchId);
    assert.ok(told.length >= 20 && stats.suppressed > 0);
    assert.equal(told.length, stats.errors - stats.suppressed);
    await host.request('close', { branchId });
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
      text: `${picture} ! tee name=t allow-not-linked=true t. ! queue ! fakesink name=main sync=false`,
    });
    for (let i = 0; i < 10; i++) {
      const pads = await host.request('link', {
        branchId,
        partId: 'out',
        text: 'queue ! fakesink name=extra async=false',
        from: { element: 't', pad: 'src_%u' },
      });
      assert.match(pads.fromPad ?? '', /^src_\d+$/);
      await host.request('unlink', { branchId, partId: 'out' });
    }
    const rendered = async (): Promise<number> => {
      const { elements } = await host.request('stats', { branchId });
      return Number(/rendered=\(guint64\)(\d+)/.exec(elements['main'] ?? '')?.[1]);
    };
    const before = await rendered();
    const untilMs = performance.now() + 5000;
    while ((await rendered()) <= before) {
      assert.ok(performance.now() < untilMs, 'the main output goes on');
      await sleep(20);
    }
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
    const tryAll = async (): Promise<void> => {
      for (const [part, type] of cases) {
        const request = { branchId, partId: 'p', ...part } as never;
        await assert.rejects(host.request('link', request), refusal(type), JSON.stringify(part));
      }
    };
    await tryAll();
    const before = await host.request('dump', {});
    for (let i = 0; i < 10; i++) await tryAll();
    const dump = await host.request('dump', {});
    assert.deepEqual(dump.branches, { bad: [] });
    assert.ok(
      dump.descriptors <= before.descriptors + 1,
      `descriptors ${before.descriptors} → ${dump.descriptors}`,
    );
    await host.request('close', { branchId });
  });
});
