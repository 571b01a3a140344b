/**
 * Prints the typed client of one module: its interfaces, its description as data, and what makes `create` know it.
 * @module
 */
import type { Module } from '../descriptor.ts';
import { builtInModules } from '../modules/index.ts';
import { printClass, printClassEntry } from './clientInterface.ts';
import { TypeNames } from './TypeNames.ts';
import { printModuleValues, type Side } from './values.ts';

/** Package that the printed file builds on. */
const clientPackage = '@rivero/client';

/** Text of a file with the typed client of a module that builds on those of Kurento, ready to be read by people. */
export function printModuleClient(module: Module): string {
  const names = new TypeNames(builtInModules, true, module);
  const side: Side = { names, taggedRegisters: false };
  const classes = Object.values(module.classes);
  const interfaces = [
    ...printModuleValues(module, side),
    ...classes.flatMap((remoteClass) => printClass(remoteClass, module, side)),
  ].join('\n\n');
  const entries = classes.map((remoteClass) =>
    printClassEntry(
      `'${module.wireModule}.${remoteClass.name}'`,
      names.declared(remoteClass.name, module),
      remoteClass,
    ),
  );
  const constant = constantName(module.name);
  return indented(
    [
      `/**
 * Typed client of the module \`${module.name}\`: \`connect(url, { modules: [${constant}] })\`.
 *
 * Written by \`rivero gen client\` from the module's description; do not edit.
 * @module
 */
import type { ${importedTypes(interfaces, names).join(', ')} } from '${clientPackage}';`,
      interfaces,
      `/** The module as data, for the option \`modules\` of \`connect\`. */
export const ${constant}: Module = ${JSON.stringify(module, null, 2)};`,
      `declare module '${clientPackage}' {
/** The classes of module \`${module.name}\`. */
interface RemoteClasses {
${entries.join('\n')}
}
}`,
      '',
    ].join('\n\n'),
  );
}

/** Name of the constant that holds the module. */
function constantName(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Module`;
}

/** The printed types of Kurento's modules that a text uses, sorted. */
function importedTypes(text: string, names: TypeNames): string[] {
  const code = text.replaceAll(/\/\*\*[\s\S]*?\*\//g, '').replaceAll(/'[^']*'/g, '');
  const used = new Set(code.match(/[A-Za-z_]\w*/g));
  const offered = [
    ...builtInModules.flatMap((module) => names.printed(module)),
    ...names.families().map(({ name }) => name),
    'RemoteReference',
  ];
  return ['Module', ...offered.filter((name) => used.has(name))].toSorted();
}

/** The text with each line indented by the brackets that are open before it. */
function indented(text: string): string {
  let depth = 0;
  return text
    .split('\n')
    .map((line) => {
      const code = line.trim();
      if (code.startsWith('*')) return `${'  '.repeat(depth)} ${code}`;
      const level = /^[}\]]/.test(code) ? depth - 1 : depth;
      if (/[{[]$/.test(code)) depth = level + 1;
      else if (/^[}\]]/.test(code)) depth = level;
      return code === '' ? '' : '  '.repeat(Math.max(0, level)) + code;
    })
    .join('\n');
}
