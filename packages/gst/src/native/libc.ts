/**
 * Unix stream sockets as raw descriptors, for elements that read and write descriptors themselves.
 *
 * Node's own sockets would read from the same descriptor, so these never meet Node.
 * @module
 */
import koffi from 'koffi';
import { bindFunctions, callAsync, type NativeFunctions } from './library.ts';
import { NativeBlock } from './memory.ts';

const signatures = {
  socket: ['int', 'int', 'int', 'int'],
  connect: ['int', 'int', 'Memory', 'uint'],
  write: ['ulong', 'int', 'Memory', 'size'],
  fcntl: ['int', 'int', 'int', 'int'],
  close: ['int', 'int'],
  prctl: ['int', 'int', 'ulong', 'ulong', 'ulong', 'ulong'],
} as const;

let loaded: NativeFunctions<typeof signatures> | undefined;

function libc(): NativeFunctions<typeof signatures> {
  loaded ??= bindFunctions(null, signatures);
  return loaded;
}

/** `sys/socket.h`, the same on x86-64 and arm64. */
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
/** `fcntl.h`. */
const F_SETFL = 4;
const O_RDWR = 2;
const O_NONBLOCK = 0o4000;
/** `PR_SET_PDEATHSIG` (`sys/prctl.h`) and `SIGKILL`. */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
/** `sun_path` of `sockaddr_un` has 108 bytes, the last one zero. */
const longestPathBytes = 107;
const addressBytes = 110;

const errnoNames: ReadonlyMap<number, string> = new Map(
  Object.entries(koffi.os.errno).map(([name, value]) => [value, name]),
);

function lastError(action: string): Error {
  const errno = koffi.errno();
  return new Error(`${action}: ${errnoNames.get(errno) ?? `errno ${errno}`}`);
}

/**
 * A descriptor, non-blocking, connected to the unix socket at `path`, with `greeting` sent. Waits on a thread of the pool when the
 * listener's backlog is full.
 * @throws {RangeError} if the path does not fit into a socket address.
 * @throws {Error} if nobody listens there.
 */
export async function connectUnixSocket(path: string, greeting: Uint8Array): Promise<number> {
  const pathBytes = new TextEncoder().encode(path);
  if (pathBytes.length === 0 || pathBytes.length > longestPathBytes || pathBytes.includes(0)) {
    throw new RangeError(`Socket path should have 1 to ${longestPathBytes} bytes, got ${pathBytes.length}`);
  }
  const address = new NativeBlock<'Memory'>(addressBytes);
  address.bytes.set([AF_UNIX, 0]);
  address.bytes.set(pathBytes, 2);
  const first = new NativeBlock<'Memory'>(greeting.length);
  first.bytes.set(greeting);
  const descriptor = libc().socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw lastError('Cannot open a socket');
  const connected = await callAsync(libc().connect, descriptor, address.pointer, 2 + pathBytes.length + 1);
  if (connected !== 0) {
    libc().close(descriptor);
    throw new Error(`Cannot connect to ${path}: nobody listens there`);
  }
  // A new stream socket has room for a greeting, so this does not wait.
  if (libc().write(descriptor, first.pointer, greeting.length) !== greeting.length) {
    const error = lastError(`Cannot write to ${path}`);
    libc().close(descriptor);
    throw error;
  }
  // A write to a full socket would hold up its streaming thread, also when the pipeline is to end.
  libc().fcntl(descriptor, F_SETFL, O_RDWR | O_NONBLOCK);
  return descriptor;
}

/** Gives the descriptor back. Nothing may use it any more. */
export function closeDescriptor(descriptor: number): void {
  libc().close(descriptor);
}

/** From now on the kernel kills this process when the thread that forked it ends. */
export function dieWithParent(): void {
  libc().prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}
