/**
 * Media hosts as the server sees them: what they can do, and what is said where there are none.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { HostServices } from '../src/media/HostServices.ts';
import { hostAbilities } from '../src/media/hostAbilities.ts';
import { LossLimit } from '../src/media/LossLimit.ts';

const log = pino({ enabled: false });
const off = { mode: 'off', spares: 1, transcoding: 'allow' } as const;

describe('Media hosts that are turned off', () => {
  it('are none, start nothing, and refuse elements that need them with 40108', async () => {
    const hosts = new HostServices(off, log);
    assert.equal(await hosts.discover(), undefined);
    assert.equal(hosts.abilities, undefined);
    assert.deepEqual(hosts.processIds, []);
    await assert.rejects(hosts.demand('RecorderEndpoint', ['webmmux']), {
      code: 40108,
      message: /hosts\.mode/,
    });
    await hosts.close();
  });
});

describe('What is installed', () => {
  it('names missing packages to who needs their elements', async () => {
    const hosts = new HostServices({ ...off, mode: 'auto' }, log);
    await assert.rejects(hosts.demand('It', ['no-such-element']), {
      code: 40108,
      message: /It needs GStreamer/,
    });
    await hosts.close();
  });

  it('becomes abilities: names of RTP where packets are meant, of files elsewhere', () => {
    const codec = (name: string, kind: 'audio' | 'video', decodes: boolean, encodes: boolean) => ({
      name,
      kind,
      decodes,
      encodes,
    });
    const abilities = hostAbilities({
      codecs: [
        codec('VP8', 'video', true, true),
        codec('H264', 'video', true, false),
        codec('MPEG4-GENERIC', 'audio', false, true),
        codec('SPEEX', 'audio', false, false),
      ],
      available: ['avdec_mp3'],
    });
    assert.deepEqual(abilities.decodes, new Set(['VP8', 'H264', 'MP3']));
    assert.deepEqual(abilities.encodes, new Set(['VP8', 'AAC']));
    assert.deepEqual(abilities.packetizes, new Set(['VP8', 'H264', 'MPEG4-GENERIC']));
  });
});

describe('A limit of losses', () => {
  it('admits five within a minute, and again when they are past', () => {
    const limit = new LossLimit();
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 59_999, 60_001].map((nowMs) => limit.admit(nowMs)),
      [true, true, true, true, true, false, false, true],
    );
  });
});
