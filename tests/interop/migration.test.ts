/**
 * The differences between `kurento-client` 7.3.0 and `@rivero/client` that docs/migrate-from-kurento-client.md tells,
 * shown by both against the same server. Every row of that page that names this file is a test here.
 * @module
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { KurentoError, type KurentoClient as OurClient, TransactionError, connect } from '@rivero/client';
import kurentoClient, { type KurentoClient as OfficialClient } from 'kurento-client';
import { eventually } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';

let rivero: RiveroProcess;
let official: OfficialClient;
let ours: OurClient;

before(async () => {
  rivero = await RiveroProcess.start();
  official = await kurentoClient(rivero.wsUrl);
  ours = await connect(rivero.wsUrl);
});

after(async () => {
  official?.close();
  ours?.close();
  await rivero?.[Symbol.asyncDispose]();
});

describe('failed operations', () => {
  it('resolve with undefined in the official client, and reject in ours', async () => {
    const theirs = await (await official.create('MediaPipeline')).create('WebRtcEndpoint');
    assert.equal(await theirs.processOffer(''), undefined);
    const endpoint = await (await ours.create('MediaPipeline')).create('WebRtcEndpoint');
    await assert.rejects(endpoint.processOffer(''), (error) => {
      assert.ok(error instanceof KurentoError);
      assert.deepEqual([error.code, error.type], [40201, 'SDP_PARSE_ERROR']);
      return true;
    });
  });

  it('of create and getMediaobjectById reject in both', async () => {
    const theirs = await official.create('MediaPipeline');
    await assert.rejects(theirs.create('DispatcherOneToMany'), { code: 40108 });
    await assert.rejects(official.getMediaobjectById('x'), { name: 'ReferenceError', code: 40101 });
    const pipeline = await ours.create('MediaPipeline');
    await assert.rejects(pipeline.create('DispatcherOneToMany'), { code: 40108 });
    await assert.rejects(ours.getMediaobjectById('x'), { name: 'KurentoError', code: 40101 });
  });
});

describe('transactions', () => {
  it('throw in the official client on the Node versions of today, and work in ours', async () => {
    assert.throws(() => official.transaction(() => {}), /Class constructor Domain cannot be invoked/);
    const pipeline = await ours.transaction((tx) => tx.create('MediaPipeline'));
    assert.equal(await pipeline.getName(), pipeline.id);
    await assert.rejects(
      ours.transaction(async (tx) => void (await tx.create('MediaPipeline')).getTag('none')),
      TransactionError,
    );
  });
});

describe('client.connect', () => {
  it('refuses what await gave in the official client, and chains in ours, lists included', async () => {
    const theirs = await official.create('MediaPipeline');
    const [one, two] = [await theirs.create('PassThrough'), await theirs.create('PassThrough')];
    assert.throws(() => void official.connect(one, two), /should be a MediaElement/);
    const pipeline = await ours.create('MediaPipeline');
    const [a, b, c] = await pipeline.create([
      { type: 'PassThrough' },
      { type: 'PassThrough' },
      { type: 'PassThrough' },
    ]);
    await ours.connect([a, b], c);
    assert.equal((await c.getSourceConnections()).length, 3);
  });
});

describe('create with a list', () => {
  it('wants a callback in the official client, and gives a promise of all in ours', async () => {
    const failure = await official.create([{ type: 'MediaPipeline' }]).catch((error: unknown) => error);
    assert.match(String(failure), /callback is not a function/);
    const [first, second] = await ours.create([{ type: 'MediaPipeline' }, { type: 'MediaPipeline' }]);
    assert.notEqual(first.id, second.id);
  });
});

describe('values', () => {
  it('name objects by id and registers by type members in the official client; in ours they are proxies and plain', async () => {
    const theirs = await official.create('MediaPipeline');
    const [one, two] = [await theirs.create('PassThrough'), await theirs.create('PassThrough')];
    const seen: unknown[] = [];
    one.on('ElementConnected', ({ sink }) => seen.push(sink));
    await one.connect(two, 'VIDEO');
    const [connection] = (await one.getSinkConnections()) as Readonly<Record<string, unknown>>[];
    assert.deepEqual([connection?.['__type__'], connection?.['sink']], ['ElementConnectionData', two.id]);
    const pipeline = await ours.create('MediaPipeline');
    const [a, b] = await pipeline.create([{ type: 'PassThrough' }, { type: 'PassThrough' }]);
    await a.on('ElementConnected', ({ sink }) => seen.push(sink));
    await a.connect(b, 'VIDEO');
    const [data] = await a.getSinkConnections();
    assert.deepEqual([data?.sink, data && '__type__' in data], [b, false]);
    await eventually(
      'both events',
      () => seen.length,
      (count) => count === 2,
    );
    assert.deepEqual(seen, [two.id, b]);
  });

  it('an empty map is null in the official client, and an empty object in ours', async () => {
    const theirs = await (await official.create('MediaPipeline')).create('WebRtcEndpoint');
    assert.equal(await theirs.getStats('VIDEO'), null);
    const endpoint = await (await ours.create('MediaPipeline')).create('WebRtcEndpoint');
    assert.deepEqual(await endpoint.getStats('VIDEO'), {});
  });

  it('references are copies in the official client, and the same proxy in ours', async () => {
    const theirs = await (await official.create('MediaPipeline')).create('PassThrough');
    assert.notEqual(await official.getMediaobjectById(theirs.id), theirs);
    const element = await (await ours.create('MediaPipeline')).create('PassThrough');
    assert.equal(await ours.getMediaobjectById(element.id), element);
  });
});

describe('an event that the class does not have', () => {
  it('throws in the official client, and rejects in ours', async () => {
    const theirs = await official.create('MediaPipeline');
    assert.throws(() => theirs.on('NoSuch', () => {}), SyntaxError);
    const pipeline = await ours.create('MediaPipeline');
    // The types forbid it, so the call goes round them.
    const on: (event: never, listener: () => void) => Promise<void> = pipeline.on.bind(pipeline);
    await assert.rejects(
      on('NoSuch' as never, () => {}),
      TypeError,
    );
  });
});

describe('the console', () => {
  it('belongs to the program: the official client writes there, and our client prints nothing', () => {
    const folder = new URL('../../packages/', import.meta.url);
    const files = globSync('{client,rpc,model}/src/**/*.ts', { cwd: folder });
    assert.ok(files.length > 30);
    for (const file of files)
      assert.doesNotMatch(readFileSync(new URL(file, folder), 'utf8'), /\bconsole\./, file);
  });
});

describe('docs/migrate-from-kurento-client.md', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

  it('names for each row what shows it: a test that exists, or a line of the official client that says so', () => {
    const rows = read('docs/migrate-from-kurento-client.md')
      .split('\n')
      .filter((line) => line.startsWith('|') && !/^\| *(-|kurento-client)/.test(line));
    assert.ok(rows.length >= 30, `${rows.length} rows`);
    for (const row of rows) {
      const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      const proofs = [...(cells.at(-2) ?? '').matchAll(/`([^`]+)`(?: “([^”]+)”)?/g)];
      assert.ok(proofs.length > 0, `no proof: ${row}`);
      for (const [, path = '', words = ''] of proofs) {
        assert.ok(read(path).includes(words), `${path} does not say “${words}”`);
      }
    }
  });
});
