/**
 * The tasks of the fast gate, longest first so that two cores end together.
 * @module
 */
import { availableParallelism } from 'node:os';
import { findFiles, findProjects, hasFile, packageNames, pureRing } from './sources.ts';
import { describeOutcome, type Outcome, runTasks, type Task } from './task.ts';

/** Runs one of our own programs. */
function program(name: string, file: string, ...args: string[]): Task {
  return { name, command: 'node', args: ['--conditions=source', file, ...args] };
}

/** A task that runs test files with node's test runner and our reporter. */
export function testTask(name: string, files: readonly string[], options: readonly string[]): Task {
  const fixed = ['--conditions=source', '--test', '--test-reporter=./tools/testReporter.ts'];
  return { name, command: 'node', args: [...fixed, ...options, ...files], timeoutMs: 300_000 };
}

/** Where the type checker notes what it found in which version of a file; without the folder it looks at all of them. */
const notes = 'node_modules/.cache/check';

/** Type check of one project; what is published must also spell out the type of each export. */
function typeTask(config: string): Task {
  const published = /^packages\/[^/]+\/tsconfig\.json$/.test(config);
  const strict = published ? ['--declaration', '--isolatedDeclarations'] : [];
  const project = config.replace('/tsconfig.json', '').replace('packages/', '');
  const noted = ['--incremental', '--tsBuildInfoFile', `${notes}/${project.replaceAll('/', '-')}.json`];
  return { name: `types ${project}`, command: 'tsc', args: ['-p', config, ...strict, ...noted] };
}

/** Packages whose tests need more of the system than Node. */
const grouped: readonly string[] = ['browser', 'gst'];

/** Packages outside the pure ring whose tests share one process too: they hold nothing but sockets of their own. */
const sharing: readonly string[] = ['client', 'server'];

/**
 * Unit tests: the pure ring in one process, control and its client in another, the others in one process per file.
 * Those that need Chromium (`browser`), GStreamer (`gst`) or whole processes (`…Process.test.ts`) are groups of `npm test`.
 */
function unitTasks(): Task[] {
  const filesOf = (names: readonly string[]): string[] =>
    findFiles(...names.map((name) => `packages/${name}/test/**/!(*Process).test.ts`));
  const pure = filesOf(pureRing);
  const control = filesOf(sharing);
  const elsewhere = [...pureRing, ...sharing, ...grouped];
  const hostNames = packageNames().filter((name) => !elsewhere.includes(name));
  const host = [...filesOf(hostNames), ...findFiles('tools/test/*.test.ts')];
  const one = ['--test-isolation=none', '--test-timeout=60000'];
  const tasks: readonly (readonly [files: readonly string[], task: Task])[] = [
    [control, testTask('unit control', control, one)],
    [host, testTask('unit host', host, ['--test-concurrency=2', '--test-timeout=60000'])],
    [pure, testTask('unit pure', pure, one)],
  ];
  return tasks.filter(([files]) => files.length > 0).map(([, task]) => task);
}

/** All tasks of the gate. */
function gateTasks(): Task[] {
  return [
    ...unitTasks(),
    { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings', '--format=unix'] },
    { name: 'dead code', command: 'knip', args: ['--no-progress'] },
    program('doc coverage', 'tools/check-docs.ts'),
    ...(hasFile('tools/gen.ts') ? [program('generated files', 'tools/gen.ts', '--check')] : []),
    ...findProjects().map(typeTask),
    program('lock file', 'tools/check-lock.ts'),
    program('boundaries', 'tools/check-boundaries.ts'),
    { name: 'format', command: 'biome', args: ['format', '--colors=off', '.'] },
  ];
}

/** Runs the gate, prints a line per task and the output of those that failed. */
export async function runGate(): Promise<Outcome[]> {
  const startedMs = performance.now();
  const outcomes = await runTasks(gateTasks(), Math.max(2, availableParallelism()), (outcome) => {
    console.log(describeOutcome(outcome));
  });
  const failed = outcomes.filter(({ passed }) => !passed);
  for (const { task, output } of failed) console.log(`\n--- ${task.name}\n${output.trimEnd()}`);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(
    `\ngate: ${outcomes.length - failed.length} checks passed, ${failed.length} failed, ${seconds} s`,
  );
  return outcomes;
}
