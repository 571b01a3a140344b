/**
 * An IP address with a port, in one canonical form.
 * @module
 */

/** An IP address and a UDP port. Two that mean the same have the same `key`. Immutable. */
export class TransportAddress {
  /** 4 or 16 bytes in network order. Not to be changed. */
  readonly bytes: Uint8Array;
  /** 0..65535. */
  readonly port: number;
  /** Canonical text of the IP address: dotted decimal, or RFC 5952 without brackets. */
  readonly address: string;
  /** `address:port` or `[address]:port`; equal for equal addresses, so it serves as key of a `Map`. */
  readonly key: string;

  private constructor(bytes: Uint8Array, port: number) {
    this.bytes = bytes;
    this.port = port;
    this.address = bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes);
    this.key = bytes.length === 4 ? `${this.address}:${port}` : `[${this.address}]:${port}`;
  }

  /** 4 for IPv4, 6 for IPv6. */
  get family(): 4 | 6 {
    return this.bytes.length === 4 ? 4 : 6;
  }

  /**
   * From 4 or 16 bytes, which are copied. An IPv4-mapped IPv6 address becomes the IPv4 address.
   *
   * @throws {RangeError} for any other number of bytes.
   */
  static fromBytes(bytes: Uint8Array, port: number): TransportAddress {
    if (bytes.length !== 4 && bytes.length !== 16) {
      throw new RangeError(`An IP address has 4 or 16 bytes, got ${bytes.length}`);
    }
    return new TransportAddress(isIpv4Mapped(bytes) ? bytes.slice(12) : bytes.slice(), port);
  }

  /** From text, or undefined if it is not an IP address (a host name, for instance) or the port is out of range. */
  static parse(address: string, port: number): TransportAddress | undefined {
    if (!Number.isInteger(port) || port < 0 || port > 0xffff) return undefined;
    const bytes = address.includes(':') ? parseIpv6(address) : parseIpv4(address);
    return bytes && TransportAddress.fromBytes(bytes, port);
  }
}

function isIpv4Mapped(bytes: Uint8Array): boolean {
  return (
    bytes.length === 16 &&
    bytes[10] === 0xff &&
    bytes[11] === 0xff &&
    bytes.subarray(0, 10).every((byte) => byte === 0)
  );
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    const value = Number(part);
    if (!/^\d{1,3}$/.test(part) || value > 255) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

/** RFC 4291 section 2.2; a zone (`%eth0`) is refused, because it means nothing to another machine. */
function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    if (mayEndInIpv4 && i === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group);
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >>> 8, value & 0xff);
    }
  }
  return bytes;
}

/** RFC 5952 section 4: lower case, no leading zeros, the first longest run of two or more zero groups cut. */
function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
  }
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return start < 0 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}
