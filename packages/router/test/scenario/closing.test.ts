/**
 * Nothing is left when everything is closed, in whatever order.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../peers/random.ts';
import { World } from '../peers/World.ts';

const camera = { ssrc: 1000, name: 1, firstSequenceNumber: 0 };

describe('Closing', () => {
  for (const order of ['publisher first', 'viewer first', 'producer, then sessions'] as const) {
    it(`leaves nothing behind: ${order}`, () => {
      const world = new World(1);
      const published = world.publish('camera', camera);
      const watched = world.watch('viewer', 20);
      world.link('viewer', 'camera');
      world.run(2000);
      assert.equal(world.router.dump().memoryBytes, 262_144);
      if (order === 'producer, then sessions') published.session.closeProducer('camera');
      const sessions = [published.session, watched.session];
      if (order === 'viewer first') sessions.reverse();
      for (const session of sessions) session.close();
      for (const session of sessions) session.close();
      world.run(3000);
      const { sessions: open, producers, consumers, memoryBytes } = world.router.dump();
      assert.deepEqual(
        { open, producers, consumers, memoryBytes },
        { open: 0, producers: 0, consumers: 0, memoryBytes: 0 },
      );
      assert.equal(world.test.regions.heldBytes, 0);
      assert.equal(world.router.stats('viewer', 0), undefined);
      world.router.handleTimeout(world.nowMs + 100_000);
      assert.equal(world.router.nextTimeoutMs(), Number.POSITIVE_INFINITY);
    });
  }

  it('gives the cache back when the last viewer leaves, and takes it again for the next', () => {
    const world = new World(2);
    world.publish('camera', camera);
    world.watch('viewer', 20);
    for (let i = 0; i < 5; i++) {
      world.link('viewer', 'camera');
      world.run(world.nowMs + 200);
      assert.equal(world.test.regions.heldBytes, 262_144);
      world.link('viewer', null);
      assert.equal(world.test.regions.heldBytes, 0);
    }
  });

  it('pauses and resumes a consumer', () => {
    const world = new World(3);
    world.publish('camera', camera);
    const { viewer, session } = world.watch('viewer', 20);
    world.link('viewer', 'camera');
    world.run(1000);
    session.pauseConsumer('viewer');
    world.run(1020);
    const paused = viewer.packets.size;
    world.run(3000);
    assert.equal(viewer.packets.size, paused);
    assert.equal(world.test.regions.heldBytes, 0);
    session.resumeConsumer('viewer', world.nowMs);
    world.run(4000);
    assert.ok(viewer.packets.size > paused + 60);
    assert.deepEqual(viewer.holes, []);
  });

  it('survives any order of links, pauses and closes', () => {
    for (let seed = 0; seed < 6; seed++) {
      const random = seededRandom(seed);
      const world = new World(seed, { delayMs: 5, jitterMs: 20, lossPercent: 3, duplicatePercent: 1 });
      const sources = [1, 2, 3].map((name) => {
        world.publish(`camera${name}`, { ssrc: 1000 * name, name, firstSequenceNumber: name * 9000 });
        return `camera${name}`;
      });
      const viewers = [1, 2, 3, 4].map((n) => ({ id: `viewer${n}`, ...world.watch(`viewer${n}`, n) }));
      for (let i = 0; i < 60; i++) {
        const { id, session, viewer } = viewers[Math.floor(random() * viewers.length)]!;
        const choice = Math.floor(random() * 6);
        if (choice === 0) session.pauseConsumer(id);
        else if (choice === 1) session.resumeConsumer(id, world.nowMs);
        else if (choice === 2) world.link(id, null);
        else if (choice === 3) viewer.requestKeyFrame(world.nowMs);
        else world.link(id, sources[Math.floor(random() * sources.length)] ?? null);
        world.run(world.nowMs + Math.floor(random() * 300));
      }
      // The viewers have compared every repeated packet with its first transmission by now.
      for (const { id } of [...viewers, ...sources.map((id) => ({ id }))]) world.router.closeSession(id);
      assert.equal(world.test.regions.heldBytes, 0, `seed ${seed}`);
      assert.equal(world.router.dump().consumers, 0);
    }
  });
});

describe('Misuse by the caller', () => {
  it('is refused with the id in the message', () => {
    const world = new World(4);
    const { session } = world.publish('camera', camera);
    world.watch('viewer', 20);
    assert.throws(() => world.link('nobody', 'camera'), /There is no consumer 'nobody'/);
    assert.throws(() => world.link('viewer', 'nobody'), /There is no producer 'nobody'/);
    assert.throws(() => world.publish('camera', camera), /Session 'camera' exists already/);
    const again = {
      producerId: 'viewer',
      kind: 'audio',
      mid: '',
      codecs: [],
      ssrcs: [],
      extensions: {},
    } as const;
    assert.throws(() => session.produce(again), /Id 'viewer' is taken/);
    session.produce({ ...again, producerId: 'sound' });
    assert.throws(() => world.link('viewer', 'sound'), TypeError);
    session.close();
    assert.throws(() => session.produce({ ...again, producerId: 'late' }), /Session 'camera' is closed/);
  });
});
