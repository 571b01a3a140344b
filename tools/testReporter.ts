/**
 * Reporter of node's test runner: failures in full, the slowest tests, the counts, and `N passed, N failed` as last line.
 * @module
 */
import { relative } from 'node:path';
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';
import { root } from './sources.ts';

/** A test that took longer than this is named, milliseconds. */
const slowMs = 1000;

type Pass = Extract<TestEvent, { type: 'test:pass' }>['data'];
type Fail = Extract<TestEvent, { type: 'test:fail' }>['data'];

/** The error a test failed with, without the runner's wrapping. */
function describeError(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && cause.stack !== undefined ? inspect(cause, { depth: 4 }) : String(cause);
}

function describeFailure({ name, file, line, details }: Fail): string {
  const place = file === undefined ? '' : ` (${relative(root, file)}:${line ?? 1})`;
  return `✖ ${name}${place}\n${describeError(details.error).replace(/^/gm, '    ')}\n`;
}

/** True for a suite that failed only because a test in it did: that test is reported by itself. */
function isEcho({ details }: Fail): boolean {
  const { error } = details;
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

/** A line for a test that was skipped or slow, otherwise nothing. */
function describePass({ name, skip, details }: Pass): string {
  if (skip !== undefined) return `  skipped: ${name} ${String(skip)}\n`;
  if (details.type === 'suite' || details.duration_ms < slowMs) return '';
  return `  ${(details.duration_ms / 1000).toFixed(1)} s  ${name}\n`;
}

/** Counts as node's own reporters print them, then the one line that says it all. */
function describeCounts(counts: Readonly<Record<string, number>>, durationMs: number): string {
  const count = (name: string): number => counts[name] ?? 0;
  const failed = count('failed') + count('cancelled');
  const names = ['tests', 'suites', 'passed', 'failed', 'cancelled', 'skipped', 'todo'];
  const lines = names.map(
    (name) => `# ${name.replace('passed', 'pass').replace('failed', 'fail')} ${count(name)}`,
  );
  lines.push(`# duration_ms ${Math.round(durationMs)}`, `${count('passed')} passed, ${failed} failed`);
  return `${lines.join('\n')}\n`;
}

/** What to print of one event; empty for most. */
function describeEvent({ type, data }: TestEvent): string {
  switch (type) {
    case 'test:fail':
      return isEcho(data) ? '' : describeFailure(data);
    case 'test:pass':
      return describePass(data);
    case 'test:stdout':
    case 'test:stderr':
      return data.message;
    case 'test:summary':
      // Each file has a summary; the one without a file is that of the whole run.
      return data.file === undefined ? describeCounts({ ...data.counts }, data.duration_ms) : '';
    default:
      return '';
  }
}

// node:test loads a reporter by its default export.
// oxlint-disable-next-line import/no-default-export
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) yield describeEvent(event);
}
