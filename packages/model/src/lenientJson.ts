/**
 * A reader of JSON as people write it in module descriptions: with comments, trailing commas, and texts that run over
 * several lines. Everything else is as in RFC 8259.
 * @module
 */

/** Says where a text is no JSON. */
export class LenientJsonError extends SyntaxError {
  /** Always `LenientJsonError`. */
  override readonly name = 'LenientJsonError';
  /** Line of the fault, counted from 1. */
  readonly line: number;
  /** Column of the fault, counted from 1. */
  readonly column: number;

  /** A fault at that place of `text`. */
  constructor(message: string, text: string, offset: number) {
    super(message);
    const before = text.slice(0, offset).split('\n');
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}

/** Deeper nesting than any description has; it keeps the reader's own stack small. */
const maxDepth = 100;

/** White space of JSON, and comments of both kinds. */
const skipped = /(?:[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
/** A text with anything in it but its end; raw control characters, too. */
const textToken = /"(?:[^"\\]|\\[\s\S])*"/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /true|false|null/y;

/**
 * The value of a text. Of a name that comes twice in an object, the last one counts.
 * @throws {LenientJsonError} If it is no JSON even with the liberties above.
 */
export function parseLenientJson(text: string): unknown {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    this.#skip();
    if (depth > maxDepth) this.#fail('Nested too deeply');
    if (this.#accept('{')) return this.#object(depth);
    if (this.#accept('[')) return this.#array(depth);
    const string = this.#token(textToken);
    if (string !== undefined) return this.#string(string);
    const simple = this.#token(numberToken) ?? this.#token(wordToken);
    if (simple !== undefined) return JSON.parse(simple);
    return this.#fail('A value is missing');
  }

  end(): void {
    this.#skip();
    if (this.#offset < this.#text.length) this.#fail('There is something after the end');
  }

  #object(depth: number): unknown {
    const members: [string, unknown][] = [];
    while (!this.#closes('}')) {
      const name = this.#token(textToken);
      if (name === undefined) this.#fail('A name in quotes or } is missing');
      const key = this.#string(name);
      this.#skip();
      if (!this.#accept(':')) this.#fail(`A colon is missing after "${key}"`);
      members.push([key, this.value(depth + 1)]);
      this.#separator('}');
    }
    return Object.fromEntries(members);
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    while (!this.#closes(']')) {
      items.push(this.value(depth + 1));
      this.#separator(']');
    }
    return items;
  }

  #closes(bracket: string): boolean {
    this.#skip();
    return this.#accept(bracket);
  }

  #separator(bracket: string): void {
    this.#skip();
    if (!this.#accept(',') && this.#text[this.#offset] !== bracket) {
      this.#fail(`A comma or ${bracket} is missing`);
    }
  }

  #string(token: string): string {
    // JSON wants control characters escaped; people press the key.
    const escaped = token.replace(
      /\p{Cc}/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    try {
      return String(JSON.parse(escaped));
    } catch {
      this.#offset -= token.length;
      return this.#fail('A text has a wrong escape');
    }
  }

  #skip(): void {
    skipped.lastIndex = this.#offset;
    skipped.test(this.#text);
    this.#offset = skipped.lastIndex;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#offset] !== character) return false;
    this.#offset += 1;
    return true;
  }

  #token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const token = pattern.exec(this.#text)?.[0];
    this.#offset += token?.length ?? 0;
    return token;
  }

  #fail(message: string): never {
    throw new LenientJsonError(message, this.#text, this.#offset);
  }
}
