/**
 * Error numbers of Linux system calls.
 * @module
 */
import koffi from 'koffi';

/** The error numbers that the datapath tells apart (`errno.h`, the same on x86-64 and arm64). */
export const Errno = {
  EINTR: 4,
  EIO: 5,
  EAGAIN: 11,
  EINVAL: 22,
  EMSGSIZE: 90,
  EADDRINUSE: 98,
  ENOBUFS: 105,
} as const;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(koffi.os.errno).map(([name, value]) => [value, name]),
);

/** Number of the last error of a native call on this thread. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Name of an error number, for instance `EADDRINUSE`. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}
