/**
 * What is a request, a reply or neither, and how replies are printed.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  failureReply,
  parseMessage,
  printNotification,
  printReply,
  printRequest,
  RpcError,
  successReply,
} from '@rivero/rpc';
import fc from 'fast-check';

describe('parseMessage', () => {
  for (const id of [0, 1, -1, 1.5, 'text', '', true, false]) {
    it(`takes ${JSON.stringify(id)} as an id`, () => {
      const message = parseMessage(JSON.stringify({ jsonrpc: '2.0', id, method: 'ping', params: { a: 1 } }));
      assert.deepEqual(message, { kind: 'request', id, method: 'ping', params: { a: 1 } });
    });
  }

  for (const text of ['{"jsonrpc":"2.0","method":"m"}', '{"jsonrpc":"2.0","id":null,"method":"m"}']) {
    it(`takes ${text} as a notification`, () => {
      const message = parseMessage(text);
      assert.deepEqual(message, { kind: 'request', id: null, method: 'm', params: undefined });
    });
  }

  const notRequests = [
    '[]',
    '{}',
    '5',
    '"text"',
    'null',
    'true',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":2,"id":1,"method":"ping"}',
    '{"id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    '{"jsonrpc":"2.0","id":[1],"method":"ping"}',
    '{"jsonrpc":"2.0","id":1}',
    '{"jsonrpc":"2.0","id":1,"method":5}',
    '{"jsonrpc":"2.0","id":1,"method":null}',
  ];
  for (const text of notRequests) {
    it(`refuses ${text} with -32600 and no data`, () => {
      const message = parseMessage(text);
      assert.equal(message.kind, 'invalid');
      assert.ok(message.kind === 'invalid');
      assert.equal(
        printReply(failureReply(null, message.error)),
        '{"error":{"code":-32600,"message":"Invalid JSON-RPC request."},"id":null,"jsonrpc":"2.0"}',
      );
    });
  }

  for (const text of ['', '{', 'ping', '{"a":}', '\u0000', '{"jsonrpc":"2.0"']) {
    it(`refuses ${JSON.stringify(text)} with -32700`, () => {
      const message = parseMessage(text);
      assert.ok(message.kind === 'invalid');
      assert.equal(message.error.code, -32700);
    });
  }

  it('reads a success, a failure and a failure without a shape', () => {
    assert.deepEqual(parseMessage('{"jsonrpc":"2.0","id":3,"result":{"value":null}}'), {
      kind: 'reply',
      id: 3,
      result: { value: null },
      error: undefined,
    });
    const failure = parseMessage(
      '{"jsonrpc":"2.0","id":3,"error":{"code":40101,"message":"gone","data":{"type":"T"}}}',
    );
    assert.ok(failure.kind === 'reply' && failure.error instanceof RpcError);
    assert.equal(failure.error.code, 40101);
    assert.equal(failure.error.message, 'gone');
    assert.deepEqual(failure.error.data, { type: 'T' });
    const odd = parseMessage('{"jsonrpc":"2.0","id":3,"error":5}');
    assert.ok(odd.kind === 'reply' && odd.error?.code === -32603);
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseMessage(text)));
  });

  it('never throws on a truncation or a mutation of a request', () => {
    const whole = '{"jsonrpc":"2.0","id":4,"method":"create","params":{"type":"MediaPipeline","x":[1,null]}}';
    for (let length = 0; length < whole.length; length++) {
      assert.equal(parseMessage(whole.slice(0, length)).kind, 'invalid');
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, text) => {
        parseMessage(whole.slice(0, at) + text + whole.slice(at + 1));
      }),
    );
  });
});

describe('printing', () => {
  it('sorts keys at every depth and prints no spaces', () => {
    const text = printReply(successReply(3, { value: { b: [{ d: 1, c: 2 }], a: null }, sessionId: 's' }));
    assert.equal(
      text,
      '{"id":3,"jsonrpc":"2.0","result":{"sessionId":"s","value":{"a":null,"b":[{"c":2,"d":1}]}}}',
    );
  });

  it('sorts keys that look like numbers as text', () => {
    assert.equal(printReply({ 9: 1, 10: 2 }), '{"10":2,"9":1}');
  });

  it('escapes everything outside ASCII', () => {
    assert.equal(printReply({ a: 'é\u{1F3A5}\n"' }), '{"a":"\\u00e9\\ud83c\\udfa5\\n\\""}');
  });

  it('keeps the data of a failure and leaves it out when there is none', () => {
    assert.equal(
      printReply(failureReply('x', new RpcError(-32601, 'Method not found.'))),
      '{"error":{"code":-32601,"message":"Method not found."},"id":"x","jsonrpc":"2.0"}',
    );
    assert.equal(
      printReply(failureReply(1, new RpcError(40101, 'm', { type: 'T' }))),
      '{"error":{"code":40101,"data":{"type":"T"},"message":"m"},"id":1,"jsonrpc":"2.0"}',
    );
  });

  it('leaves out undefined members and says null for what JSON cannot say', () => {
    assert.equal(printReply({ a: undefined, b: Number.NaN, c: [undefined] }), '{"b":null,"c":[null]}');
  });

  it('prints a notification without an id and a request with one', () => {
    assert.equal(
      printNotification('onEvent', { value: 1 }),
      '{"jsonrpc":"2.0","method":"onEvent","params":{"value":1}}',
    );
    assert.equal(printRequest(0, 'ping', undefined), '{"jsonrpc":"2.0","method":"ping","id":0}');
  });

  it('prints what JSON.parse reads back, for any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // -0 has no JSON text of its own.
        const plain: unknown = JSON.parse(JSON.stringify(value));
        assert.deepEqual(JSON.parse(printReply({ value })), { value: plain });
      }),
    );
  });
});
