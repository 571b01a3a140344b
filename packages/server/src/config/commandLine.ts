/**
 * Settings from the environment and from the words of a command line. Every key has its variable and its option.
 * @module
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfigFile } from './files.ts';
import { readKurentoEnvironment, readKurentoFiles } from './kurento.ts';
import { ConfigError } from './ServerConfig.ts';
import { combine, settingKeys, valueOf, type EffectiveConfig, type Layer, type Setting } from './settings.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly command: 'help' }
  /** Run the server, or tell its settings. */
  | { readonly command: 'start' | 'config'; readonly effective: EffectiveConfig };

/** `tls.clientCa` and `udpPort` as words: `tls client ca`, `udp port`. */
function wordsOf(key: string): string[] {
  return key
    .replace(/(IPv[46]|H265)/g, '.$1')
    .split('.')
    .filter((part) => part !== '')
    .flatMap((part) => (/^(IPv|H265)/.test(part) ? [part] : part.split(/(?=[A-Z])/)))
    .map((word) => word.toLowerCase());
}

/** The environment variable of a key: `RIVERO_TLS_CLIENT_CA`. */
export function variableOf(key: string): string {
  return `RIVERO_${wordsOf(key).join('_').toUpperCase()}`;
}

/** The option of a key, without its dashes: `tls-client-ca`. */
function optionOf(key: string): string {
  return wordsOf(key).join('-');
}

/** Variables with our prefix that are no settings: the configuration file, and the browser of our tests. */
const otherVariables: ReadonlySet<string> = new Set(['RIVERO_CONFIG', 'RIVERO_CHROMIUM']);

/** Our file, where the server is started. */
const defaultFile = 'rivero.config.json';

/** Options that name files, and the variable that does the same. */
const fileOptions: readonly (readonly [option: string, variable: string, text: string])[] = [
  ['config', 'RIVERO_CONFIG', 'our configuration file; rivero.config.json'],
  ['conf-file', 'KURENTO_CONF_FILE', "Kurento's main file"],
  [
    'modules-config-path',
    'KURENTO_MODULES_CONFIG_PATH',
    "folder of Kurento's module files; modules beside it",
  ],
];

/** As Kurento's command line has them. */
const shortOptions: ReadonlyMap<string, string> = new Map([
  ['help', 'h'],
  ['conf-file', 'f'],
  ['modules-config-path', 'c'],
]);

/** Usage of the command line. */
export function usageText(): string {
  const rows = [
    ...fileOptions.map(([option, , text]) => [option, text] as const),
    ...settingKeys.map(({ key, description, fallback }) => {
      const shown =
        fallback === undefined || fallback === '' || Array.isArray(fallback)
          ? ''
          : ` (${JSON.stringify(fallback)})`;
      return [optionOf(key), `${description}${shown}`] as const;
    }),
    ['help', 'this text'] as const,
  ];
  const words = rows.map(([option, text]) => {
    const short = shortOptions.get(option);
    return [`${short === undefined ? '' : `-${short}, `}--${option}`, text] as const;
  });
  const width = Math.max(...words.map(([option]) => option.length)) + 2;
  const lines = words.map(([option, text]) => `  ${option.padEnd(width)}${text}`);
  return `Usage: rivero [config | gen client] [options]\n\n'rivero config' prints the settings in force and where each comes from.\n'rivero gen client' writes the typed client of a module of your own; see 'rivero gen --help'.\n\n${lines.join('\n')}`;
}

/** The settings in the variables `RIVERO_…`. An empty variable is none. */
function readEnvironment(environment: NodeJS.ProcessEnv): Layer {
  const settings: Setting[] = [];
  const known = new Set(otherVariables);
  for (const entry of settingKeys) {
    const name = variableOf(entry.key);
    known.add(name);
    const text = environment[name];
    if (text === undefined || text === '') continue;
    settings.push({ key: entry.key, value: valueOf(entry, text), origin: `environment ${name}` });
  }
  const strange = Object.keys(environment).filter((name) => name.startsWith('RIVERO_') && !known.has(name));
  return { settings, notes: strange.map((name) => `environment: ${name} is unknown and ignored`) };
}

type Words = Readonly<Record<string, string | boolean | undefined>>;

function parseWords(args: readonly string[]): { values: Words; positionals: readonly string[] } {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean' },
  };
  for (const [option] of fileOptions) options[option] = { type: 'string' };
  for (const { key } of settingKeys) options[optionOf(key)] = { type: 'string' };
  for (const [option, short] of shortOptions) options[option] = { type: 'string', ...options[option], short };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
    return { values, positionals };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readOptions(values: Words): Layer {
  const settings = settingKeys.flatMap((entry): Setting[] => {
    const option = optionOf(entry.key);
    const text = values[option];
    if (typeof text !== 'string') return [];
    return [{ key: entry.key, value: valueOf(entry, text), origin: `command line --${option}` }];
  });
  return { settings, notes: [] };
}

function commandOf(positionals: readonly string[]): 'start' | 'config' {
  const [command = 'start', stray] = positionals;
  if (stray !== undefined) throw new ConfigError(`Unexpected argument '${stray}'`);
  if (command === 'start' || command === 'config') return command;
  throw new ConfigError(`Unknown command '${command}'`);
}

/**
 * What the words of a command line ask for. Settings, weakest first: defaults, Kurento's files, our file, the
 * variables of Kurento's Docker image, `RIVERO_…`, the command line.
 *
 * @throws {ConfigError} for an unknown option or command, an unreadable file or a setting that is wrong
 */
export function readCommandLine(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Invocation {
  const { values, positionals } = parseWords(args);
  if (values['help'] === true) return { command: 'help' };
  const command = commandOf(positionals);
  const fileOf = (option: string, variable: string): string | undefined => {
    const named = values[option] ?? environment[variable];
    return typeof named === 'string' && named !== '' ? named : undefined;
  };
  const own = fileOf('config', 'RIVERO_CONFIG') ?? (existsSync(defaultFile) ? defaultFile : undefined);
  const effective = combine([
    readKurentoFiles(
      fileOf('conf-file', 'KURENTO_CONF_FILE'),
      fileOf('modules-config-path', 'KURENTO_MODULES_CONFIG_PATH'),
    ),
    own === undefined ? { settings: [], notes: [] } : readConfigFile(own, `file ${own}`),
    readKurentoEnvironment(environment),
    readEnvironment(environment),
    readOptions(values),
  ]);
  return { command, effective };
}
