/**
 * JSON as Kurento's server prints it: compact, keys in alphabetical order, ASCII only.
 * @module
 */

/** Everything outside printable ASCII; JSON.stringify has escaped the control characters already. */
const NOT_ASCII = /[\u007f-\uffff]/g;
const HAS_NOT_ASCII = /[\u007f-\uffff]/;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function printString(text: string): string {
  const quoted = JSON.stringify(text);
  return HAS_NOT_ASCII.test(quoted) ? quoted.replace(NOT_ASCII, escapeUnit) : quoted;
}

function printObject(value: object): string {
  let members = '';
  const entries = Object.entries(value);
  // By UTF-16 unit: the same order for ASCII keys as the byte order of the original.
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [key, member] of entries) {
    if (member === undefined) continue;
    if (members !== '') members += ',';
    members += `${printString(key)}:${printJson(member)}`;
  }
  return `{${members}}`;
}

/**
 * The JSON text of `value`: compact, keys sorted, characters outside ASCII as `\uXXXX`.
 *
 * Members that are undefined are left out. In an array, and for anything else that JSON cannot say
 * (NaN, functions), `null` is printed.
 */
export function printJson(value: unknown): string {
  if (typeof value === 'string') return printString(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  return printObject(value);
}
