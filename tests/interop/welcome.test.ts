/**
 * The welcome page: one click, and the camera comes back.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figuresOf, keepPeers } from './harness/keptPeers.ts';
import { assertPlays } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

describe('welcome page', () => {
  it('sends the camera to the server and shows it back for 20 s after a click on Start', async () => {
    await using rivero = await RiveroProcess.start();
    await using browser = await TestBrowser.start();
    const page = await browser.open();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await page.addInitScript(keepPeers);
    await page.goto(rivero.httpUrl);
    await page.getByRole('button', { name: 'Start' }).click();
    const last = await assertPlays(() => figuresOf(page), 20);
    assert.ok(last.frameWidth > 0);
    for (const figure of ['roundTrip', 'bitrateOut', 'bitrateIn', 'frames', 'resolution', 'audioLevel']) {
      const shown = await page.locator(`[data-figure="${figure}"]`).textContent();
      assert.match(shown ?? '', /\d/, `the page shows ${figure}`);
    }

    const shown = await page.evaluate(
      () => [...document.querySelectorAll('video')].filter((v) => v.currentTime > 0).length,
    );
    assert.ok(shown >= 1, `${shown} pictures move`);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.waitForFunction(() =>
      globalThis.peers.every(({ connectionState }) => connectionState === 'closed'),
    );
    assert.deepEqual(faults, []);
  });
});
