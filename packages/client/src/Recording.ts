/**
 * The requests of a transaction: kept until the program waits for one of them or ends, then sent as one message.
 * @module
 */
import { readMessage } from '@rivero/rpc';
import type { CallOptions } from './Connection.ts';
import { callerError } from './ConnectionError.ts';
import { quietResolvers, timer } from './Link.ts';
import { type ObjectCalls, type ObjectRequest, valueOf } from './ObjectCalls.ts';
import type { ObjectHandle, ObjectHost } from './ObjectHandle.ts';
import type { RemoteObject } from './RemoteObject.ts';
import { TransactionError } from './TransactionError.ts';
import { isRecord } from './WireValues.ts';

interface Recorded {
  readonly request: ObjectRequest;
  /** Stands for the value of the answer in requests after this one. */
  readonly standIn: string;
  readonly index: number;
  readonly answer: PromiseWithResolvers<unknown>;
}

/** Prefix of what stands for the result of an earlier request of a transaction (spec 1.8). */
const newReference = 'newref:';

/** Stand-ins differ between all transactions of the program, so that one that goes astray is noticed. */
let standIns = 0;

/** Records the requests about objects while it is open; afterwards hands them on. */
export class Recording implements ObjectHost {
  readonly #calls: ObjectCalls;
  readonly #options: CallOptions;
  readonly #made: RemoteObject[] = [];
  readonly #known = new Map<string, unknown>();
  readonly #standInOf = new WeakMap<Promise<unknown>, string>();
  #waiting: Recorded[] = [];
  #count = 0;
  #open = true;
  #cancelTurn: (() => void) | undefined;
  #sending: Promise<void> = Promise.resolve();
  #failure: TransactionError | undefined;

  /** Requests that go through `calls` with the limits `options`. */
  constructor(calls: ObjectCalls, options: CallOptions) {
    this.#calls = calls;
    this.#options = options;
  }

  request(method: string, params: object, options?: CallOptions): Promise<unknown> {
    if (!this.#open) return this.#calls.request(method, params, options);
    // Callers of this one read the result themselves.
    return this.#record({ method, params, decode: (value) => ({ value }) }).answer.promise;
  }

  invoke(handle: ObjectHandle, operation: string, params: object, options: CallOptions): Promise<unknown> {
    if (!this.#open) return this.#calls.invoke(handle, operation, params, options);
    const recorded = this.#record(this.#calls.invokeRequest(handle, operation, params));
    this.#standInOf.set(recorded.answer.promise, recorded.standIn);
    return recorded.answer.promise;
  }

  createIn(owner: ObjectHandle, type: string, params: object, options: CallOptions): Promise<RemoteObject> {
    if (!this.#open) return this.#calls.createIn(owner, type, params, options);
    return this.create(type, this.#calls.ownedParams(owner, type, params));
  }

  /** Records a creation; the proxy is there at once and can be used in the requests that follow. */
  async create(type: string, params: object): Promise<RemoteObject> {
    if (!this.#open) return await this.#calls.create(type, params);
    if (this.#failure) throw this.#failure;
    const { objects } = this.#calls;
    const request = this.#calls.createRequest(type, params);
    const decode = (id: unknown): unknown => {
      objects.identify(proxy, String(id));
      this.#made.push(proxy);
      return proxy;
    };
    const { standIn, answer } = this.#record({ ...request, decode });
    const proxy = objects.futureProxy(standIn, type, this);
    answer.promise.catch(() => objects.neverMade(proxy));
    return proxy;
  }

  /**
   * What stands for the result of a recorded call in the arguments of later ones.
   * @throws {TypeError} If the promise is not that of a call in this transaction.
   */
  standInFor(result: Promise<unknown>): string {
    const standIn = this.#standInOf.get(result);
    if (standIn === undefined) throw new TypeError('Not the result of a call in this transaction');
    return standIn;
  }

  gone(handle: ObjectHandle): void {
    this.#calls.gone(handle);
  }

  watchReleases(): void {
    this.#calls.watchReleases();
  }

  keep(handle: ObjectHandle, listening: boolean): void {
    this.#calls.keep(handle, listening);
  }

  subscriptionFailed(handle: ObjectHandle, event: string, error: unknown): void {
    // What a transaction did not do is told by its own error.
    if (!this.#failure) this.#calls.subscriptionFailed(handle, event, error);
  }

  /** Sends what is left and ends the recording. @throws {TransactionError} If any request failed. */
  async commit(): Promise<void> {
    await this.#flush();
    if (this.#failure) throw this.#failure;
    this.#open = false;
    // The proxies hold us, and should not hold each other.
    this.#made.length = 0;
    this.#known.clear();
  }

  /**
   * Ends the recording without sending what is left, and releases what was made; what else was done stays done.
   * Gives the error that the program gets: that of the failed request, else `reason`.
   */
  async abandon(reason: unknown): Promise<unknown> {
    this.#cancelTurn?.();
    const left = this.#waiting.splice(0);
    for (const { answer } of left) answer.reject(reason);
    await this.#sending;
    this.#open = false;
    for (const proxy of this.#made) {
      // A pipeline takes its elements along, which counts as their release.
      if (proxy.released) continue;
      // oxlint-disable-next-line no-await-in-loop -- the next one may belong to this one
      await proxy.release().catch((error: unknown) => this.#failure?.errors.push(error));
    }
    return this.#failure ?? reason;
  }

  #record(request: ObjectRequest): Recorded {
    const answer = quietResolvers<unknown>();
    const standIn = `${newReference}${standIns++}`;
    const recorded: Recorded = { request, standIn, index: this.#count++, answer };
    if (this.#failure) {
      answer.reject(this.#failure);
      return recorded;
    }
    this.#waiting.push(recorded);
    // A program that waits for an answer does nothing more in this turn, so this is when it must be sent.
    this.#cancelTurn ??= timer(0, () => void this.#flush());
    return recorded;
  }

  #flush(): Promise<void> {
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  /** Sends what waits as one message. Never rejects. */
  async #send(): Promise<void> {
    const batch = this.#waiting.splice(0);
    const [first] = batch;
    if (!first) return;
    const endHold = this.#calls.holdEvents();
    try {
      if (this.#failure) throw this.#failure;
      const places = new Map(batch.map(({ standIn }, place) => [standIn, `${newReference}${place}`]));
      const operations = batch.map(({ request: { method, params } }, id) => ({
        id,
        jsonrpc: '2.0',
        method,
        params: this.#resolve(params, places),
      }));
      this.#settle(batch, valueOf(await this.#calls.request('transaction', { operations }, this.#options)));
    } catch (error) {
      this.#fail(batch, first, error);
    } finally {
      endHold();
    }
  }

  /** The parameters with the values that are known and references to those that this message brings. */
  #resolve(value: unknown, places: ReadonlyMap<string, string>): unknown {
    if (typeof value === 'string') {
      if (!value.startsWith(newReference)) return value;
      if (this.#known.has(value)) return this.#known.get(value);
      const resolved = places.get(value);
      if (resolved === undefined) throw new TypeError(`'${value}' belongs to another transaction`);
      return resolved;
    }
    if (Array.isArray(value)) return value.map((one) => this.#resolve(one, places));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#resolve(one, places)]));
  }

  /** Hands out the answers: servers stop at the first failure, so there may be fewer than requests. */
  #settle(batch: readonly Recorded[], answers: unknown): void {
    const replies = Array.isArray(answers) ? answers : [];
    for (const [place, recorded] of batch.entries()) {
      const reply = readMessage(replies[place]);
      if (reply.kind !== 'reply' || reply.error) {
        const error = reply.kind === 'reply' ? callerError(reply.error) : new TypeError('No answer');
        this.#fail(batch.slice(place), recorded, error);
        return;
      }
      const value = valueOf(reply.result);
      this.#known.set(recorded.standIn, value);
      recorded.answer.resolve(recorded.request.decode(value));
    }
  }

  /** The first of these requests failed, and the others were not executed. */
  #fail(batch: readonly Recorded[], { index, answer }: Recorded, error: unknown): void {
    const failure = (this.#failure ??= new TransactionError(index, error));
    answer.reject(error);
    for (const recorded of batch) recorded.answer.reject(failure);
  }
}
