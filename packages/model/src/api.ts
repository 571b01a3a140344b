/**
 * The tables of the API, made from the descriptors.
 * @module
 */
import { Decoder } from './decode.ts';
import type { EventType, Fields, Module, RemoteClass } from './descriptor.ts';
import { Encoder } from './encode.ts';
import { kmdOf } from './kmd.ts';
import { builtInModules } from './modules/index.ts';
import { operationsOf } from './operations.ts';
import type { Api, ClassInfo, EventInfo, ModuleInfo, Operation } from './tables.ts';
import { TypeTable } from './typeTable.ts';

/** Something that a module declares. */
interface Declared<T> {
  readonly module: Module;
  readonly descriptor: T;
}

/**
 * The tables of a set of modules. A module must come after those that it builds on.
 * @throws {TypeError} if a name is used that no module declares, or is declared twice in one wire module.
 */
export function createApi(modules: readonly Module[]): Api {
  const types = new TypeTable(modules);
  const decoder = new Decoder(types);
  const encoder = new Encoder(types);
  const events = eventTable(modules, types);
  const classes = classTable(modules, types, events);
  lookUpAll(types, classes, events);
  const byName = new Map<string, ClassInfo | undefined>();
  for (const info of classes) {
    byName.set(info.qualifiedType, info);
    // A short name that two modules use finds nothing: the qualified one is needed.
    byName.set(info.name, byName.has(info.name) ? undefined : info);
  }
  const descriptions = new Map(modules.map((module) => [module.name, kmdOf(module)]));
  return {
    modules: modules.map(moduleInfo),
    classes,
    findClass: (type) => byName.get(type),
    findEvent: (name) => events.get(name),
    kmd: (moduleName) => descriptions.get(moduleName),
    decodeParams: (given, fields, holder, context) => decoder.params(given, fields, holder, context),
    encode: (value, type, context) => encoder.value(value, type, context),
    encodeEvent: (event, fields, context) => encoder.event(event, fields, context),
  };
}

/** Looks every type name up once: a wrong one shows at the start, and no call has to wait for it. */
function lookUpAll(
  types: TypeTable,
  classes: readonly ClassInfo[],
  events: ReadonlyMap<string, EventInfo>,
): void {
  for (const { constructorParams, operations } of classes) {
    types.typed(constructorParams);
    for (const { params, returns } of operations.values()) {
      types.typed(params);
      if (returns !== 'void') types.find(returns);
    }
  }
  for (const { fields } of events.values()) types.typed(fields);
}

function moduleInfo(descriptor: Module): ModuleInfo {
  const { name, wireModule, version, generationTime } = descriptor;
  const classes = Object.values(descriptor.classes)
    .filter((remoteClass) => !remoteClass.abstract)
    .map((remoteClass) => remoteClass.name)
    .toSorted();
  return { name, wireModule, version, generationTime, classes, descriptor };
}

/** The declaration and those that it adds to, nearest first. */
function lineage<T extends { readonly extends?: string }>(
  declared: Declared<T>,
  find: (name: string, module: Module) => Declared<T> | undefined,
): Declared<T>[] {
  const line: Declared<T>[] = [];
  for (let next: Declared<T> | undefined = declared; next; ) {
    line.push(next);
    const parent: string | undefined = next.descriptor.extends;
    if (parent === undefined) break;
    const found = find(parent, next.module);
    if (!found || line.includes(found)) throw new TypeError(`'${parent}' cannot be extended`);
    next = found;
  }
  return line;
}

/** Finds declarations by name: those of the same wire module first, then the first of that name. */
function finder<T extends { readonly name: string }>(
  all: readonly Declared<T>[],
): (name: string, module: Module) => Declared<T> | undefined {
  const table = new Map<string, Declared<T>>();
  for (const declared of all) {
    table.set(`${declared.module.wireModule}.${declared.descriptor.name}`, declared);
    if (!table.has(declared.descriptor.name)) table.set(declared.descriptor.name, declared);
  }
  return (name, module) => table.get(`${module.wireModule}.${name}`) ?? table.get(name);
}

/** Every event by its short and by its qualified name; a short name finds the event declared first. */
function eventTable(modules: readonly Module[], types: TypeTable): ReadonlyMap<string, EventInfo> {
  const all = modules.flatMap((module) =>
    Object.values(module.events).map((descriptor): Declared<EventType> => ({ module, descriptor })),
  );
  const find = finder(all);
  const table = new Map<string, EventInfo>();
  for (const declared of all) {
    const line = lineage(declared, find);
    const { module, descriptor } = declared;
    const info: EventInfo = {
      name: descriptor.name,
      module: module.name,
      fields: Object.assign(
        {},
        ...line.toReversed().map((one) => types.scoped(one.descriptor.fields ?? {}, one.module)),
      ),
      hasType: line.some((one) => one.descriptor.name === 'Media' || one.descriptor.name === 'Error'),
      descriptor,
    };
    table.set(`${module.wireModule}.${descriptor.name}`, info);
    if (!table.has(descriptor.name)) table.set(descriptor.name, info);
  }
  return table;
}

function classTable(
  modules: readonly Module[],
  types: TypeTable,
  events: ReadonlyMap<string, EventInfo>,
): readonly ClassInfo[] {
  const all = modules.flatMap((module) =>
    Object.values(module.classes).map((descriptor): Declared<RemoteClass> => ({ module, descriptor })),
  );
  const find = finder(all);
  return all.map((declared) => classInfo(lineage(declared, find), types, events));
}

function classInfo(
  line: readonly Declared<RemoteClass>[],
  types: TypeTable,
  events: ReadonlyMap<string, EventInfo>,
): ClassInfo {
  const [declared] = line;
  if (!declared) throw new TypeError('A lineage begins with the class itself');
  const { module, descriptor } = declared;
  const qualified = line.map((one) => `${one.module.wireModule}.${one.descriptor.name}`);
  const names = new Set([...qualified, ...line.map((one) => one.descriptor.name)]);
  return {
    name: descriptor.name,
    module: module.name,
    wireModule: module.wireModule,
    qualifiedType: `${module.wireModule}.${descriptor.name}`,
    abstract: descriptor.abstract === true,
    hierarchy: qualified.slice(1),
    constructorParams: constructorParams(declared, types),
    operations: inherited(line, (one) => operationsOf(one.descriptor, one.module, types)),
    events: inherited(line, (one) => eventsOf(one, events)),
    descriptor,
    isA: (className) => names.has(className),
  };
}

function constructorParams({ module, descriptor }: Declared<RemoteClass>, types: TypeTable): Fields {
  return types.scoped(descriptor.create?.params ?? {}, module);
}

function eventsOf(
  { module, descriptor }: Declared<RemoteClass>,
  events: ReadonlyMap<string, EventInfo>,
): EventInfo[] {
  return (descriptor.events ?? []).map((name) => {
    const info = events.get(`${module.wireModule}.${name}`) ?? events.get(name);
    if (!info) throw new TypeError(`Event '${name}' is not declared`);
    return info;
  });
}

/** Own and inherited members by name; the nearest of a name counts. */
function inherited<T extends Operation | EventInfo>(
  line: readonly Declared<RemoteClass>[],
  own: (declared: Declared<RemoteClass>) => readonly T[],
): ReadonlyMap<string, T> {
  const members = new Map<string, T>();
  for (const declared of line) {
    for (const member of own(declared)) if (!members.has(member.name)) members.set(member.name, member);
  }
  return members;
}

/** The API of the built-in modules. */
export const api: Api = createApi(builtInModules);
