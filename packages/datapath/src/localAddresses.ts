/**
 * The addresses of this machine that candidates can be made of.
 * @module
 */
import { networkInterfaces } from 'node:os';
import { TransportAddress } from '@rivero/transport';

/** One address of one network interface. */
export interface LocalAddress {
  /** Canonical text. */
  readonly address: string;
  /** Name of the interface, for instance `eth0`; empty if it is not known. */
  readonly interfaceName: string;
  /** Whether it reaches only this machine. */
  readonly loopback: boolean;
}

/** What `os.networkInterfaces` tells of one address, as far as it matters here. */
export interface InterfaceAddress {
  /** Text, possibly with a zone. */
  readonly address: string;
  /** Whether it is a loopback address. */
  /** Whether it is a loopback address. */
  readonly internal: boolean;
}

/**
 * The addresses to bind to: those of `wanted`, or else all of this machine except link-local IPv6 ones, which mean
 * nothing without a zone that no candidate can carry.
 */
export function localAddresses(
  wanted: readonly string[] | undefined,
  interfaces: Readonly<Record<string, readonly InterfaceAddress[] | undefined>> = networkInterfaces(),
): LocalAddress[] {
  const known = Object.entries(interfaces).flatMap(([interfaceName, addresses = []]) =>
    addresses.flatMap(({ address, internal }) => {
      const canonical = canonicalAddress(address);
      return canonical === undefined ? [] : [{ address: canonical, interfaceName, loopback: internal }];
    }),
  );
  if (wanted === undefined) return known.filter(({ address }) => !isLinkLocal(address));
  return wanted.map((text) => {
    const address = canonicalAddress(text) ?? text;
    const found = known.find((candidate) => candidate.address === address);
    return found ?? { address, interfaceName: '', loopback: isLoopback(address) };
  });
}

/**
 * Which addresses a transport announces: those of the interfaces `named`, or else all. Loopback ones are left out
 * unless their interface is named, or there is nothing else, or the operator listed the addresses (`listed`).
 */
export function announcedAddresses(
  addresses: readonly LocalAddress[],
  named: readonly string[],
  listed: boolean,
): LocalAddress[] {
  if (named.length > 0) return addresses.filter(({ interfaceName }) => named.includes(interfaceName));
  if (listed) return [...addresses];
  const outer = addresses.filter(({ loopback }) => !loopback);
  return outer.length > 0 ? outer : [...addresses];
}

function canonicalAddress(text: string): string | undefined {
  return TransportAddress.parse(text.split('%')[0] ?? '', 0)?.address;
}

/** RFC 4291 section 2.5.6: fe80::/10. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/.test(address);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
