/**
 * Rules that every descriptor keeps, beyond what the compiler can check.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  api,
  builtInModules,
  createApi,
  ErrorCode,
  type Field,
  type Fields,
  KurentoError,
} from '@rivero/model';

const numbers: ReadonlySet<string> = new Set(['int', 'int64', 'float', 'double']);
const fieldKeys = ['type', 'doc', 'unit', 'nullable', 'optional', 'defaultValue'];

const classes = builtInModules.flatMap((module) => Object.values(module.classes));
const events = builtInModules.flatMap((module) => Object.values(module.events));
const types = builtInModules.flatMap((module) => Object.values(module.types));
const methods = classes.flatMap((one) => Object.entries(one.methods ?? {}));

/** Every field of every descriptor, with where it stands. */
const fields: readonly (readonly [where: string, field: Field])[] = [
  ...classes.flatMap(({ name, create, properties }) => [
    ...entries(`${name}()`, create?.params),
    ...entries(name, properties),
  ]),
  ...methods.flatMap(([name, { params, returns }]) => [
    ...entries(`${name}()`, params),
    ...(returns ? [[`${name}() result`, returns] as const] : []),
  ]),
  ...events.flatMap(({ name, fields: own }) => entries(name, own)),
  ...types.flatMap((type) => (type.kind === 'register' ? entries(type.name, type.fields) : [])),
];

function entries(where: string, all: Fields | undefined): (readonly [string, Field])[] {
  return Object.entries(all ?? {}).map(([name, field]) => [`${where}.${name}`, field] as const);
}

function assertKeys(where: string, value: object, allowed: readonly string[]): void {
  const strange = Object.keys(value).filter((key) => !allowed.includes(key));
  assert.deepEqual(strange, [], where);
}

describe('Descriptors', () => {
  it('have no keys that nothing reads', () => {
    const propertyKeys = [...fieldKeys, 'readOnly', 'final', 'setterErrors'];
    for (const [where, field] of fields) assertKeys(where, field, propertyKeys);
    for (const one of classes) {
      const keys = ['name', 'extends', 'abstract', 'doc', 'create', 'properties', 'methods', 'events'];
      assertKeys(one.name, one, keys);
      if (one.create) assertKeys(one.name, one.create, ['doc', 'params', 'errors']);
    }
    for (const [name, method] of methods) assertKeys(name, method, ['doc', 'params', 'returns', 'errors']);
    for (const event of events)
      assertKeys(event.name, event, ['name', 'extends', 'doc', 'fields', 'wireType']);
    for (const type of types) {
      const keys = type.kind === 'enum' ? ['values'] : ['extends', 'fields', 'literals'];
      assertKeys(type.name, type, ['name', 'kind', 'doc', ...keys]);
    }
  });

  it('stand in their tables under their own names', () => {
    for (const { classes: own } of builtInModules) {
      for (const [key, { name }] of Object.entries(own)) assert.equal(key, name);
    }
    for (const type of builtInModules.flatMap((module) => Object.entries(module.types))) {
      assert.equal(type[0], type[1].name);
    }
  });

  it('say what everything is in whole sentences', () => {
    const texts = [
      ...[...classes, ...events, ...types].map(({ name, doc }) => [name, doc] as const),
      ...classes.flatMap(({ name, create }) => (create ? [[`${name}()`, create.doc] as const] : [])),
      ...methods.map(([name, { doc }]) => [name, doc] as const),
      ...fields.map(([where, { doc }]) => [where, doc] as const),
    ];
    for (const [where, doc] of texts) assert.match(doc, /^[A-Z0-9][^*]*\.$/, where);
  });

  it('name the unit of every number, and of nothing else', () => {
    for (const [where, { type, unit }] of fields) {
      assert.equal(unit !== undefined, numbers.has(type), where);
    }
  });

  it('name only errors that exist', () => {
    const named = [
      ...classes.flatMap(({ create, properties }) => [
        ...(create?.errors ?? []),
        ...Object.values(properties ?? {}).flatMap(({ setterErrors }) => setterErrors ?? []),
      ]),
      ...methods.flatMap(([, { errors }]) => errors ?? []),
    ];
    for (const type of named) assert.ok(Object.hasOwn(ErrorCode, type), type);
  });

  it('give every class that can be created a constructor, and no other', () => {
    for (const { name, abstract, create } of classes)
      assert.equal(create === undefined, abstract === true, name);
  });

  it('have defaults that decode as their types', () => {
    const context = { resolve: (): object => ({}), isA: () => true };
    const withDefault = fields.filter(([where, { optional, defaultValue }]) => {
      return optional && defaultValue !== undefined && where.length > 0;
    });
    assert.ok(withDefault.length > 40);
    for (const [where, { type, doc, defaultValue }] of withDefault) {
      // `pointerdetector` is the only module whose defaults use types of its own.
      const given = { p: defaultValue };
      const decoded = api.decodeParams(given, { p: { type, doc } }, 'operationParams', context);
      assert.deepEqual(decoded['p'], defaultValue, where);
    }
  });
});

describe('ClassInfo', () => {
  it('is found by short and by qualified name, not by module name', () => {
    for (const name of ['WebRtcEndpoint', 'kurento.WebRtcEndpoint']) {
      assert.equal(api.findClass(name)?.qualifiedType, 'kurento.WebRtcEndpoint');
    }
    for (const name of ['ChromaFilter', 'chroma.ChromaFilter']) {
      assert.equal(api.findClass(name)?.qualifiedType, 'chroma.ChromaFilter');
    }
    for (const name of [
      'elements.WebRtcEndpoint',
      'kurento.ChromaFilter',
      'Nothing',
      '',
      '__proto__',
      'toString',
    ]) {
      assert.equal(api.findClass(name), undefined, name);
    }
  });

  it('knows what it adds to', () => {
    const info = api.findClass('WebRtcEndpoint') ?? assert.fail();
    for (const name of ['WebRtcEndpoint', 'kurento.WebRtcEndpoint', 'MediaElement', 'kurento.MediaObject']) {
      assert.ok(info.isA(name), name);
    }
    for (const name of ['RtpEndpoint', 'Hub', 'MediaPipeline', '']) assert.ok(!info.isA(name), name);
  });

  it('has the operations of its ancestors, and a setter only for what can be set', () => {
    const { operations } = api.findClass('WebRtcEndpoint') ?? assert.fail();
    for (const name of ['getName', 'setName', 'connect', 'processOffer', 'setMtu', 'getICECandidatePairs']) {
      assert.ok(operations.has(name), name);
    }
    for (const name of ['setId', 'setChildren', 'setICECandidatePairs', 'name', 'toString', 'release']) {
      assert.ok(!operations.has(name), name);
    }
    const { setTurnUrl, getTurnUrl } = Object.fromEntries(operations);
    assert.deepEqual(Object.keys(setTurnUrl?.params ?? {}), ['turnUrl']);
    assert.deepEqual([setTurnUrl?.returns, getTurnUrl?.returns], ['void', 'String']);
  });

  it('has the errors of its operations', () => {
    const player = api.findClass('PlayerEndpoint')?.operations;
    assert.deepEqual(player?.get('setPosition')?.errors, ['PLAYER_SEEK_FAIL']);
    assert.deepEqual(player?.get('getPosition')?.errors, []);
  });
});

describe('createApi()', () => {
  const base = { version: '1.0.0', generationTime: '', doc: 'A module.', events: {}, types: {}, imports: [] };
  const probe = (wireModule: string, name = 'Probe') => ({
    ...base,
    name: wireModule,
    wireModule,
    classes: {
      [name]: { name, extends: 'Filter', doc: 'A filter.', create: { doc: 'Makes one.', params: {} } },
    },
  });

  it('takes modules of others beside the built-in ones', () => {
    const more = createApi([...builtInModules, probe('mine')]);
    const info = more.findClass('Probe');
    assert.equal(info?.qualifiedType, 'mine.Probe');
    assert.deepEqual(info.hierarchy, ['kurento.Filter', 'kurento.MediaElement', 'kurento.MediaObject']);
    assert.ok(info.operations.has('connect') && info.events.has('ElementConnected'));
    assert.equal(more.modules.at(-1)?.name, 'mine');
  });

  it('wants the qualified name where two modules use one short name', () => {
    const more = createApi([...builtInModules, probe('mine'), probe('yours')]);
    assert.equal(more.findClass('Probe'), undefined);
    assert.equal(more.findClass('mine.Probe')?.module, 'mine');
    assert.equal(more.findClass('yours.Probe')?.module, 'yours');
  });

  it('refuses a name that is declared twice', () => {
    const twice = { ...probe('kurento', 'PassThrough'), name: 'twice' };
    assert.throws(
      () => createApi([...builtInModules, twice]),
      new TypeError("'kurento.PassThrough' is declared twice"),
    );
  });

  it('refuses to extend what nobody declared', () => {
    assert.throws(() => createApi([probe('mine')]), new TypeError("'Filter' cannot be extended"));
  });
});

describe('KurentoError', () => {
  it('carries the code of its type, the message and the cause', () => {
    const cause = new Error('inner');
    const error = new KurentoError('SDP_PARSE_ERROR', 'Empty offer not valid', { cause });
    assert.deepEqual(
      [error.type, error.code, error.message],
      ['SDP_PARSE_ERROR', 40201, 'Empty offer not valid'],
    );
    assert.equal(error.cause, cause);
    assert.equal(error.name, 'KurentoError');
  });

  it('keeps the names that are misspelt on the wire, and the one without a name', () => {
    assert.equal(ErrorCode.SDP_END_POINT_ANSWER_ALREADY_PROCCESED, 40210);
    assert.equal(ErrorCode.SDP_END_POINT_CANNOT_CREATE_SESSON, 40211);
    assert.equal(ErrorCode.UNDEFINED, 40500);
  });
});
