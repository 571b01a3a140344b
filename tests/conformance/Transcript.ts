/**
 * Golden transcripts: JSON texts in, JSON texts out, byte by byte.
 *
 * A file is a list of cases, each headed `## <section> <rule>`. A line of a case is a comment (`# …`), a text that a
 * client sends (`A> …`), the next text that it must receive (`A< …`), a text that it must receive at some time
 * (`A~ …`), the end of its socket by itself (`A!`) or by the server (`A< close 1002 Invalid path`), or the wish to
 * hear no more of what else it received (`A*`). A client opens its socket with its first line, at `/kurento` or where
 * that line says (`A@ /path`).
 *
 * What cannot be known beforehand is a placeholder: `<uuid:name>`, `<number:name>`, `<text:name>` (inside of a JSON
 * string), `<json:name>` (anything) and `<WebRtcEndpoint:name>` (id of an object of that class). The first occurrence
 * of a name takes the value, later ones mean the same value; without a name the value is forgotten. `<fresh:name>` is
 * made up by the client: a text that nobody used before.
 *
 * Short forms, for lines whose envelope is not what they are about; ids count up within the case:
 * `ping`, `connect {…params}`, `create Type {…constructorParams}`, `describe <…>`, `release <…>`,
 * `subscribe <…> Event`, `<…>.operation {…operationParams}`, `manager.operation`; and in the other direction
 * `value <json>`, `done` (a result with nothing but the session), `result <json>`, `error <code> <type or -> <message>`,
 * `event <…> Event {…fields}`.
 * @module
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { expandReply, expandRequest, type TranscriptCase, type TranscriptLine } from './TranscriptCase.ts';
import { TranscriptSocket } from './TranscriptSocket.ts';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const patterns: Readonly<Record<string, string>> = {
  uuid,
  fresh: uuid,
  number: '-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?',
  text: '(?:[^"\\\\]|\\\\.)*',
  json: '.*',
};

const placeholder = /<(uuid|fresh|number|text|json|[A-Z]\w*)(?::(\w+))?>/g;

/** Pattern of a placeholder's kind; a kind that is none of the above is the name of a class. */
function patternOf(kind: string): string {
  return patterns[kind] ?? `(?:${uuid}_[\\w.]+/)*${uuid}_\\w+\\.${kind}`;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Runs one case against the server at `url`. */
export async function runCase({ lines }: TranscriptCase, url: string): Promise<void> {
  const run = new Run(url);
  try {
    for (const line of lines) await run.step(line);
    await run.expectSilence();
  } finally {
    await run.end();
  }
}

class Run {
  readonly #url: string;
  readonly #values = new Map<string, string>();
  readonly #sockets = new Map<string, TranscriptSocket>();
  readonly #deaf = new Set<TranscriptSocket>();
  #nextId = 100;

  constructor(url: string) {
    this.#url = url;
  }

  async step({ client, action, body, number }: TranscriptLine): Promise<void> {
    const socket = await this.#socket(client, action === '@' ? body : '/kurento');
    switch (action) {
      case '>':
        socket.send(this.#fill(expandRequest(body, () => this.#takeNewId(socket))));
        return;
      case '<':
        this.#expect(await socket.next(), this.#reply(body, client, socket), number);
        return;
      case '~':
        await this.#expectSometime(socket, this.#reply(body, client, socket), number);
        return;
      case '!':
        await socket.close();
        return;
      case '*':
        this.#deaf.add(socket);
    }
  }

  async expectSilence(): Promise<void> {
    for (const [name, socket] of this.#sockets) {
      const unread = await socket.rest();
      if (!this.#deaf.has(socket)) assert.deepEqual(unread, [], `unread by ${name}`);
    }
  }

  /** Closes the sockets; what they left behind ends with their sessions, so that no case sees another's objects. */
  async end(): Promise<void> {
    for (const socket of this.#sockets.values()) {
      if (!socket.open) continue;
      socket.send('{"jsonrpc":"2.0","method":"closeSession","params":{"release":true},"id":"end"}');
      await socket.rest();
      await socket.close();
    }
  }

  async #socket(name: string, path: string): Promise<TranscriptSocket> {
    const known = this.#sockets.get(name);
    if (known !== undefined) return known;
    const socket = new TranscriptSocket(`ws://${new URL(this.#url).host}${path}`);
    this.#sockets.set(name, socket);
    await socket.opened();
    return socket;
  }

  #takeNewId(socket: TranscriptSocket): number {
    const id = this.#nextId++;
    socket.pendingIds.push(id);
    return id;
  }

  #reply(body: string, client: string, socket: TranscriptSocket): string {
    return expandReply(body, client, () => socket.pendingIds.shift() ?? -1);
  }

  /** Values for the placeholders that have one. */
  #fill(body: string): string {
    return body.replaceAll(placeholder, (whole, kind: string, name?: string) => {
      if (name === undefined) return whole;
      if (kind === 'fresh' && !this.#values.has(name)) this.#values.set(name, randomUUID());
      return this.#values.get(name) ?? whole;
    });
  }

  #pattern(body: string): { readonly names: readonly string[]; readonly pattern: RegExp } {
    const names: string[] = [];
    const source = escapeRegExp(this.#fill(body)).replaceAll(
      placeholder,
      (_whole, kind: string, name?: string) => {
        if (name === undefined) return `(?:${patternOf(kind)})`;
        if (names.includes(name)) return `\\k<${name}>`;
        names.push(name);
        return `(?<${name}>${patternOf(kind)})`;
      },
    );
    return { names, pattern: new RegExp(`^${source}$`) };
  }

  #expect(actual: string, body: string, line: number): void {
    const { names, pattern } = this.#pattern(body);
    const match = pattern.exec(actual);
    // Equality of texts, for its readable difference.
    if (match === null) assert.equal(actual, this.#fill(body), `line ${line}`);
    for (const name of names) this.#values.set(name, match?.groups?.[name] ?? '');
  }

  async #expectSometime(socket: TranscriptSocket, body: string, line: number): Promise<void> {
    const { pattern } = this.#pattern(body);
    const actual = await socket.find((text) => pattern.test(text));
    this.#expect(actual ?? socket.unread.join('\n'), body, line);
  }
}
