/**
 * A headless Chromium with fake devices, on a page that has the package under test; the sources are served with
 * their types stripped, as the media server serves them.
 * @module
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type Browser, type Page, chromium } from 'playwright-core';

const root = new URL('..', import.meta.url);

/** One browser with one page. */
export class ChromiumPage {
  /** The page; `bench` is ready in it. */
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(page: Page, browser: Browser, server: Server) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  /** Starts Chromium on the page. */
  static async open(): Promise<ChromiumPage> {
    const server = await serveSources();
    const browser = await chromium.launch({
      executablePath: process.env['RIVERO_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--headless=new',
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--auto-accept-this-tab-capture',
        '--allow-loopback-in-peer-connection',
        '--disable-background-networking',
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(8000);
    // Safe: a listening TCP server has an AddressInfo.
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('globalThis.bench !== undefined');
    return new ChromiumPage(page, browser, server);
  }

  /** Ends the browser and the server. */
  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function serveSources(): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ([type, body]) => response.setHeader('content-type', type).end(body),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function answer(path: string): Promise<[string, string]> {
  if (path === '/')
    return ['text/html', '<!doctype html><script type="module" src="/test/page/pair.ts"></script>'];
  const source = await readFile(new URL(`.${path}`, root), 'utf8');
  return ['text/javascript', stripTypeScriptTypes(source)];
}
