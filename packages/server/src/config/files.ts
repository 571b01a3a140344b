/**
 * Reads the configuration file, and the formats of Kurento's files.
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isJsonObject, type JsonObject, LenientJsonError, parseLenientJson } from '@rivero/model';
import { ConfigError } from './ServerConfig.ts';
import { findSettingKey, settingsOf, type Layer, type Setting } from './settings.ts';

/** An object out of a file: texts, or whatever JSON has. */
export type FileTree = JsonObject;

/**
 * The text of a file.
 *
 * @throws {ConfigError} naming the `origin` if it cannot be read
 */
function textOf(file: string, origin: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${origin}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function treeOf(value: unknown, origin: string): FileTree {
  if (!isJsonObject(value)) throw new ConfigError(`${origin}: should hold a JSON object`);
  return value;
}

function parseJson(text: string, origin: string): FileTree {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Node's message quotes what stands around the fault, which may be a secret.
    const reason = error instanceof Error ? error.message.replace(/, (\.\.\.)?".*$/s, '') : 'unusable';
    throw new ConfigError(`${origin}: is no JSON: ${reason}`);
  }
  return treeOf(value, origin);
}

/** `setting` with a relative file name made absolute, as seen from the folder of `file`. */
export function anchored(setting: Setting, file: string): Setting {
  const { key, value } = setting;
  if (findSettingKey(key)?.isPath !== true || typeof value !== 'string') return setting;
  // `-` is standard output, and a URL is no file.
  if (value === '-' || /^[a-z]+:\/\//.test(value)) return setting;
  return { ...setting, value: resolve(dirname(file), value) };
}

/**
 * The settings in `rivero.config.json` or another file of that shape.
 *
 * @throws {ConfigError}
 */
export function readConfigFile(file: string, origin: string): Layer {
  const { $schema: _, ...given } = parseJson(textOf(file, origin), origin);
  return { settings: settingsOf(given, origin).map((setting) => anchored(setting, file)), notes: [] };
}

/** JSON with comments, as people write it. */
function parseKurentoJson(text: string, origin: string): FileTree {
  let value: unknown;
  try {
    value = parseLenientJson(text);
  } catch (error) {
    if (!(error instanceof LenientJsonError)) throw error;
    // What stands there may be a secret.
    const reason = error.message.replace(/".*"/s, 'a name');
    throw new ConfigError(`${origin}: line ${error.line}: is no JSON: ${reason}`);
  }
  return treeOf(value, origin);
}

/** A value without the members whose name begins with `//`, which is how Kurento's samples comment out. */
function withoutCommentKeys(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([name]) => !name.startsWith('//'));
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutCommentKeys(member)]));
}

/** Puts a text at a path of names, making the objects on the way. */
function place(tree: Record<string, unknown>, names: readonly string[], value: string): void {
  const [name = '', ...rest] = names;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const known = tree[name];
  const inner: Record<string, unknown> = isJsonObject(known) ? { ...known } : {};
  tree[name] = inner;
  place(inner, rest, value);
}

/** `[section]` and `key = value`; `;` and `#` begin comment lines, dots in sections make levels. */
function parseIni(text: string, origin: string): FileTree {
  const tree: Record<string, unknown> = {};
  let section: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const heading = /^\[([^\]]+)\]$/.exec(line);
    const [, key, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (heading?.[1] !== undefined) section = heading[1].trim().split('.');
    else if (key !== undefined && value !== undefined) place(tree, [...section, key], unquoted(value));
    else throw new ConfigError(`${origin}: line ${index + 1}: should be 'key = value' or '[section]'`);
  }
  return tree;
}

function unquoted(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}

/** `key value`, with `{` and `}` around what is below a key; `;` begins a comment. */
function parseInfo(text: string, origin: string): FileTree {
  const tree: Record<string, unknown> = {};
  const path: string[] = [];
  let last = '';
  for (const [index, raw] of text.split('\n').entries()) {
    for (const [token] of raw
      .replace(/;.*$/, '')
      .matchAll(/[{}]|(?:"[^"]*"|[^\s{}"]+)(?:[ \t]+[^{}\s][^{}]*)?/g)) {
      if (token === '{') path.push(last);
      else if (token !== '}') last = placeInfo(tree, path, token.trim());
      else if (path.pop() === undefined) throw new ConfigError(`${origin}: line ${index + 1}: stray '}'`);
    }
  }
  if (path.length > 0) throw new ConfigError(`${origin}: '{' of '${path.join('.')}' is not closed`);
  return tree;
}

/** Notes a `key value`; returns the key. */
function placeInfo(tree: Record<string, unknown>, path: readonly string[], token: string): string {
  const [, key = '', value] = /^("[^"]*"|\S+)(?:\s+(.*))?$/.exec(token) ?? [];
  if (value !== undefined) place(tree, [...path, unquoted(key)], unquoted(value.trim()));
  return unquoted(key);
}

/**
 * The object in one of Kurento's files: `.json`, `.ini` or `.info`.
 *
 * @throws {ConfigError}
 */
export function readKurentoFile(file: string, origin: string): FileTree {
  const text = textOf(file, origin);
  if (file.endsWith('.ini')) return parseIni(text, origin);
  if (file.endsWith('.info')) return parseInfo(text, origin);
  if (!file.endsWith('.json')) throw new ConfigError(`${origin}: should end in .json, .ini or .info`);
  const tree = withoutCommentKeys(parseKurentoJson(text, origin));
  return isJsonObject(tree) ? tree : {};
}
