/**
 * What `invoke` can name on a class: its methods, and a getter and perhaps a setter for each property.
 * @module
 */
import type { Method, Module, Property, RemoteClass } from './descriptor.ts';
import type { Operation } from './tables.ts';
import type { TypeTable } from './typeTable.ts';

/** Name of the operation that reads the property: `get` and the name with its first letter in upper case. */
export function getterName(property: string): string {
  return `get${capitalized(property)}`;
}

/** Name of the operation that writes the property. */
export function setterName(property: string): string {
  return `set${capitalized(property)}`;
}

/** The operations that a class adds to those of its ancestors: getters and setters, then methods. */
export function operationsOf(descriptor: RemoteClass, module: Module, types: TypeTable): Operation[] {
  return [
    ...Object.entries(descriptor.properties ?? {}).flatMap(([name, property]) =>
      accessors(name, property, module, types),
    ),
    ...Object.entries(descriptor.methods ?? {}).map(([name, method]) =>
      operation(name, method, module, types),
    ),
  ];
}

function operation(name: string, method: Method, module: Module, types: TypeTable): Operation {
  return {
    name,
    kind: 'method',
    params: types.scoped(method.params ?? {}, module),
    returns: method.returns ? types.scopedName(method.returns.type, module) : 'void',
    errors: method.errors ?? [],
  };
}

function accessors(property: string, descriptor: Property, module: Module, types: TypeTable): Operation[] {
  const { doc, unit, readOnly, final, setterErrors = [] } = descriptor;
  const type = types.scopedName(descriptor.type, module);
  const getter: Operation = {
    name: getterName(property),
    kind: 'getter',
    params: {},
    returns: type,
    property,
    errors: [],
  };
  if (readOnly || final) return [getter];
  const value = { type, doc, ...(unit && { unit }) };
  const params = { [property]: value };
  return [
    getter,
    { name: setterName(property), kind: 'setter', params, returns: 'void', property, errors: setterErrors },
  ];
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
