/**
 * Prints doc comments of generated members.
 * @module
 */
import type { Field, Method, Result, Unit } from '../descriptor.ts';

/** Width of a comment line, so that the indented line stays below 110 columns. */
const WIDTH = 100;

/** Units that only say that a number is no measure: the sentence says so already. */
const silentUnits: ReadonlySet<Unit> = new Set(['id', 'index', 'count', 'code', 'port', 'priority']);

/** A doc comment of these paragraphs, each on lines of its own. */
export function docComment(paragraphs: readonly string[]): string {
  // A description must not end the comment that it stands in.
  const lines = paragraphs.flatMap((paragraph) => wrap(paragraph.replaceAll('*/', '* /')));
  if (lines.length === 1) return `/** ${lines[0]} */`;
  return ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n');
}

/** What a value is: its text, unit and default. */
export function describeField({ doc, unit, defaultValue }: Field): string {
  const unitText = unit && !silentUnits.has(unit) ? ` Unit: ${unit}.` : '';
  const defaultText = defaultValue === undefined ? '' : ` Default: ${JSON.stringify(defaultValue)}.`;
  return `${doc}${unitText}${defaultText}`;
}

/** What a method does, answers with and throws; `params` adds a line for each parameter. */
export function describeMethod(method: Method, params: boolean): string[] {
  const { doc, returns, errors } = method;
  return [
    doc,
    ...(params ? Object.entries(method.params ?? {}).map(([name, field]) => describeParam(name, field)) : []),
    ...(returns ? [`@returns ${describeField(returns)}`] : []),
    ...(errors ? [`@throws {KurentoError} ${errors.join(', ')}`] : []),
  ];
}

/** The line of one parameter. */
export function describeParam(name: string, field: Result): string {
  return `@param ${name} ${describeField(field)}`;
}

function wrap(paragraph: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
