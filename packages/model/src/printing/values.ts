/**
 * Prints the types of values: enums, registers and events.
 * @module
 */
import type { EnumType, EventType, Field, Fields, Module, RegisterType } from '../descriptor.ts';
import { describeField, docComment } from './docComment.ts';
import type { TypeNames } from './TypeNames.ts';

/** What differs between the two sides. */
export interface Side {
  /** Names of the types. */
  readonly names: TypeNames;
  /** True if variants of a register name their type, so that encoding can tell them apart. */
  readonly taggedRegisters: boolean;
}

/** Every enum, register and event of the modules, and the unions of register families. */
export function printValues(modules: readonly Module[], side: Side): string[] {
  return [
    ...modules.flatMap((module) => printTypes(module, side)),
    ...side.names.families().map(
      ({ name, root, variants }) =>
        `${docComment([`${root.doc} One of the kinds that occur, told apart by \`type\`.`])}
export type ${name} = ${variants.join(' | ')};`,
    ),
    ...modules.flatMap((module) => printEvents(module, side)),
  ];
}

/** Every enum, register and event of one module that stands beside others. */
export function printModuleValues(module: Module, side: Side): string[] {
  return [...printTypes(module, side), ...printEvents(module, side)];
}

function printTypes(module: Module, side: Side): string[] {
  return Object.values(module.types).map((type) => printType(type, module, side));
}

function printEvents(module: Module, side: Side): string[] {
  return Object.values(module.events).map((event) => printEvent(event, module, side));
}

/** Members of an interface, one for each field. `optional` decides which may be left out. */
export function printFields(
  fields: Fields,
  module: Module,
  { names }: Side,
  optional: (field: Field, name: string) => boolean = (field) => field.optional === true,
): string[] {
  return Object.entries(fields).map(([name, field]) => {
    const type = names.of(field.type, module) + (field.nullable ? ' | null' : '');
    return `${docComment([describeField(field)])}\nreadonly ${name}${optional(field, name) ? '?' : ''}: ${type};`;
  });
}

function printType(type: EnumType | RegisterType, module: Module, side: Side): string {
  return type.kind === 'enum' ? printEnum(type, module, side) : printRegister(type, module, side);
}

function printEnum({ name, doc, values }: EnumType, module: Module, { names }: Side): string {
  return `${docComment([doc])}
export type ${names.declared(name, module)} = ${values.map((value) => `'${value}'`).join(' | ')};`;
}

function printRegister(register: RegisterType, module: Module, side: Side): string {
  const { names, taggedRegisters } = side;
  const literals = Object.entries(register.literals ?? {});
  const members = [
    ...(taggedRegisters && literals.length > 0
      ? [
          `/** Name of this type, from which the wire form is made. */\nreadonly __type__: '${register.name}';`,
        ]
      : []),
    ...literals.map(
      ([name, value]) =>
        `/** Tells this type from the others of its family. */\nreadonly ${name}: '${value}';`,
    ),
    ...printFields(register.fields, module, side),
  ];
  return `${docComment([register.doc])}
export interface ${names.declared(register.name, module)}${parentClause(register, module, side)} {
${members.join('\n')}
}`;
}

/** A variant that adds to another variant leaves out what tells that one from the rest. */
function parentClause(register: RegisterType, module: Module, { names, taggedRegisters }: Side): string {
  if (register.extends === undefined) return '';
  const literals = Object.keys(names.register(register.extends)?.literals ?? {});
  const parent = names.parent(register.extends, module);
  if (literals.length === 0) return ` extends ${parent}`;
  const omitted = [...(taggedRegisters ? ['__type__'] : []), ...literals].map((name) => `'${name}'`);
  return ` extends Omit<${parent}, ${omitted.join(' | ')}>`;
}

function printEvent(event: EventType, module: Module, side: Side): string {
  const parent = event.extends === undefined ? '' : ` extends ${side.names.eventOf(event.extends, module)}`;
  const literal =
    event.extends === 'Media'
      ? [
          `/** Always \`${event.wireType ?? event.name}\`. */\nreadonly type: '${event.wireType ?? event.name}';`,
        ]
      : [];
  return `${docComment([event.doc])}
export interface ${side.names.event(event.name, module)}${parent} {
${[...literal, ...printFields(event.fields ?? {}, module, side)].join('\n')}
}`;
}
