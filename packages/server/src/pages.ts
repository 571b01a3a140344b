/**
 * The web pages of the server: the welcome page, and our browser packages as modules that a page can import.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Packages that pages may import as `/rivero/<name>/…`; nothing in them is secret. */
const packages: readonly string[] = ['browser', 'client', 'model', 'rpc'];

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.ts', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
]);

const publicDirectory = fileURLToPath(new URL('../public/', import.meta.url));

/** Serves the pages with `app`. They reach the server at `webSocketPath`, which has no leading slash. */
export function addPages(app: FastifyInstance, webSocketPath: string): void {
  const directories = new Map<string, string>();
  for (const name of packages) {
    const directory = packageDirectory(name);
    if (directory !== undefined) directories.set(name, directory);
  }
  app.get('/', (_request, reply) => sendFile(reply, publicDirectory, 'index.html'));
  app.get('/settings.json', () => ({ webSocketPath }));
  app.get<{ Params: { '*': string } }>('/*', (request, reply) =>
    sendFile(reply, publicDirectory, request.params['*']),
  );
  app.get<{ Params: { name: string; '*': string } }>('/rivero/:name/*', (request, reply) =>
    sendFile(reply, directories.get(request.params.name), request.params['*']),
  );
}

/** Directory of a package's modules: its sources during development, its build when installed. */
function packageDirectory(name: string): string | undefined {
  try {
    return dirname(fileURLToPath(import.meta.resolve(`@rivero/${name}`)));
  } catch {
    // A server may be installed without it; then its pages do not work, all else does.
    return undefined;
  }
}

async function sendFile(
  reply: FastifyReply,
  directory: string | undefined,
  path: string,
): Promise<FastifyReply> {
  const found = directory === undefined ? undefined : await readServed(directory, path);
  if (found === undefined) return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n');
  return (
    reply
      .type(found.contentType)
      .header('x-content-type-options', 'nosniff')
      // Sources change under a developer's hands; a page that is a day old misleads.
      .header('cache-control', 'no-cache')
      .send(found.body)
  );
}

/** A file below `directory`, ready for a browser; undefined if there is none that may be served. */
async function readServed(
  directory: string,
  path: string,
): Promise<{ contentType: string; body: string | Buffer } | undefined> {
  const contentType = contentTypes.get(extname(path));
  const safe = normalize(path);
  if (contentType === undefined || safe.startsWith('..') || safe.startsWith('/') || safe.includes('\0')) {
    return undefined;
  }
  const file = join(directory, safe);
  const body = await readIfThere(file);
  if (body !== undefined) return { contentType, body: extname(file) === '.ts' ? strip(body) : body };
  // A page asks for index.js, whether the package is built or not.
  const source = extname(file) === '.js' ? await readIfThere(file.replace(/\.js$/, '.ts')) : undefined;
  return source === undefined ? undefined : { contentType, body: strip(source) };
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined);
}

function strip(source: Buffer): string {
  return stripTypeScriptTypes(source.toString('utf8'), { mode: 'strip' });
}
