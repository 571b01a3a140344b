/**
 * The checks of the gate find what they are for, in small trees with one planted fault each.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const tools = fileURLToPath(new URL('..', import.meta.url));

interface Tree {
  readonly [path: string]: string;
}

/** Runs a check over a tree that holds just these files. */
function run(check: string, tree: Tree): { readonly passed: boolean; readonly output: string } {
  const root = `${mkdtempSync(join(tmpdir(), 'rivero-check-'))}/`;
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(tools, `${check}.ts`)], {
      encoding: 'utf8',
      env: { ...process.env, RIVERO_CHECK_ROOT: root },
    });
    return { passed: status === 0, output: `${stdout}${stderr}` };
  } finally {
    rmSync(root, { recursive: true });
  }
}

interface Case {
  readonly claim: string;
  readonly tree: Tree;
  /** What the output must say when the check must fail; undefined when it must pass. */
  readonly fault?: RegExp;
}

function runCases(check: string, cases: readonly Case[]): void {
  for (const { claim, tree, fault } of cases) {
    it(claim, () => {
      const { passed, output } = run(check, tree);
      assert.equal(passed, fault === undefined, output);
      if (fault !== undefined) assert.match(output, fault);
    });
  }
}

const manifest = JSON.stringify({ exports: { '.': {}, './server': {} } });

describe('check-boundaries', () => {
  runCases('check-boundaries', [
    {
      claim: 'allows what the table allows, in all forms of import',
      tree: {
        'packages/rtp/package.json': manifest,
        'packages/router/src/a.ts': `import type { X } from '@rivero/rtp';\nexport { X };\nexport * from './b.ts';`,
        'packages/router/src/b.ts': `const x = await import('./c.ts');\nexport { x };`,
      },
    },
    {
      claim: 'refuses a package that the table does not allow',
      tree: { 'packages/rtp/src/a.ts': `import { X } from '@rivero/router';` },
      fault: /packages\/rtp\/src\/a\.ts: '@rivero\/router' is not in the table/,
    },
    {
      claim: "refuses Node's built-ins in the pure ring, with or without 'node:', also in a dynamic import",
      tree: { 'packages/rtp/src/a.ts': `import 'fs';\nawait import(\n 'node:net');` },
      fault: /'fs' is not in[^]*'node:net' is not in/,
    },
    {
      claim: 'refuses a path that leaves the package',
      tree: { 'packages/router/src/deep/a.ts': `import { X } from '../../../rtp/src/index.ts';` },
      fault: /leaves packages\/router\/src/,
    },
    {
      claim: 'lets tests import their own package by path, but src not tests',
      tree: {
        'packages/rtp/test/a.test.ts': `import { X } from '../src/b.ts';`,
        'packages/rtp/src/b.ts': `import { Y } from '../test/a.test.ts';`,
      },
      fault: /packages\/rtp\/src\/b\.ts: '\.\.\/test\/a\.test\.ts' leaves/,
    },
    {
      claim: 'refuses a path inside another package unless that exports it',
      tree: {
        'packages/model/package.json': manifest,
        'packages/server/src/a.ts': `import '@rivero/model/server';\nimport '@rivero/model/src/x.ts';`,
      },
      fault: /^packages\/server\/src\/a\.ts: '@rivero\/model\/src\/x\.ts' reaches into a package/m,
    },
    { claim: 'fails when it saw no imports', tree: { 'packages/rtp/src/a.ts': '' }, fault: /saw no imports/ },
  ]);
});

describe('check-docs', () => {
  const head = '/** A file.\n * @module\n */\n';
  runCases('check-docs', [
    {
      claim: 'is content with documented exports and members, private ones left out',
      tree: {
        'packages/rtp/src/a.ts': `${head}/** A. */\nexport class A {\n #x = 1;\n private y = 2;\n constructor() {}\n /** B. */\n b(): void {}\n}\nclass Hidden { c(): void {} }`,
      },
    },
    {
      claim: 'lets a member inherit the words of the interface that it implements',
      tree: {
        'packages/rtp/src/a.ts': `${head}/** I. */\nexport interface I {\n /** B. */\n b(): void }\n/** A. */\nexport class A implements I { b(): void {} }`,
      },
    },
    {
      claim: 'finds functions, constants, types, class members and interface members without a comment',
      tree: {
        'packages/rtp/src/a.ts': `${head}export function f(): void {}\nexport const c = 1;\nexport type T = 1;\n/** A. */\nexport class A { m(): void {} }\n/** I. */\nexport interface I { n: number }`,
      },
      fault: /: f has no doc[^]*: c has no doc[^]*: T has no doc[^]*: A\.m has no doc[^]*: I\.n has no doc/,
    },
    {
      claim: 'finds a file without a module sentence',
      tree: { 'packages/rtp/src/a.ts': '/** A. */\nexport const a = 1;' },
      fault: /a\.ts:1: no @module sentence/,
    },
    {
      claim: 'fails when it saw nothing documented',
      tree: { 'packages/rtp/src/a.ts': head },
      fault: /saw no documented/,
    },
  ]);
});

describe('check-lock', () => {
  const entry = { version: '1.0.0', optionalDependencies: { 'x-win32-arm64': '1.0.0' } };
  const lock = (packages: object): Tree => ({ 'package-lock.json': JSON.stringify({ packages }) });
  runCases('check-lock', [
    {
      claim: 'is content with a complete file',
      tree: lock({ 'node_modules/x': entry, 'node_modules/x-win32-arm64': {} }),
    },
    {
      claim: 'finds a dependency that is nested beside its user',
      tree: lock({ 'node_modules/x': entry, 'node_modules/x/node_modules/x-win32-arm64': {} }),
    },
    {
      claim: 'finds a missing optional package',
      tree: lock({ 'node_modules/x': entry }),
      fault: /x-win32-arm64 is missing/,
    },
    {
      claim: 'finds the name of a host',
      tree: lock({ 'node_modules/y': { resolved: 'https://mirror.example/y.tgz' } }),
      fault: /names a host/,
    },
  ]);
});
