/**
 * What the arguments of a call may look like as a whole.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { api, createApi, type Fields, type Module } from '@rivero/model';
import { context, live, refusal } from './liveObjects.ts';

function paramsOf(className: string, operation: string): Fields {
  const found = api.findClass(className)?.operations.get(operation);
  assert.ok(found, `${className}.${operation}`);
  return found.params;
}

describe('Parameters of a call', () => {
  const connect = paramsOf('WebRtcEndpoint', 'connect');
  const create = paramsOf('WebRtcEndpoint', 'createDataChannel');
  const flowing = paramsOf('WebRtcEndpoint', 'isMediaFlowingIn');

  it('may be absent or null if none is required', () => {
    for (const absent of [undefined, null]) {
      assert.deepEqual(api.decodeParams(absent, {}, 'operationParams', context), {});
      const fields = paramsOf('WebRtcEndpoint', 'generateOffer');
      assert.deepEqual(api.decodeParams(absent, fields, 'operationParams', context), {});
    }
  });

  it('are required if one of them is', () => {
    for (const holder of ['constructorParams', 'operationParams'] as const) {
      for (const absent of [undefined, null]) {
        assert.equal(
          refusal(() => api.decodeParams(absent, connect, holder, context)),
          `40001 '${holder}' is required`,
        );
      }
    }
  });

  it('must be an object', () => {
    for (const given of [[], 'a', 5, true]) {
      assert.equal(
        refusal(() => api.decodeParams(given, connect, 'operationParams', context)),
        "40001 'operationParams' parameter should be a object",
      );
    }
  });

  it('say which one is missing, and of what kind it should be', () => {
    assert.equal(
      refusal(() => api.decodeParams({}, connect, 'operationParams', context)),
      "40001 'sink' parameter should be a string",
    );
    const kinds = ['getUsedCpu', 'addIceCandidate'].map((operation) => {
      const className = operation === 'getUsedCpu' ? 'ServerManager' : 'WebRtcEndpoint';
      return refusal(() => api.decodeParams({}, paramsOf(className, operation), 'operationParams', context));
    });
    assert.deepEqual(kinds, [
      "40001 'interval' parameter should be a integer",
      "40001 'candidate' parameter should be a object",
    ]);
  });

  it('lose members that nobody declared', () => {
    const given = { sink: 'endpoint', transaction: 'x', constructor: 1 };
    assert.deepEqual(api.decodeParams(given, connect, 'operationParams', context), { sink: live[1] });
  });

  it('do not take what objects inherit for members', () => {
    const fields: Fields = { toString: { type: 'String', doc: 'A value.' } };
    assert.equal(
      refusal(() => api.decodeParams({}, fields, 'operationParams', context)),
      "40001 'toString' parameter should be a string",
    );
  });

  it('count an optional one only if all optional ones before it are given', () => {
    const cases: readonly (readonly [given: Record<string, unknown>, taken: Record<string, unknown>])[] = [
      [{}, {}],
      [{ mediaType: 'AUDIO' }, { mediaType: 'AUDIO' }],
      [{ sourceMediaDescription: 'a' }, {}],
      [{ mediaType: 'AUDIO', sinkMediaDescription: 'b' }, { mediaType: 'AUDIO' }],
      [
        { mediaType: 'AUDIO', sourceMediaDescription: 'a', sinkMediaDescription: 'b' },
        { mediaType: 'AUDIO', sourceMediaDescription: 'a', sinkMediaDescription: 'b' },
      ],
    ];
    for (const [given, taken] of cases) {
      const decoded = api.decodeParams({ sink: 'endpoint', ...given }, connect, 'operationParams', context);
      assert.deepEqual(decoded, { sink: live[1], ...taken });
    }
  });

  it('of a constructor count each for itself', () => {
    const fields = api.findClass('WebRtcEndpoint')?.constructorParams ?? {};
    const defaults = {
      recvonly: false,
      sendonly: false,
      useDataChannels: false,
      certificateKeyType: 'RSA',
      qosDscp: 'NO_VALUE',
    };
    for (const given of [
      {},
      { sendonly: true },
      { useDataChannels: true },
      { certificateKeyType: 'ECDSA' },
    ]) {
      const decoded = api.decodeParams(
        { mediaPipeline: 'pipeline', ...given },
        fields,
        'constructorParams',
        context,
      );
      assert.deepEqual(decoded, { mediaPipeline: live[0], ...defaults, ...given });
    }
    assert.equal(
      refusal(() =>
        api.decodeParams({ mediaPipeline: 'pipeline', qosDscp: [] }, fields, 'constructorParams', context),
      ),
      "40001 'qosDscp' parameter should be a string",
    );
  });

  it('do not check an optional one that does not count', () => {
    const given = { sink: 'endpoint', sourceMediaDescription: [] };
    assert.deepEqual(api.decodeParams(given, connect, 'operationParams', context), { sink: live[1] });
  });

  it('get the defaults of those left out', () => {
    const defaults = { label: '', ordered: true, maxPacketLifeTime: -1, maxRetransmits: -1, protocol: '' };
    assert.deepEqual(api.decodeParams({}, create, 'operationParams', context), defaults);
    assert.deepEqual(api.decodeParams({ label: 'a', ordered: false }, create, 'operationParams', context), {
      ...defaults,
      label: 'a',
      ordered: false,
    });
    assert.deepEqual(api.decodeParams({ mediaType: 'VIDEO' }, flowing, 'operationParams', context), {
      mediaType: 'VIDEO',
      sinkMediaDescription: 'default',
    });
  });

  it('need what is not optional even where a default is declared', () => {
    const fields = paramsOf('ServerManager', 'getUsedCpu');
    assert.equal(fields['interval']?.defaultValue, 1000);
    assert.equal(
      refusal(() => api.decodeParams({}, fields, 'operationParams', context)),
      "40001 'interval' parameter should be a integer",
    );
  });

  it('get a list or register of their own as default', () => {
    for (const [className, param] of [
      ['RtpEndpoint', 'crypto'],
      ['PointerDetectorFilter', 'windows'],
    ] as const) {
      const { constructorParams } = api.findClass(className) ?? assert.fail(className);
      const region = { topRightCornerX: 0, topRightCornerY: 0, width: 1, height: 1 };
      const given = { mediaPipeline: 'pipeline', calibrationRegion: region };
      const [first, second] = [1, 2].map(
        () => api.decodeParams(given, constructorParams, 'constructorParams', context)[param],
      );
      assert.deepEqual(first, second);
      assert.notEqual(first, second);
    }
  });

  it('are decoded in less than 2 µs for an addIceCandidate', () => {
    const fields = paramsOf('WebRtcEndpoint', 'addIceCandidate');
    const given = {
      candidate: {
        __module__: 'kurento',
        __type__: 'IceCandidate',
        candidate: 'candidate:1 1 UDP 2013266431 192.0.2.10 40001 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
      },
    };
    const runs = 20_000;
    const batches = Array.from({ length: 5 }, () => {
      const startNs = process.hrtime.bigint();
      for (let i = 0; i < runs; i++) api.decodeParams(given, fields, 'operationParams', context);
      return Number(process.hrtime.bigint() - startNs) / runs;
    });
    // The best batch: what the code takes when nothing else runs.
    assert.ok(Math.min(...batches) < 2000, `${Math.min(...batches)} ns`);
  });
});

describe('createApi()', () => {
  it('refuses descriptors that use a type which nobody declares', () => {
    const module: Module = {
      name: 'broken',
      wireModule: 'broken',
      version: '1.0.0',
      generationTime: '',
      doc: 'A module with a fault.',
      imports: [],
      classes: {},
      events: {},
      types: {
        A: { name: 'A', kind: 'register', doc: 'A register.', fields: { b: { type: 'B', doc: 'A value.' } } },
      },
    };
    assert.throws(() => createApi([module]), new TypeError("Type 'B' is not declared"));
  });
});
