/**
 * Pools of media hosts: who shares a process, what happens when one dies, spares, back-off.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { Backoff } from '../src/Backoff.ts';
import { HostError } from '../src/HostError.ts';
import { type BranchPlacement, HostPool, type HostPoolOptions } from '../src/HostPool.ts';
import { eventually } from './TestHost.ts';

interface Lost {
  readonly branchIds: readonly string[];
  readonly reason: string;
  readonly atMs: number;
}

async function startPool(options: HostPoolOptions = {}): Promise<{ pool: HostPool; lost: Lost[] }> {
  const lost: Lost[] = [];
  const pool = await HostPool.start(options, {
    onEvent: () => {},
    onBranchesLost: (branchIds, reason) => lost.push({ branchIds, reason, atMs: performance.now() }),
  });
  after(() => pool.close());
  return { pool, lost };
}

const text = 'videotestsrc is-live=true ! video/x-raw,width=160,height=120 ! identity name=i ! fakesink';
const transcode: BranchPlacement = { purpose: 'transcode', policy: 'shared' };
const filter: BranchPlacement = { purpose: 'filter', policy: 'isolated' };

describe('HostPool', () => {
  it('puts shared branches of one purpose into one process, and isolated ones each into its own', async () => {
    const { pool } = await startPool();
    await Promise.all([
      ...['a', 'b', 'c'].map((branchId) => pool.launch({ branchId, text }, transcode)),
      pool.launch({ branchId: 'player', text }, { purpose: 'player', policy: 'shared' }),
      ...['x', 'y'].map((branchId) => pool.launch({ branchId, text }, filter)),
    ]);
    const shape = pool.state.hosts.map(({ purpose, branches }) => `${purpose} ${branches}`).sort();
    assert.deepEqual(shape, ['filter 1', 'filter 1', 'player 1', 'transcode 3']);
    await eventually(() => pool.state.spares.length === 1, 'a spare');
    const [isolated] = pool.state.hosts.filter(({ purpose }) => purpose === 'filter');
    await pool.closeBranch('x');
    await pool.closeBranch('y');
    await eventually(() => !existsSync(`/proc/${isolated?.pid}`), 'an isolated process ends with its branch');
    await pool.closeBranch('a');
    assert.equal(pool.state.hosts.find(({ purpose }) => purpose === 'transcode')?.branches, 2);
    await pool.close();
  });

  it('opens another process when one has all the branches that it may have', async () => {
    const { pool } = await startPool({ branchesPerHost: 2 });
    for (const branchId of ['a', 'b', 'c']) await pool.launch({ branchId, text }, transcode);
    assert.deepEqual(
      pool.state.hosts.map(({ branches }) => branches),
      [2, 1],
    );
    await pool.close();
  });

  it('passes operations to the host of the branch', async () => {
    const { pool } = await startPool();
    await pool.launch({ branchId: 'a', text }, transcode);
    await pool.request('set', { branchId: 'a', element: 'i', property: 'sleep-time', value: 7 });
    const reply = await pool.request('get', { branchId: 'a', element: 'i', property: 'sleep-time' });
    assert.equal(reply.value, 7);
    await assert.rejects(pool.request('query', { branchId: 'nobody' }), { type: 'NOT_FOUND' });
    await assert.rejects(pool.launch({ branchId: 'a', text }, transcode), { type: 'INVALID_REQUEST' });
    await assert.rejects(pool.launch({ branchId: 'z', text: 'fakesrc !' }, transcode), {
      type: 'LAUNCH_FAILED',
    });
    await eventually(() => pool.state.spares.length === 1, 'a spare');
    assert.equal((await pool.dump()).size, 2);
    await pool.close();
  });

  it('tells within a second which branches died with a process; a spare takes over at once', async () => {
    const { pool, lost } = await startPool({ spares: 1 });
    await pool.launch({ branchId: 'a', text }, transcode);
    await pool.launch({ branchId: 'b', text }, transcode);
    await pool.launch({ branchId: 'other', text }, { purpose: 'player', policy: 'shared' });
    await eventually(() => pool.state.spares.length === 1, 'a spare');
    const [host] = pool.state.hosts;
    const [spare] = pool.state.spares;
    process.kill(host!.pid, 'SIGKILL');
    await eventually(() => lost.length === 1, 'told', 1000);
    assert.deepEqual([...lost[0]!.branchIds].sort(), ['a', 'b']);
    assert.equal(lost[0]!.reason, 'SIGKILL');
    await pool.launch({ branchId: 'a', text }, transcode);
    assert.ok(
      pool.state.hosts.some(({ pid, branches }) => pid === spare && branches === 1),
      'in the spare',
    );
    const position = await pool.request('query', { branchId: 'other' });
    assert.ok(position !== undefined, 'the other process goes on');
    await eventually(() => pool.state.spares.length === 1, 'another spare');
    await pool.close();
  });

  it('tells who launches a branch that kills its process by an error, and nobody else', async () => {
    const { pool, lost } = await startPool();
    await pool.launch({ branchId: 'a', text }, filter);
    const [host] = pool.state.hosts;
    process.kill(host!.pid, 'SIGSTOP');
    const closing = pool.closeBranch('a');
    process.kill(host!.pid, 'SIGKILL');
    await assert.rejects(closing, { type: 'HOST_GONE' });
    assert.deepEqual(lost, []);
    assert.deepEqual(pool.state.hosts, []);
    await pool.close();
  });

  it('finds out about a process that hangs', async () => {
    const { pool, lost } = await startPool({ deadlineMs: 3000, pingIntervalMs: 100 });
    await pool.launch({ branchId: 'a', text }, transcode);
    process.kill(pool.state.hosts[0]!.pid, 'SIGSTOP');
    await eventually(() => lost.length === 1, 'told', 6000);
    assert.match(lost[0]!.reason, /not answered within 3000 ms/);
    await pool.close();
  });

  it('replaces spares that die, and leaves no process when closed', async () => {
    const { pool, lost } = await startPool({ spares: 2 });
    await eventually(() => pool.state.spares.length === 2, 'two spares');
    const pids = [...pool.state.spares];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually(
      () => pool.state.spares.length === 2 && !pool.state.spares.some((pid) => pids.includes(pid)),
      'two new spares',
    );
    assert.deepEqual(lost, []);
    const left = [...pool.state.spares];
    await pool.close();
    assert.deepEqual(
      left.filter((pid) => existsSync(`/proc/${pid}`)),
      [],
    );
    await assert.rejects(pool.launch({ branchId: 'late', text }, transcode), HostError);
  });

  it('says why no process comes up', async () => {
    const environment = { NODE_OPTIONS: '--no-such-option' };
    await assert.rejects(startPool({ environment }), /did not start/);
  });
});

describe('Backoff', () => {
  it('lets the first failure pass, then doubles the delay up to ten seconds', () => {
    const backoff = new Backoff();
    const delays: number[] = [];
    assert.equal(backoff.delayMs(1000), 0);
    for (let i = 0; i < 10; i++) {
      backoff.failed(1000);
      delays.push(backoff.delayMs(1000));
    }
    assert.deepEqual(delays, [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('counts down, and forgets after half a minute', () => {
    const backoff = new Backoff();
    for (let i = 0; i < 3; i++) backoff.failed(1000);
    assert.deepEqual(
      [1000, 1150, 1300].map((nowMs) => backoff.delayMs(nowMs)),
      [200, 50, 0],
    );
    backoff.failed(31_001);
    assert.equal(backoff.delayMs(31_001), 0);
  });
});
