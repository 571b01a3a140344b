/**
 * `rivero config`: the settings in force and where each comes from, without secrets.
 * @module
 */
import { settingKeys, type EffectiveConfig } from './settings.ts';

/** What stands for a secret. */
const MASK = '***';

/** The value in force; undefined if there is none. */
function valueAt(config: unknown, key: string): unknown {
  let value = config;
  // The names come from the schema, never from outside.
  for (const name of key.split('.'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return value;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** A line per setting: key, value as JSON, origin. Then the notes. */
export function describeConfig({ config, origins, notes }: EffectiveConfig): string {
  const width = Math.max(...settingKeys.map(({ key }) => key.length));
  const lines = settingKeys.map(({ key, isSecret }) => {
    const value = valueAt(config, key);
    const shown = isSecret && isGiven(value) ? MASK : value === undefined ? '-' : JSON.stringify(value);
    return `${key.padEnd(width)} ${shown.padEnd(24)} ${origins.get(key) ?? 'default'}`;
  });
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}
