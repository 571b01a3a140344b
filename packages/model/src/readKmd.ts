/**
 * Modules from descriptions in Kurento's own format (KMD), as module developers write them: the way back from
 * `kmd.ts`, with the place of every fault.
 * @module
 */
import { createApi } from './api.ts';
import type {
  EnumType,
  EventType,
  Field,
  Fields,
  Method,
  Module,
  Property,
  RegisterType,
  RemoteClass,
} from './descriptor.ts';
import { KmdNode, type KmdProblems } from './KmdNode.ts';
import { KmdTypes } from './KmdTypes.ts';
import { LenientJsonError, parseLenientJson } from './lenientJson.ts';
import { builtInModules } from './modules/index.ts';

/** A file of a description. */
export interface KmdFile {
  /** Its name, for messages. */
  readonly name: string;
  /** What is in it. */
  readonly text: string;
}

/** A description that cannot be used. */
export class KmdError extends Error {
  /** Always `KmdError`. */
  override readonly name = 'KmdError';
  /** Everything that is wrong, each with file and place. */
  readonly problems: readonly string[];

  /** An error with these problems. */
  constructor(problems: readonly string[]) {
    const once = [...new Set(problems)];
    super(once.join('\n'));
    this.problems = once;
  }
}

/** Modules that every module builds on, whether it says so or not. */
const alwaysImported = ['core', 'elements', 'filters'] as const;

/**
 * The module that these files describe together: one of them says its name, any of them declare classes, types and
 * events. `base` are the modules that it may build on.
 * @throws {KmdError} If it cannot be used.
 */
export function readKmd(files: readonly KmdFile[], base: readonly Module[] = builtInModules): Module {
  const problems: KmdProblems = [];
  const roots = files.flatMap((file) => readFile(file, problems));
  const module = problems.length === 0 ? readModule(roots, base) : undefined;
  if (!module) throw new KmdError([...problems, ...missingName(roots, files)]);
  if (problems.length === 0) problems.push(...linkProblems(module, base));
  if (problems.length > 0) throw new KmdError(problems);
  return module;
}

function readFile({ name, text }: KmdFile, problems: KmdProblems): KmdNode[] {
  try {
    return [new KmdNode(parseLenientJson(text), name, problems)];
  } catch (error) {
    if (!(error instanceof LenientJsonError)) throw error;
    problems.push(`${name}:${error.line}:${error.column}: ${error.message}`);
    return [];
  }
}

function missingName(roots: readonly KmdNode[], files: readonly KmdFile[]): string[] {
  if (roots.length < files.length || roots.some((root) => root.get('name') !== undefined)) return [];
  return [`${files.map(({ name }) => name).join(', ')}: no 'name' of the module`];
}

/** Undefined if no file says the name. */
function readModule(roots: readonly KmdNode[], base: readonly Module[]): Module | undefined {
  const named = roots.find((root) => root.get('name') !== undefined);
  if (!named) return undefined;
  const name = named.identifier('name');
  if (base.some((module) => module.name === name))
    named.fault(`'${name}' is a module that clients know already`, 'name');
  const all = (member: string): KmdNode[] => roots.flatMap((root) => root.list(member));
  const types = new KmdTypes(name, [...all('remoteClasses'), ...all('complexTypes')], base);
  const imports = named.list('imports').map((one) => one.identifier('name'));
  return {
    name,
    wireModule: name,
    version: named.optionalText('version') ?? '0.0.0',
    generationTime: named.optionalText('generationTime') ?? '',
    doc: named.doc(`Module ${name}.`),
    imports: [...new Set([...alwaysImported, ...imports])],
    npmName:
      named.child('code')?.child('api')?.child('js')?.optionalText('nodeName') ?? `kurento-module-${name}`,
    classes: byName(all('remoteClasses').map((node) => [node, remoteClass(node, types)])),
    events: byName(all('events').map((node) => [node, eventType(node, types)])),
    types: byName(all('complexTypes').map((node) => [node, complexType(node, types)])),
  };
}

/** What only shows when the module is put together with those below it: unknown parents and events, say. */
function linkProblems(module: Module, base: readonly Module[]): string[] {
  try {
    createApi([...base, module]);
    return [];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [`module ${module.name}: ${error.message}`];
  }
}

function byName<T extends { readonly name: string }>(
  entries: readonly (readonly [KmdNode, T])[],
): Readonly<Record<string, T>> {
  const found = new Map<string, T>();
  for (const [node, value] of entries) {
    if (found.has(value.name)) node.fault(`'${value.name}' is declared twice`, 'name');
    found.set(value.name, value);
  }
  return Object.fromEntries(found);
}

function remoteClass(node: KmdNode, types: KmdTypes): RemoteClass {
  const name = node.identifier('name');
  const create = node.child('constructor');
  const parent = node.optionalText('extends');
  return {
    name,
    ...(parent !== undefined && { extends: types.link(parent) }),
    ...(node.flag('abstract') && { abstract: true }),
    doc: node.doc(`${name}.`),
    ...(create && {
      create: { doc: create.doc(`Makes a ${name}.`), params: fields(create.list('params'), types) },
    }),
    properties: named(node.list('properties'), (one) => property(one, types)),
    methods: named(node.list('methods'), (one) => method(one, types)),
    events: node.texts('events').map((event) => types.link(event)),
  };
}

function property(node: KmdNode, types: KmdTypes): Property {
  return {
    ...field(node, types),
    ...(node.flag('readOnly') && { readOnly: true }),
    ...(node.flag('final') && { final: true }),
  };
}

function method(node: KmdNode, types: KmdTypes): Method {
  const returns = node.child('return');
  return {
    doc: node.doc(`${node.identifier('name')}.`),
    params: fields(node.list('params'), types),
    ...(returns && { returns: { type: types.read(returns), doc: returns.doc('The answer.') } }),
  };
}

function eventType(node: KmdNode, types: KmdTypes): EventType {
  const name = node.identifier('name');
  const parent = node.optionalText('extends');
  return {
    name,
    ...(parent !== undefined && { extends: types.link(parent) }),
    doc: node.doc(`${name}.`),
    fields: fields(node.list('properties'), types),
  };
}

function complexType(node: KmdNode, types: KmdTypes): EnumType | RegisterType {
  const name = node.identifier('name');
  const doc = node.doc(`${name}.`);
  const format = node.text('typeFormat').toUpperCase();
  if (format === 'ENUM') {
    const values = node.texts('values');
    if (values.length === 0 || values.some((value) => !/^[\w .:+-]+$/.test(value))) {
      node.fault('should be a list of plain names', 'values');
    }
    return { name, kind: 'enum', doc, values };
  }
  if (format !== 'REGISTER') node.fault('should be REGISTER or ENUM', 'typeFormat');
  const parent = node.optionalText('extends');
  return {
    name,
    kind: 'register',
    ...(parent !== undefined && { extends: types.link(parent) }),
    doc,
    fields: fields(node.list('properties'), types),
  };
}

function fields(nodes: readonly KmdNode[], types: KmdTypes): Fields {
  return named(nodes, (node) => field(node, types));
}

function named<T>(nodes: readonly KmdNode[], read: (node: KmdNode) => T): Readonly<Record<string, T>> {
  const entries = nodes.map((node): [string, T] => [node.identifier('name'), read(node)]);
  const names = entries.map(([name]) => name);
  for (const [index, node] of nodes.entries()) {
    if (names.indexOf(names[index] ?? '') !== index)
      node.fault(`'${names[index]}' is declared twice`, 'name');
  }
  return Object.fromEntries(entries);
}

function field(node: KmdNode, types: KmdTypes): Field {
  const defaultValue = node.get('defaultValue');
  return {
    type: types.read(node),
    doc: node.doc(`${node.identifier('name')}.`),
    ...((node.flag('optional') || defaultValue !== undefined) && { optional: true }),
    ...(defaultValue !== undefined && { defaultValue }),
  };
}
