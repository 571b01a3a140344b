/**
 * Repeated requests, spec 1.9.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import { AnswerMemory } from '../src/protocol/AnswerMemory.ts';
import { AnswersOfSession } from '../src/protocol/AnswersOfSession.ts';
import { makeCore, NOW_MS, settled, TestClient } from './harness.ts';

let nowMs: number;
let core: Core;
let one: TestClient;
let two: TestClient;
beforeEach(() => {
  nowMs = NOW_MS;
  core = makeCore({ clock: { nowMs: () => nowMs } });
  one = new TestClient(core);
  two = new TestClient(core);
});

function request(id: unknown, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

const create = { type: 'MediaPipeline', sessionId: 's' };

/** How many pipelines there are. */
function count(): number {
  return core.context.registry.pipelines.length;
}

describe('a repeated request', () => {
  it('gets the first answer and is not executed', async () => {
    const [first] = await one.raw(request(1, 'create', create));
    const [second] = await one.raw(request(1, 'create', create));
    assert.equal(second, first);
    assert.equal(count(), 1);
  });

  it('gets the first error too', async () => {
    const describeNone = request(1, 'describe', { object: 'nope', sessionId: 's' });
    const [first] = await one.raw(describeNone);
    assert.match(first ?? '', /40101/);
    await one.raw(request(2, 'create', create));
    assert.deepEqual(await one.raw(request(1, 'create', create)), [first]);
    assert.equal(count(), 1);
  });

  it('is known by session and id alone, whatever it asks for', async () => {
    const [first] = await one.raw(request(1, 'create', create));
    assert.deepEqual(await one.raw(request(1, 'ping', { sessionId: 's' })), [first]);
    assert.deepEqual(await one.raw(request(1, 'nonsense', { sessionId: 's' })), [first]);
  });

  const sameIds: [unknown, unknown][] = [
    [77, '77'],
    ['77', 77],
    [true, 'true'],
    [1.5, '1.5'],
  ];
  for (const [first, second] of sameIds) {
    it(`has one id in ${JSON.stringify(first)} and ${JSON.stringify(second)}, echoed as the first`, async () => {
      const [answer] = await one.raw(request(first, 'create', create));
      assert.ok(answer?.startsWith(`{"id":${JSON.stringify(first)},`));
      assert.deepEqual(await one.raw(request(second, 'create', create)), [answer]);
    });
  }

  it('is another request with another id or in another session', async () => {
    await one.raw(request(1, 'create', create));
    await one.raw(request(2, 'create', create));
    await one.raw(request(1, 'create', { ...create, sessionId: 't' }));
    assert.equal(count(), 3);
  });

  it('is known on a new socket, which becomes the socket of the session', async () => {
    const [first] = await one.raw(request(1, 'create', create));
    one.connection.closed();
    assert.deepEqual(await two.raw(request(1, 'create', create)), [first]);
    assert.equal(core.sessions.sessionIdOf(two.connection), 's');
    assert.deepEqual(await two.raw(request(1, 'create', { type: 'MediaPipeline' })), [first]);
  });

  it('waits for the answer of the first while that is in work', async () => {
    await one.raw(request(1, 'create', create));
    const mediaPipeline = core.context.registry.pipelines[0]?.id;
    await one.raw(request(2, 'create', { type: 'PassThrough', constructorParams: { mediaPipeline } }));
    const probe = core.context.registry.objects.at(-1) as unknown as {
      id: string;
      waiting: ((n: number) => void)[];
    };
    const slow = request(3, 'invoke', { object: probe.id, operation: 'getEncoderBitrate', sessionId: 's' });
    assert.deepEqual(await one.raw(slow), []);
    one.connection.closed();
    // Longer than answers are kept: it counts from the answer.
    nowMs += 60_000;
    assert.deepEqual(await two.raw(slow), []);
    assert.equal(probe.waiting.length, 1);
    probe.waiting[0]?.(64);
    await settled();
    assert.deepEqual(two.frames, ['{"id":3,"jsonrpc":"2.0","result":{"sessionId":"s","value":64}}']);
    assert.equal(core.sessions.sessionIdOf(two.connection), 's');
  });

  it('is executed again after 20 s, and not before', async () => {
    await one.raw(request(1, 'create', create));
    nowMs += 19_999;
    await one.raw(request(1, 'create', create));
    assert.equal(count(), 1);
    nowMs += 1;
    await one.raw(request(1, 'create', create));
    assert.equal(count(), 2);
  });

  it('is known by the session that the answer gave', async () => {
    const [connected] = await one.raw(request(5, 'connect', undefined));
    assert.deepEqual(await one.raw(request(5, 'connect', undefined)), [connected]);
  });

  it('is executed again where the settings want that', async () => {
    core = makeCore({ disableRequestCache: true });
    one = new TestClient(core);
    await one.raw(request(1, 'create', create));
    await one.raw(request(1, 'create', create));
    assert.equal(count(), 2);
  });

  it('without an id is executed each time', async () => {
    await one.raw(request(null, 'create', create));
    await one.raw(request(null, 'create', create));
    assert.equal(count(), 2);
  });
});

describe('the memory of answers', () => {
  const answer = { text: 'x'.repeat(100), sessionId: 's' };
  const work = Promise.resolve({ reply: {}, text: answer.text });

  function add(answers: AnswersOfSession, id: string, atMs: number): void {
    answers.finish(answers.begin(id, work, atMs), answer, atMs);
  }

  it('keeps the last 1024 answers, and never twice as many', () => {
    const answers = new AnswersOfSession('s', 0);
    for (let id = 0; id < 10_000; id++) {
      add(answers, String(id), 1);
      for (const back of [0, 1, 511, 1023]) {
        if (id >= back) assert.equal(answers.find(String(id - back), 1), answer, `${id} - ${back}`);
      }
      assert.equal(answers.find(String(id - 2048), 1), undefined);
    }
    assert.ok(answers.bytes < 2048 * 400);
  });

  it('does not forget what is still in work', () => {
    const answers = new AnswersOfSession('s', 0);
    const entry = answers.begin('slow', work, 0);
    for (let id = 0; id < 10_000; id++) add(answers, String(id), id * 10);
    assert.equal(answers.isStale(1_000_000), false);
    assert.equal(answers.find('slow', 1_000_000), work);
    answers.finish(entry, answer, 1_000_000);
    assert.equal(answers.find('slow', 1_019_999), answer);
    assert.equal(answers.isStale(1_020_000), true);
  });

  it('tells nobody the answers that somebody else got, while authentication is on', async () => {
    const ask = async (name: string, sessionId: string): Promise<unknown> => {
      const texts: string[] = [];
      const wire = {
        send: (text: string) => void texts.push(text),
        bufferedBytes: 0,
        close() {},
        pause() {},
        resume() {},
      };
      const principal = { name, scopes: ['admin' as const] };
      core
        .connection(wire, { address: '192.0.2.1', principal })
        .receive(request(1, 'create', { ...create, sessionId }));
      await settled();
      return texts[0];
    };
    const first = await ask('alice of sales', 's');
    assert.notEqual(await ask('bob', 's'), first);
    // Together they look the same.
    assert.notEqual(await ask('of sales', 's alice'), first);
    assert.notEqual(await ask('sales', 's alice of'), first);
    assert.equal(await ask('alice of sales', 's'), first);
    assert.equal(count(), 4);
  });

  it('is bounded over all sessions, forgets the oldest first, and gives the room back', async () => {
    const memory = new AnswerMemory(core.sessions, { nowMs: () => nowMs });
    let executed = 0;
    const ask = (sessionId: string): Promise<string> =>
      memory.around(
        { kind: 'request', id: 1, method: 'm', params: { sessionId } },
        one.connection,
        async () => {
          executed++;
          return { reply: { result: { sessionId } }, text: sessionId.padEnd(1_000_000) };
        },
      );
    for (let n = 0; n < 100; n++) {
      assert.equal((await ask(`s${n}`)).trim(), `s${n}`);
      assert.ok(memory.bytes <= 64 * 1024 * 1024);
    }
    assert.equal((await ask('s99')).trim(), 's99');
    assert.equal(executed, 100, 'the last is known');
    await ask('s0');
    assert.equal(executed, 101, 'the first is forgotten');
    nowMs += 20_000;
    memory.sweep();
    assert.equal(memory.bytes, 0);
  });
});
