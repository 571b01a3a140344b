/**
 * Endpoints of pipelines on different router processes, joined by SDP more than once; without a browser.
 * @module
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type RunningServer, startServer } from '@rivero/server';
import { Control } from './harness/Control.ts';
import { joinBySdp } from './harness/loopback.ts';
import { eventually } from './harness/PagePeer.ts';

/** How many transports, and sockets of their own, each router process has. */
async function counts(server: RunningServer): Promise<{ transports: number; ownSockets: number }[]> {
  const dumps = await Promise.all(server.context.media.pool.links.map((link) => link.request('dump', {})));
  return dumps.map(({ transports, counters }) => ({ transports, ownSockets: counters['ownSockets'] ?? -1 }));
}

describe('endpoints of two router processes', () => {
  for (const [order, together] of [
    ['one after the other', false],
    ['at the same moment', true],
  ] as const) {
    it(`connect in three pairs that are joined ${order}, and give their sockets back`, async () => {
      const options = { port: 0, udpPort: 0, host: '127.0.0.1', routers: 2, interfaces: ['lo'] };
      const server = await startServer(options);
      const control = await Control.open(server.wsUrl);
      after(async () => {
        control.close();
        await server.close();
      });
      const pipelines = [await control.create('MediaPipeline'), await control.create('MediaPipeline')];
      const create = (i: number): Promise<string> =>
        control.create('WebRtcEndpoint', { mediaPipeline: pipelines[i] });
      // A transport in each, one after the other: a pipeline goes to the router that has the fewest.
      for (const i of [0, 1]) await control.invoke(await create(i), 'generateOffer');
      const pairs: [string, string][] = [];
      for (const offerer of [0, 1, 0]) pairs.push([await create(offerer), await create(1 - offerer)]);
      const join = async ([offerer, answerer]: [string, string]): Promise<void> => {
        await joinBySdp(control, offerer, answerer);
        for (const endpoint of [offerer, answerer]) {
          await eventually(
            'connected',
            () => control.invoke(endpoint, 'getConnectionState'),
            (state) => state === 'CONNECTED',
          );
        }
      };
      if (together) await Promise.all(pairs.map(join));
      else for (const pair of pairs) await join(pair);

      const joined = await counts(server);
      assert.deepEqual(
        joined.map(({ transports }) => transports),
        [4, 4],
      );
      assert.ok(joined.some(({ ownSockets }) => ownSockets > 0));
      for (const pipeline of pipelines) await control.release(pipeline);
      const nothing = { transports: 0, ownSockets: 0 };
      await eventually(
        'nothing is left',
        () => counts(server),
        (left) => left.every((each) => JSON.stringify(each) === JSON.stringify(nothing)),
      );
    });
  }
});
