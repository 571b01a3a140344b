/**
 * The settings of the server: command line over configuration file over defaults.
 * @module
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** Settings of the server, complete. */
export interface ServerConfig {
  /** TCP port of WebSocket and HTTP; 0 lets the system choose. */
  readonly port: number;
  /** Address to listen on; undefined for all, IPv6 and IPv4. */
  readonly host: string | undefined;
  /** Path of the WebSocket, without the leading slash. */
  readonly path: string;
  /**
   * UDP port of the first router, the next ones count up from it; 0 lets the system choose. By default the number
   * of `port`: TCP and UDP do not get into each other's way, and there is one number to remember.
   */
  readonly udpPort: number;
  /** Number of router processes. By default one per CPU, but one CPU stays for the control process. */
  readonly routers: number;
  /** Network interfaces whose addresses are offered as candidates; empty for all. */
  readonly interfaces: readonly string[];
  /** Least severe level that goes to the log. */
  readonly logLevel: LogLevel;
  /** Seconds between two searches for abandoned sessions; a session dies after one to two of them. */
  readonly garbageCollectorPeriod: number;
  /** Anything; ServerManager tells it to clients as JSON text. */
  readonly metadata: unknown;
}

/** Levels of the log. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A setting cannot be used. The message names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = z.int().min(0).max(65535);

const schema = z.strictObject({
  port: port.default(8888),
  host: z.string().min(1).optional(),
  path: z
    .string()
    .transform((path) => path.replace(/^\//, ''))
    .default('kurento'),
  udpPort: port.optional(),
  // Routers are whole processes; more than cores bring nothing. 0 is for servers that only plan.
  routers: z.int().min(0).max(256).optional(),
  interfaces: z.array(z.string().min(1)).default([]),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  garbageCollectorPeriod: z.number().positive().max(86_400).default(240),
  metadata: z.unknown().optional(),
});

/** Settings as given: any of them may be missing, none is checked yet. */
export type PartialConfig = Readonly<Partial<Record<keyof ServerConfig, unknown>>>;

/**
 * The complete settings from those that are `given`.
 *
 * @param origin names where they come from, for messages
 * @throws {ConfigError} naming the first setting that is wrong
 */
export function readConfig(given: PartialConfig, origin: string = 'configuration'): ServerConfig {
  const result = schema.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    const key = issue?.code === 'unrecognized_keys' ? issue.keys.join("', '") : issue?.path.join('.');
    throw new ConfigError(`${origin}: '${key ?? ''}': ${issue?.message ?? 'unusable'}`);
  }
  const { data } = result;
  return {
    ...data,
    host: data.host,
    udpPort: data.udpPort ?? data.port,
    routers: data.routers ?? availableParallelism(),
    metadata: data.metadata ?? {},
  };
}

/** Usage of the command line. */
export const usage: string = `Usage: rivero [options]

  --port N            TCP port of WebSocket and HTTP (8888)
  --udp-port N        UDP port of the first router; further ones count up (as --port)
  --host ADDRESS      address to listen on (all)
  --routers N         number of router processes (one per CPU)
  --interfaces A,B    network interfaces for candidates (all)
  --log-level LEVEL   trace, debug, info, warn, error, fatal or silent (info)
  --config FILE       JSON file with the same settings: port, udpPort, host, path, routers,
                      interfaces, logLevel, garbageCollectorPeriod, metadata
  --help              this text`;

const options = {
  port: { type: 'string' },
  'udp-port': { type: 'string' },
  host: { type: 'string' },
  routers: { type: 'string' },
  interfaces: { type: 'string' },
  'log-level': { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean' },
} as const;

function readFile(file: string): PartialConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`--config ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`--config ${file}: should hold a JSON object`);
  }
  // Checked together with the rest; until then its members are unknown.
  return value;
}

/** The digits of a command-line value as a number; anything else is left for the check to refuse. */
function numberOf(text: string | undefined): unknown {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function given(members: Readonly<Record<string, unknown>>): PartialConfig {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/**
 * The settings from the words of a command line; undefined if it asks for help.
 *
 * @throws {ConfigError} for an unknown option, an unreadable file or a setting that is wrong
 */
export function readCommandLine(args: readonly string[]): ServerConfig | undefined {
  const values = parseWords(args);
  if (values.help === true) return undefined;
  const file = values.config === undefined ? {} : readFile(values.config);
  if (values.config !== undefined) readConfig(file, `--config ${values.config}`);
  const line = given({
    port: numberOf(values.port),
    udpPort: numberOf(values['udp-port']),
    host: values.host,
    routers: numberOf(values.routers),
    interfaces: values.interfaces?.split(',').filter((name) => name !== ''),
    logLevel: values['log-level'],
  });
  return readConfig({ ...file, ...line }, 'command line');
}

function parseWords(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof options }>>['values'] {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
