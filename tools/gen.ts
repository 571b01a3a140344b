/**
 * Writes what is made from something else: the typed interfaces of the API from the descriptors
 * (`packages/model/src/generated/{server,client}.ts`), the JSON Schema and the table of the settings, and the properties of GStreamer's
 * elements from the registry of the installed version.
 *
 * `node --conditions=source tools/gen.ts` writes them; with `--check` it writes nothing and fails if they differ.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtInModules } from '@rivero/model';
import { printClientInterface, printServerInterface } from '@rivero/model/printing';
import { printSettingsPage, settingsJsonSchema } from '@rivero/server';
import { elementPropertiesFiles } from './gen/elementProperties.ts';

const root = join(import.meta.dirname, '..');

const files: ReadonlyMap<string, string> = new Map([
  ['packages/model/src/generated/server.ts', printServerInterface(builtInModules)],
  ['packages/model/src/generated/client.ts', printClientInterface(builtInModules)],
  ['packages/server/rivero.config.schema.json', JSON.stringify(settingsJsonSchema(), undefined, 2)],
  ['docs/settings.md', printSettingsPage()],
  ...(await elementPropertiesFiles(root)),
]);

/** The text as Biome formats it, which leaves Markdown alone. */
function formatted(path: string, text: string): string {
  if (path.endsWith('.md')) return text;
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`${path} cannot be formatted: ${run.stderr || String(run.error)}`);
  return run.stdout;
}

/** The text of the file, empty if it does not exist. */
function current(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

const check = process.argv.includes('--check');
for (const [path, raw] of files) {
  const text = formatted(path, raw);
  if (text === current(path)) continue;
  if (check) {
    process.stderr.write(`${path} does not match what it is made from; run npm run gen\n`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path} written\n`);
  }
}
