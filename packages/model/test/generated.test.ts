/**
 * The generated interfaces match the descriptors, and programs can be written against them.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type * as client from '@rivero/model/client';
import type * as server from '@rivero/model/server';

/** What a program of a user does with the typed client. It is compiled, never run. */
async function userProgram(endpoint: client.WebRtcEndpoint, viewer: client.WebRtcEndpoint): Promise<void> {
  await endpoint.on('IceCandidateFound', ({ type, candidate: { candidate, sdpMLineIndex } }) => {
    const found: 'IceCandidateFound' = type;
    assert.ok(found && candidate && sdpMLineIndex >= 0);
  });
  await endpoint.once('Error', ({ description, errorCode }) => {
    assert.ok(description && errorCode);
  });
  await endpoint.connect(viewer, 'VIDEO');
  const element: client.MediaElement = viewer;
  await element.connect(endpoint);
  const answer: string = await endpoint.processOffer('v=0');
  const name: string = await endpoint.getName();
  await endpoint.setName(answer + name);
  for (const stats of Object.values(await endpoint.getStats('VIDEO'))) {
    if (stats.type === 'inboundrtp') assert.ok(stats.packetsReceived + stats.packetsLost);
    if (stats.type === 'endpoint') assert.ok(stats.E2ELatency.length + stats.inputLatency.length);
  }
  // @ts-expect-error an event that the class does not raise
  await endpoint.on('EndOfStream', () => {});
  // @ts-expect-error a value that the enum does not have
  await endpoint.connect(viewer, 'SMELL');
  const params: client.RemoteClasses['PlayerEndpoint']['params'] = { uri: 'file:///a.webm' };
  const creatable: readonly client.CreatableClass[] = ['MediaPipeline', 'WebRtcEndpoint', 'ChromaFilter'];
  assert.ok(params && creatable);
  await endpoint.release();
}

/** What an element of the server gets and gives. It is compiled, never run. */
async function serverProgram(
  params: server.WebRtcEndpointParams,
  peer: server.WebRtcEndpoint,
  events: server.EventsByName,
): Promise<void> {
  // What has a default is always there; what has none may be missing.
  const flags: readonly boolean[] = [params.recvonly, params.sendonly, params.useDataChannels];
  await peer.connect({ sink: peer, ...(flags[0] && { mediaType: 'AUDIO' }) });
  const parent: server.MediaObject | null = await peer.getParent();
  const stats: server.RTCPeerConnectionStats = {
    __type__: 'RTCPeerConnectionStats',
    id: 'a',
    type: 'session',
    timestampMillis: 0,
    dataChannelsOpened: 0,
    dataChannelsClosed: 0,
  };
  const all: Awaited<ReturnType<server.MediaElement['getStats']>> = { a: stats };
  const plate: 'plate-detected' = events.PlateDetected.type;
  // Two modules use the name `WindowParam`.
  const windows: [client.ChromaWindowParam, server.PointerdetectorWindowParam] = [
    { topRightCornerX: 0, topRightCornerY: 0, width: 1, height: 1 },
    { topRightCornerX: 0, topRightCornerY: 0, width: 1, height: 1 },
  ];
  assert.ok(parent && all && plate && windows);
}

describe('Generated interfaces', () => {
  it('match the descriptors', () => {
    const tool = fileURLToPath(new URL('../../../tools/gen.ts', import.meta.url));
    const run = spawnSync(process.execPath, ['--conditions=source', tool, '--check'], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
  });

  it('type the programs above', () => {
    assert.deepEqual([userProgram.length, serverProgram.length], [2, 3]);
  });
});
