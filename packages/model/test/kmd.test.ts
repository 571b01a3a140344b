/**
 * Modules in Kurento's own description format: round trip, and beside the files of the official client.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { api, builtInModules, createApi, type Field, type Fields, type Module } from '@rivero/model';

interface Kmd {
  readonly name: string;
  readonly version: string;
  readonly imports: readonly { readonly name: string }[];
  readonly remoteClasses: readonly KmdClass[];
  readonly complexTypes: readonly KmdType[];
  readonly events: readonly KmdNode[];
}

interface KmdNode {
  readonly name: string;
  readonly doc: string;
  readonly extends?: string;
  readonly properties?: readonly KmdField[];
}

interface KmdField extends Field {
  readonly name: string;
  readonly readOnly?: true;
  readonly final?: true;
}

interface KmdClass extends KmdNode {
  readonly abstract?: true;
  readonly constructor?: { readonly doc: string; readonly params: readonly KmdField[] };
  readonly methods?: readonly {
    readonly name: string;
    readonly doc: string;
    readonly params: readonly KmdField[];
    readonly return?: Field;
  }[];
  readonly events?: readonly string[];
}

interface KmdType extends KmdNode {
  readonly typeFormat: 'ENUM' | 'REGISTER';
  readonly values?: readonly string[];
}

function kmd(moduleName: string): Kmd {
  return JSON.parse(api.kmd(moduleName) ?? assert.fail(moduleName));
}

function fieldsOf(list: readonly KmdField[] | undefined): Fields {
  return Object.fromEntries((list ?? []).map(({ name, ...field }) => [name, field]));
}

function byName<T extends { readonly name: string }, U>(
  list: readonly T[],
  turn: (one: T) => U,
): Record<string, U> {
  return Object.fromEntries(list.map((one) => [one.name, turn(one)]));
}

/** The module that a description stands for. */
function moduleOf(description: Kmd, { wireModule, generationTime, doc }: Module): Module {
  return {
    name: description.name,
    wireModule,
    version: description.version,
    generationTime,
    doc,
    imports: description.imports.map(({ name }) => name),
    classes: byName(description.remoteClasses, ({ properties, methods, constructor: create, ...rest }) => ({
      ...rest,
      ...(typeof create === 'object' && { create: { doc: create.doc, params: fieldsOf(create.params) } }),
      properties: fieldsOf(properties),
      methods: byName(methods ?? [], ({ name: _name, doc: text, params, return: returns }) => ({
        doc: text,
        params: fieldsOf(params),
        ...(returns && { returns }),
      })),
    })),
    events: byName(description.events, ({ properties, ...rest }) => ({
      ...rest,
      fields: fieldsOf(properties),
    })),
    types: byName(description.complexTypes, ({ typeFormat, values, properties, ...rest }) =>
      typeFormat === 'ENUM'
        ? { ...rest, kind: 'enum', values: values ?? [] }
        : { ...rest, kind: 'register', fields: fieldsOf(properties) },
    ),
  };
}

describe('Api.kmd()', () => {
  it('describes every module and no other', () => {
    for (const { name } of builtInModules) assert.equal(kmd(name).name, name);
    for (const name of ['kurento', '', 'toString']) assert.equal(api.kmd(name), undefined);
  });

  it('makes the same API when read back', () => {
    const again = createApi(builtInModules.map((module) => moduleOf(kmd(module.name), module)));
    for (const info of api.classes) {
      const copy = again.findClass(info.qualifiedType) ?? assert.fail(info.qualifiedType);
      assert.deepEqual(copy.hierarchy, info.hierarchy);
      assert.deepEqual(copy.abstract, info.abstract);
      assert.deepEqual([...copy.events.keys()], [...info.events.keys()]);
      assert.deepEqual(bare(copy.constructorParams), bare(info.constructorParams));
      assert.deepEqual([...copy.operations.keys()], [...info.operations.keys()]);
      for (const [name, { kind, params, returns }] of info.operations) {
        const operation = copy.operations.get(name) ?? assert.fail(name);
        assert.deepEqual(
          [operation.kind, operation.returns, bare(operation.params)],
          [kind, returns, bare(params)],
        );
      }
    }
    for (const { name } of builtInModules) {
      const { code, ...ours }: Record<string, unknown> = JSON.parse(api.kmd(name) ?? '');
      const theirs: unknown = JSON.parse(again.kmd(name) ?? '');
      assert.ok(code === undefined || typeof code === 'object');
      assert.deepEqual(withoutEmpty(theirs), withoutEmpty(ours));
    }
  });

  it('has none of the keys that we add', () => {
    for (const { name } of builtInModules) {
      const text = api.kmd(name) ?? '';
      assert.doesNotMatch(
        text,
        /"(unit|errors|setterErrors|nullable|wireType|wireModule|literals|create|returns)":/,
      );
    }
  });

  for (const name of ['core', 'elements', 'filters']) {
    it(`agrees with the description of ${name} in the official client, texts aside`, () => {
      const path = `../../../node_modules/kurento-client-${name}/src/${name}.kmd.json`;
      const official: Kmd = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      const ours = kmd(name);
      assert.equal(ours.version, official.version);
      for (const part of ['remoteClasses', 'complexTypes', 'events'] as const) {
        assert.deepEqual(plain(ours[part]), plain(official[part]));
      }
    });
  }
});

/** The fields without what the format does not carry. */
function bare(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { unit: _unit, nullable: _nullable, ...field }]) => [name, field]),
  );
}

function withoutEmpty(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, member: unknown) =>
      Array.isArray(member) && member.length === 0 ? undefined : member,
    ),
  );
}

/**
 * Declarations by name, without texts, empty lists and false flags, and without the defaults of what is not
 * optional, which only newer descriptions declare and the wire does not know.
 */
function plain(list: readonly KmdNode[] = []): unknown {
  const cleaned: readonly KmdNode[] = JSON.parse(
    JSON.stringify(list, (key, member: unknown) => {
      if (key === 'doc' || member === false) return undefined;
      // As text, so that a default that is false or an empty list stays.
      if (key === 'defaultValue') return JSON.stringify(member);
      if (Array.isArray(member) && member.length === 0 && key !== '') return undefined;
      return withoutIdleDefault(member);
    }),
  );
  return byName(cleaned, (one) => one);
}

function withoutIdleDefault(member: unknown): unknown {
  if (typeof member !== 'object' || member === null || !('defaultValue' in member)) return member;
  if ('optional' in member && member.optional === true) return member;
  const { defaultValue: _defaultValue, ...rest } = member;
  return rest;
}
