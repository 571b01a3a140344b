#!/usr/bin/env node
/**
 * The command line: starts a server and ends it cleanly on SIGTERM and SIGINT.
 * @module
 */
import { constants } from 'node:os';
import { pino, type Logger } from 'pino';
import { runGen } from './commands/genClient.ts';
import { ConfigError } from './config.ts';
import { readCommandLine, usageText } from './config/commandLine.ts';
import { describeConfig } from './config/report.ts';
import type { EffectiveConfig } from './config/settings.ts';
import { startServer, type RunningServer } from './startServer.ts';

/** What is not done by then is not going to be done: whoever stops us waits 5 s. */
const STOP_DEADLINE_MS = 4500;
/** A signal to the whole process group comes twice through `npm start`: directly, and passed down. */
const SAME_SIGNAL_MS = 250;
const STDERR = 2;

/** The settings of this run. Ends the process where only words are asked for, and for settings that are wrong. */
function settings(): EffectiveConfig {
  try {
    const invocation = readCommandLine(process.argv.slice(2));
    if (invocation.command === 'start') return invocation.effective;
    const text = invocation.command === 'help' ? usageText() : describeConfig(invocation.effective);
    process.stdout.write(`${text}\n`);
    process.exit(0);
  } catch (error) {
    return refuse(error);
  }
}

/** Ends the process with words for the operator if a setting is at fault; any other error goes on. */
function refuse(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\nTry --help.\n`);
  process.exit(2);
}

/** Runs the commands that make files instead of a server. */
function runCommand(): void {
  const [command, ...rest] = process.argv.slice(2);
  if (command !== 'gen') return;
  const { exitCode, stdout, stderr } = runGen(rest);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exit(exitCode);
}

/**
 * Lets clients finish for as long as the settings say, unless it is an error that ends us, then ends the server. The
 * deadline counts from then on.
 */
async function endInOrder(server: RunningServer, exitCode: number, log: Logger): Promise<void> {
  if (exitCode === 0) await server.drain();
  setTimeout(() => {
    log.error('not everything ended in time');
    process.exit(exitCode);
  }, STOP_DEADLINE_MS).unref();
  await server.close();
}

/** Ends the server at the first signal, and the process with it; a second signal ends the process at once. */
function stopOnSignal(server: RunningServer, log: Logger): void {
  let stopping = false;
  let stoppingMs: number | undefined;
  const stop = (signal: string, exitCode: number): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    endInOrder(server, exitCode, log)
      .catch((error: unknown) => log.error({ err: error }, 'stopping failed'))
      .finally(() => process.exit(exitCode));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      const nowMs = performance.now();
      stoppingMs ??= nowMs;
      // Children notice that we are gone, and end themselves.
      if (nowMs - stoppingMs > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
      stop(signal, 0);
    });
  }
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    stop('uncaughtException', 1);
  });
}

async function main(): Promise<void> {
  runCommand();
  const { config, notes } = settings();
  const log = pino(
    { level: config.logLevel, name: 'rivero' },
    pino.destination({ dest: STDERR, sync: true }),
  );
  // A forgotten rejection concerns one request or one object; the rest of the server is sound.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  for (const note of notes) log.info(note);
  try {
    const server = await startServer({ ...config, log });
    stopOnSignal(server, log);
    process.on('SIGHUP', () => server.reload());
    const urls = server.endpoints.flatMap(({ wsUrl, httpUrl }) => [wsUrl, httpUrl]);
    process.stdout.write(`rivero ready ${urls.join(' ')}\n`);
  } catch (error) {
    // Of a file that a setting names it shows only now that it cannot be used.
    if (error instanceof ConfigError) refuse(error);
    log.fatal({ err: error }, 'cannot start');
    process.exit(1);
  }
}

await main();
