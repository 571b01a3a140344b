/**
 * `readKmd`: modules from descriptions, and what is said of those that are wrong.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KmdError, api, builtInModules, createApi, readKmd } from '@rivero/model';

function read(value: unknown): ReturnType<typeof readKmd> {
  return readKmd([{ name: 'my.kmd.json', text: JSON.stringify(value) }]);
}

function problems(...values: readonly unknown[]): readonly string[] {
  const files = values.map((value, index) => ({
    name: `${index}.json`,
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }));
  try {
    readKmd(files);
  } catch (error) {
    assert.ok(error instanceof KmdError);
    assert.equal(error.message, error.problems.join('\n'));
    return error.problems;
  }
  return [];
}

const filter = {
  name: 'Filter',
  extends: 'kurento.Filter',
  constructor: { params: [{ name: 'mediaPipeline', type: 'kurento.MediaPipeline' }] },
  properties: [{ name: 'angle', type: 'float', readOnly: true }],
  methods: [
    { name: 'find', params: [{ name: 'near', type: 'my.Area', optional: true }], return: { type: 'Area[]' } },
  ],
  events: ['Turned', 'kurento.Error'],
};
const area = { name: 'Area', typeFormat: 'REGISTER', properties: [{ name: 'left', type: 'int' }] };
const mode = { name: 'Mode', typeFormat: 'ENUM', values: ['SLOW', 'FAST'] };
const turned = { name: 'Turned', extends: 'core.Media', properties: [{ name: 'mode', type: 'Mode' }] };
const whole = {
  name: 'my',
  version: '1.0',
  remoteClasses: [filter],
  complexTypes: [area, mode],
  events: [turned],
};

describe('readKmd', () => {
  it('reads back every module of Kurento from its own description', () => {
    for (const [index, module] of builtInModules.entries()) {
      const kmd = api.kmd(module.name) ?? '';
      const read = readKmd([{ name: module.name, text: kmd }], builtInModules.slice(0, index));
      assert.deepEqual(
        Object.keys(read.types).toSorted(),
        Object.values(module.types)
          .map(({ name }) => name)
          .toSorted(),
      );
      assert.deepEqual(
        Object.values(read.classes).map(({ name, properties, methods }) => [
          name,
          Object.keys(properties ?? {}),
          Object.keys(methods ?? {}),
        ]),
        Object.values(module.classes).map(({ name, properties, methods }) => [
          name,
          Object.keys(properties ?? {}),
          Object.keys(methods ?? {}),
        ]),
      );
    }
  });

  it('takes the names of Kurento with and without prefix, also where the module has the same name', () => {
    const tables = createApi([...builtInModules, read(whole)]);
    const info = tables.findClass('my.Filter');
    assert.deepEqual(info?.hierarchy.slice(0, 2), ['kurento.Filter', 'kurento.MediaElement']);
    assert.equal(info?.operations.get('find')?.returns, 'Area[]');
    assert.equal(info?.operations.has('setAngle'), false);
    assert.ok(info?.events.has('Turned') && info.events.has('Error'));
    assert.ok(tables.findEvent('Turned')?.hasType);
  });

  it('puts the files of a module together', () => {
    const module = readKmd([
      { name: 'a', text: JSON.stringify({ remoteClasses: [filter], events: [turned] }) },
      { name: 'b', text: JSON.stringify({ name: 'my', complexTypes: [area, mode] }) },
    ]);
    assert.deepEqual(Object.keys(module.classes), ['Filter']);
    assert.deepEqual(module, { ...read(whole), version: '0.0.0' });
  });

  it('says everything that is wrong, and where', () => {
    assert.deepEqual(problems({}), ["0.json: no 'name' of the module"]);
    assert.deepEqual(problems([]), ['0.json should be an object', "0.json: no 'name' of the module"]);
    assert.deepEqual(problems('{\n  name: 1}'), ['0.json:2:3: A name in quotes or } is missing']);
    assert.deepEqual(problems({ name: 'core' }), [
      "0.json: name 'core' is a module that clients know already",
    ]);
    assert.deepEqual(
      problems({
        name: 'my',
        remoteClasses: [{ name: 'A', methods: [{ name: 'b', params: [{ name: 'c', type: 'D' }] }] }],
      }),
      ["0.json: remoteClasses[0].methods[0].params[0].type 'D' is declared nowhere"],
    );
    assert.deepEqual(problems({ name: 'my', remoteClasses: {} }), ['0.json: remoteClasses should be a list']);
    assert.deepEqual(problems({ name: 'my', remoteClasses: [{ doc: 7 }] }), [
      '0.json: remoteClasses[0].name is missing',
      '0.json: remoteClasses[0].doc should be a text',
    ]);
    assert.deepEqual(
      problems({ name: 'my', complexTypes: [{ name: "A'", typeFormat: 'ENUM', values: ["'"] }] }),
      [
        "0.json: complexTypes[0].name 'A'' should be letters, digits and underscores",
        '0.json: complexTypes[0].values should be a list of plain names',
      ],
    );
    assert.deepEqual(problems({ name: 'my', remoteClasses: [{ name: 'A', extends: 'B' }] }), [
      "module my: 'B' cannot be extended",
    ]);
    assert.deepEqual(problems({ name: 'my', remoteClasses: [{ name: 'A', events: ['B'] }, { name: 'A' }] }), [
      "0.json: remoteClasses[1].name 'A' is declared twice",
    ]);
    assert.deepEqual(problems({ name: 'my', remoteClasses: [{ name: 'A', events: ['B'] }] }), [
      "module my: Event 'B' is not declared",
    ]);
  });
});
