/**
 * Binding of C functions: a table of signatures becomes an object of typed functions.
 *
 * This folder is the only place of the package that knows `koffi` and native addresses.
 * @module
 */
import koffi from 'koffi';
import { type CType, type JsType, koffiNameOf } from './cTypes.ts';

/** A C signature: the result first, then the parameters. */
export type Signature = readonly [result: CType, ...parameters: CType[]];

type Parameters<P extends readonly CType[]> = {
  -readonly [I in keyof P]: P[I] extends CType ? JsType<P[I]> : never;
};

/** A bound C function. */
export interface NativeFunction<P extends readonly unknown[], R> {
  /** Calls it on this thread, at once. */
  (...args: P): R;
  /** Calls it on a thread of libuv's pool; `done` is called on this thread. */
  async(...args: [...P, done: (error: Error | null, result: R) => void]): void;
}

type FunctionOf<S extends Signature> = S extends readonly [
  infer R extends CType,
  ...infer P extends readonly CType[],
]
  ? NativeFunction<Parameters<P>, JsType<R>>
  : never;

/** The functions of a table of signatures, by name. */
export type NativeFunctions<T extends Readonly<Record<string, Signature>>> = {
  readonly [N in keyof T]: FunctionOf<T[N]>;
};

/**
 * The functions of `signatures`, from the shared library of this name; null stands for the running executable.
 * @throws {Error} naming the library or the function that is not there.
 */
export function bindFunctions<T extends Readonly<Record<string, Signature>>>(
  library: string | null,
  signatures: T,
): NativeFunctions<T> {
  const handle = koffi.load(library);
  const functions: Record<string, unknown> = {};
  for (const [symbol, [result, ...parameters]] of Object.entries(signatures)) {
    functions[symbol] = handle.func(symbol, koffiNameOf(result), parameters.map(koffiNameOf));
  }
  // Holds because each function was made from the very signature that its type is computed from.
  return functions as NativeFunctions<T>;
}

/** The result of a call that runs on a thread of libuv's pool and may wait there. */
export function callAsync<P extends readonly unknown[], R>(
  native: NativeFunction<P, R>,
  ...args: P
): Promise<R> {
  return new Promise((resolve, reject) => {
    native.async(...args, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
}
