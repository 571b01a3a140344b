/**
 * One WebSocket with its RPC peer, from opening to its end; a `Connection` uses one after the other.
 * @module
 */
import { RpcPeer, type RpcTimer } from '@rivero/rpc';
import { ConnectionError } from './ConnectionError.ts';

/** Measures time-outs with the timers of the program. */
export const timer: RpcTimer = (delayMs, fire) => {
  const handle = setTimeout(fire, delayMs);
  return () => clearTimeout(handle);
};

/** A socket that is opening, open or over. */
export class Link {
  /** Asks the server. Every request is rejected when the link ends. */
  readonly peer: RpcPeer;
  /** Settles when the socket is open, or could not be opened. */
  readonly opened: Promise<void>;
  /** Resolves with the reason when the link has ended. */
  readonly broken: Promise<ConnectionError>;
  readonly #socket: WebSocket;
  readonly #broken = Promise.withResolvers<ConnectionError>();
  readonly #opened = quietResolvers();
  #wake: (() => void) | undefined;
  #isOpen = false;
  #ended = false;

  /** Starts to open a socket. @throws {SyntaxError} When `url` is not a WebSocket address. */
  constructor(url: string, nextId: () => number, onNotification: (method: string, params: unknown) => void) {
    this.opened = this.#opened.promise;
    this.broken = this.#broken.promise;
    this.#socket = new WebSocket(url);
    this.peer = new RpcPeer({
      send: (text) => this.#socket.send(text),
      onNotification,
      timer,
      nextId,
    });
    this.#socket.onopen = () => {
      this.#isOpen = true;
      this.#opened.resolve();
    };
    this.#socket.onmessage = ({ data }) => void this.peer.receive(String(data));
    // Programs are told no more than this, for safety in pages: no server, no route and a refusal look alike.
    this.#socket.onclose = ({ code, reason }) => {
      const what = this.#isOpen ? 'The socket was closed' : 'No server took the socket';
      this.break(new ConnectionError('CONNECTION_LOST', `${what}: ${code} ${reason}`.trimEnd()));
    };
  }

  /** Whether the link has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves after `delayMs`, or when the link ends. */
  idle(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timer(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Ends the link at once; a dead peer is not waited for. */
  break(cause: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const reason =
      cause instanceof ConnectionError
        ? cause
        : new ConnectionError('CONNECTION_LOST', 'The connection broke', { cause });
    this.#socket.onmessage = null;
    this.#socket.close();
    this.peer.close(reason);
    this.#opened.reject(reason);
    this.#broken.resolve(reason);
    this.#wake?.();
  }
}

/** A promise that may be rejected while nobody waits for it. */
export function quietResolvers<Value = void>(): PromiseWithResolvers<Value> {
  const resolvers = Promise.withResolvers<Value>();
  resolvers.promise.catch(() => {});
  return resolvers;
}
