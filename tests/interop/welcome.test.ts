/**
 * The welcome page: one click, and the camera comes back.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertPlays, type Figures } from './harness/PagePeer.ts';
import { RiveroProcess } from './harness/RiveroProcess.ts';
import { TestBrowser } from './harness/TestBrowser.ts';

/** Keeps the page's peer connections, so that its figures can be read as those of any page. */
const keepPeers = `{
  globalThis.peers = [];
  const Original = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(...args) { super(...args); globalThis.peers.push(this); }
  };
}`;

/** Figures of the last peer connection of the page. */
function figuresOf(page: Page): Promise<Figures> {
  return page.evaluate(async () => {
    const figures = { framesDecoded: 0, audioEnergy: 0, frameWidth: 0, packetsLost: 0 };
    for (const entry of (await globalThis.peers.at(-1)?.getStats())?.values() ?? []) {
      if (entry.type !== 'inbound-rtp') continue;
      figures.framesDecoded += entry.framesDecoded ?? 0;
      figures.audioEnergy += entry.totalAudioEnergy ?? 0;
      figures.frameWidth ||= entry.frameWidth ?? 0;
      figures.packetsLost += entry.packetsLost ?? 0;
    }
    return figures;
  });
}

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
