/**
 * Binding of C functions: a table of signatures becomes an object of typed functions.
 *
 * This folder is the only place of the package that knows `koffi` and native addresses. An address is a plain
 * number (user space has 47 bits), which makes a call cost some 30 ns and allocate next to nothing.
 * @module
 */
import koffi from 'koffi';

/** C types of arguments and results: `address` is any pointer as a number, `bytes` a JavaScript buffer. */
interface CTypes {
  int: number;
  uint: number;
  long: number;
  size: number;
  address: number;
  text: string;
  bytes: Uint8Array;
  none: undefined;
}

const koffiNames: Readonly<Record<keyof CTypes, string>> = {
  int: 'int',
  uint: 'unsigned int',
  long: 'long',
  size: 'size_t',
  address: 'uintptr_t',
  text: 'const char *',
  bytes: 'void *',
  none: 'void',
};

/** A C signature: the result first, then the arguments. */
export type Signature = readonly [result: keyof CTypes, ...parameters: (keyof CTypes)[]];

type Parameters<P extends readonly (keyof CTypes)[]> = {
  -readonly [I in keyof P]: P[I] extends keyof CTypes ? CTypes[P[I]] : never;
};

/** The JavaScript function of a signature. */
type NativeFunction<S extends Signature> = S extends readonly [
  infer R extends keyof CTypes,
  ...infer P extends (keyof CTypes)[],
]
  ? (...args: Parameters<P>) => CTypes[R]
  : never;

/** The functions of a table of signatures, by name. */
export type NativeFunctions<T extends Readonly<Record<string, Signature>>> = {
  readonly [N in keyof T]: NativeFunction<T[N]>;
};

/**
 * The functions of `signatures`, each from the first of `libraries` that can be opened and has all of them;
 * null stands for the running executable.
 * @throws {Error} naming every library tried and why it failed.
 */
export function bindFunctions<T extends Readonly<Record<string, Signature>>>(
  libraries: readonly (string | null)[],
  signatures: T,
): NativeFunctions<T> {
  const failures: string[] = [];
  for (const name of libraries) {
    try {
      return bindFrom(name, signatures);
    } catch (error) {
      failures.push(`${name ?? 'the executable'}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`Native functions not found (${failures.join('; ')})`);
}

function bindFrom<T extends Readonly<Record<string, Signature>>>(
  name: string | null,
  signatures: T,
): NativeFunctions<T> {
  const library = koffi.load(name);
  const functions: Record<string, unknown> = {};
  for (const [symbol, [result, ...parameters]] of Object.entries(signatures)) {
    functions[symbol] = library.func(
      symbol,
      koffiNames[result],
      parameters.map((parameter) => koffiNames[parameter]),
    );
  }
  // Holds because each function was made from the very signature that its type is computed from.
  return functions as NativeFunctions<T>;
}

/** Native address of the first byte of `bytes`. The caller keeps the buffer alive as long as C may use it. */
export function addressOf(bytes: Uint8Array): number {
  return Number(koffi.address(bytes));
}

/** The pointer-sized number at a native address, which must be readable. */
export function wordAt(address: number): number {
  return Number(koffi.decode(BigInt(address), 'uintptr_t'));
}

/**
 * Native address of a C callback `int (*)(void *, void *)` that runs `callback`.
 * It is never freed: make one per process.
 */
export function registerCallback(callback: (first: number, second: number) => number): number {
  const type = koffi.pointer(koffi.proto('int', ['uintptr_t', 'uintptr_t']));
  return Number(koffi.register(callback, type));
}
