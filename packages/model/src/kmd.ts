/**
 * Modules in Kurento's own description format (KMD), as clients read it with `getKmd`.
 *
 * What our descriptors add to that format (units, errors, nullability, wire types) is left out.
 * @module
 */
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

/** A module as JSON text in KMD form. */
export function kmdOf(module: Module): string {
  const { name, version, npmName } = module;
  return JSON.stringify({
    name,
    version,
    kurentoVersion: version,
    imports: module.imports.map((imported) => ({ name: imported, version })),
    ...(npmName && { code: { api: { js: { nodeName: npmName, npmVersion: version } } } }),
    remoteClasses: Object.values(module.classes).map(remoteClass),
    complexTypes: Object.values(module.types).map(complexType),
    events: Object.values(module.events).map(event),
  });
}

function remoteClass(descriptor: RemoteClass): object {
  const { name, doc, abstract, create, properties, methods, events } = descriptor;
  return {
    name,
    doc,
    ...(abstract && { abstract }),
    ...(descriptor.extends && { extends: descriptor.extends }),
    ...(create && { constructor: { doc: create.doc, params: fields(create.params) } }),
    ...(properties && { properties: Object.entries(properties).map(([key, value]) => property(key, value)) }),
    ...(methods && { methods: Object.entries(methods).map(([key, value]) => method(key, value)) }),
    ...(events && { events }),
  };
}

function property(name: string, descriptor: Property): object {
  const { readOnly, final } = descriptor;
  return { ...field(name, descriptor), ...(readOnly && { readOnly }), ...(final && { final }) };
}

function method(name: string, { doc, params, returns }: Method): object {
  return {
    name,
    doc,
    params: fields(params ?? {}),
    ...(returns && { return: { type: returns.type, doc: returns.doc } }),
  };
}

function complexType(descriptor: EnumType | RegisterType): object {
  const { name, doc } = descriptor;
  if (descriptor.kind === 'enum') return { name, doc, typeFormat: 'ENUM', values: descriptor.values };
  return {
    name,
    doc,
    typeFormat: 'REGISTER',
    ...(descriptor.extends && { extends: descriptor.extends }),
    properties: fields(descriptor.fields),
  };
}

function event(descriptor: EventType): object {
  const { name, doc } = descriptor;
  return {
    name,
    doc,
    ...(descriptor.extends && { extends: descriptor.extends }),
    properties: fields(descriptor.fields ?? {}),
  };
}

function fields(descriptors: Fields): object[] {
  return Object.entries(descriptors).map(([name, descriptor]) => field(name, descriptor));
}

function field(name: string, { type, doc, optional, defaultValue }: Field): object {
  return {
    name,
    doc,
    type,
    ...(optional && { optional }),
    ...(defaultValue !== undefined && { defaultValue }),
  };
}
