/**
 * The calls and constants of the C library that batch sockets need (Linux, 64 bit).
 * @module
 */
import koffi from 'koffi';
import { bindFunctions, type NativeFunctions } from './library.ts';

const signatures = {
  socket: ['int', 'int', 'int', 'int'],
  bind: ['int', 'int', 'address', 'uint'],
  getsockname: ['int', 'int', 'address', 'address'],
  setsockopt: ['int', 'int', 'int', 'int', 'address', 'uint'],
  getsockopt: ['int', 'int', 'int', 'int', 'address', 'address'],
  recvmmsg: ['int', 'int', 'address', 'uint', 'int', 'address'],
  sendmmsg: ['int', 'int', 'address', 'uint', 'int'],
  close: ['int', 'int'],
} as const;

/** Functions of the C library. Pointers are native addresses. */
export type Libc = NativeFunctions<typeof signatures>;

let loaded: Libc | undefined;

/**
 * The C library, bound on first use.
 * @throws {Error} on systems that lack one of the calls, for instance `recvmmsg`.
 */
export function libc(): Libc {
  loaded ??= bindFunctions([null, 'libc.so.6', 'libc.so'], signatures);
  return loaded;
}

/** Address families, socket types, levels and options (`sys/socket.h`, `netinet/in.h`, `netinet/udp.h`). */
export const Socket = {
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_DGRAM: 2,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_SNDBUF: 7,
  SO_RCVBUF: 8,
  SO_SNDBUFFORCE: 32,
  SO_RCVBUFFORCE: 33,
  IPPROTO_IP: 0,
  IP_TOS: 1,
  IPPROTO_IPV6: 41,
  IPV6_V6ONLY: 26,
  IPV6_TCLASS: 67,
  SOL_UDP: 17,
  UDP_SEGMENT: 103,
  MSG_DONTWAIT: 0x40,
} as const;

/** Calls `onReadable` from the event loop whenever the descriptor has something to read. */
export interface Readiness {
  /** Stops the calls. */
  close(): void;
}

/**
 * Watches a descriptor on the event loop. The result must be kept: without a reference to it the
 * watch ends when it is collected.
 */
export function watchReadable(descriptor: number, onReadable: () => void): Readiness {
  const handle = koffi.node.poll(descriptor, { readable: true }, onReadable);
  return { close: () => handle.close() };
}
