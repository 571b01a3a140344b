/**
 * A client's socket in a transcript, read text by text.
 * @module
 */

/** How long a text may take; far more than it needs. */
const DEADLINE_MS = 5000;

/** What stands for a text that did not come. */
const NOTHING = '(nothing)';

/** A client's socket. Texts wait until somebody asks for them; its end by the server is a text too. */
export class TranscriptSocket {
  readonly #socket: WebSocket;
  readonly #texts: string[] = [];
  /** Ids of the requests that were not answered yet, oldest first. */
  readonly pendingIds: number[] = [];
  #wake: () => void = () => {};
  #closing = false;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('message', ({ data }) => this.#push(String(data)));
    this.#socket.addEventListener('close', ({ code, reason }) => {
      if (!this.#closing) this.#push(`close ${code} ${reason}`);
    });
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async opened(): Promise<void> {
    if (this.open) return;
    await new Promise((resolve, reject) => {
      this.#socket.addEventListener('open', resolve, { once: true });
      this.#socket.addEventListener('error', () => reject(new Error('The socket did not open')), {
        once: true,
      });
    });
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** The next text that nobody took. */
  async next(): Promise<string> {
    return (await this.find(() => true)) ?? NOTHING;
  }

  /** Takes the first text that `matches`, whatever came before it; undefined if none comes in time. */
  async find(matches: (text: string) => boolean): Promise<string | undefined> {
    const deadlineMs = performance.now() + DEADLINE_MS;
    for (;;) {
      const index = this.#texts.findIndex(matches);
      if (index >= 0) return this.#texts.splice(index, 1)[0];
      if (!(await this.#arrival(deadlineMs - performance.now()))) return undefined;
    }
  }

  /** Everything that was not read, up to the answer to a last ping. */
  async rest(): Promise<string[]> {
    if (!this.open) return this.#texts.splice(0);
    const mark = 'end of transcript';
    this.send(JSON.stringify({ jsonrpc: '2.0', id: mark, method: 'ping' }));
    await this.find((text) => text.includes(mark));
    return this.#texts.splice(0);
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#closing = true;
    const closed = new Promise((resolve) => this.#socket.addEventListener('close', resolve, { once: true }));
    this.#socket.close();
    await closed;
  }

  /** What came and nobody took, for messages. */
  get unread(): readonly string[] {
    return this.#texts;
  }

  /** Waits for another text; false if there was none for so long. */
  async #arrival(withinMs: number): Promise<boolean> {
    if (withinMs <= 0) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#wake = () => resolve(true);
    const timer = setTimeout(() => resolve(false), withinMs);
    const arrived = await promise;
    clearTimeout(timer);
    return arrived;
  }

  #push(text: string): void {
    this.#texts.push(text);
    this.#wake();
  }
}
