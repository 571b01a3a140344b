/**
 * The object tree: release, listeners and the graph for people.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { Core } from '../src/core.ts';
import type { MediaObject } from '../src/objects/MediaObject.ts';
import { makeCore, Probe, TestClient, textOf } from './harness.ts';

let core: Core;
let client: TestClient;
let pipeline: string;
beforeEach(async () => {
  core = makeCore();
  client = new TestClient(core);
  pipeline = await client.create('MediaPipeline');
});

async function named(name: string, type = 'PassThrough', params = {}): Promise<MediaObject> {
  const id = await client.create(type, { mediaPipeline: pipeline, ...params });
  await client.invoke(id, 'setName', { name });
  return core.context.registry.resolve(id);
}

describe('release', () => {
  it('lets go of the children first, tells their end first, and leaves nothing', async () => {
    await named('a');
    const hub = await named('hub', 'Composite');
    await named('port', 'HubPort', { hub: hub.id });
    const gone: string[] = [];
    core.context.registry.addListener({
      objectCreated: () => {},
      objectDestroyed: (object) => gone.push(object.info.name),
    });
    await client.call('release', { object: pipeline });
    assert.deepEqual(Probe.released.toSorted(), ['a', 'port']);
    assert.deepEqual(gone, ['PassThrough', 'HubPort', 'Composite', 'MediaPipeline']);
    assert.equal(core.context.registry.size, 1);
  });

  it('happens once, however often and from wherever it is asked for', async () => {
    const object = await named('a');
    assert.equal(object.released, false);
    const first = object.release();
    assert.equal(object.released, true);
    assert.equal(object.release(), first);
    await Promise.all([first, core.context.registry.resolve(pipeline).release()]);
    assert.deepEqual(Probe.released, ['a']);
  });

  it('goes on when one of them cannot let go', async () => {
    await named('broken');
    await named('sound');
    await client.call('release', { object: pipeline });
    assert.deepEqual(Probe.released.toSorted(), ['broken', 'sound']);
    assert.equal(core.context.registry.size, 1);
  });

  it('takes the object out of the tree and the registry at once', async () => {
    const object = await named('a');
    const parent = core.context.registry.resolve(pipeline);
    const released = object.release();
    assert.deepEqual(parent.getChildren(), []);
    assert.equal(core.context.registry.find(object.id), undefined);
    await released;
    assert.deepEqual(parent.children, []);
  });

  it('of 2000 objects leaves no object, session or listener behind', async () => {
    for (let i = 0; i < 20; i++) {
      const ids = [];
      for (let n = 0; n < 100; n++) ids.push(await client.create('PassThrough', { mediaPipeline: pipeline }));
      await Promise.all(ids.map((object) => client.call('release', { object })));
    }
    assert.equal(core.context.registry.size, 2);
    await client.call('release', { object: pipeline });
    assert.deepEqual(core.sessions.ids, []);
  });
});

describe('listeners inside the server', () => {
  it('see live objects, may leave at any time, and do not disturb each other', async () => {
    const object = await named('a');
    const seen: unknown[] = [];
    object.listen('ElementConnected', () => {
      throw new Error('bad listener');
    });
    const leave = object.listen('ElementConnected', (event) => {
      seen.push(event.fields['sink']);
      leave();
    });
    object.raise('ElementConnected', { sink: object });
    object.raise('ElementConnected', { sink: object });
    assert.deepEqual(seen, [object]);
  });

  it('make a misspelt event a bug', async () => {
    const object = await named('a');
    object.listen('Nonsense', () => {});
    assert.throws(() => object.raise('Nonsense'), TypeError);
  });
});

describe('the graph', () => {
  it('shows all objects under their names, nested as they are', async () => {
    await named('camera "1"');
    const hub = await named('stage', 'Composite');
    await named('seat', 'HubPort', { hub: hub.id });
    const text = textOf(await client.invoke(pipeline, 'getGstreamerDot'));
    assert.match(text, /^digraph pipeline \{\n/);
    assert.ok(text.includes('label="PassThrough\\ncamera \\"1\\""'.replaceAll('\\\\n', '\\n')), text);
    assert.match(text, /subgraph "cluster_[^"]+Composite" \{/);
    assert.equal(text.split('{').length, text.split('}').length);
    assert.equal(textOf(await client.invoke(pipeline, 'getGstreamerDot', { details: 'SHOW_ALL' })), text);
  });

  it('is written into the directory of the environment, or nowhere', async () => {
    delete process.env['GST_DEBUG_DUMP_DOT_DIR'];
    assert.equal(await client.invoke(pipeline, 'dumpGstreamerDot'), null);
    const directory = await mkdtemp(join(tmpdir(), 'rivero-dot-'));
    try {
      process.env['GST_DEBUG_DUMP_DOT_DIR'] = directory;
      await client.invoke(pipeline, 'dumpGstreamerDot');
      const [file = ''] = await readdir(directory);
      assert.match(file, /^2026-01-01T.*MediaPipeline.*\.dot$/);
      assert.match(await readFile(join(directory, file), 'utf8'), /^digraph/);
    } finally {
      delete process.env['GST_DEBUG_DUMP_DOT_DIR'];
      await rm(directory, { recursive: true });
    }
  });
});
