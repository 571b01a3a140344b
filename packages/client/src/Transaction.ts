/**
 * Transactions: several requests in one message, each of which may use what those before it made.
 * @module
 */
import type { RemoteClasses } from '@rivero/model/client';
import type { CallOptions } from './Connection.ts';
import type { ObjectCalls } from './ObjectCalls.ts';
import { Recording } from './Recording.ts';
import type { ConstructorArguments, CreatableName, OwnedParams, Remote } from './Remote.ts';
import { RemoteObject, proxyThrough } from './RemoteObject.ts';

/** What the function given to `client.transaction` works with. */
export class Transaction {
  readonly #recording: Recording;

  /** A transaction that records there. */
  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /**
   * Makes an object. The proxy is there at once: its calls, and those that take it as an argument, join the
   * transaction. `pipeline.create` of such a proxy does the same.
   */
  async create<Name extends CreatableName>(
    type: Name,
    ...[params]: ConstructorArguments<OwnedParams<RemoteClasses[Name]['params']>>
  ): Promise<Remote<Name>> {
    // Holds: the proxy's class was made from the descriptor that the interface of that name was printed from.
    return (await this.#recording.create(type, params ?? {})) as unknown as Remote<Name>;
  }

  /** An object that exists already, with its calls in the transaction: `tx.use(endpoint).connect(recorder)`. */
  use<Proxy extends object>(proxy: Proxy): Proxy {
    if (!(proxy instanceof RemoteObject)) throw new TypeError('Only remote objects can be used');
    // Holds: the same class over the same object.
    return proxyThrough(proxy, this.#recording) as unknown as Proxy;
  }

  /**
   * The result of a call in this transaction as an argument of a later one, without waiting for it:
   * `a.processAnswer(tx.result(b.processOffer(tx.result(a.generateOffer()))))`.
   * @throws {TypeError} If the promise is not that of a call in this transaction.
   */
  result<Value>(call: Promise<Value>): Value {
    // The server replaces it by the value; until then it is only good as an argument.
    return this.#recording.standInFor(call) as unknown as Value;
  }
}

/** Runs `work` as a transaction; see `KurentoClient.transaction`. */
export async function runTransaction<Result>(
  calls: ObjectCalls,
  work: (transaction: Transaction) => Result | Promise<Result>,
  options: CallOptions,
): Promise<Result> {
  const recording = new Recording(calls, options);
  try {
    const result = await work(new Transaction(recording));
    await recording.commit();
    return result;
  } catch (error) {
    throw await recording.abandon(error);
  }
}
