/**
 * The settings of the server, for everybody who uses them.
 * @module
 */
import type { PartialConfig, ServerConfig } from './config/ServerConfig.ts';
import { combine, settingsOf } from './config/settings.ts';

export * from './config/ServerConfig.ts';

/**
 * The complete settings from those that are `given`.
 *
 * @param origin names where they come from, for messages
 * @throws {ConfigError} naming the first setting that is wrong
 */
export function readConfig(given: PartialConfig, origin: string = 'configuration'): ServerConfig {
  return combine([{ settings: settingsOf(given, origin), notes: [] }]).config;
}
