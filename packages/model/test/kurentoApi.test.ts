/**
 * Compares the descriptors with the table of Kurento's API, where that is at hand beside the house.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { api, builtInModules, ErrorCode, type Field, type Fields, type Result } from '@rivero/model';

interface TableField {
  readonly name: string;
  readonly type: string;
  readonly optional?: boolean;
  readonly default?: unknown;
}

interface TableType {
  readonly name: string;
  readonly module: string;
  readonly wireModule: string;
  readonly kind: 'enum' | 'register';
  readonly extends: string | null;
  readonly values?: readonly string[];
  readonly properties?: readonly TableField[];
  readonly allProperties?: readonly TableField[];
}

interface TableEvent {
  readonly name: string;
  readonly module: string;
  readonly extends: string | null;
  readonly properties: readonly TableField[];
  readonly allProperties: readonly TableField[];
  readonly ancestors: readonly string[];
  readonly emittedBy: readonly string[];
}

interface TableClass {
  readonly name: string;
  readonly module: string;
  readonly wireModule: string;
  readonly qualifiedType: string;
  readonly abstract: boolean;
  readonly extends: string | null;
  readonly constructor: readonly TableField[] | null;
  readonly properties: readonly (TableField & {
    readonly access: 'rw' | 'ro' | 'final';
    readonly getter: string;
    readonly setter?: string;
  })[];
  readonly methods: readonly {
    readonly name: string;
    readonly params: readonly TableField[];
    readonly return: string | null;
  }[];
  readonly events: readonly string[];
  readonly hierarchyOnWire: readonly string[];
  readonly allEvents: readonly string[];
}

interface Table {
  readonly modules: readonly {
    readonly name: string;
    readonly wireModule: string;
    readonly jsPackage: string | null;
    readonly factories: readonly string[];
  }[];
  readonly remoteClasses: readonly TableClass[];
  readonly events: readonly TableEvent[];
  readonly complexTypes: readonly TableType[];
  readonly errorCodes: readonly { readonly code: number; readonly type: string }[];
}

const file = new URL('../../../../shared/kurento/api.json', import.meta.url);
const present = existsSync(file);
const table: Table = present
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { modules: [], remoteClasses: [], events: [], complexTypes: [], errorCodes: [] };

/** Type, name, optionality and default of each field, in order. */
function shape(fields: Fields): TableField[] {
  return Object.entries(fields).map(([name, { type, optional, defaultValue }]: [string, Field]) => ({
    name,
    // Our tables qualify names that two modules use.
    type: type.replace(/^\w+\.(?=\w)/, ''),
    optional: optional === true,
    ...(defaultValue !== undefined && { default: defaultValue }),
  }));
}

function tableShape(fields: readonly TableField[]): TableField[] {
  return fields.map(({ name, type, optional = false, ...rest }) => ({
    name,
    type,
    optional,
    ...('default' in rest && { default: rest.default }),
  }));
}

function typeOf(result: Result | undefined): string | null {
  return result?.type ?? null;
}

describe('Descriptors beside the table of Kurento', {
  skip: present ? false : 'the table is not here',
}, () => {
  it('list the same modules with the same factories', () => {
    assert.deepEqual(
      builtInModules.map(({ name, wireModule, npmName = null }) => ({ name, wireModule, npmName })),
      table.modules.map(({ name, wireModule, jsPackage }) => ({ name, wireModule, npmName: jsPackage })),
    );
    for (const { name, factories } of table.modules) {
      const found = api.modules.find((module) => module.name === name);
      assert.deepEqual(found?.classes, factories);
    }
  });

  it('list the same classes', () => {
    assert.equal(table.remoteClasses.length, 41);
    assert.deepEqual(
      new Set(api.classes.map((info) => info.qualifiedType)),
      new Set(table.remoteClasses.map((one) => one.qualifiedType)),
    );
  });

  for (const expected of table.remoteClasses) {
    it(`describe ${expected.qualifiedType} alike`, () => {
      const info = api.findClass(expected.qualifiedType) ?? assert.fail('It is missing');
      const { descriptor } = info;
      assert.equal(info.name, expected.name);
      assert.equal(info.module, expected.module);
      assert.equal(info.wireModule, expected.wireModule);
      assert.equal(info.abstract, expected.abstract);
      assert.equal(descriptor.extends ?? null, expected.extends);
      assert.deepEqual(info.hierarchy, expected.hierarchyOnWire);
      assert.deepEqual(descriptor.events ?? [], expected.events);
      assert.deepEqual([...info.events.keys()], expected.allEvents);
      const constructorParams = Object.hasOwn(expected, 'constructor') ? expected.constructor : null;
      assert.equal(descriptor.create === undefined, constructorParams === null);
      assert.deepEqual(shape(info.constructorParams), tableShape(constructorParams ?? []));
    });

    it(`give ${expected.qualifiedType} the same properties`, () => {
      const info = api.findClass(expected.qualifiedType) ?? assert.fail('It is missing');
      const { properties = {} } = info.descriptor;
      assert.deepEqual(
        shape(properties),
        tableShape(expected.properties.map(({ name, type, ...rest }) => ({ name, type, ...pick(rest) }))),
      );
      for (const { name, access, getter, setter } of expected.properties) {
        const property = properties[name] ?? assert.fail(name);
        assert.deepEqual(
          [property.readOnly === true, property.final === true],
          [access === 'ro', access === 'final'],
          name,
        );
        const { kind, property: read, returns } = info.operations.get(getter) ?? assert.fail(getter);
        assert.deepEqual([kind, read, returns], ['getter', name, property.type]);
        assert.equal(setter === undefined, access !== 'rw', name);
        if (setter) assert.deepEqual(Object.keys(info.operations.get(setter)?.params ?? {}), [name]);
      }
    });

    it(`give ${expected.qualifiedType} the same methods`, () => {
      const info = api.findClass(expected.qualifiedType) ?? assert.fail('It is missing');
      assert.deepEqual(
        Object.entries(info.descriptor.methods ?? {}).map(([name, method]) => [
          name,
          shape(method.params ?? {}),
          typeOf(method.returns),
        ]),
        expected.methods.map((method) => [method.name, tableShape(method.params), method.return]),
      );
      for (const { name, params } of expected.methods) {
        assert.deepEqual(shape(info.operations.get(name)?.params ?? {}), tableShape(params));
      }
    });
  }

  it('list the same events with the same fields', () => {
    assert.equal(table.events.length, 36);
    const all = builtInModules.flatMap((module) => Object.values(module.events));
    assert.deepEqual(
      new Set(all.map((event) => event.name)),
      new Set(table.events.map((event) => event.name)),
    );
    for (const expected of table.events) {
      const info = api.findEvent(expected.name) ?? assert.fail(expected.name);
      assert.equal(info.module, expected.module);
      assert.equal(info.descriptor.extends ?? null, expected.extends);
      assert.deepEqual(shape(info.descriptor.fields ?? {}), tableShape(expected.properties));
      assert.deepEqual(sorted(shape(info.fields)), sorted(tableShape(expected.allProperties)));
      const line = [expected.name, ...expected.ancestors];
      assert.equal(info.hasType, line.includes('Media') || line.includes('Error'), expected.name);
      for (const emitter of expected.emittedBy) {
        assert.equal(api.findClass(emitter)?.events.get(expected.name), info);
      }
    }
  });

  it('list the same complex types with the same members and values', () => {
    const all = builtInModules.flatMap((module) =>
      Object.values(module.types).map((type) => ({ module: module.name, type })),
    );
    assert.equal(all.length, table.complexTypes.length);
    for (const expected of table.complexTypes) {
      const found = all.find(({ module, type }) => module === expected.module && type.name === expected.name);
      const type = found?.type ?? assert.fail(expected.name);
      assert.equal(type.kind, expected.kind);
      if (type.kind === 'enum') assert.deepEqual(type.values, expected.values);
      else {
        assert.equal(type.extends ?? null, expected.extends);
        assert.deepEqual(shape(type.fields), tableShape(expected.properties ?? []));
      }
    }
  });

  it('list the same errors', () => {
    const named = table.errorCodes.filter(({ type }) => /^[A-Z_]+$/.test(type));
    assert.deepEqual(ErrorCode, Object.fromEntries(named.map(({ code, type }) => [type, code])));
  });
});

function pick(rest: { readonly default?: unknown }): { readonly default?: unknown } {
  return 'default' in rest ? { default: rest.default } : {};
}

function sorted(fields: readonly TableField[]): TableField[] {
  return fields.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
