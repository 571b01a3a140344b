/**
 * Reads the tables of cases that are too long to be code.
 * @module
 */
import { readFileSync } from 'node:fs';

/** One case: the group that it belongs to, its claim, and its lines without the indent. */
export interface PlanCase {
  readonly group: string;
  readonly claim: string;
  readonly lines: readonly string[];
}

/** The cases of `plans.txt` or `steps.txt`, in order. */
export function planCases(file: string): PlanCase[] {
  const cases: { group: string; claim: string; lines: string[] }[] = [];
  let group = '';
  for (const line of readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('# ')) group = line.slice(2);
    else if (line.startsWith('  ')) cases.at(-1)?.lines.push(line.trim());
    else if (line !== '' && group !== '') cases.push({ group, claim: line, lines: [] });
  }
  return cases;
}
