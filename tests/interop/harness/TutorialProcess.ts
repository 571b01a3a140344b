/**
 * A tutorial as its readers start it: a process of its own on a free port.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const house = fileURLToPath(new URL('../../..', import.meta.url));

/** A running tutorial. */
export class TutorialProcess implements AsyncDisposable {
  /** Address of its page. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(url: string, child: ChildProcess, exited: Promise<unknown>) {
    this.url = url;
    this.#child = child;
    this.#exited = exited;
  }

  /** Starts a tutorial on a media server and waits for its ready line. */
  static async start(name: string, mediaUrl: string): Promise<TutorialProcess> {
    const words = ['--conditions=source', `tutorials/${name}/app.ts`, '--port', '0', '--media', mediaUrl];
    const child = spawn(process.execPath, words, { cwd: house, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    let output = '';
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const read = (chunk: string): void => {
      output += chunk;
      const url = new RegExp(`^${name} ready (http://\\S+)$`, 'm').exec(output)?.[1];
      if (url) resolve(url);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void exited.then(() => reject(new Error(`${name} ended before it was ready:\n${output}`)));
    const timer = setTimeout(() => reject(new Error(`${name} is not ready within 10 s:\n${output}`)), 10_000);
    try {
      return new TutorialProcess(await promise, child, exited);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks it to end and waits for that; resolves with its exit code, null if it had to be killed after 5 s. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.#exited;
    clearTimeout(timer);
    return this.#child.exitCode;
  }

  /** Stops it if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop();
  }
}
