/**
 * The server as users run it: a process of its own, started by the command line.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const mainFile = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything that it wrote to stdout. */
  readonly stdout: readonly string[];
  /** Everything that it wrote to stderr. */
  readonly stderr: string;
}

/** Words that let the system choose the ports. */
const freePorts = '--port 0 --udp-port 0 --host 127.0.0.1 --routers 1 --log-level warn'.split(' ');

/** A server process. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly #stdout: string[] = [];
  readonly #ready = Promise.withResolvers<string>();
  #stderr = '';

  /** Starts the command line with these words. */
  constructor(words: readonly string[]) {
    this.child = spawn(process.execPath, ['--conditions=source', mainFile, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.child;
    stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.#line(line));
    this.child.on('close', () => this.#ready.reject(new Error(`The server did not start: ${this.#stderr}`)));
    // Who does not wait for it is not told.
    this.#ready.promise.catch(() => {});
  }

  /** Starts a server on ports that the system chooses; resolves when it is ready. */
  static async start(words: readonly string[] = []): Promise<ServerProcess> {
    const server = new ServerProcess([...freePorts, ...words]);
    await server.ready();
    return server;
  }

  /** Resolves with the ready line; rejects if the process ends before. */
  ready(): Promise<string> {
    return this.#ready.promise;
  }

  #line(line: string): void {
    this.#stdout.push(line);
    if (line.startsWith('rivero ready ')) this.#ready.resolve(line);
  }

  /** URL of the WebSocket, once ready. */
  get wsUrl(): string {
    return this.#stdout[0]?.split(' ')[2] ?? '';
  }

  /** URL of the pages, once ready. */
  get httpUrl(): string {
    return this.#stdout[0]?.split(' ')[3] ?? '';
  }

  /** Sends a signal, if any, and resolves when the process has ended. */
  async ended(signal?: NodeJS.Signals): Promise<Ending> {
    if (signal !== undefined) this.child.kill(signal);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return {
      code: this.child.exitCode,
      signal: this.child.signalCode,
      stdout: this.#stdout,
      stderr: this.#stderr,
    };
  }
}
