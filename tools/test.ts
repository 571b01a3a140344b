/**
 * `npm test`: the gate, then every test that needs more than one package. `npm test -- interop` runs one group alone.
 * @module
 */
import { runGate, testTask } from './gate.ts';
import { findFiles } from './sources.ts';
import { type Outcome, runTask } from './task.ts';

/** Groups after the gate, in the order in which they run. Those with a browser or real clocks run file by file. */
const groups: readonly { readonly name: string; readonly pattern: string; readonly concurrency: number }[] = [
  { name: 'processes', pattern: 'packages/*/test/**/*Process.test.ts', concurrency: 1 },
  { name: 'media', pattern: 'packages/gst/test/**/*.test.ts', concurrency: 2 },
  { name: 'browser', pattern: 'packages/browser/test/**/*.test.ts', concurrency: 1 },
  { name: 'conformance', pattern: 'tests/conformance/**/*.test.ts', concurrency: 2 },
  { name: 'fuzz', pattern: 'tests/fuzz/**/*.test.ts', concurrency: 1 },
  { name: 'interop', pattern: 'tests/interop/**/*.test.ts', concurrency: 1 },
  { name: 'packaging', pattern: 'tests/packaging/**/*.test.ts', concurrency: 1 },
  { name: 'leaks', pattern: 'tests/leaks/**/*.test.ts', concurrency: 1 },
];

/** One test may take this long, and a group three times as long as the whole set should, milliseconds. */
const testTimeoutMs = 120_000;
const groupTimeoutMs = 600_000;

interface Counts {
  passed: number;
  failed: number;
}

/** The counts in the last line that our reporter prints. A run that does not get there has failed. */
function readCounts({ task, passed, output }: Outcome): Counts {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const counts = { passed: Number(match?.[1] ?? 0), failed: Number(match?.[2] ?? 0) };
  if (!task.args.includes('--test')) return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return passed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function runGroup(name: string): Promise<Outcome[]> {
  const group = groups.find((candidate) => candidate.name === name);
  const files = group === undefined ? [] : findFiles(group.pattern);
  if (group === undefined || files.length === 0) return [];
  console.log(`\n--- ${name}: ${files.length} files`);
  // The official client leaves timers behind that would hold each file for its 20 s request time-out.
  const options = [
    `--test-concurrency=${group.concurrency}`,
    `--test-timeout=${testTimeoutMs}`,
    '--test-force-exit',
  ];
  return [await runTask({ ...testTask(name, files, options), live: true, timeoutMs: groupTimeoutMs })];
}

const startedMs = performance.now();
const wanted = process.argv.slice(2);
const known = ['gate', ...groups.map(({ name }) => name)];
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such group: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

const table: string[] = [];
const total: Counts = { passed: 0, failed: 0 };
for (const name of wanted.length > 0 ? wanted : known) {
  const outcomes = name === 'gate' ? await runGate() : await runGroup(name);
  for (const outcome of outcomes) {
    const counts = readCounts(outcome);
    total.passed += counts.passed;
    total.failed += counts.failed;
    if (outcome.task.args.includes('--test')) {
      table.push(
        `${outcome.task.name}: ${counts.passed} passed, ${counts.failed} failed, ${outcome.seconds.toFixed(1)} s`,
      );
    }
  }
}

const seconds = (performance.now() - startedMs) / 1000;
console.log(`\n${table.join('\n')}\nall in ${seconds.toFixed(0)} s`);
console.log(`# tests ${total.passed + total.failed}\n# pass ${total.passed}\n# fail ${total.failed}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
