/**
 * Bounds of what a media host accepts, as a table: nothing out of it reaches a native call.
 * @module
 */
import { elementStates } from './Element.ts';
import { HostError } from './HostError.ts';
import type { OperationName } from './hostMessages.ts';

/** What is wrong with a value, or undefined. */
type Check = (value: unknown) => string | undefined;

/** Fields of a request; those whose name ends with `?` may be left out. */
type Shape = Readonly<Record<string, Check>>;

const longestId = 200;
const longestText = 100_000;
const mostSockets = 64;
const mostFactories = 1000;
const mostProperties = 100;

function text(longest: number, pattern?: RegExp): Check {
  return (value) => {
    if (typeof value !== 'string') return 'should be a text';
    if (value.length === 0 || value.length > longest)
      return `should have 1 to ${longest} characters, got ${value.length}`;
    if (value.includes('\0')) return 'should have no zero byte';
    return pattern === undefined || pattern.test(value) ? undefined : `should match ${pattern.source}`;
  };
}

const id = text(longestId);
/** Names of elements and pads reach `name=` in launch text, so they hold nothing that would end a word. */
const objectName = text(longestId, /^[\w.:-]+$/);
const propertyName = text(longestId, /^[A-Za-z][\w-]*$/);
const padTemplate = text(longestId, /^[\w%.-]+$/);
const state = oneOf(elementStates);

function oneOf(values: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `should be one of ${values.join(', ')}`;
}

const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'should be true or false');

const position: Check = (value) =>
  typeof value === 'bigint' && value >= 0n && value < 2n ** 63n
    ? undefined
    : 'should be a time in nanoseconds';

const flags: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31
    ? undefined
    : 'should be a 32-bit integer';

const propertyValue: Check = (value) => {
  if (value === null || ['boolean', 'bigint', 'number'].includes(typeof value)) return undefined;
  if (typeof value !== 'string') return 'should be true, false, a number, a text or null';
  return value.length <= longestText ? undefined : `should have at most ${longestText} characters`;
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(shape: Shape): Check {
  return (value) => {
    if (!isRecord(value)) return 'should be an object';
    for (const [key, check] of Object.entries(shape)) {
      const optional = key.endsWith('?');
      const field = optional ? key.slice(0, -1) : key;
      if (optional && value[field] === undefined) continue;
      const fault = check(value[field]);
      if (fault !== undefined) return `'${field}' ${fault}`;
    }
    return undefined;
  };
}

function list(most: number, item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'should be a list';
    if (value.length > most) return `should have at most ${most} items, got ${value.length}`;
    for (const each of value) {
      const fault = item(each);
      if (fault !== undefined) return `item ${fault}`;
    }
    return undefined;
  };
}

const properties: Check = (value) => {
  if (!isRecord(value)) return 'should be an object';
  const entries = Object.entries(value);
  if (entries.length > mostProperties) return `should have at most ${mostProperties} members`;
  for (const [name, each] of entries) {
    const fault = propertyName(name) ?? propertyValue(each);
    if (fault !== undefined) return `'${name}' ${fault}`;
  }
  return undefined;
};

const sockets = list(
  mostSockets,
  record({ name: text(50, /^[\w.-]+$/), path: text(longestId), streamId: id }),
);
const padRequest = record({ element: objectName, pad: padTemplate, 'properties?': properties });
const property = { branchId: id, element: objectName, 'pad?': objectName, property: propertyName };

const shapes: Readonly<Record<OperationName, Shape>> = {
  launch: { branchId: id, text: text(longestText), 'sockets?': sockets, 'state?': state },
  link: {
    branchId: id,
    partId: objectName,
    text: text(longestText),
    'sockets?': sockets,
    'from?': padRequest,
    'into?': padRequest,
  },
  unlink: { branchId: id, partId: objectName },
  set: { ...property, value: propertyValue },
  get: property,
  seek: { branchId: id, positionNs: position, accurate: boolean },
  setState: { branchId: id, state },
  sendEos: { branchId: id },
  requestKeyFrame: { branchId: id, element: objectName },
  query: { branchId: id },
  dot: { branchId: id, 'details?': flags },
  close: { branchId: id },
  stats: { branchId: id },
  dump: {},
  describe: { factories: list(mostFactories, text(longestId)), properties: boolean },
  ping: {},
};

/** True for the name of an operation. */
export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(shapes, name);
}

/**
 * Refuses what is malformed or out of bounds.
 * @throws {HostError} INVALID_REQUEST, naming operation and field.
 */
export function checkRequest(operation: OperationName, request: unknown): void {
  const fault = record(shapes[operation])(request);
  if (fault !== undefined) throw new HostError('INVALID_REQUEST', `${operation}: ${fault}`);
}
