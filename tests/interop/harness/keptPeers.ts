/**
 * Figures of the peer connections that a page makes by itself.
 * @module
 */
import type { Page } from 'playwright-core';
import type { Figures } from './PagePeer.ts';

/** Script to run in a page before its own: it keeps the page's peer connections in `peers`. */
export const keepPeers = `{
  globalThis.peers = [];
  const Original = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(...args) { super(...args); globalThis.peers.push(this); }
  };
}`;

/** What has arrived so far at the last peer connection of a page that ran `keepPeers`. */
export function figuresOf(page: Page): Promise<Figures> {
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
