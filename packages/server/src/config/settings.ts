/**
 * Settings from several places, laid over each other: which value holds, and where it comes from.
 * @module
 */
import { isJsonObject, type JsonObject } from '@rivero/model';
import { settingsJsonSchema, parseSettings } from './schema.ts';
import { ConfigError, type ServerConfig } from './ServerConfig.ts';

/** One value from one place. */
export interface Setting {
  /** The key, with dots: `tls.port`. */
  readonly key: string;
  /** As given, not checked yet. */
  readonly value: unknown;
  /** Where it stands, for people. */
  readonly origin: string;
}

/** What one place gives. */
export interface Layer {
  /** The values. */
  readonly settings: readonly Setting[];
  /** What was understood but does nothing, or was not understood: sentences for the operator. */
  readonly notes: readonly string[];
}

/** The settings in force, with their story. */
export interface EffectiveConfig {
  /** The complete settings. */
  readonly config: ServerConfig;
  /** Where each key that was given comes from; a key that is missing has its default. */
  readonly origins: ReadonlyMap<string, string>;
  /** Sentences for the operator. */
  readonly notes: readonly string[];
}

/** A key of the settings that holds a value. */
export interface SettingKey {
  /** With dots: `tls.port`. */
  readonly key: string;
  /** Kinds of JSON values that it takes. */
  readonly types: ReadonlySet<string>;
  /** What it is for. */
  readonly description: string;
  /** Its default; undefined if it has none. */
  readonly fallback: unknown;
  /** True if its value is never shown. */
  readonly isSecret: boolean;
  /** True if it names a file, relative to the file that it stands in. */
  readonly isPath: boolean;
  /** True if it does nothing yet. */
  readonly isUnused: boolean;
}

function typesOf(schema: JsonObject): ReadonlySet<string> {
  return new Set(typeof schema['type'] === 'string' ? [schema['type']] : ['any']);
}

function keysOf(schema: JsonObject, prefix: string): SettingKey[] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property) || name === '$schema') return [];
    const key = prefix + name;
    if (property['type'] === 'object') return keysOf(property, `${key}.`);
    return [
      {
        key,
        types: typesOf(property),
        description: typeof property['description'] === 'string' ? property['description'] : '',
        fallback: property['default'],
        isSecret: property['writeOnly'] === true,
        isPath: property['x-path'] === true,
        isUnused: property['x-notUsedYet'] === true,
      },
    ];
  });
}

/** All keys that hold a value, in the order of the schema. */
export const settingKeys: readonly SettingKey[] = keysOf(settingsJsonSchema(), '');

const keysByName: ReadonlyMap<string, SettingKey> = new Map(settingKeys.map((entry) => [entry.key, entry]));
const sections: ReadonlySet<string> = new Set(
  settingKeys.filter(({ key }) => key.includes('.')).map(({ key }) => key.slice(0, key.lastIndexOf('.'))),
);

/** The key of this name, if there is one. */
export function findSettingKey(key: string): SettingKey | undefined {
  return keysByName.get(key);
}

/** The members of an object in the shape of the configuration file, each with the same origin. */
export function settingsOf(given: JsonObject, origin: string, prefix: string = ''): Setting[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const key = prefix + name;
    if (value === undefined) return [];
    return sections.has(key) && isJsonObject(value)
      ? settingsOf(value, origin, `${key}.`)
      : [{ key, value, origin }];
  });
}

/**
 * A value from a text: of the environment, the command line or an `.ini` file. A list is separated by commas or is
 * JSON. What does not fit stays a text, for the check to refuse.
 */
export function valueOf({ types }: SettingKey, text: string): unknown {
  if (types.has('integer') || types.has('number')) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (types.has('boolean')) return booleans.get(text.toLowerCase()) ?? text;
  if (types.has('array') && !text.startsWith('[')) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  return types.has('string') ? text : parsedOr(text);
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function parsedOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function put(target: Record<string, unknown>, key: string, value: unknown): void {
  const dot = key.indexOf('.');
  const name = dot < 0 ? key : key.slice(0, dot);
  if (dot < 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  // A section that was given as something else is refused by the check when it is alone.
  const section: Record<string, unknown> = isJsonObject(inner) ? { ...inner } : {};
  put(section, key.slice(dot + 1), value);
  target[name] = section;
}

/**
 * Lays the layers over each other, later ones on top, and checks the result.
 *
 * @throws {ConfigError} naming the place and the key of the first value that is wrong
 */
export function combine(layers: readonly Layer[]): EffectiveConfig {
  const given: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  for (const { key, value, origin } of layers.flatMap(({ settings }) => settings)) {
    put(given, key, value);
    origins.set(key, origin);
  }
  const parsed = parseSettings(given);
  if ('fault' in parsed) {
    const { key, reason } = parsed.fault;
    throw new ConfigError(`${originOf(key, origins)}: '${key}': ${reason}`);
  }
  const unused = settingKeys
    .filter(({ key, isUnused }) => isUnused && origins.has(key))
    .map(({ key }) => `${origins.get(key)}: '${key}' is kept, but not used yet`);
  return { config: parsed.config, origins, notes: [...layers.flatMap(({ notes }) => notes), ...unused] };
}

/** Where the value of `key`, or what it is a part of, comes from. */
function originOf(key: string, origins: ReadonlyMap<string, string>): string {
  for (let name = key; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const origin = origins.get(name);
    if (origin !== undefined) return origin;
  }
  return 'configuration';
}
