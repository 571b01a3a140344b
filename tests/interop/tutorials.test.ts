/**
 * The tutorials, used as their readers use them, in Chromium.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from '@rivero/client';
import type { Page } from 'playwright-core';
import { assertPlays, eventually } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';
import { TutorialProcess } from './harness/TutorialProcess.ts';
import { figuresOf, keepPeers } from './harness/keptPeers.ts';

/** Opens a tutorial's page; what goes wrong in it is added to `faults`. */
async function openPage(browser: TestBrowser, url: string, faults: string[]): Promise<Page> {
  const page = await browser.open();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.addInitScript(keepPeers);
  await page.goto(url);
  return page;
}

const click = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();

const waitForStatus = (page: Page, text: string): Promise<unknown> =>
  page.waitForFunction((wanted) => document.querySelector('[role=status]')?.textContent === wanted, text, {
    timeout: 10_000,
  });

/** How many pipelines the server has. */
async function pipelineCount(mediaUrl: string): Promise<number> {
  using client = await connect(mediaUrl);
  const manager = await client.getServerManager();
  return (await manager.getPipelines()).length;
}

const noPipelines = (mediaUrl: string): Promise<number> =>
  eventually(
    'no pipeline left',
    () => pipelineCount(mediaUrl),
    (count) => count === 0,
  );

describe('tutorial hello-world', () => {
  it('shows the camera come back for 20 s, again after Stop, and leaves nothing behind', async () => {
    await using rivero = await RiveroProcess.start();
    await using tutorial = await TutorialProcess.start('hello-world', rivero.wsUrl);
    await using browser = await TestBrowser.start();
    const faults: string[] = [];
    const page = await openPage(browser, tutorial.url, faults);
    await click(page, 'Start');
    const last = await assertPlays(() => figuresOf(page), 20);
    assert.ok(last.frameWidth > 0);
    assert.equal(await pipelineCount(rivero.wsUrl), 1);
    await click(page, 'Stop');
    await waitForStatus(page, 'Stopped');
    await noPipelines(rivero.wsUrl);

    await click(page, 'Start');
    await assertPlays(() => figuresOf(page), 2);
    await page.close();
    await noPipelines(rivero.wsUrl);
    assert.deepEqual(faults, []);
    assert.equal(await tutorial.stop(), 0);
  });
});

describe('tutorial one2many', () => {
  it('carries one presenter to three viewers, one of them late, and tells them when it vanishes', async (context) => {
    await using rivero = await RiveroProcess.start();
    await using tutorial = await TutorialProcess.start('one2many', rivero.wsUrl);
    await using browser = await TestBrowser.start();
    const faults: string[] = [];
    const open = (): Promise<Page> => openPage(browser, tutorial.url, faults);
    const presenter = await open();
    const viewers = [await open(), await open(), await open()] as const;
    const [first, second, late] = viewers;

    await click(first, 'View');
    await waitForStatus(first, 'Nobody is presenting yet');
    await click(presenter, 'Present');
    await waitForStatus(presenter, 'Connection: connected');
    await Promise.all([click(first, 'View'), click(second, 'View')]);
    const plays = [first, second].map((page) => assertPlays(() => figuresOf(page), 20));
    await eventually(
      'media flows',
      () => figuresOf(first),
      ({ framesDecoded }) => framesDecoded > 30,
    );

    const joinedMs = performance.now();
    await click(late, 'View');
    await eventually(
      'a picture at the late viewer',
      () => figuresOf(late),
      ({ framesDecoded }) => framesDecoded > 0,
    );
    const waitedMs = performance.now() - joinedMs;
    context.diagnostic(`first picture of the late viewer after ${waitedMs.toFixed(0)} ms`);
    assert.ok(waitedMs < 1000, `the late viewer waited ${waitedMs.toFixed(0)} ms for its picture`);
    await Promise.all([...plays, assertPlays(() => figuresOf(late), 15)]);

    const rival = await open();
    await click(rival, 'Present');
    await waitForStatus(rival, 'Somebody else is presenting already');

    await presenter.close();
    await Promise.all(viewers.map((page) => waitForStatus(page, 'The presentation is over')));
    await noPipelines(rivero.wsUrl);
    assert.deepEqual(faults, []);
    assert.equal(await tutorial.stop(), 0);
  });
});
