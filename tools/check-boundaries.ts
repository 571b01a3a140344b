/**
 * Fails when a file imports what the table of architecture section 2 does not allow, or leaves its workspace by a path.
 * @module
 */
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { findFiles, readSource } from './sources.ts';

/** Code of a workspace, and what it may import: our packages, npm packages, `node` for Node's built-ins. */
interface Territory {
  /** Folder, below the house; the longest one that holds a file is the file's territory. */
  readonly folder: string;
  /** Relative imports must stay below this folder. */
  readonly home: string;
  readonly mayImport: readonly string[];
}

/** What `src` of each package may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  model: [],
  rpc: [],
  rtp: ['sdp-transform'],
  transport: ['@rivero/rtp'],
  router: ['@rivero/rtp'],
  graph: ['@rivero/rtp'],
  datapath: ['@rivero/transport', '@rivero/router', '@rivero/rtp', 'koffi', 'node'],
  gst: ['koffi', 'node'],
  server: [
    '@rivero/model',
    '@rivero/rpc',
    '@rivero/rtp',
    '@rivero/transport',
    '@rivero/router',
    '@rivero/graph',
    '@rivero/datapath',
    '@rivero/gst',
    'fastify',
    'jose',
    'pino',
    'prom-client',
    'ws',
    'zod',
    'node',
  ],
  client: ['@rivero/model', '@rivero/rpc'],
  browser: [],
};

/** What tests of a package may import beside what their package may. */
const forTests = ['node', 'fast-check', 'playwright-core', 'ws'];
/** The same for single packages: streams between routers and media hosts have an end in each of these two. */
const forTestsOf: Readonly<Record<string, readonly string[]>> = {
  gst: ['@rivero/rtp'],
  datapath: ['@rivero/gst'],
};
const everyPackage = Object.keys(packages).map((name) => `@rivero/${name}`);

const territories: readonly Territory[] = [
  ...Object.entries(packages).flatMap(([name, mayImport]) => {
    const home = `packages/${name}`;
    return [
      { folder: `${home}/src`, home: `${home}/src`, mayImport },
      {
        folder: home,
        home,
        mayImport: [...mayImport, ...forTests, ...(forTestsOf[name] ?? []), `@rivero/${name}`],
      },
    ];
  }),
  {
    // Modules of the welcome page, which the server hands to browsers as they are.
    folder: 'packages/server/public',
    home: 'packages/server/public',
    mayImport: ['@rivero/client', '@rivero/browser'],
  },
  { folder: 'tutorials', home: 'tutorials', mayImport: ['@rivero/client', '@rivero/browser', 'node', 'ws'] },
  {
    folder: 'tests',
    home: 'tests',
    mayImport: [...everyPackage, 'node', 'fast-check', 'kurento-client', 'playwright-core', 'ws'],
  },
  { folder: 'bench', home: 'bench', mayImport: [...everyPackage, 'node', 'koffi', 'ws'] },
  {
    folder: 'tools',
    home: 'tools',
    mayImport: ['@rivero/model', '@rivero/gst', '@rivero/server', 'node', 'typescript'],
  },
];

/** Name under which the table knows an import: `node`, or the package without the path inside it. */
function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return 'node';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** True when the package of ours lists this path in its `exports`, or the package is not ours. */
function isExported(name: string, specifier: string): boolean {
  if (!name.startsWith('@rivero/')) return true;
  const manifest: { exports: Record<string, unknown> } = JSON.parse(
    readSource(`${name.replace('@rivero', 'packages')}/package.json`),
  );
  return `.${specifier.slice(name.length)}` in manifest.exports;
}

/** What is wrong with this import, or undefined. */
function judge(file: string, territory: Territory, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = join(dirname(file), specifier);
    return target.startsWith(`${territory.home}/`)
      ? undefined
      : `leaves ${territory.home}; import the package by its name`;
  }
  const wanted = packageOf(specifier);
  if (!territory.mayImport.includes(wanted)) return `is not in the table for ${territory.folder}`;
  return isExported(wanted, specifier) ? undefined : 'reaches into a package; import what it exports';
}

function territoryOf(file: string): Territory | undefined {
  return territories
    .filter(({ folder }) => file.startsWith(`${folder}/`))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

const faults: string[] = [];
let imports = 0;
for (const file of findFiles('{packages,tutorials,tests,bench,tools}/**/*.{ts,tsx,mjs,js}')) {
  const territory = territoryOf(file);
  if (territory === undefined) {
    faults.push(`${file}: no row of the table holds this file`);
    continue;
  }
  for (const { fileName } of ts.preProcessFile(readSource(file), true, true).importedFiles) {
    imports++;
    const fault = judge(file, territory, fileName);
    if (fault !== undefined) faults.push(`${file}: '${fileName}' ${fault}`);
  }
}
if (imports === 0) faults.push('saw no imports: the check itself is broken');
console.log(faults.length > 0 ? faults.join('\n') : `${imports} imports, all allowed`);
process.exitCode = faults.length > 0 ? 1 : 0;
