/**
 * The packages as they are published: packed, unpacked into a project outside the house, type-checked, run by plain
 * Node and by a browser without a bundler.
 * @module
 */
import assert from 'node:assert/strict';
import { type ChildProcess, type ExecFileOptions, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TestBrowser } from '../interop/harness/TestBrowser.ts';

const execute = promisify(execFile);

/** Runs a program to its end; a failure has what it printed. */
async function run(
  file: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ readonly stdout: string }> {
  try {
    const { stdout } = await execute(file, args, options);
    return { stdout: String(stdout) };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${file} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

const house = fileURLToPath(new URL('../..', import.meta.url));
/** What users of the client need, and what users of the server need beside it. */
const forClients = ['browser', 'client', 'model', 'rpc'];
let project: string;
let published: string[];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly types?: string;
}

function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(join(house, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

/** Packages of ours that a package needs, itself included. */
function closure(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const dependency of Object.keys(manifestOf(name).dependencies ?? {})) {
    if (dependency.startsWith('@rivero/')) closure(dependency.slice('@rivero/'.length), found);
  }
  return found;
}

/** `import 'bare'`, or `import … from 'named'` and `export … from 'named'`. */
const importPattern =
  /^(?:import\s+['"]([^'"]+)['"]|(?:import|export)\s[^'";=(]*?\sfrom\s+['"]([^'"]+)['"])/gm;

/** Files of the unpacked package, sorted. */
function filesOf(name: string): string[] {
  return globSync('**/*.*', { cwd: join(project, 'node_modules/@rivero', name) }).toSorted();
}

before(async () => {
  project = await mkdtemp(join(tmpdir(), 'rivero-project-'));
  published = [...new Set([...forClients, ...closure('server')])];
  const build = ['--conditions=source', 'tools/build.ts', ...published];
  const path = `${join(house, 'node_modules/.bin')}:${process.env['PATH']}`;
  const env = { ...process.env, PATH: path };
  await run(process.execPath, build, { cwd: house, env });
  const workspaces = published.flatMap((name) => ['-w', `@rivero/${name}`]);
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project, ...workspaces];
  await run('npm', pack, { cwd: house, env });
  const scope = join(project, 'node_modules/@rivero');
  await mkdir(scope, { recursive: true });
  await Promise.all(
    published.map(async (name) => {
      await mkdir(join(scope, name));
      const tarball = join(project, `rivero-${name}-0.1.0.tgz`);
      await run('tar', ['-xzf', tarball, '-C', join(scope, name), '--strip-components=1']);
    }),
  );
  // The packages of others are those of the house.
  const others = (await readdir(join(house, 'node_modules'))).filter((name) => name !== '@rivero');
  await Promise.all(
    others.map((name) => symlink(join(house, 'node_modules', name), join(project, 'node_modules', name))),
  );
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
});

after(async () => {
  await rm(project, { recursive: true, force: true });
});

describe('a packed package', () => {
  it('has every file that its manifest names, its types before its code, and no test', () => {
    for (const name of published) {
      const files = filesOf(name);
      const { exports, bin = {} } = manifestOf(name);
      for (const [path, conditions] of Object.entries(exports)) {
        assert.deepEqual(Object.keys(conditions), ['source', 'types', 'default'], `${name} ${path}`);
        for (const file of Object.values(conditions))
          assert.ok(files.includes(file.slice(2)), `${name}: ${file}`);
      }
      for (const file of Object.values(bin)) assert.ok(files.includes(file.slice(2)), `${name}: ${file}`);
      const strange = files.filter(
        (file) =>
          !/^(dist|src|public)\/|^(package\.json|README\.md|LICENSE|[\w.]+\.schema\.json)$/.test(file),
      );
      assert.deepEqual(strange, [], name);
      for (const file of files) assert.doesNotMatch(file, /\.test\.|tsbuildinfo|tsconfig/, name);
    }
  });

  it('imports nothing that its manifest does not name', () => {
    for (const name of published) {
      const { dependencies = {} } = manifestOf(name);
      const known = new Set([`@rivero/${name}`, ...Object.keys(dependencies)]);
      for (const file of filesOf(name).filter((one) => /^dist\/.*\.js$/.test(one))) {
        const code = readFileSync(join(project, 'node_modules/@rivero', name, file), 'utf8');
        for (const [, bare, named = bare ?? ''] of code.matchAll(importPattern)) {
          if (/^(\.|node:)/.test(named)) continue;
          const wanted = named
            .split('/')
            .slice(0, named.startsWith('@') ? 2 : 1)
            .join('/');
          assert.ok(known.has(wanted), `${name}/${file} imports ${named}`);
        }
      }
    }
  });

  it('for clients needs nothing but our own packages, and nothing of Node', () => {
    for (const name of forClients) {
      const foreign = Object.keys(manifestOf(name).dependencies ?? {}).filter(
        (one) => !one.startsWith('@rivero/'),
      );
      assert.deepEqual(foreign, [], name);
      for (const file of filesOf(name).filter((one) => /^dist\/.*\.(js|d\.ts)$/.test(one))) {
        const code = readFileSync(join(project, 'node_modules/@rivero', name, file), 'utf8');
        assert.doesNotMatch(code, /from 'node:|import\('node:|\brequire\(|types="node"/, `${name}/${file}`);
      }
    }
    assert.deepEqual([...closure('client')].toSorted(), ['client', 'model', 'rpc']);
    assert.deepEqual([...closure('browser')], ['browser']);
  });
});

/** A program as users write it; its last line is printed when all went well. */
const program = `
import { type Module, type Remote, KurentoError, TransactionError, connect, getSingleton } from '@rivero/client';
import { builtInModules } from '@rivero/model';
import { RpcError } from '@rivero/rpc';

const url: string = (globalThis as { url?: string }).url ?? '';
const client = await connect([url], { strict: true, requestTimeoutMs: 5000 });
const endpoint: Remote<'WebRtcEndpoint'> = await client.transaction(async (tx) => {
  const pipeline = await tx.create('MediaPipeline');
  return await pipeline.create('WebRtcEndpoint', { recvonly: true });
});
await endpoint.on('IceCandidateFound', ({ candidate }) => console.log(candidate.candidate));
const offer: string = await endpoint.generateOffer();
const failure: unknown = await endpoint.processOffer('').catch((error: unknown) => error);
const modules: readonly Module[] = builtInModules;
const known = failure instanceof KurentoError && !(failure instanceof RpcError) && modules.length > 0;
// @ts-expect-error the class raises no such event
void endpoint.on('EndOfStream', () => {}).catch(() => {});
await (await endpoint.getMediaPipeline())?.release();
const one = await getSingleton(url);
one.close();
client.close();
console.log(known && offer.startsWith('v=0') && typeof TransactionError === 'function' ? 'done' : 'wrong');
`;

const compilerOptions = {
  target: 'ES2024',
  lib: ['ES2024', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // Our declarations are checked, too.
  skipLibCheck: false,
};

/** Compiles files of the project and gives what the compiler prints. */
async function compile(options: object, ...files: readonly string[]): Promise<string> {
  const config = join(project, `tsconfig.${Math.random()}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files }));
  const tsc = join(house, 'node_modules/typescript/bin/tsc');
  const outcome = await run(process.execPath, [tsc, '-p', config], { cwd: project }).catch(String);
  return typeof outcome === 'string' ? outcome : outcome.stdout;
}

describe('a project outside the house', () => {
  it('type-checks against what is published, for Node and for bundlers', async () => {
    await writeFile(join(project, 'program.ts'), program);
    await writeFile(
      join(project, 'page.ts'),
      "import { WebRtcPeer } from '@rivero/browser';\nexport const peer: typeof WebRtcPeer = WebRtcPeer;\n",
    );
    assert.equal(await compile({ module: 'NodeNext' }, 'program.ts', 'page.ts'), '');
    assert.equal(
      await compile({ module: 'ESNext', moduleResolution: 'bundler' }, 'program.ts', 'page.ts'),
      '',
    );
  });

  it('runs server and client by plain Node, and the client in a page without a bundler', async () => {
    await using server = await PackedServer.start();
    await writeFile(join(project, 'program.ts'), program);
    await compile({ module: 'NodeNext', noEmit: false }, 'program.ts');
    await writeFile(join(project, 'set-url.js'), `globalThis.url = '${server.wsUrl}';\n`);
    const { stdout } = await run(process.execPath, ['--import', './set-url.js', 'program.js'], {
      cwd: project,
    });
    assert.equal(stdout.trim().split('\n').at(-1), 'done', stdout);

    await using site = await Site.start(server.wsUrl);
    await using browser = await TestBrowser.start();
    const page = await browser.open(site.url);
    await page.waitForFunction('document.title !== ""');
    assert.equal(await page.title(), 'done');
    // The welcome page comes with the package.
    assert.match(await (await fetch(server.httpUrl)).text(), /<html/);
  });

  it('has the command that makes clients of modules', async () => {
    const bin = join(project, 'node_modules/@rivero/server', manifestOf('server').bin?.['rivero'] ?? '');
    const description = join(house, 'tests/interop/genClient/my.kmd.json');
    await run(bin, ['gen', 'client', description, '--out', 'my.ts'], { cwd: project });
    await writeFile(
      join(project, 'user.ts'),
      "import type { Remote } from '@rivero/client';\nimport './my.js';\nexport const grow = (one: Remote<'my.Filter'>) => one.grow({ left: 1 });\n",
    );
    assert.equal(await compile({ module: 'NodeNext' }, 'user.ts'), '');
  });
});

/** The server of the project, started as its command would. */
class PackedServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly wsUrl: string;
  readonly httpUrl: string;

  private constructor(child: ChildProcess, [, wsUrl = '', httpUrl = '']: readonly string[]) {
    this.#child = child;
    this.wsUrl = wsUrl;
    this.httpUrl = httpUrl;
  }

  static async start(): Promise<PackedServer> {
    const main = join(project, 'node_modules/@rivero/server/dist/main.js');
    const args = [
      main,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--udp-port',
      '0',
      '--interfaces',
      'lo',
      '--routers',
      '1',
    ];
    const child = spawn(process.execPath, args, { cwd: project });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (output += text.toString()));
    const ended = once(child, 'exit').then(() => assert.fail(`ended:\n${output}`));
    for (;;) {
      const ready = /^rivero ready (ws:\S+) (http:\S+)$/m.exec(output);
      if (ready) {
        ended.catch(() => {});
        return new PackedServer(child, ready);
      }
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/** A web server that has the project's packages as they are, and a page that imports them by name. */
class Site implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(wsUrl: string): Promise<Site> {
    const imports = Object.fromEntries(
      forClients.map((name) => [`@rivero/${name}`, `/node_modules/@rivero/${name}/dist/index.js`]),
    );
    const html = `<!doctype html><html><head><script type="importmap">${JSON.stringify({ imports })}</script>
<script>globalThis.url = ${JSON.stringify(wsUrl)};
addEventListener('error', ({ message }) => { document.title = message; });
addEventListener('unhandledrejection', ({ reason }) => { document.title = String(reason); });
const log = console.log; console.log = (text) => { log(text); if (/^(done|wrong)$/.test(text)) document.title = text; };
</script><script type="module" src="/program.js"></script></head></html>`;
    const server = createServer((request, response) => {
      const path = join(project, new URL(request.url ?? '/', 'http://x').pathname);
      if (request.url === '/') response.setHeader('content-type', 'text/html').end(html);
      else if (!existsSync(path)) response.writeHead(404).end();
      else
        void readFile(path).then((body) => response.setHeader('content-type', 'text/javascript').end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Site(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
