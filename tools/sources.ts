/**
 * Which files and projects this house has: the one place where the checks look them up.
 * @module
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the house, absolute. `RIVERO_CHECK_ROOT` names another one, for the tests of the checks themselves. */
export const root: string = process.env['RIVERO_CHECK_ROOT'] ?? fileURLToPath(new URL('..', import.meta.url));

/** Packages that know no clock, no chance and no Node (architecture, section 2); their tests share one process. */
export const pureRing: readonly string[] = ['model', 'rpc', 'rtp', 'transport', 'router', 'graph'];

/** Paths below the house that match, without installed, built or generated-at-run-time files, sorted. */
export function findFiles(...patterns: string[]): string[] {
  return globSync(patterns, {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  }).sort();
}

/** Names of the packages, sorted. */
export function packageNames(): string[] {
  return findFiles('packages/*/package.json').map((path) => path.split('/')[1] ?? '');
}

/** TypeScript projects with files in them, as paths of their tsconfig.json. */
export function findProjects(): string[] {
  const configs = findFiles(
    'packages/*/tsconfig.json',
    'packages/*/test/tsconfig.json',
    '{tests,tools,bench}/tsconfig.json',
    'tutorials/**/tsconfig.json',
  );
  return configs.filter((config) => {
    const folder = config.startsWith('packages/') && !config.includes('/test/') ? 'src' : '.';
    return findFiles(join(dirname(config), folder, '**/*.{ts,tsx}')).length > 0;
  });
}

/** Text of a file, by its path below the house. */
export function readSource(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** True when the house has this file. */
export function hasFile(path: string): boolean {
  return existsSync(join(root, path));
}
