/**
 * The audit log: a line of JSON for every request, who made it and how it ended.
 * @module
 */
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { ConfigError } from '../config.ts';
import { memberOf } from '../protocol/RequestParams.ts';
import type { RequestReport, RequestWatcher } from '../protocol/RequestWatcher.ts';

type Destination = ReturnType<typeof pino.destination>;

/** Bytes that wait for a slow disk; what comes on top is dropped and counted. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Lines wait at most so long, milliseconds. */
const FLUSH_MS = 1000;
/** What a disk gets to take the last lines, milliseconds. */
const CLOSE_MS = 1000;
/** Longest text of a client that is taken into a line, characters. */
const MAX_TEXT_LENGTH = 512;
const STDOUT = 1;

/** The audit log. Never blocks: a disk that is too slow loses lines, and the log says how many. */
export class AuditLog implements RequestWatcher {
  readonly #destination: Destination;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  readonly #isFile: boolean;
  #failing = false;
  #dropped = 0;
  #droppedTold = 0;

  private constructor(destination: Destination, isFile: boolean, log: Logger) {
    this.#isFile = isFile;
    this.#destination = destination;
    this.#log = log;
    destination.on('drop', () => this.#dropped++);
    destination.on('error', (error: unknown) => this.#failed(error));
    destination.on('drain', () => (this.#failing = false));
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
    this.#timer.unref();
  }

  /**
   * Opens the log: a file, which is appended to, or `-` for standard output.
   *
   * @throws {ConfigError} if it cannot be opened
   */
  static async open(file: string, log: Logger): Promise<AuditLog> {
    const isFile = file !== '-';
    if (isFile) tryFile(file);
    const destination = pino.destination({
      dest: isFile ? file : STDOUT,
      sync: false,
      minLength: 4096,
      maxLength: MAX_WAITING_BYTES,
    });
    if (isFile) await once(destination, 'ready');
    return new AuditLog(destination, isFile, log);
  }

  /** Lines that were lost because the disk was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Writes a line. */
  finished({ request, requester, sessionId, durationMs, error }: RequestReport): void {
    const { method, params } = request;
    const line = {
      time: new Date().toISOString(),
      who: requester.peer?.principal?.name ?? null,
      address: requester.peer?.address ?? null,
      session: short(sessionId),
      method: short(method),
      object: textOf(params, 'object'),
      type: textOf(params, 'type'),
      operation: textOf(params, 'operation'),
      outcome: error === undefined ? 'ok' : 'error',
      code: error?.code,
      durationMs: Math.round(durationMs * 1000) / 1000,
    };
    this.#destination.write(`${JSON.stringify(line)}\n`);
  }

  /** Opens the file again, after somebody moved it away. */
  reopen(): void {
    // Standard output stays what it is.
    if (this.#isFile) this.#destination.reopen();
  }

  /** Writes what waits, for a second at most, and closes. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#destination.once('close', resolve);
    const timer = setTimeout(resolve, CLOSE_MS);
    this.#destination.end();
    await promise;
    clearTimeout(timer);
    // What could not be written by now is not going to be.
    this.#destination.destroy();
  }

  #failed(error: unknown): void {
    if (!this.#failing) this.#log.error({ err: error }, 'audit log cannot be written');
    // Once, until it works again.
    this.#failing = true;
  }

  #flush(): void {
    this.#destination.flush();
    if (this.#dropped === this.#droppedTold) return;
    this.#log.warn({ dropped: this.#dropped - this.#droppedTold }, 'audit log loses lines');
    this.#droppedTold = this.#dropped;
  }
}

/** Fails at once, in words for the operator, where lines could not be written. */
function tryFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    closeSync(openSync(file, 'a'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`'audit.file': ${reason}`, { cause: error });
  }
}

function short(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : undefined;
}

/** A member of a request's parameters, if it is a text. */
function textOf(params: unknown, name: string): string | undefined {
  return short(memberOf(params, name));
}
