/**
 * Headless Chromium with a fake camera and microphone, and one empty page to work in.
 * @module
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';

const args = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/** A browser that is always closed, with its profile, when the test leaves its scope. */
export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #site: Server;

  private constructor(browser: Browser, site: Server) {
    this.#browser = browser;
    this.#site = site;
  }

  /** Starts Chromium with a new, empty profile. */
  static async start(): Promise<TestBrowser> {
    const executablePath = process.env['RIVERO_CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args });
    const site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Test</title><body></body>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    return new TestBrowser(browser, site);
  }

  /** Opens a page; without an address, an empty one on loopback, where camera and microphone are allowed. */
  async open(url?: string): Promise<Page> {
    const context = await this.#browser.newContext({ permissions: ['camera', 'microphone'] });
    const page = await context.newPage();
    // Tools that compile functions may wrap them in this name; a page does not have it.
    await page.addInitScript('globalThis.__name = (target) => target');
    const { port } = this.#site.address() as AddressInfo;
    await page.goto(url ?? `http://127.0.0.1:${port}/`);
    return page;
  }

  /** Closes the browser and all its pages. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#site.close();
    await this.#browser.close();
  }
}
