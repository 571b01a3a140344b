/**
 * `npm run build`: compiles every package to its `dist`, as it is published. `npm run build -- client model` builds
 * those alone.
 * @module
 */
import { chmodSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { packageNames, readSource, root } from './sources.ts';
import { describeOutcome, runTasks } from './task.ts';

const known = packageNames();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such package: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

const names = wanted.length > 0 ? wanted : known;
// What was deleted from the sources must not stay in what is published.
for (const name of names) rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });

const outcomes = await runTasks(
  names.map((name) => ({ name, command: 'tsc', args: ['-p', `packages/${name}/tsconfig.build.json`] })),
  Math.max(2, availableParallelism()),
  (outcome) => console.log(describeOutcome(outcome)),
);
for (const { task, output } of outcomes.filter(({ passed }) => !passed)) {
  console.log(`\n--- ${task.name}\n${output.trimEnd()}`);
  process.exitCode = 1;
}

/** Files that are commands, by the manifest of their package. */
for (const name of process.exitCode === 1 ? [] : names) {
  const { bin = {} }: { bin?: Readonly<Record<string, string>> } = JSON.parse(
    readSource(`packages/${name}/package.json`),
  );
  for (const file of Object.values(bin)) chmodSync(join(root, 'packages', name, file), 0o755);
}
