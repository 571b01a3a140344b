/**
 * Fails when package-lock.json names a host, or lacks an optional package of another platform. `--write` adds those.
 *
 * npm leaves out of the lock file what the registry at hand does not carry, and `npm ci` then refuses the file on every
 * machine. An entry that was added here has no integrity hash; only a machine of that platform would ever fetch it.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource, root } from './sources.ts';

interface Entry {
  readonly version?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = 'package-lock.json';
const lock: { packages: Record<string, Entry> } = JSON.parse(readSource(path));

/** Where npm would find `name` for the package at `place`, or undefined. */
function findInstalled(place: string, name: string): string | undefined {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (candidate in lock.packages) return candidate;
    if (folder === '') return undefined;
  }
}

/** The platform that a package name ends with, for instance `linux-arm64-musl`, as npm writes it. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const words = (name.split('/').at(-1) ?? '').split('-');
  const find = (pattern: RegExp): string[] => words.filter((word) => pattern.test(word)).slice(0, 1);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : ['glibc'];
  const os = find(/^(aix|android|darwin|freebsd|linux|netbsd|openharmony|openbsd|sunos|win32)$/);
  const cpu = find(/^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)$/);
  return { os, cpu, ...(os[0] === 'linux' ? { libc } : {}) };
}

const missing = new Map<string, Entry>();
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (findInstalled(place, name) !== undefined) continue;
    missing.set(`node_modules/${name}`, {
      version,
      ...platformOf(name),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    });
  }
}
const faults = Object.entries(lock.packages)
  .filter(([, { resolved }]) => resolved?.includes('://'))
  .map(([place, { resolved }]) => `${place}: names a host, ${resolved}`);

if (process.argv.includes('--write') && missing.size > 0) {
  const [self, ...others] = Object.entries(lock.packages);
  const sorted = [...others, ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries([...(self === undefined ? [] : [self]), ...sorted]);
  writeFileSync(join(root, path), `${JSON.stringify(lock, undefined, 2)}\n`);
} else {
  for (const place of missing.keys())
    faults.push(`${place} is missing; run: node tools/check-lock.ts --write`);
}
console.log(
  faults.length > 0 ? faults.join('\n') : `${Object.keys(lock.packages).length} packages, complete, no host`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
