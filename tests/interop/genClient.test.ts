/**
 * A module of somebody else: its description becomes a typed client by one command, programs compile against it, and
 * drive a class of the module in our server.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { builtInModules, createApi, readKmd } from '@rivero/model';
import { type ElementFactory, MediaObject, MediaPipeline, type Placement, startServer } from '@rivero/server';

const house = fileURLToPath(new URL('../..', import.meta.url));
const description = fileURLToPath(new URL('genClient/my.kmd.json', import.meta.url));
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rivero-gen-'));
  await symlink(join(house, 'node_modules'), join(folder, 'node_modules'));
});

after(async () => {
  await rm(folder, { recursive: true });
});

/** Runs a program in the folder to its end. */
async function run(command: string, ...args: readonly string[]): Promise<{ code: unknown; output: string }> {
  const child = spawn(command, args, { cwd: folder, timeout: 60_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output };
}

const rivero = ['--conditions=source', join(house, 'packages/server/src/main.ts')];

/** What a user of the module writes. */
const program = `
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { type Remote, connect } from '@rivero/client';
import { type Area, type Mode, type MyFilter, myModule } from './my.ts';

const client = await connect(process.argv[2] ?? '', { modules: [myModule], strict: true });
const pipeline = await client.create('MediaPipeline');
const mode: Mode = 'FAST';
const filter: Remote<'my.Filter'> = await pipeline.create('my.Filter', { mode });
const plain: MyFilter = filter;
ok(filter.id.endsWith('_my.Filter'));
const turned = new Promise<Area>((resolve) => void filter.on('Turned', ({ area }) => resolve(area)));
const areas: readonly Area[] = await plain.grow({ left: 3 });
deepEqual(areas, [{ left: 4, mode: 'FAST' }]);
deepEqual(await turned, { left: 4, mode: 'FAST' });
equal(await filter.self(), filter);
await filter.setAngle(90);
const angle: number = await filter.getAngle();
equal(angle, 90);
await rejects(filter.grow({} as Area), { type: 'MARSHALL_ERROR' });
for (const name of [filter.type, await filter.getName()]) ok(name);
// @ts-expect-error the enum has no such value
const wrong: Mode = 'MEDIUM';
// @ts-expect-error the class raises no such event
void filter.on(wrong, () => {}).catch(() => {});
// @ts-expect-error it takes an area
void filter.grow('x').catch(() => {});
const [again] = await pipeline.create([{ type: 'my.Filter' }]);
equal(await again.getAngle(), 0);
client.close();
console.log('done');
`;

/** What the examples of the documentation take for granted. */
const assumed = `export {};
declare const offerOfThePage: string;
declare const signal: AbortSignal;
declare const offerOfTheBrowser: string;
declare function sendToPage(value: unknown): void;
declare function sendToBrowser(value: unknown): void;
`;

const settings = {
  compilerOptions: {
    target: 'ES2024',
    module: 'NodeNext',
    customConditions: ['source'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    lib: ['ES2024', 'ESNext.Disposable', 'DOM'],
  },
  files: ['program.ts', 'my.ts'],
};

interface Area {
  readonly left: number;
  readonly mode?: string;
}

/** The class of the module, as its developer adds it to the server. */
class TurningFilter extends MediaObject {
  readonly #mode: string;
  #angle = 0;

  constructor(placement: Placement, params: Record<string, unknown>) {
    super(placement);
    this.#mode = String(params['mode']);
  }

  getAngle(): number {
    return this.#angle;
  }

  setAngle({ angle }: { readonly angle: number }): void {
    this.#angle = angle;
  }

  grow({ area }: { readonly area: Area }): Area[] {
    const grown = { left: area.left + 1, mode: this.#mode };
    this.raise('Turned', { area: grown });
    return [grown];
  }

  self(): this {
    return this;
  }
}

const factories: readonly (readonly [string, ElementFactory])[] = [
  ['MediaPipeline', (placement) => new MediaPipeline(placement)],
  ['my.Filter', (placement, params) => new TurningFilter(placement, params)],
];

describe('rivero gen client', () => {
  it('writes a client that programs compile against, and that drives the class in the server', async () => {
    const written = await run(process.execPath, ...rivero, 'gen', 'client', description, '--out', 'my.ts');
    assert.deepEqual(written, { code: 0, output: 'my.ts: client of module my\n' });
    await writeFile(join(folder, 'program.ts'), program);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const compiled = await run(process.execPath, join(house, 'node_modules/typescript/bin/tsc'), '-p', '.');
    assert.deepEqual(compiled, { code: 0, output: '' });

    const module = readKmd([{ name: description, text: await readFile(description, 'utf8') }]);
    const server = await startServer({
      port: 0,
      udpPort: 0,
      interfaces: ['lo'],
      classes: new Map(factories),
      api: createApi([...builtInModules, module]),
    });
    try {
      const ran = await run(process.execPath, '--conditions=source', 'program.ts', server.wsUrl);
      assert.deepEqual(ran, { code: 0, output: 'done\n' });
    } finally {
      await server.close();
    }
  });

  it('and our client are used by the pages of the documentation as written there', async () => {
    await run(process.execPath, ...rivero, 'gen', 'client', description, '--out', 'my.ts');
    const files = ['my.ts'];
    for (const page of ['docs/migrate-from-kurento-client.md', 'packages/client/README.md', 'README.md']) {
      const text = await readFile(join(house, page), 'utf8');
      for (const [, block = ''] of text.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
        const name = `page${files.length}.ts`;
        files.push(name);
        await writeFile(join(folder, name), `${assumed}${block}`);
      }
    }
    assert.ok(files.length >= 5, files.join());
    const compilerOptions = { ...settings.compilerOptions, noUnusedLocals: false };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const compiled = await run(process.execPath, join(house, 'node_modules/typescript/bin/tsc'), '-p', '.');
    assert.deepEqual(compiled, { code: 0, output: '' });
  });

  it('prints the client without --out, and the same text each time', async () => {
    const [first, second] = await Promise.all([
      run(process.execPath, ...rivero, 'gen', 'client', description),
      run(process.execPath, ...rivero, 'gen', 'client', description),
    ]);
    assert.match(first.output, /^\/\*\*\n \* Typed client of the module `my`/);
    assert.deepEqual(first, second);
  });

  it('names each fault of a description with its place', async () => {
    await writeFile(
      join(folder, 'bad.kmd.json'),
      '{ "name": "bad", "remoteClasses": [{ "name": "A", "extends": "B" }] }',
    );
    await writeFile(join(folder, 'worse.kmd.json'), '{ "name": "worse"\n  "version": "1" }');
    const gen = [...rivero, 'gen', 'client'];
    assert.deepEqual(await run(process.execPath, ...gen, 'bad.kmd.json'), {
      code: 1,
      output: "module bad: 'B' cannot be extended\n",
    });
    assert.deepEqual(await run(process.execPath, ...gen, 'worse.kmd.json'), {
      code: 1,
      output: 'worse.kmd.json:2:3: A comma or } is missing\n',
    });
    assert.match((await run(process.execPath, ...gen, 'none.kmd.json')).output, /ENOENT.*none\.kmd\.json/);
    assert.equal((await run(process.execPath, ...gen)).code, 2);
    assert.match(
      (await run(process.execPath, ...rivero, 'gen', '--help')).output,
      /^Usage: rivero gen client/,
    );
  });
});
