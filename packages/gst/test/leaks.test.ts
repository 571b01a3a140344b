/**
 * What many branches leave behind in a media host: nothing.
 * @module
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { encodeText, encoderName } from '../src/branchText.ts';
import { mediaCodec } from '../src/codecs.ts';
import type { HostDump, SocketRequest } from '../src/operations.ts';
import { RouterEnd } from './RouterEnd.ts';
import { eventually, startHost, type TestHost } from './TestHost.ts';

const router = await RouterEnd.open();
after(() => router.close());
const vp8 = mediaCodec('vp8')!;
const picture = 'videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=60/1';

function socket(name: string, streamId: string): SocketRequest {
  return { name, path: router.path, streamId };
}

describe('HostProcess leaks', () => {
  it('200 branches leave memory, descriptors and threads as they were', async () => {
    const test: TestHost = await startHost();
    const round = async (i: number): Promise<void> => {
      const branchId = `leak${i}`;
      const sockets = [socket('rtp', `${branchId}/rtp`), socket('rtcp', `${branchId}/rtcp`)];
      const stream = { name: 'v', rtp: 'rtp', rtcp: 'rtcp', payloadType: 96 };
      const text = `${picture} ! tee name=t allow-not-linked=true t. ! ${encodeText(vp8, stream)}`;
      await test.host.request('launch', { branchId, text, sockets });
      await test.host.request('link', {
        branchId,
        partId: 'p',
        text: 'queue ! fakesink async=false',
        from: { element: 't', pad: 'src_%u' },
      });
      await test.host.request('set', {
        branchId,
        element: encoderName('v'),
        property: 'target-bitrate',
        value: 300_000 + i,
      });
      await test.host.request('unlink', { branchId, partId: 'p' });
      await test.host.request('close', { branchId });
    };
    const rounds = async (count: number, from: number): Promise<HostDump> => {
      for (let i = 0; i < count; i += 4) await Promise.all([0, 1, 2, 3].map((j) => round(from + i + j)));
      return await test.host.request('dump', {});
    };
    const warm = await rounds(60, 0);
    const end = await rounds(200, 1000);
    assert.deepEqual(end.branches, {});
    assert.equal(end.sockets, 0);
    assert.ok(
      end.descriptors <= warm.descriptors + 4,
      `descriptors ${warm.descriptors} → ${end.descriptors}`,
    );
    assert.ok(end.threads <= warm.threads + 8, `threads ${warm.threads} → ${end.threads}`);
    const grownMb = (end.residentBytes - warm.residentBytes) / 1e6;
    assert.ok(grownMb < 20, `memory grew by ${grownMb.toFixed(1)} MB`);
    await eventually(() => router.connections === 0, 'all connections closed');
    await test.host.close();
  });
});
