/**
 * IP addresses between text and bytes. The text is always canonical, so equal addresses have equal texts.
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net';

/** An address family, by the names of `node:os`. */
export type AddressFamily = 'IPv4' | 'IPv6';

/** The family of an address in text form, or undefined if it is none. */
export function addressFamily(text: string): AddressFamily | undefined {
  if (isIPv4(text)) return 'IPv4';
  return isIPv6(text) ? 'IPv6' : undefined;
}

/** The 4 or 16 bytes of an address in network order, or undefined if it is none. Zone ids are not accepted. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = text.split('::');
  const left = parseGroups(head);
  const right = parseGroups(tail ?? '');
  const bytes = new Uint8Array(16);
  bytes.set(left);
  bytes.set(right, 16 - right.length);
  return bytes;
}

function parseGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** Text of an address of 4 or 16 bytes, as RFC 5952 wants it. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  if (isMapped(groups)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const { start, length } = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

/** IPv4-mapped addresses are written with a dotted end (RFC 5952 section 5). */
function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

/** RFC 5952 section 4.2: the first of the longest runs is shortened. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}

/** True for addresses that reach only this machine. */
export function isLoopback(text: string): boolean {
  return text.startsWith('127.') || text === '::1';
}

/** True for IPv6 addresses that need a zone id to be reached (RFC 4291 section 2.5.6). */
export function isLinkLocal(text: string): boolean {
  const bytes = parseAddress(text.split('%')[0] ?? '');
  return bytes?.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}
