/**
 * Two peers back to back: requests, notifications, time-outs, cancellation and closing.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  RpcClosedError,
  RpcError,
  RpcPeer,
  RpcTimeoutError,
  type RpcPeerOptions,
  type RpcRequest,
} from '@rivero/rpc';

/** client --pipe--> server --pipe--> client; texts are kept. */
function pair(
  server: Partial<RpcPeerOptions>,
  client: Partial<RpcPeerOptions> = {},
): { client: RpcPeer; server: RpcPeer; toServer: string[]; toClient: string[] } {
  const toServer: string[] = [];
  const toClient: string[] = [];
  const near: RpcPeer = new RpcPeer({
    ...client,
    send: (text) => {
      toServer.push(text);
      queueMicrotask(() => void far.receive(text));
    },
  });
  const far: RpcPeer = new RpcPeer({
    ...server,
    send: (text) => {
      toClient.push(text);
      queueMicrotask(() => void near.receive(text));
    },
  });
  return { client: near, server: far, toServer, toClient };
}

/** A peer whose pipe is an array. */
function alone(options: Partial<RpcPeerOptions> = {}): { peer: RpcPeer; sent: string[] } {
  const sent: string[] = [];
  return { peer: new RpcPeer({ ...options, send: (text) => void sent.push(text) }), sent };
}

/** A timer that fires when told. */
function handTimer(): { timer: NonNullable<RpcPeerOptions['timer']>; fire: () => void; armed: () => number } {
  const waiting = new Map<number, () => void>();
  let next = 0;
  return {
    timer: (_delayMs, fire) => {
      const key = next++;
      waiting.set(key, fire);
      return () => void waiting.delete(key);
    },
    fire: () => {
      for (const fire of waiting.values()) fire();
    },
    armed: () => waiting.size,
  };
}

describe('RpcPeer as asker', () => {
  it('resolves with the result of its own request, whatever the order of the answers', async () => {
    const gates = new Map<string, (value: unknown) => void>();
    const { client } = pair({
      onRequest: ({ method }: RpcRequest) => new Promise((resolve) => gates.set(method, resolve)),
    });
    const first = client.request('a');
    const second = client.request('b');
    await Promise.resolve();
    await Promise.resolve();
    gates.get('b')?.('B');
    assert.equal(await second, 'B');
    gates.get('a')?.('A');
    assert.equal(await first, 'A');
    assert.equal(client.pendingCount, 0);
  });

  it('rejects with the code, message and data of the other side', async () => {
    const { client } = pair({
      onRequest: () => {
        throw new RpcError(40101, 'gone', { type: 'MEDIA_OBJECT_NOT_FOUND' });
      },
    });
    await assert.rejects(client.request('invoke', {}), (error: unknown) => {
      assert.ok(error instanceof RpcError);
      assert.deepEqual(
        [error.code, error.message, error.data],
        [40101, 'gone', { type: 'MEDIA_OBJECT_NOT_FOUND' }],
      );
      return true;
    });
  });

  it('numbers requests from 0, or by the counter it is given', () => {
    const plain = alone();
    void plain.peer.request('a');
    void plain.peer.request('b');
    assert.deepEqual(plain.sent, [
      '{"jsonrpc":"2.0","method":"a","id":0}',
      '{"jsonrpc":"2.0","method":"b","id":1}',
    ]);
    const counted = alone({ nextId: () => 41 });
    void counted.peer.request('a', { x: 1 });
    assert.deepEqual(counted.sent, ['{"jsonrpc":"2.0","method":"a","params":{"x":1},"id":41}']);
  });

  it('rejects when the time is over, and ignores the late answer', async () => {
    const { timer, fire, armed } = handTimer();
    const { peer, sent } = alone({ timer });
    const request = peer.request('slow', undefined, { timeoutMs: 20 });
    fire();
    await assert.rejects(
      request,
      (error: unknown) => error instanceof RpcTimeoutError && error.timeoutMs === 20,
    );
    assert.equal(armed(), 0);
    await peer.receive('{"jsonrpc":"2.0","id":0,"result":{}}');
    assert.equal(sent.length, 1, 'no complaint about the late answer');
  });

  it('disarms the timer when the answer comes', async () => {
    const { timer, armed } = handTimer();
    const { client } = pair({ onRequest: () => 1 }, { timer });
    assert.equal(await client.request('quick', undefined, { timeoutMs: 20 }), 1);
    assert.equal(armed(), 0);
  });

  it('refuses a time-out without a timer', async () => {
    const { peer } = alone();
    await assert.rejects(peer.request('m', undefined, { timeoutMs: 1 }), TypeError);
    assert.equal(peer.pendingCount, 0);
  });

  it('rejects with the reason of an aborted signal, before and during the request', async () => {
    const { peer, sent } = alone();
    const reason = new Error('enough');
    await assert.rejects(peer.request('m', undefined, { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(sent.length, 0);
    const controller = new AbortController();
    const request = peer.request('m', undefined, { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(request, reason);
    assert.equal(peer.pendingCount, 0);
  });

  it('rejects with what the pipe threw', async () => {
    const peer = new RpcPeer({
      send: () => {
        throw new Error('broken pipe');
      },
    });
    await assert.rejects(peer.request('m'), /broken pipe/);
    assert.equal(peer.pendingCount, 0);
  });

  it('rejects everything pending when closed, and everything asked later', async () => {
    const { peer, sent } = alone();
    const waiting = [peer.request('a'), peer.request('b')];
    const reason = new Error('socket gone');
    peer.close(reason);
    for (const request of waiting) await assert.rejects(request, reason);
    await assert.rejects(peer.request('c'), reason);
    peer.notify('n', {});
    assert.equal(sent.length, 2);
    peer.close();
    assert.equal(peer.closed, true);
    const other = alone().peer;
    const request = other.request('a');
    other.close();
    await assert.rejects(request, RpcClosedError);
  });
});

describe('RpcPeer as answerer', () => {
  it('echoes ids of every scalar kind', async () => {
    const { peer, sent } = alone({ onRequest: () => 'r' });
    for (const id of ['1', '"x"', 'true']) {
      await peer.receive(`{"jsonrpc":"2.0","id":${id},"method":"m"}`);
    }
    assert.deepEqual(sent, [
      '{"id":1,"jsonrpc":"2.0","result":"r"}',
      '{"id":"x","jsonrpc":"2.0","result":"r"}',
      '{"id":true,"jsonrpc":"2.0","result":"r"}',
    ]);
  });

  it('answers null when the handler returns nothing', async () => {
    const { peer, sent } = alone({ onRequest: () => undefined });
    await peer.receive('{"jsonrpc":"2.0","id":1,"method":"closeSession"}');
    assert.deepEqual(sent, ['{"id":1,"jsonrpc":"2.0","result":null}']);
  });

  it('answers -32601 without a handler, and -32603 when the handler breaks, without its words', async () => {
    const without = alone();
    await without.peer.receive('{"jsonrpc":"2.0","id":1,"method":"m"}');
    assert.deepEqual(without.sent, [
      '{"error":{"code":-32601,"message":"Method not found."},"id":1,"jsonrpc":"2.0"}',
    ]);
    const broken = alone({
      onRequest: () => {
        throw new Error('secret');
      },
    });
    await broken.peer.receive('{"jsonrpc":"2.0","id":1,"method":"m"}');
    assert.deepEqual(broken.sent, [
      '{"error":{"code":-32603,"message":"Unexpected error while processing method \'m\'"},"id":1,"jsonrpc":"2.0"}',
    ]);
  });

  it('executes a notification and complains if it has a result', async () => {
    const seen: string[] = [];
    const { peer, sent } = alone({
      onRequest: ({ method }) => {
        seen.push(method);
        return method === 'ping' ? { value: 'pong' } : undefined;
      },
    });
    await peer.receive('{"jsonrpc":"2.0","method":"ping"}');
    await peer.receive('{"jsonrpc":"2.0","id":null,"method":"ping"}');
    await peer.receive('{"jsonrpc":"2.0","method":"closeSession"}');
    assert.deepEqual(seen, ['ping', 'ping', 'closeSession']);
    const complaint =
      '{"error":{"code":-32000,"data":{"value":"pong"},"message":"Ignoring response because of a notification request"},"id":null,"jsonrpc":"2.0"}';
    assert.deepEqual(sent, [complaint, complaint]);
  });

  it('hands notifications to their own callback when there is one', async () => {
    const seen: unknown[] = [];
    const { peer, sent } = alone({ onNotification: (method, params) => seen.push([method, params]) });
    await peer.receive('{"jsonrpc":"2.0","method":"onEvent","params":{"value":1}}');
    assert.deepEqual(seen, [['onEvent', { value: 1 }]]);
    assert.deepEqual(sent, []);
  });

  it('takes a reply for a malformed request when it never asked', async () => {
    const { peer, sent } = alone();
    await peer.receive('{"jsonrpc":"2.0","id":1,"result":{}}');
    assert.match(sent[0] ?? '', /-32600/);
  });

  it('answers nothing after it was closed', async () => {
    const gate = Promise.withResolvers<string>();
    const { peer, sent } = alone({ onRequest: () => gate.promise });
    const taken = peer.receive('{"jsonrpc":"2.0","id":1,"method":"m"}');
    peer.close();
    gate.resolve('late');
    await taken;
    await peer.receive('{"jsonrpc":"2.0","id":2,"method":"m"}');
    assert.deepEqual(sent, []);
  });
});

describe('around', () => {
  it('stands around the answers to requests, and around nothing else', async () => {
    const sent: string[] = [];
    const seen: unknown[] = [];
    const peer = new RpcPeer({
      send: (text) => sent.push(text),
      onRequest: ({ params }) => params,
      around: async (request, answer) => {
        if (request.method === 'again') return 'the text of before';
        const { reply, text } = await answer();
        seen.push(reply['result']);
        return text;
      },
    });
    await peer.receive('{"jsonrpc":"2.0","id":1,"method":"m","params":[5]}');
    await peer.receive('{"jsonrpc":"2.0","id":1,"method":"again","params":[6]}');
    await peer.receive('{"jsonrpc":"2.0","method":"m","params":[7]}');
    await peer.receive('{');
    assert.deepEqual(seen, [[5]]);
    assert.deepEqual(sent.slice(0, 2), ['{"id":1,"jsonrpc":"2.0","result":[5]}', 'the text of before']);
    assert.equal(sent.length, 4);
  });
});
