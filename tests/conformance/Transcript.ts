/**
 * Golden transcripts: JSON texts in, JSON texts out, byte by byte.
 *
 * A line is a comment (`# …`), a text that a client sends (`A> …`), the next text that it must receive (`A< …`),
 * the end of its socket by itself (`A!`) or by the server (`A< close 1002 Invalid path`). A client opens its
 * socket with its first line, at `/kurento` or where that line says (`A@ /path`). `<uuid:name>`, `<number:name>` and `<json:name>` stand for what cannot be known
 * beforehand; the first occurrence of a name takes the value, later ones mean the same value.
 * @module
 */
import assert from 'node:assert/strict';

const patterns: Readonly<Record<string, string>> = {
  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  number: '-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?',
  json: '.*',
};

const placeholder = /<(uuid|number|json):(\w+)>/g;

/** How long a text may take; far more than it needs. */
const DEADLINE_MS = 5000;

/** A client's socket, read text by text. */
class TextSocket {
  readonly #socket: WebSocket;
  readonly #texts: string[] = [];
  #wake: () => void = () => {};
  #closing = false;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('message', ({ data }) => this.#push(String(data)));
    this.#socket.addEventListener('close', ({ code, reason }) => {
      if (!this.#closing) this.#push(`close ${code} ${reason}`);
    });
  }

  async opened(): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN) return;
    await new Promise((resolve) => this.#socket.addEventListener('open', resolve, { once: true }));
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  async next(): Promise<string> {
    if (this.#texts.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, DEADLINE_MS);
      await promise;
      clearTimeout(timer);
    }
    return this.#texts.shift() ?? '(nothing)';
  }

  /** Everything that was not read, up to the answer to a last ping. */
  async rest(): Promise<string[]> {
    if (this.#socket.readyState !== WebSocket.OPEN) return this.#texts;
    const mark = 'end of transcript';
    this.send(JSON.stringify({ jsonrpc: '2.0', id: mark, method: 'ping' }));
    const unread: string[] = [];
    for (;;) {
      const text = await this.next();
      if (text.includes(mark) || text === '(nothing)') return unread;
      unread.push(text);
    }
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#closing = true;
    const closed = new Promise((resolve) => this.#socket.addEventListener('close', resolve, { once: true }));
    this.#socket.close();
    await closed;
  }

  #push(text: string): void {
    this.#texts.push(text);
    this.#wake();
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Runs a transcript against the server at `url`. */
export async function runTranscript(text: string, url: string): Promise<void> {
  const values = new Map<string, string>();
  const sockets = new Map<string, TextSocket>();
  try {
    for (const [index, line] of text.split('\n').entries()) {
      const found = /^(\w)(>|<|!|@)\s?(.*)$/.exec(line);
      if (found === null) {
        assert.match(line, /^(#.*)?$/, `line ${index + 1} is neither a comment nor a text`);
        continue;
      }
      const [, name = '', action = '', body = ''] = found;
      const socket = await socketOf(name, action === '@' ? body : '/kurento');
      if (action === '>') socket.send(fill(body));
      else if (action === '<') expect(await socket.next(), body, index + 1);
      else if (action === '!') await socket.close();
    }
    for (const [name, socket] of sockets) assert.deepEqual(await socket.rest(), [], `unread by ${name}`);
  } finally {
    await Promise.all([...sockets.values()].map((socket) => socket.close()));
  }

  async function socketOf(name: string, path: string): Promise<TextSocket> {
    const known = sockets.get(name);
    if (known !== undefined) return known;
    const socket = new TextSocket(new URL(path, url).href);
    sockets.set(name, socket);
    await socket.opened();
    return socket;
  }

  function fill(body: string): string {
    return body.replaceAll(placeholder, (whole, _kind, name: string) => values.get(name) ?? whole);
  }

  function expect(actual: string, body: string, line: number): void {
    const names: string[] = [];
    const pattern = escapeRegExp(fill(body)).replaceAll(placeholder, (_whole, kind: string, name: string) => {
      if (names.includes(name)) return `\\k<${name}>`;
      names.push(name);
      return `(?<${name}>${patterns[kind]})`;
    });
    const match = new RegExp(`^${pattern}$`).exec(actual);
    // Equality of texts, for its readable difference.
    if (match === null) assert.equal(actual, fill(body), `line ${line}`);
    for (const name of names) values.set(name, match?.groups?.[name] ?? '');
  }
}
