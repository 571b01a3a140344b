/**
 * The web server of a tutorial: its page, `@rivero/browser` for the page, and a WebSocket for signalling.
 * @module
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Server, type ServerResponse, createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.ts', 'text/javascript; charset=utf-8'],
]);

/** Where the page finds `@rivero/browser`: the import map of each page says the same. */
const browserPath = '/rivero/browser/';

/** How to start a site. */
export interface SiteOptions {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Folder of the page's files. */
  readonly page: URL;
  /** Takes each WebSocket that a page opens; the socket is closed when it settles. */
  readonly onSocket: (socket: WebSocket) => Promise<void>;
}

/** A running web server on this machine. Browsers allow the camera on localhost; elsewhere put https before it. */
export class Site {
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  /** What is still being done for pages, be they there or gone. */
  readonly #work = new Set<Promise<void>>();

  private constructor(server: Server, onSocket: SiteOptions['onSocket']) {
    this.#server = server;
    this.#sockets = new WebSocketServer({ server, path: '/signalling', maxPayload: 256 * 1024 });
    this.#sockets.on('connection', (socket: WebSocket) => {
      socket.on('error', () => socket.terminate());
      const work = onSocket(socket)
        .catch((error: unknown) => console.error(error))
        .finally(() => {
          socket.close();
          this.#work.delete(work);
        });
      this.#work.add(work);
    });
  }

  /** Starts to serve. */
  static async start({ port, page, onSocket }: SiteOptions): Promise<Site> {
    const browser = new URL('.', import.meta.resolve('@rivero/browser'));
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = pathname.startsWith(browserPath)
        ? fileBelow(browser, pathname.slice(browserPath.length))
        : fileBelow(page, pathname.slice(1) || 'index.html');
      void send(response, file);
    });
    const site = new Site(server, onSocket);
    server.listen(port, 'localhost');
    await once(server, 'listening');
    return site;
  }

  /** Address of the page. */
  get url(): string {
    // Safe: a server that listens on a port has an AddressInfo.
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Ends all sockets, and resolves when what was done for them has been cleaned up. */
  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
    await Promise.all(this.#work);
  }
}

/** The file of that relative path, unless it lies outside the folder. */
function fileBelow(folder: URL, path: string): URL | undefined {
  const file = new URL(`./${path}`, folder);
  return file.href.startsWith(folder.href) ? file : undefined;
}

/** Answers with a file; TypeScript loses its types on the way, because browsers do not know them. */
async function send(response: ServerResponse, file: URL | undefined): Promise<void> {
  const contentType = file && contentTypes.get(extname(file.pathname));
  const body = contentType && (await readFile(file, 'utf8').catch(() => undefined));
  if (!contentType || body === undefined) {
    response.writeHead(404).end('Not found\n');
    return;
  }
  response.setHeader('content-type', contentType);
  response.end(file.pathname.endsWith('.ts') ? stripTypeScriptTypes(body) : body);
}
