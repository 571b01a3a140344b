/**
 * One to many: one page presents its camera, any number of pages view it.
 *
 * The presenter's endpoint feeds the endpoint of each viewer. A viewer may come at any time; when the presenter
 * leaves, all viewers are told.
 * @module
 */
import { connect } from '@rivero/client';
import type { WebSocket } from 'ws';
import { Channel } from '../site/Channel.ts';
import { Site } from '../site/Site.ts';
import { tutorialOptions } from '../site/options.ts';
import { type Page, Room } from './Room.ts';
import { type FromPage, parseFromPage } from './messages.ts';

const options = tutorialOptions();
const media = await connect(options.media);
const room = new Room(media);
const site = await Site.start({
  port: options.port,
  page: new URL('./page/', import.meta.url),
  onSocket: serve,
});
console.log(`one2many ready ${site.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void site.close().then(() => media.close()));
}

/** Serves one page from its first message until it leaves the room. */
async function serve(socket: WebSocket): Promise<void> {
  const page: Page = new Channel(socket, parseFromPage);
  try {
    for await (const message of page.messages()) {
      try {
        await obey(page, message);
      } catch (error) {
        page.send({ id: 'rejected', message: error instanceof Error ? error.message : String(error) });
      }
    }
  } finally {
    await room.leave(page);
  }
}

function obey(page: Page, message: FromPage): Promise<void> {
  switch (message.id) {
    case 'presenter':
      return room.present(page, message.sdpOffer);
    case 'viewer':
      return room.view(page, message.sdpOffer);
    case 'onIceCandidate':
      return room.addCandidate(page, message.candidate);
    case 'stop':
      return room.leave(page);
  }
}
