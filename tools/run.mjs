/**
 * Sets the house up, then runs one of its TypeScript programs under the pinned Node.
 *
 * `node tools/run.mjs [--system] [--watch] <file.ts> [arguments…]`; `--system` also wants what the tests need from the
 * system, `--watch` restarts the program when a file of a package changes (also one that only a child process imports).
 * Signals that arrive here reach the program, and its end is our end.
 * @module
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ensurePackages, ensureSystem, findNode, root } from './setup.mjs';

const words = process.argv.slice(2);
const options = new Set();
while (words[0]?.startsWith('--')) options.add(words.shift());
const [program, ...rest] = words;
if (program === undefined) {
  process.stderr.write('usage: node tools/run.mjs [--system] [--watch] <file.ts> [arguments]\n');
  process.exit(2);
}

ensurePackages();
if (options.has('--system')) ensureSystem();

const node = findNode();
const flags = [
  '--conditions=source',
  ...(options.has('--watch') ? [`--watch-path=${join(root, 'packages')}`, '--watch-preserve-output'] : []),
];
const child = spawn(node, [...flags, resolve(root, program), ...rest], {
  stdio: 'inherit',
  env: {
    ...process.env,
    // Programs that start `node` or a tool by name get the pinned ones.
    PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
  },
});

// A terminal sends its Ctrl-C to the whole process group, so the program has it already.
const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of forwarded) process.on(signal, () => child.kill(signal));
if (process.stdin.isTTY) process.on('SIGINT', () => {});

child.on('error', (error) => {
  process.stderr.write(`setup: cannot start ${node}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
