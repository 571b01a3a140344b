/**
 * Requests to a server, from nearly right to absurd.
 * @module
 */
import { api } from '@rivero/model';
import fc from 'fast-check';

/** Values that have broken programs before. */
const nastyTexts = [
  '',
  '__proto__',
  'constructor',
  'newref:0',
  'newref:-1',
  'manager_ServerManager',
  'nope_kurento.MediaPipeline',
  '\u0000',
  '\ud800',
  'é'.repeat(300),
  'a/b/c_kurento.WebRtcEndpoint',
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n',
  'candidate:1 1 UDP 2013266431 192.0.2.10 40001 typ host',
];
const nastyNumbers = [0, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -0];

const scalar = fc.oneof(
  fc.constantFrom<unknown>(...nastyTexts),
  fc.constantFrom<unknown>(...nastyNumbers),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 40 }),
);

/** Any JSON value of moderate size. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...nastyTexts)), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;

/** Waiting for the end of a long measurement is no fault of anybody; it would only stop this client. */
const excluded = new Set(['getUsedCpu']);
const operations = [
  ...new Map(
    ['ServerManager', 'MediaPipeline', 'PassThrough', 'WebRtcEndpoint'].flatMap((name) => [
      ...(api.findClass(name)?.operations ?? []),
    ]),
  ).values(),
].filter(({ name }) => !excluded.has(name));
const events = api.classes.flatMap(({ events: known }) => [...known.keys()]);
const types = [
  'MediaPipeline',
  'PassThrough',
  'WebRtcEndpoint',
  'NoSuch',
  'MediaElement',
  'kurento.PassThrough',
];

/** An argument: mostly of a kind that may be right for some parameter. */
function argument(ids: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(...ids) },
    {
      weight: 3,
      arbitrary: fc.constantFrom<unknown>('AUDIO', 'VIDEO', 'DATA', 'default', 'SHOW_ALL', 1, 100, true),
    },
    { weight: 3, arbitrary: scalar },
    { weight: 2, arbitrary: anything },
  );
}

function invocation(ids: readonly string[]): fc.Arbitrary<unknown> {
  return fc.constantFrom(...operations).chain(({ name, params }) =>
    fc.record(
      {
        object: fc.constantFrom(...ids),
        operation: fc.oneof({ weight: 9, arbitrary: fc.constant(name) }, scalar),
        operationParams: fc.oneof(
          {
            weight: 6,
            arbitrary: fc.record(Object.fromEntries(Object.keys(params).map((key) => [key, argument(ids)])), {
              requiredKeys: [],
            }),
          },
          anything,
        ),
      },
      { requiredKeys: ['object', 'operation'] },
    ),
  );
}

function creation(ids: readonly string[]): fc.Arbitrary<unknown> {
  return fc.record(
    {
      type: fc.constantFrom(...types),
      constructorParams: fc.oneof(fc.record({ mediaPipeline: fc.constantFrom(...ids) }), anything),
      properties: anything,
    },
    { requiredKeys: ['type'] },
  );
}

interface Call {
  readonly method: string;
  readonly params?: unknown;
}

/** A method and its params. `ids` are those of objects that the client may use. */
function call(ids: readonly string[]): fc.Arbitrary<Call> {
  const of = (method: string, params: fc.Arbitrary<unknown>): fc.Arbitrary<Call> =>
    params.map((value) => ({ method, params: value }));
  const object = fc.oneof(fc.constantFrom(...ids), scalar);
  const sessionId = fc.constantFrom('fuzz 1', 'fuzz 2', 'fuzz 3');
  return fc.oneof(
    { weight: 8, arbitrary: of('invoke', invocation(ids)) },
    { weight: 3, arbitrary: of('create', creation(ids)) },
    { weight: 2, arbitrary: of('subscribe', fc.record({ object, type: fc.constantFrom(...events) })) },
    {
      weight: 1,
      arbitrary: of('unsubscribe', fc.record({ object, subscription: scalar, sessionId })),
    },
    { weight: 2, arbitrary: of('describe', fc.record({ object })) },
    { weight: 1, arbitrary: of('release', fc.record({ object })) },
    { weight: 1, arbitrary: of('ref', fc.record({ object, sessionId })) },
    { weight: 1, arbitrary: of('unref', fc.record({ object, sessionId })) },
    { weight: 1, arbitrary: of('keepAlive', fc.record({ sessionId })) },
    { weight: 1, arbitrary: of('connect', fc.record({ sessionId }, { requiredKeys: [] })) },
    { weight: 1, arbitrary: of('closeSession', fc.record({ sessionId, release: anything })) },
    { weight: 1, arbitrary: of('ping', anything) },
    { weight: 1, arbitrary: fc.record({ method: fc.string({ maxLength: 12 }), params: anything }) },
    {
      weight: 1,
      arbitrary: fc.record({ method: fc.constantFrom('create', 'invoke', 'transaction'), params: anything }),
    },
  );
}

const id = fc.oneof({ weight: 8, arbitrary: fc.nat() }, scalar, anything);

function transaction(ids: readonly string[]): fc.Arbitrary<unknown> {
  const references = ['newref:0', 'newref:1', 'newref:7', ...ids];
  return fc.array(call(references), { maxLength: 6 }).map((calls) => ({
    jsonrpc: '2.0',
    method: 'transaction',
    params: { operations: calls.map((inner, index) => ({ jsonrpc: '2.0', id: index, ...inner })) },
    id: 0,
  }));
}

/** The text with one character changed, cut off, or doubled. */
function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(texts, fc.nat(), fc.constantFrom('', '"', '{', ']', '\\', ' ', '\u0000', '1'))
    .map(([text, at, insert]) => {
      const index = text.length === 0 ? 0 : at % text.length;
      return text.slice(0, index) + insert + text.slice(index + (at % 3));
    });
}

/** Texts that a client may send who uses the objects `ids`. */
export function requestTexts(ids: readonly string[]): fc.Arbitrary<string> {
  const request = fc.tuple(call(ids), id).map(([inner, given]) => ({ jsonrpc: '2.0', ...inner, id: given }));
  const text = fc
    .oneof({ weight: 6, arbitrary: request }, transaction(ids))
    .map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 2, arbitrary: mutated(text) },
    { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  );
}
