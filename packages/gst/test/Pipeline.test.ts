/**
 * Pipelines in this process: properties of every type, launch errors, messages, states, media in and out.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endStream, hasEnded, pullSample, pushBuffer } from '../src/appElements.ts';
import type { BusMessage } from '../src/BusMessage.ts';
import { BusPoller } from '../src/BusPoller.ts';
import { Element } from '../src/Element.ts';
import { HostError, type HostErrorType } from '../src/HostError.ts';
import type { PropertyValue } from '../src/native/GValue.ts';
import { Pipeline } from '../src/Pipeline.ts';
import { eventually } from './TestHost.ts';

function hostError(type: HostErrorType, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.type === type && message.test(error.message);
}

/** Runs a pipeline with its bus read, and ends it. */
async function withPipeline(
  text: string,
  use: (pipeline: Pipeline, messages: BusMessage[]) => Promise<void> | void,
): Promise<void> {
  const pipeline = Pipeline.launch(text);
  const messages: BusMessage[] = [];
  const poller = new BusPoller();
  poller.add(pipeline, (message) => messages.push(message));
  try {
    await use(pipeline, messages);
  } finally {
    poller.remove(pipeline);
    await pipeline.close();
  }
}

function withElement(factory: string, use: (element: Element) => void): void {
  const element = Element.make(factory);
  try {
    use(element);
  } finally {
    element.free();
  }
}

describe('Element properties', () => {
  const cases: readonly [string, string, readonly PropertyValue[]][] = [
    ['identity', 'silent', [true, false]],
    ['identity', 'sleep-time', [0, 4_294_967_295]],
    ['fakesrc', 'num-buffers', [-1, 0, 2_147_483_647]],
    ['identity', 'ts-offset', [0n, -(2n ** 63n), 2n ** 63n - 1n]],
    ['queue', 'max-size-time', [0n, 2n ** 53n + 1n, 2n ** 64n - 1n]],
    ['identity', 'drop-probability', [0, 0.5, 1]],
    ['volume', 'volume', [0, 0.25, 10]],
    ['filesrc', 'location', ['/tmp/ä ö " \\ $x', null]],
    ['queue', 'leaky', ['no', 'upstream', 'downstream']],
    ['vp8enc', 'error-resilient', ['default', 'default+partitions', 'partitions']],
    ['videotestsrc', 'pattern', ['smpte', 'white', 'ball']],
    ['vp8enc', 'timebase', ['0/1', '1001/30000']],
  ];
  for (const [factory, property, values] of cases) {
    it(`are read as they were set: ${property} of ${factory}`, () => {
      withElement(factory, (element) => {
        for (const value of values) {
          element.set(property, value);
          assert.deepEqual(element.get(property), value);
        }
      });
    });
  }

  it('take enumerations by number too, and caps as text', () => {
    withElement('queue', (element) => {
      element.set('leaky', 2);
      assert.equal(element.get('leaky'), 'downstream');
    });
    withElement('capsfilter', (element) => {
      element.set('caps', 'video/x-raw,width=320');
      assert.match(String(element.get('caps')), /^video\/x-raw, width=\(int\)320/);
    });
  });

  const refused: readonly [string, string, PropertyValue][] = [
    ['queue', 'no-such-property', 1],
    ['queue', 'current-level-bytes', 1],
    ['queue', 'leaky', 'sideways'],
    ['queue', 'leaky', 77],
    ['queue', 'max-size-time', -1],
    ['queue', 'max-size-time', 2n ** 64n],
    ['queue', 'max-size-time', 1.5],
    ['queue', 'max-size-buffers', '5'],
    ['queue', 'max-size-buffers', 2 ** 32],
    ['queue', 'silent', 1],
    ['vp8enc', 'cpu-used', 17],
    ['identity', 'drop-probability', 1.5],
    ['identity', 'drop-probability', Number.NaN],
    ['filesrc', 'location', 5],
    ['filesrc', 'location', 'a\0b'],
    ['capsfilter', 'caps', 'not caps ( at all'],
    ['vp8enc', 'target-bitrate', Number.POSITIVE_INFINITY],
  ];
  for (const [factory, property, value] of refused) {
    it(`refuse ${String(value).slice(0, 30).replace('\0', '\\0')} for ${property} of ${factory}`, () => {
      withElement(factory, (element) => {
        assert.throws(
          () => element.set(property, value),
          hostError('PROPERTY_REFUSED', new RegExp(property)),
        );
      });
    });
  }

  it('are listed with kind and values', () => {
    withElement('queue', (element) => {
      const leaky = element.properties.find(({ name }) => name === 'leaky');
      assert.deepEqual(leaky, {
        name: 'leaky',
        kind: 'enum',
        readable: true,
        writable: true,
        values: ['no', 'upstream', 'downstream'],
      });
      const level = element.properties.find(({ name }) => name === 'current-level-bytes');
      assert.equal(level?.writable, false);
    });
  });

  it('of a given back element cannot be used any more', () => {
    const element = Element.make('identity');
    element.free();
    element.free();
    assert.throws(() => element.name, /given back/);
  });
});

describe('Pipeline.launch', () => {
  const wrong: readonly [string, HostErrorType, RegExp][] = [
    ['', 'LAUNCH_FAILED', /empty/],
    ['   ', 'LAUNCH_FAILED', /empty/],
    ['fakesrc !', 'LAUNCH_FAILED', /syntax/],
    ['! fakesink', 'LAUNCH_FAILED', /syntax|link/],
    ['fakesrc no-such-property=1 ! fakesink', 'LAUNCH_FAILED', /no-such-property/],
    ['fakesrc num-buffers=abc ! fakesink', 'LAUNCH_FAILED', /num-buffers/],
    ['vp8enc ! opusdec', 'LAUNCH_FAILED', /link/],
    ['fakesrc ! nowhere.', 'LAUNCH_FAILED', /link/],
    ['fakesrc ! video/x-raw,width=(( ! fakesink', 'LAUNCH_FAILED', /./],
    ['no-such-element ! fakesink', 'MISSING_FACTORY', /no-such-element/],
    ['fakesrc ! fakesink\0 ! evil', 'LAUNCH_FAILED', /zero byte/],
  ];
  for (const [text, type, message] of wrong) {
    it(`refuses ${JSON.stringify(text)} with a reason`, () => {
      assert.throws(() => Pipeline.launch(text), hostError(type, message));
    });
  }

  it('puts a single element into a pipeline', async () => {
    await withPipeline('fakesrc', (pipeline) => {
      assert.deepEqual(
        pipeline.mapElements(({ factoryName }) => factoryName),
        ['fakesrc'],
      );
    });
  });
});

describe('Pipeline', () => {
  it('runs to its end and tells about it', async () => {
    await withPipeline('videotestsrc num-buffers=3 ! fakesink name=s', async (pipeline, messages) => {
      await pipeline.setState('PLAYING');
      await eventually(() => messages.some(({ type }) => type === 'eos'), 'eos');
      const types = messages.map(({ type }) => type);
      assert.ok(types.includes('stateChanged') && types.includes('streamStart'));
      assert.equal(pipeline.state, 'PLAYING');
    });
  });

  it('tells errors with domain, code, source and debug text', async () => {
    await withPipeline('filesrc location=/no/such/file name=f ! fakesink', async (pipeline, messages) => {
      await assert.rejects(pipeline.setState('PLAYING'), hostError('STATE_REFUSED', /PLAYING/));
      await eventually(() => messages.some(({ type }) => type === 'error'), 'error');
      const error = messages.find(({ type }) => type === 'error');
      assert.ok(error?.type === 'error');
      assert.equal(error.error.domain, 'gst-resource-error-quark');
      assert.equal(error.error.code, 3);
      assert.equal(error.path.at(-1), 'f');
      assert.match(error.debug, /such\/file/);
    });
  });

  it('reads fields of element messages', async () => {
    const text = 'audiotestsrc num-buffers=20 ! audio/x-raw,channels=2 ! level name=l ! fakesink';
    await withPipeline(text, async (pipeline, messages) => {
      await pipeline.setState('PLAYING');
      await eventually(() => messages.some(({ type }) => type === 'element'), 'level');
      const level = messages.find((message) => message.type === 'element');
      assert.equal(level?.name, 'level');
      assert.equal(typeof level?.fields['duration'], 'bigint');
      assert.match(String(level?.fields['rms']), /-\d/);
    });
  });

  it('knows position and duration, seeks, pauses', async () => {
    const text = 'audiotestsrc num-buffers=2000 name=s ! audio/x-raw,rate=48000 ! fakesink sync=true';
    await withPipeline(text, async (pipeline, messages) => {
      await pipeline.setState('PAUSED');
      await eventually(() => messages.some(({ type }) => type === 'asyncDone'), 'preroll');
      assert.equal(pipeline.state, 'PAUSED');
      assert.equal(await pipeline.seek(5_000_000_000n, true), true);
      await eventually(() => pipeline.positionNs === 5_000_000_000n, 'position after seek');
    });
    await withPipeline('videotestsrc is-live=true ! fakesink', (pipeline) => {
      assert.equal(pipeline.durationNs, undefined);
    });
  });

  it('draws itself as a graph', async () => {
    await withPipeline('fakesrc name=from ! fakesink name=to', (pipeline) => {
      assert.match(pipeline.dot(), /^digraph pipeline \{[\s\S]*from[\s\S]*to/);
    });
  });

  it('carries media from and to JavaScript', async () => {
    const caps = 'video/x-raw,format=GRAY8,width=8,height=2,framerate=10/1';
    const text = `appsrc name=in format=time caps="${caps}" ! appsink name=out sync=false`;
    await withPipeline(text, async (pipeline) => {
      await pipeline.setState('PLAYING');
      const sent = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
      pipeline.withElement('in', (element) => {
        assert.equal(pushBuffer(element, sent), true);
        endStream(element);
      });
      const out = pipeline.element('out')!;
      let sample = pullSample(out);
      await eventually(() => (sample ??= pullSample(out)) !== undefined, 'sample');
      assert.deepEqual(sample?.bytes, sent);
      assert.match(sample?.caps ?? '', /GRAY8/);
      await eventually(() => pullSample(out) === undefined && hasEnded(out), 'end');
      pipeline.withElement('in', (element) => {
        assert.throws(() => pullSample(element), hostError('INVALID_REQUEST', /GstAppSink/));
      });
      out.free();
    });
  });

  it('says which element or pad is not there', async () => {
    await withPipeline('fakesrc ! fakesink', (pipeline) => {
      assert.throws(() => pipeline.withElement('nobody', () => undefined), hostError('NOT_FOUND', /nobody/));
    });
  });
});
