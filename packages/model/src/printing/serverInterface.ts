/**
 * Prints the interfaces that the server's classes implement: one argument object per call, references are our
 * own objects.
 * @module
 */
import type { Fields, Method, Module, RemoteClass } from '../descriptor.ts';
import { getterName, setterName } from '../operations.ts';
import { describeField, describeMethod, docComment } from './docComment.ts';
import { TypeNames } from './TypeNames.ts';
import { printFields, printValues, type Side } from './values.ts';

const HEAD = `/**
 * Interfaces that the server's classes implement, and the values that they take and give.
 *
 * Written by \`npm run gen\` from the descriptors; do not edit. Arguments are decoded: references are live objects,
 * and what has a default is always there.
 * @module
 */

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;`;

/** Text of \`generated/server.ts\`, not yet formatted. */
export function printServerInterface(modules: readonly Module[]): string {
  const side: Side = { names: new TypeNames(modules, false), taggedRegisters: true };
  const classes = modules.flatMap((module) =>
    Object.values(module.classes).flatMap((remoteClass) => printClass(remoteClass, module, side)),
  );
  return [HEAD, ...printValues(modules, side), printEventMap(modules, side), ...classes, ''].join('\n\n');
}

function printEventMap(modules: readonly Module[], { names }: Side): string {
  const lines = modules
    .flatMap((module) => Object.values(module.events).map((event) => ({ module, event })))
    .filter(({ event }) => event.name !== 'RaiseBase' && event.name !== 'Media')
    .map(
      ({ module, event: { name, doc } }) =>
        `${docComment([doc])}\nreadonly ${name}: ${names.event(name, module)};`,
    );
  return `/** Every event that objects raise, by its name. */
export interface EventsByName {
${lines.join('\n')}
}`;
}

function printClass(remoteClass: RemoteClass, module: Module, side: Side): string[] {
  const { name, doc, create, properties = {}, methods = {} } = remoteClass;
  const parent = remoteClass.extends ? ` extends ${remoteClass.extends}` : '';
  const members = [
    ...Object.entries(properties).flatMap(([property, descriptor]) => {
      const type = side.names.of(descriptor.type, module);
      const nullable = descriptor.nullable ? ' | null' : '';
      const text = describeField(descriptor);
      const getter = `${docComment([text])}\n${getterName(property)}(): Awaitable<${type}${nullable}>;`;
      if (descriptor.readOnly || descriptor.final) return [getter];
      const throws = descriptor.setterErrors?.join(', ');
      const setterDoc = [`Sets: ${text}`, ...(throws ? [`@throws {KurentoError} ${throws}`] : [])];
      const argument = `params: { readonly ${property}: ${type} }`;
      return [getter, `${docComment(setterDoc)}\n${setterName(property)}(${argument}): Awaitable<void>;`];
    }),
    ...Object.entries(methods).map(([method, descriptor]) => printMethod(method, descriptor, module, side)),
  ];
  const classText = `${docComment([doc])}\nexport interface ${name}${parent} {\n${members.join('\n')}\n}`;
  if (!create) return [classText];
  const params = printArguments(create.params, module, side);
  const paramsDoc = docComment([`Constructor parameters of \`${name}\`. ${create.doc}`]);
  return [classText, `${paramsDoc}\nexport interface ${name}Params {\n${params.join('\n')}\n}`];
}

function printMethod(name: string, method: Method, module: Module, side: Side): string {
  const members = printArguments(method.params ?? {}, module, side);
  const argument = members.length > 0 ? `params: {\n${members.join('\n')}\n}` : '';
  const returns = method.returns
    ? side.names.of(method.returns.type, module) + (method.returns.nullable ? ' | null' : '')
    : 'void';
  return `${docComment(describeMethod(method, false))}\n${name}(${argument}): Awaitable<${returns}>;`;
}

/** Decoding fills defaults in, so only what has none can be missing. */
function printArguments(fields: Fields, module: Module, side: Side): string[] {
  return printFields(
    fields,
    module,
    side,
    (field) => field.optional === true && field.defaultValue === undefined,
  );
}
