/**
 * Prints the interfaces of the client's proxies: positional arguments, everything returns a promise.
 * @module
 */
import type { Fields, Method, Module, RemoteClass } from '../descriptor.ts';
import { getterName, setterName } from '../operations.ts';
import { describeField, describeMethod, describeParam, docComment } from './docComment.ts';
import { TypeNames } from './TypeNames.ts';
import { printFields, printValues, type Side } from './values.ts';

const HEAD = `/**
 * Interfaces of the remote objects as a client sees them, and the values that they take and give.
 *
 * Written by \`npm run gen\` from the descriptors; do not edit. A call may reject with a KurentoError.
 * @module
 */

/** What every remote object has without asking the server. */
export interface RemoteReference {
  /** Id of the object on the server. */
  readonly id: string;
  /** Ends the object and everything that it owns, for all clients. */
  release(): Promise<void>;
}`;

/** Constructor parameters that the object on which \`create\` is called stands for. */
const givenByOwner: ReadonlySet<string> = new Set(['mediaPipeline', 'hub']);

/** Text of \`generated/client.ts\`, not yet formatted. */
export function printClientInterface(modules: readonly Module[]): string {
  const side: Side = { names: new TypeNames(modules, true), taggedRegisters: false };
  const classes = modules.flatMap((module) =>
    Object.values(module.classes).map((remoteClass) => ({ module, remoteClass })),
  );
  return [
    HEAD,
    ...printValues(modules, side),
    ...classes.flatMap(({ module, remoteClass }) => printClass(remoteClass, module, side)),
    printClassMap(classes.map(({ remoteClass }) => remoteClass)),
    '',
  ].join('\n\n');
}

/** The member `key` of `RemoteClasses`, for the class whose interface is called `name`. */
export function printClassEntry(key: string, name: string, { doc, create }: RemoteClass): string {
  const params = create ? `${name}Params` : 'never';
  return `${docComment([doc])}\nreadonly ${key}: { readonly instance: ${name}; readonly params: ${params}; readonly events: ${name}Events };`;
}

function printClassMap(classes: readonly RemoteClass[]): string {
  const lines = classes.map((remoteClass) =>
    printClassEntry(remoteClass.name, remoteClass.name, remoteClass),
  );
  const creatable = classes.filter(({ create }) => create).map(({ name }) => `'${name}'`);
  return `/** Every remote class by its short name. The parameters of a class that cannot be created are \`never\`. */
export interface RemoteClasses {
${lines.join('\n')}
}

/** Short name of a class that can be created. */
export type CreatableClass = ${creatable.join(' | ')};`;
}

/** The interface of a class, that of its events, and that of its constructor parameters. */
export function printClass(remoteClass: RemoteClass, module: Module, side: Side): string[] {
  const name = side.names.declared(remoteClass.name, module);
  const { doc, create, properties = {}, methods = {}, events = [] } = remoteClass;
  const members = [
    ...Object.keys(properties).flatMap((property) => printAccessors(property, remoteClass, module, side)),
    ...Object.entries(methods).map(([method, descriptor]) => printMethod(method, descriptor, module, side)),
    ...(events.length > 0 ? printListening(name) : []),
  ];
  const parent =
    remoteClass.extends === undefined ? undefined : side.names.parent(remoteClass.extends, module);
  return [
    `${docComment([doc])}\nexport interface ${name} extends ${parent ?? 'RemoteReference'} {\n${members.join('\n')}\n}`,
    printEvents(name, parent, events, module, side),
    ...(create ? [printParams(name, create.doc, create.params, module, side)] : []),
  ];
}

function printAccessors(property: string, remoteClass: RemoteClass, module: Module, side: Side): string[] {
  const descriptor = remoteClass.properties?.[property];
  if (!descriptor) return [];
  const type = side.names.of(descriptor.type, module);
  const nullable = descriptor.nullable ? ' | null' : '';
  const text = describeField(descriptor);
  const getter = `${docComment([text])}\n${getterName(property)}(): Promise<${type}${nullable}>;`;
  if (descriptor.readOnly || descriptor.final) return [getter];
  const throws = descriptor.setterErrors?.join(', ');
  const setterDoc = [
    `Sets \`${property}\`.`,
    describeParam(property, descriptor),
    ...(throws ? [`@throws {KurentoError} ${throws}`] : []),
  ];
  return [getter, `${docComment(setterDoc)}\n${setterName(property)}(${property}: ${type}): Promise<void>;`];
}

function printMethod(name: string, method: Method, module: Module, side: Side): string {
  const params = Object.entries(method.params ?? {}).map(
    ([param, field]) => `${param}${field.optional ? '?' : ''}: ${side.names.of(field.type, module)}`,
  );
  const returns = method.returns
    ? side.names.of(method.returns.type, module) + (method.returns.nullable ? ' | null' : '')
    : 'void';
  return `${docComment(describeMethod(method, true))}\n${name}(${params.join(', ')}): Promise<${returns}>;`;
}

function printListening(name: string): string[] {
  const signature = `<Name extends keyof ${name}Events>(event: Name, listener: (event: ${name}Events[Name]) => void): Promise<void>;`;
  return [
    `/** Calls \`listener\` for each event of that name. Resolves once the server tells of them. */\non${signature}`,
    `/** Calls \`listener\` for the next event of that name only. Resolves once the server tells of it. */\nonce${signature}`,
    `/** Ends what \`on\` or \`once\` began with the same listener. */\noff${signature}`,
  ];
}

function printEvents(
  name: string,
  parent: string | undefined,
  events: readonly string[],
  module: Module,
  { names }: Side,
): string {
  const clause = parent === undefined ? '' : ` extends ${parent}Events`;
  const lines = events.map((event) => {
    const declared = Object.values(module.events).find((one) => one.name === event);
    const doc = declared?.doc ?? `Event \`${event}\`.`;
    return `${docComment([doc])}\nreadonly ${event.replace(/^.*\./, '')}: ${names.eventOf(event, module)};`;
  });
  return `/** Events of \`${name}\` by name. */\nexport interface ${name}Events${clause} {\n${lines.join('\n')}\n}`;
}

function printParams(name: string, doc: string, params: Fields, module: Module, side: Side): string {
  const lines = printFields(
    params,
    module,
    side,
    (field, param) => field.optional === true || givenByOwner.has(param),
  );
  return `${docComment([`Constructor parameters of \`${name}\`. ${doc}`])}
export interface ${name}Params {
${lines.join('\n')}
}`;
}
