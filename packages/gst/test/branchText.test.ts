/**
 * Launch text of branches: what GStreamer's parser makes of it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeText,
  depayloadText,
  encoderName,
  encodeText,
  encoderText,
  payloadText,
  sessionName,
} from '../src/branchText.ts';
import { mediaCodec, mediaCodecs } from '../src/codecs.ts';
import type { PropertyValue } from '../src/native/GValue.ts';
import { Pipeline } from '../src/Pipeline.ts';

const withRtcp = { name: 'm', rtp: 'rtp', rtcp: 'rtcp', payloadType: 100 };
const withoutRtcp = { name: 'm', rtp: 'rtp', payloadType: 100 };

/** What `read` says of the pipeline of this text, which never runs. */
async function inspect<R>(text: string, read: (pipeline: Pipeline) => R): Promise<R> {
  const pipeline = Pipeline.launch(text.replaceAll(/fd=socket:\w+/g, 'fd=0'));
  try {
    return read(pipeline);
  } finally {
    await pipeline.close();
  }
}

const h264 = mediaCodec('H264')!;

describe('branchText', () => {
  for (const codec of mediaCodecs) {
    for (const stream of [withRtcp, withoutRtcp]) {
      it(`is understood for ${codec.name} ${stream === withRtcp ? 'with' : 'without'} RTCP`, async () => {
        const raw = codec.kind === 'video' ? 'videotestsrc' : 'audiotestsrc';
        await inspect(`${decodeText(codec, stream)} ! fakesink`, () => undefined);
        await inspect(`${depayloadText(codec, stream)} ! fakesink`, () => undefined);
        await inspect(`${raw} ! ${encodeText(codec, stream)}`, () => undefined);
        await inspect(`${raw} ! ${encoderText(codec, stream)} ! fakesink`, () => undefined);
      });
    }
  }

  it('puts one stream from decoder to encoder into one pipeline', async () => {
    const text = `${decodeText(h264, withRtcp)} ! videoflip ! ${encodeText(mediaCodec('VP8')!, { ...withRtcp, name: 'o' })}`;
    const names = await inspect(text, (pipeline) => pipeline.mapElements(({ name }) => name));
    for (const name of [sessionName('m'), sessionName('o'), encoderName('o')])
      assert.ok(names.includes(name));
  });

  it('remuxes without a decoder', async () => {
    const text = `${depayloadText(mediaCodec('VP8')!, withRtcp)} ! webmmux ! fakesink`;
    const factories = await inspect(text, (pipeline) =>
      pipeline.mapElements(({ factoryName }) => factoryName),
    );
    assert.ok(!factories.includes('vp8dec'));
    await inspect(`filesrc location=x ! h264parse ! ${payloadText(h264, withoutRtcp)}`, () => undefined);
  });

  it('hands parameters of SDP to the depayloader, whatever is in them', async () => {
    const parameters = {
      'sprop-parameter-sets': 'Z0IAKeKQ,aMljiA==',
      'profile-level-id': '42e01f',
      'packetization-mode': '1',
      evil: '" ! filesink location=/tmp/evil \\" ; x=(int)1',
      'bad key ! filesink': '1',
    };
    for (const stream of [withRtcp, withoutRtcp]) {
      const text = `${depayloadText(h264, { ...stream, parameters })} ! fakesink`;
      const found = await inspect(text, (pipeline) =>
        pipeline.mapElements((element) =>
          element.factoryName === 'capsfilter' ? String(element.get('caps')) : element.factoryName,
        ),
      );
      assert.ok(!found.includes('filesink'));
      const caps = found.find((each) => each.startsWith('application/x-rtp-stream')) ?? '';
      assert.match(caps, /sprop-parameter-sets=\(string\)"Z0IAKeKQ\\?,aMljiA\\?=\\?="/);
      assert.match(caps, /profile-level-id=\(string\)42e01f/);
    }
  });

  it('sets bitrate in the unit of the encoder, key frame distance, threads, SSRC and MTU', async () => {
    const settings = {
      ...withRtcp,
      bitrateBps: 750_000,
      keyFrameDistance: 60,
      threads: 2,
      ssrc: 4_294_967_295,
      mtuBytes: 900,
    };
    const read = (name: string): Promise<PropertyValue[]> =>
      inspect(`videotestsrc ! ${encodeText(mediaCodec(name)!, settings)}`, (pipeline) => {
        const { bitrate, keyFrameDistance, payloader } = mediaCodec(name)!;
        const encoder = pipeline.withElement(encoderName('m'), (element) =>
          [bitrate!.property, keyFrameDistance!, 'threads'].map((property) => element.get(property)),
        );
        const packets = pipeline.mapElements((element) =>
          element.factoryName === payloader[0] ? [element.get('ssrc'), element.get('mtu')] : [],
        );
        return [...encoder, ...packets.flat()];
      });
    assert.deepEqual(await read('VP8'), [750_000, 60, 2, 4_294_967_295, 900]);
    assert.deepEqual(await read('H264'), [750, 60, 2, 4_294_967_295, 900]);
  });

  it('refuses names that would change the text', () => {
    for (const name of ['', 'a b', 'a!b', 'a.b', 'ä']) {
      assert.throws(() => decodeText(h264, { ...withRtcp, name }), RangeError);
      assert.throws(() => encodeText(h264, { ...withRtcp, name }), RangeError);
    }
  });
});
