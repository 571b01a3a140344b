/**
 * `client.transaction` against a scripted server: what is sent, and what the program gets.
 * @module
 */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { type KurentoClient, type Remote, Transaction, TransactionError, connect } from '../src/index.ts';
import { type Request, ScriptedServer } from './ScriptedServer.ts';

const server = await ScriptedServer.start();
let client: KurentoClient;

beforeEach(async () => {
  client?.close();
  server.script = () => undefined;
  client = await connect(server.url);
  await server.seen('ping', server.requests.length - 1);
  server.requests.length = 0;
});

after(async () => {
  client.close();
  await server.close();
});

/** Operations of the transactions that came, as method and parameters without the session. */
function operations(): (readonly [string, unknown])[][] {
  return server.requests
    .filter(({ method }) => method === 'transaction')
    .map(({ params }) =>
      ((params?.['operations'] ?? []) as Request[]).map((one, index) => {
        assert.equal(one.id, index, 'ids count from 0');
        return [one.method, one.params] as const;
      }),
    );
}

const refusal = { error: { code: 40201, message: 'Empty offer', data: { type: 'SDP_PARSE_ERROR' } } };

/** A script that refuses one operation. */
function refuse(operation: string): (request: Request) => typeof refusal | undefined {
  return ({ params }) => (params?.['operation'] === operation ? refusal : undefined);
}

describe('transaction', () => {
  it('sends everything in one message, with references to what it makes', async () => {
    const old = await (await client.create('MediaPipeline')).create('PassThrough');
    server.requests.length = 0;
    const { pipeline, endpoint } = await client.transaction(async (tx) => {
      const made = await tx.create('MediaPipeline');
      const webRtc = await made.create('WebRtcEndpoint', { recvonly: true });
      void webRtc.connect(webRtc, 'VIDEO');
      void tx.use(old).connect(webRtc);
      void webRtc.on('Error', () => {});
      return { pipeline: made, endpoint: webRtc };
    });
    assert.deepEqual(server.methods, ['transaction']);
    assert.deepEqual(operations(), [
      [
        ['create', { type: 'MediaPipeline', constructorParams: {}, properties: {} }],
        [
          'create',
          {
            type: 'WebRtcEndpoint',
            constructorParams: { mediaPipeline: 'newref:0', recvonly: true },
            properties: {},
          },
        ],
        [
          'invoke',
          {
            object: 'newref:1',
            operation: 'connect',
            operationParams: { sink: 'newref:1', mediaType: 'VIDEO' },
          },
        ],
        ['invoke', { object: old.id, operation: 'connect', operationParams: { sink: 'newref:1' } }],
        ['subscribe', { object: 'newref:1', type: 'Error' }],
      ],
    ]);
    assert.match(endpoint.id, new RegExp(`^${pipeline.id}/.*_kurento\\.WebRtcEndpoint$`));
  });

  it('gives proxies that are like others afterwards: one per object, with events, calling directly', async () => {
    const heard: string[] = [];
    const endpoint = await client.transaction(async (tx) => {
      const pipeline = await tx.create('MediaPipeline');
      const made = await pipeline.create('WebRtcEndpoint');
      void made.on('Error', ({ description }) => heard.push(description));
      return made;
    });
    server.raise(endpoint.id, 'Error', { description: 'of the endpoint' });
    server.requests.length = 0;
    await endpoint.getName();
    assert.deepEqual(server.methods, ['getName']);
    assert.deepEqual(heard, ['of the endpoint']);
    assert.equal(JSON.stringify({ endpoint }), JSON.stringify({ endpoint: endpoint.id }));
    server.script = () => ({ result: { value: endpoint.id } });
    assert.equal(await endpoint.getParent(), endpoint, 'a reference to it is the same proxy');
  });

  it('hears events of what it makes also when they come before the answer', async () => {
    const created: unknown[] = [];
    const heard: string[] = [];
    const manager = await client.getServerManager();
    await manager.on('ObjectCreated', ({ object }) => created.push(object));
    server.script = ({ params }) => {
      const object = String(params?.['object']);
      if (params?.['operation'] !== 'gatherCandidates') return undefined;
      server.raise('manager_ServerManager', 'ObjectCreated', { object });
      server.raise(object, 'IceGatheringDone', { source: object });
      server.raise('nobody', 'IceGatheringDone', {});
      return { result: { value: null } };
    };
    const endpoint = await client.transaction(async (tx) => {
      const made = await (await tx.create('MediaPipeline')).create('WebRtcEndpoint');
      void made.on('IceGatheringDone', ({ type }) => heard.push(type));
      void made.on('IceGatheringDone', ({ source }) => created.push(source));
      void made.gatherCandidates();
      return made;
    });
    assert.equal(heard.length, 1);
    assert.deepEqual(created, [endpoint, endpoint], 'and as the same proxy');
  });

  it('uses the result of one call as the argument of another without waiting for it', async () => {
    const pipeline = await client.create('MediaPipeline');
    const a = await pipeline.create('WebRtcEndpoint');
    const b = await pipeline.create('WebRtcEndpoint');
    server.script = ({ params }) =>
      params?.['operation'] === 'generateOffer' ? { result: { value: 'the offer' } } : undefined;
    const seen: unknown[] = [];
    await client.transaction((tx) => {
      const offer = tx.use(a).generateOffer();
      void tx.use(b).processOffer(tx.result(offer));
      void offer.then((text) => seen.push(text));
      assert.throws(() => tx.result(Promise.resolve('x')), TypeError);
    });
    const [sent] = operations();
    assert.deepEqual(sent?.[1], [
      'invoke',
      { object: b.id, operation: 'processOffer', operationParams: { offer: 'newref:0' } },
    ]);
    assert.deepEqual(seen, ['the offer']);
  });

  it('goes out earlier when the program waits for an answer, and goes on in a second message', async () => {
    server.script = ({ params }) =>
      params?.['operation'] === 'getName' ? { result: { value: 'named' } } : undefined;
    await client.transaction(async (tx) => {
      const pipeline = await tx.create('MediaPipeline');
      assert.equal(await pipeline.getName(), 'named');
      const endpoint = await pipeline.create('WebRtcEndpoint');
      void endpoint.connect(endpoint);
    });
    const [first, second] = operations();
    assert.deepEqual(
      first?.map(([method]) => method),
      ['create', 'invoke'],
    );
    const creation = second?.[0]?.[1];
    assert.match(JSON.stringify(creation), /"mediaPipeline":"uuid\d+_kurento\.MediaPipeline"/);
    assert.deepEqual(second?.[1]?.[1], {
      object: 'newref:0',
      operation: 'connect',
      operationParams: { sink: 'newref:0' },
    });
  });

  it('that asks for nothing sends nothing', async () => {
    assert.equal(await client.transaction(() => 7), 7);
    assert.deepEqual(server.methods, []);
  });
});

describe('a transaction that fails', () => {
  it('rejects with the reason, and all calls after the failing one with it; what it made is released', async () => {
    server.script = refuse('processOffer');
    const calls: Promise<unknown>[] = [];
    const made: Remote[] = [];
    const work = async (tx: Transaction): Promise<void> => {
      const pipeline = await tx.create('MediaPipeline');
      const endpoint = await pipeline.create('WebRtcEndpoint');
      calls.push(endpoint.setName('a'), endpoint.processOffer(''), endpoint.gatherCandidates());
      made.push(pipeline, endpoint, await pipeline.create('PassThrough'));
    };
    await assert.rejects(client.transaction(work), (error) => {
      assert.ok(error instanceof TransactionError);
      assert.deepEqual([error.type, error.code, error.index], ['SDP_PARSE_ERROR', 40201, 3]);
      assert.equal(error.errors[0], error.cause);
      return true;
    });
    const [named, offered, gathered] = await Promise.allSettled(calls);
    assert.equal(named?.status, 'fulfilled');
    assert.ok(offered?.status === 'rejected' && offered.reason.name === 'KurentoError');
    assert.ok(gathered?.status === 'rejected' && gathered.reason instanceof TransactionError);
    assert.deepEqual(
      made.map(({ released }) => released),
      [true, true, true],
    );
    assert.deepEqual(server.methods, ['transaction', 'release'], 'the pipeline takes its elements along');
  });

  it('rejects also when the program waited for the failing call, or caught its error', async () => {
    server.script = refuse('getName');
    await assert.rejects(
      client.transaction(async (tx) => {
        await (await tx.create('MediaPipeline')).getName();
      }),
      { name: 'TransactionError', type: 'SDP_PARSE_ERROR' },
    );
    await assert.rejects(
      client.transaction(async (tx) => {
        const pipeline = await tx.create('MediaPipeline');
        await pipeline.getName().catch(() => {});
        await pipeline.create('PassThrough');
      }),
      { name: 'TransactionError', type: 'SDP_PARSE_ERROR' },
    );
  });

  it('sends nothing when the program throws before it waits, and releases what earlier messages made', async () => {
    await assert.rejects(
      client.transaction(async (tx) => {
        await tx.create('MediaPipeline');
        throw new Error('changed my mind');
      }),
      /changed my mind/,
    );
    assert.deepEqual(server.methods, []);
    await assert.rejects(
      client.transaction(async (tx) => {
        await (await tx.create('MediaPipeline')).getName();
        throw new Error('too late');
      }),
      /too late/,
    );
    assert.deepEqual(server.methods, ['transaction', 'release']);
  });

  it('rejects every call when the whole message is refused or lost', async () => {
    server.script = ({ method }) =>
      method === 'transaction' ? { error: { code: 40008, message: 'bad newref' } } : undefined;
    let call: Promise<unknown> | undefined;
    const work = async (tx: Transaction): Promise<void> => {
      call = (await tx.create('MediaPipeline')).getName();
    };
    await assert.rejects(client.transaction(work), { type: 'MALFORMED_TRANSACTION' });
    await assert.rejects(call ?? Promise.resolve(), { name: 'TransactionError' });
    server.script = () => 'silence';
    await assert.rejects(client.transaction(work, { timeoutMs: 20 }), { code: 'REQUEST_TIMEOUT' });
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(client.transaction(work, { signal }), /enough/);
  });

  it('notices an object of another transaction that is not made yet', async () => {
    await assert.rejects(
      client.transaction(async (tx) => {
        const foreign = await tx.create('MediaPipeline');
        await client.transaction((inner) => void inner.create('PassThrough', { mediaPipeline: foreign }));
      }),
      /belongs to another transaction/,
    );
  });
});
