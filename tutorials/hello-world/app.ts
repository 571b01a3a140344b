/**
 * Hello world: the page's camera goes to the media server and comes back.
 *
 * The application sits between the page and the media server. The page sends its offer; the application makes a
 * pipeline with one endpoint that is connected to itself, and sends the answer back.
 * @module
 */
import { type KurentoClient, type Remote, connect } from '@rivero/client';
import type { WebSocket } from 'ws';
import { Channel } from '../site/Channel.ts';
import { Site } from '../site/Site.ts';
import { tutorialOptions } from '../site/options.ts';
import { type FromApp, type FromPage, parseFromPage } from './messages.ts';

type Page = Channel<FromPage, FromApp>;

const options = tutorialOptions();
const media = await connect(options.media);
const site = await Site.start({
  port: options.port,
  page: new URL('./page/', import.meta.url),
  onSocket: (socket) => serve(socket, media),
});
console.log(`hello-world ready ${site.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void site.close().then(() => media.close()));
}

interface Loopback {
  readonly pipeline: Remote<'MediaPipeline'>;
  readonly endpoint: Remote<'WebRtcEndpoint'>;
}

/** Serves one page from its first message until it leaves; then everything made for it is released. */
async function serve(socket: WebSocket, client: KurentoClient): Promise<void> {
  const page: Page = new Channel(socket, parseFromPage);
  let loopback: Loopback | undefined;
  try {
    for await (const message of page.messages()) {
      try {
        if (message.id === 'onIceCandidate') {
          await loopback?.endpoint.addIceCandidate(message.candidate);
        } else {
          await loopback?.pipeline.release();
          loopback = message.id === 'start' ? await startLoopback(client, page, message.sdpOffer) : undefined;
        }
      } catch (error) {
        page.send({ id: 'error', message: error instanceof Error ? error.message : String(error) });
      }
    }
  } finally {
    await loopback?.pipeline.release();
  }
}

/** Makes the loopback for a page and answers its offer. What was made is released if anything fails. */
async function startLoopback(client: KurentoClient, page: Page, sdpOffer: string): Promise<Loopback> {
  const pipeline = await client.create('MediaPipeline');
  try {
    const endpoint = await pipeline.create('WebRtcEndpoint');
    await endpoint.connect(endpoint);
    await endpoint.on('IceCandidateFound', ({ candidate }) => page.send({ id: 'iceCandidate', candidate }));
    page.send({ id: 'startResponse', sdpAnswer: await endpoint.processOffer(sdpOffer) });
    await endpoint.gatherCandidates();
    // Whoever ends the pipeline, be it the media server by itself: the page hears of it.
    void pipeline.whenReleased().then(() => page.send({ id: 'stopped' }));
    return { pipeline, endpoint };
  } catch (error) {
    await pipeline.release();
    throw error;
  }
}
