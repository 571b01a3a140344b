/**
 * The syntax of golden transcripts: cases, lines, and the short forms of requests and replies.
 * @module
 */
import assert from 'node:assert/strict';

/** One line that does something. */
export interface TranscriptLine {
  /** Number in the file, from 1. */
  readonly number: number;
  /** Letter of the client. */
  readonly client: string;
  /** What happens: it sends, receives next, receives at some time, ends, opens at a path, ignores the rest. */
  readonly action: '>' | '<' | '~' | '!' | '@' | '*';
  readonly body: string;
}

/** A conversation that stands alone: its own sockets, its own names. */
export interface TranscriptCase {
  /** The rule it proves, number of the specification's section first. */
  readonly name: string;
  readonly lines: readonly TranscriptLine[];
}

/** The cases of a file. A file without headings is one case, named by its first line. */
export function parseCases(text: string): TranscriptCase[] {
  const cases: { name: string; lines: TranscriptLine[] }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const number = index + 1;
    const heading = /^## (.+)$/.exec(line);
    if (heading !== null) {
      cases.push({ name: heading[1] ?? '', lines: [] });
      continue;
    }
    const found = /^(\w)([><~!@*])(?:\s(.*))?$/.exec(line);
    if (found === null) {
      assert.match(line, /^(#.*)?$/, `line ${number} is neither a comment nor a text`);
      continue;
    }
    if (cases.length === 0) cases.push({ name: text.split('\n')[0]?.replace(/^# */, '') ?? '', lines: [] });
    const [, client = '', action = '', body = ''] = found;
    cases.at(-1)?.lines.push({ number, client, action: action as TranscriptLine['action'], body });
  }
  return cases;
}

/** A request without its id. */
interface ShortRequest {
  readonly method: string;
  /** Text of `params`; undefined if the request has none. */
  readonly params: string | undefined;
}

/** `,"name":value`, or nothing when there is no value. */
function optionalMember(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}

/** The short forms, and the requests that they stand for; the first one that fits counts. */
const shortForms: readonly (readonly [RegExp, (...parts: readonly string[]) => ShortRequest])[] = [
  [
    /^create (\w[\w.]*)(?: (\{.*\}))?$/,
    (type, given) => ({
      method: 'create',
      params: `{"type":"${type}"${optionalMember('constructorParams', given)}}`,
    }),
  ],
  [
    /^(<\w+:\w+>|manager)\.(\w+)(?: (.+))?$/,
    (object, operation, given) => {
      const id = object === 'manager' ? 'manager_ServerManager' : object;
      const operationParams = optionalMember('operationParams', given);
      return { method: 'invoke', params: `{"object":"${id}","operation":"${operation}"${operationParams}}` };
    },
  ],
  [
    /^subscribe (\S+) (\w+)$/,
    (object, event) => ({ method: 'subscribe', params: `{"object":"${object}","type":"${event}"}` }),
  ],
  [
    /^(describe|release) (<\w+:\w+>)$/,
    (method = '', object = '') => ({ method, params: `{"object":"${object}"}` }),
  ],
  [/^(?!null$)([a-z]\w*)(?: (\{.*\}))?$/i, (method = '', params) => ({ method, params })],
];

/** The request that a short form stands for; undefined if `body` is no short form. */
function requestOf(body: string): ShortRequest | undefined {
  for (const [form, make] of shortForms) {
    const [whole, ...parts] = form.exec(body) ?? [];
    if (whole !== undefined) return make(...parts);
  }
  return undefined;
}

/** The text to send for a line: short forms become requests, numbered by `nextId`; all else stays as it is. */
export function expandRequest(body: string, nextId: () => number): string {
  const request = requestOf(body);
  if (request === undefined) return body;
  const params = optionalMember('params', request.params);
  return `{"jsonrpc":"2.0","method":"${request.method}"${params},"id":${nextId()}}`;
}

function errorReply(body: string, id: number): string | undefined {
  const [, code, type, message] = /^error (-?\d+) (\w+|-) (.+)$/.exec(body) ?? [];
  if (code === undefined) return undefined;
  const data = type === '-' ? '' : `"data":{"type":"${type}"},`;
  return `{"error":{"code":${code},${data}"message":"${message}"},"id":${id},"jsonrpc":"2.0"}`;
}

/** Events that extend neither Media nor Error: their data has no type. */
const untyped: ReadonlySet<string> = new Set(['ObjectCreated', 'ObjectDestroyed']);

function notification(body: string): string | undefined {
  const [, given, event = '', fields = '{}'] = /^event (\S+) (\w+)(?: (\{.*\}))?$/.exec(body) ?? [];
  if (given === undefined) return undefined;
  const source = given === 'manager' ? 'manager_ServerManager' : given;
  const data: Record<string, unknown> = {
    source,
    tags: [],
    timestampMillis: '<number>',
    ...(untyped.has(event) ? {} : { type: event }),
    ...JSON.parse(fields),
  };
  const sorted = Object.fromEntries(Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const value = `{"data":${JSON.stringify(sorted)},"object":"${source}","type":"${event}"}`;
  return `{"jsonrpc":"2.0","method":"onEvent","params":{"value":${value}}}`;
}

/** The text to expect for a line of `client`, whose oldest request without an answer `takeId` tells. */
export function expandReply(body: string, client: string, takeId: () => number): string {
  const event = notification(body);
  if (event !== undefined) return event;
  const [word = ''] = body.split(' ', 1);
  const rest = body.slice(word.length + 1);
  const session = `"sessionId":"<text:session${client}>"`;
  const success = (result: string): string => `{"id":${takeId()},"jsonrpc":"2.0","result":${result}}`;
  if (word === 'done') return success(`{${session}}`);
  if (word === 'value') return success(`{${session},"value":${rest}}`);
  if (word === 'result') return success(rest);
  if (word === 'error') return errorReply(body, takeId()) ?? body;
  return body;
}
