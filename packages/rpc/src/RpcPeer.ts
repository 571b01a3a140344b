/**
 * One end of a JSON-RPC 2.0 conversation over any pipe that carries texts.
 * @module
 */
import {
  failureReply,
  parseMessage,
  printNotification,
  printReply,
  printRequest,
  successReply,
  type RpcId,
  type RpcMessage,
  type RpcReply,
  type RpcRequest,
} from './envelope.ts';
import { RpcClosedError, RpcError, RpcErrorCode, RpcTimeoutError } from './RpcError.ts';

/** Runs `fire` once after `delayMs` milliseconds; returns what cancels it. */
export type RpcTimer = (delayMs: number, fire: () => void) => () => void;

/** The part of an AbortSignal that a request needs. */
export interface RpcSignal {
  /** True once it has aborted. */
  readonly aborted: boolean;
  /** Why it aborted. */
  readonly reason: unknown;
  /** Calls `listener` when it aborts. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Takes `listener` back. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** How long and until when a request waits. */
export interface RpcRequestOptions {
  /** Rejects with {@link RpcTimeoutError} after so many milliseconds; needs a timer. Absent or 0: waits for ever. */
  readonly timeoutMs?: number;
  /** Rejects with the signal's reason when it aborts. The other side is not told. */
  readonly signal?: RpcSignal;
}

/** The answer to a request. */
export interface RpcAnswer {
  /** The reply object, with `result` or `error`. */
  readonly reply: Readonly<Record<string, unknown>>;
  /** The text that is sent. */
  readonly text: string;
}

/** What a peer needs from its surroundings. */
export interface RpcPeerOptions {
  /** Puts a text on the pipe. */
  send(text: string): void;
  /**
   * Answers a request: returns the result, or throws {@link RpcError}. Any other failure is answered -32603.
   * Without it every request is answered -32601. A notification comes here too unless `onNotification` is
   * given; its result is then answered with the error -32000, as Kurento does; `undefined` says: no result.
   */
  readonly onRequest?: (request: RpcRequest) => unknown;
  /**
   * Stands around the answer to a request with an id: returns the text to send, which is that of `answer`, or
   * that of an earlier answer to the same request. Only `answer` runs the request. Must not reject.
   */
  readonly around?: (request: RpcRequest, answer: () => Promise<RpcAnswer>) => Promise<string>;
  /** Levels of arrays and objects that a received text may have; deeper ones are answered -32600. Default: any. */
  readonly maxDepth?: number;
  /** Takes a notification. */
  readonly onNotification?: (method: string, params: unknown) => void;
  /** Measures time-outs. */
  readonly timer?: RpcTimer;
  /**
   * Numbers the requests. Default: 0, 1, 2, … Give one counter to the peers of successive connections, because
   * a Kurento server repeats its old answer when an id comes again within 20 s in one session.
   */
  readonly nextId?: () => number;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Asks, answers and notifies over a pipe. Feed it with {@link RpcPeer.receive}. */
export class RpcPeer {
  readonly #options: RpcPeerOptions;
  readonly #nextId: () => number;
  readonly #pending = new Map<RpcId, Pending>();
  #hasAsked = false;
  #closeReason: unknown;
  #closed = false;

  /** Makes a peer that sends through `options.send`. */
  constructor(options: RpcPeerOptions) {
    this.#options = options;
    let counter = 0;
    this.#nextId = options.nextId ?? (() => counter++);
  }

  /** True after {@link RpcPeer.close}. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many requests wait for an answer. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /**
   * Asks the other side; resolves with `result`.
   *
   * @throws {RpcError} the other side's failure
   * @throws {RpcTimeoutError} nothing came in time
   * @throws {RpcClosedError} or the reason given to `close`: the peer is closed
   */
  request(method: string, params?: unknown, options: RpcRequestOptions = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closeReason);
    const { signal, timeoutMs } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    this.#hasAsked = true;
    const id = this.#nextId();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const undo: (() => void)[] = [];
    const settle = (action: () => void): void => {
      this.#pending.delete(id);
      for (const step of undo) step();
      action();
    };
    this.#pending.set(id, {
      resolve: (result) => settle(() => resolve(result)),
      reject: (reason) => settle(() => reject(reason)),
    });
    this.#watchTime(id, method, timeoutMs, undo);
    this.#watchSignal(id, signal, undo);
    try {
      this.#options.send(printRequest(id, method, params));
    } catch (error) {
      this.#pending.get(id)?.reject(error);
    }
    return promise;
  }

  /** Tells the other side; asks for no answer. Does nothing once closed. */
  notify(method: string, params: unknown): void {
    if (!this.#closed) this.#options.send(printNotification(method, params));
  }

  /**
   * Takes a text from the pipe. Never throws because of the text.
   *
   * Requests are handed on at once, so several may be in work at the same time; the order of the replies is
   * the order in which the handler finishes. The promise ends when this text has had its answer.
   */
  async receive(text: string): Promise<void> {
    if (this.#closed) return;
    await this.#take(parseMessage(text, this.#options.maxDepth));
  }

  /** Ends the conversation: every pending request is rejected with `reason`. Idempotent. */
  close(reason: unknown = new RpcClosedError('The connection is closed')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeReason = reason;
    for (const pending of this.#pending.values()) pending.reject(reason);
  }

  #watchTime(id: number, method: string, timeoutMs: number | undefined, undo: (() => void)[]): void {
    if (timeoutMs === undefined || timeoutMs <= 0) return;
    const { timer } = this.#options;
    if (timer === undefined) {
      this.#pending.get(id)?.reject(new TypeError('A request with a time-out needs a timer'));
      return;
    }
    undo.push(timer(timeoutMs, () => this.#pending.get(id)?.reject(new RpcTimeoutError(method, timeoutMs))));
  }

  #watchSignal(id: number, signal: RpcSignal | undefined, undo: (() => void)[]): void {
    if (signal === undefined) return;
    const abort = (): void => this.#pending.get(id)?.reject(signal.reason);
    signal.addEventListener('abort', abort);
    undo.push(() => signal.removeEventListener('abort', abort));
  }

  async #take(message: RpcMessage): Promise<void> {
    switch (message.kind) {
      case 'request':
        await this.#takeRequest(message);
        return;
      case 'reply':
        this.#takeReply(message);
        return;
      case 'invalid':
        this.#answer(failureReply(null, message.error));
    }
  }

  async #takeRequest(request: RpcRequest): Promise<void> {
    const { around, onNotification } = this.#options;
    if (request.id !== null) {
      const answer = (): Promise<RpcAnswer> => this.#run(request);
      this.#sendText(around === undefined ? (await answer()).text : await around(request, answer));
    } else if (onNotification !== undefined) {
      onNotification(request.method, request.params);
    } else {
      const { reply, text } = await this.#run(request);
      if (reply['result'] !== null) this.#sendText(text);
    }
  }

  /** Runs a request; its failure is an answer too. */
  async #run(request: RpcRequest): Promise<RpcAnswer> {
    const reply = await this.#replyTo(request);
    return { reply, text: printReply(reply) };
  }

  async #replyTo(request: RpcRequest): Promise<Record<string, unknown>> {
    const { onRequest } = this.#options;
    try {
      if (onRequest === undefined) {
        throw new RpcError(RpcErrorCode.METHOD_NOT_FOUND, 'Method not found.');
      }
      const result = (await onRequest(request)) ?? null;
      // Kurento answers a notification only to say that it should have been a request. Deviation: where it has
      // no result either, the original sends an empty text frame, which is no JSON.
      if (request.id === null && result !== null) throw ignoredResult(result);
      return successReply(request.id, result);
    } catch (error) {
      return failureReply(request.id, asRpcError(error, request.method));
    }
  }

  #takeReply(reply: RpcReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) {
      // Who never asked cannot be answered: then it was meant as a request. Otherwise the answer came too late.
      if (!this.#hasAsked) {
        const error = new RpcError(RpcErrorCode.INVALID_REQUEST, 'Invalid JSON-RPC request.');
        this.#answer(failureReply(null, error));
      }
      return;
    }
    if (reply.error === undefined) pending.resolve(reply.result);
    else pending.reject(reply.error);
  }

  #answer(reply: Readonly<Record<string, unknown>>): void {
    this.#sendText(printReply(reply));
  }

  #sendText(text: string): void {
    if (!this.#closed) this.#options.send(text);
  }
}

function ignoredResult(result: unknown): RpcError {
  return new RpcError(
    RpcErrorCode.SERVER_ERROR,
    'Ignoring response because of a notification request',
    result,
  );
}

function asRpcError(error: unknown, method: string): RpcError {
  if (error instanceof RpcError) return error;
  return new RpcError(RpcErrorCode.INTERNAL_ERROR, `Unexpected error while processing method '${method}'`);
}
