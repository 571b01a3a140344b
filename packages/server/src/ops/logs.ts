/**
 * The logs of the subsystems. `DEBUG=rivero:rpc` opens one of them wide.
 * @module
 */
import type { Logger } from 'pino';

/** Parts of the server that can be watched alone. */
export type Subsystem = 'rpc' | 'session' | 'media' | 'router' | 'http';

/** Whether the list of namespaces (`rivero:rpc,rivero:http`, `rivero:*`, `-rivero:media`) contains `name`. */
export function isDebugged(namespaces: string, name: string): boolean {
  let debugged = false;
  for (const word of namespaces.split(/[\s,]+/)) {
    const pattern = word.replace(/^-/, '');
    const fits = pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
    if (word !== '' && fits) debugged = !word.startsWith('-');
  }
  return debugged;
}

/**
 * The log of a subsystem: every line says which. With its namespace among `namespaces`, `$DEBUG` by default, it has
 * the level trace, whatever the level of the rest.
 */
export function subsystemLog(
  log: Logger,
  subsystem: Subsystem,
  namespaces: string = process.env['DEBUG'] ?? '',
): Logger {
  const options = isDebugged(namespaces, `rivero:${subsystem}`) ? { level: 'trace' } : {};
  return log.child({ subsystem }, options);
}
