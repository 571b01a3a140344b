/**
 * Layout of the kernel structures that batches are made of (Linux, 64 bit, little endian): `struct mmsghdr`,
 * `struct iovec` and `struct cmsghdr`. Numbers are indexes of 32-bit words, as the arena is seen by them.
 *
 * ```text
 * mmsghdr, 64 bytes: msg_name 8 · msg_namelen 4 (+4) · msg_iov 8 · msg_iovlen 8 · msg_control 8 ·
 *                    msg_controllen 8 · msg_flags 4 (+4) · msg_len 4 (+4)
 * iovec, 16 bytes:   iov_base 8 · iov_len 8
 * cmsghdr:           cmsg_len 8 · cmsg_level 4 · cmsg_type 4 · data
 * ```
 * @module
 */

/** Bytes of one `struct mmsghdr`. */
export const messageBytes = 64;
/** Bytes of one `struct iovec`. */
export const vectorBytes = 16;

/** Word indexes inside a `struct mmsghdr`. The upper halves of lengths stay 0. */
export const Message = {
  name: 0,
  nameLength: 2,
  vector: 4,
  vectorCount: 6,
  control: 8,
  controlLength: 10,
  flags: 12,
  length: 14,
} as const;

/** Word indexes inside a `struct iovec`. */
export const Vector = { base: 0, length: 2 } as const;

/** `msg_flags` of a datagram that did not fit. */
export const truncatedFlag = 0x20;

/** Bytes of a control message with up to eight bytes of data, CMSG_SPACE. */
export const controlBytes = 24;

/** Writes native address `address` at word `index`. */
export function writeAddress(words: Uint32Array, index: number, address: number): void {
  words[index] = address % 4294967296;
  words[index + 1] = Math.floor(address / 4294967296);
}

/** Writes the head of a control message with `dataBytes` of data at word `index`; the data follows at word + 4. */
export function writeControlHead(
  words: Uint32Array,
  index: number,
  level: number,
  type: number,
  dataBytes: number,
): void {
  words[index] = 16 + dataBytes;
  words[index + 1] = 0;
  words[index + 2] = level;
  words[index + 3] = type;
}
