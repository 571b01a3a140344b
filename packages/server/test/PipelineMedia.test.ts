/**
 * What a pipeline is told of its media, without any router process.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Connection, PadTable } from '@rivero/graph';
import type { RtpCodec } from '@rivero/rtp';
import { pino } from 'pino';
import { HostServices } from '../src/media/HostServices.ts';
import { PipelineMedia } from '../src/media/PipelineMedia.ts';
import { RouterPool } from '../src/media/RouterPool.ts';

const log = pino({ enabled: false });
let media: PipelineMedia;
let told: string[];

function codec(name: string): RtpCodec {
  return { payloadType: 96, name, clockRate: 90_000, channels: 1, parameters: {}, feedback: [] };
}

function camera(id: string, name = 'VP8'): PadTable {
  return { VIDEO: { source: { role: 'producer', producerId: `${id}/in`, codecs: [codec(name)] } } };
}

function viewer(id: string, name = 'VP8'): PadTable {
  return { VIDEO: { sink: { role: 'consumer', consumerId: `${id}/out`, codecs: [codec(name)] } } };
}

function video(sourceId: string, sinkId: string): Connection {
  const type = 'VIDEO';
  return { sourceId, sinkId, type, sourceDescription: 'default', sinkDescription: 'default' };
}

beforeEach(async () => {
  told = [];
  media = new PipelineMedia(
    await RouterPool.start({ routers: 0, udpPort: 0 }, log),
    new HostServices({ mode: 'off', spares: 0, transcoding: 'allow' }, log),
    {
      onFlow: ({ elementId, direction, flowing }) => told.push(`${elementId} ${direction} ${flowing}`),
      onUnserved: ({ connection }) => told.push(`unserved ${connection.sourceId}>${connection.sinkId}`),
      onTranscoding: ({ elementId, state }) =>
        told.push(`${state === 'TRANSCODING' ? 'transcoded' : 'forwarded'} ${elementId}`),
      onHostFailure: (elementId) => told.push(`failed ${elementId}`),
      onLost: () => told.push('lost'),
    },
    log,
  );
});

describe('PipelineMedia', () => {
  it('tells both ends of a flow, and forgets it with the element that it came from', async () => {
    media.setPads('a', camera('a'));
    media.setPads('b', viewer('b'));
    media.connections.add(video('a', 'b'));
    await media.sync();
    media.setFlowing('a/in', true);
    media.setFlowing('a/in', true);
    assert.deepEqual(told.splice(0), ['forwarded a', 'a out true', 'b in true']);
    assert.equal(media.flowingProducers, 1);
    assert.equal(media.isFlowing('b', 'VIDEO', 'in'), true);
    assert.deepEqual(await media.removeElement('a'), [video('a', 'b')]);
    assert.deepEqual(told, ['a out false', 'b in false']);
    assert.equal(media.flowingProducers, 0);
  });

  it('keeps nothing of a thousand elements that came, sent and went', async () => {
    for (let i = 0; i < 1000; i++) {
      media.setPads(`${i}`, camera(`${i}`));
      media.setFlowing(`${i}/in`, true);
      await media.removeElement(`${i}`);
    }
    assert.equal(media.flowingProducers, 0);
  });

  it('tells once what it cannot serve, and again after that was mended', async () => {
    media.setPads('a', camera('a', 'VP8'));
    media.setPads('b', viewer('b', 'H264'));
    media.connections.add(video('a', 'b'));
    await media.sync();
    await media.sync();
    assert.deepEqual(told.splice(0), ['unserved a>b']);
    media.connections.remove(video('a', 'b'));
    await media.sync();
    media.connections.add(video('a', 'b'));
    await media.sync();
    assert.deepEqual(told, ['unserved a>b']);
  });

  it('shares one plan among all who ask while another is under way', async () => {
    media.setPads('a', camera('a'));
    const first = media.sync();
    assert.equal(media.sync(), first);
    await first;
    assert.notEqual(media.sync(), first);
  });
});
