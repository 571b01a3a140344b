/**
 * The checksum of SCTP packets (RFC 9260 appendix A).
 * @module
 */

const POLYNOMIAL = 0x82f63b78;
/** Eight tables of 256, one behind the other: entry `256 * k + n` is the effect of byte `n` with `k` zeros behind it. */
const TABLES = createTables();

function createTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    tables[n] = value;
  }
  for (let n = 256; n < tables.length; n++) {
    const previous = tables[n - 256] ?? 0;
    tables[n] = (previous >>> 8) ^ (tables[previous & 0xff] ?? 0);
  }
  return tables;
}

/** Goes on from `crc` with the bytes from `start` to `end`. */
function update(crc: number, view: DataView, start: number, end: number): number {
  const t = TABLES;
  let value = crc;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const low = value ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    value =
      entry(t, 1792 + (low & 0xff)) ^
      entry(t, 1536 + ((low >>> 8) & 0xff)) ^
      entry(t, 1280 + ((low >>> 16) & 0xff)) ^
      entry(t, 1024 + (low >>> 24)) ^
      entry(t, 768 + (high & 0xff)) ^
      entry(t, 512 + ((high >>> 8) & 0xff)) ^
      entry(t, 256 + ((high >>> 16) & 0xff)) ^
      entry(t, high >>> 24);
  }
  for (; at < end; at++) value = (value >>> 8) ^ entry(t, (value ^ view.getUint8(at)) & 0xff);
  return value;
}

function entry(tables: Int32Array, index: number): number {
  return tables[index] ?? 0;
}

/** CRC32c of the bytes from `start` to `end`, as an unsigned number. */
export function crc32c(view: DataView, start: number, end: number): number {
  return ~update(-1, view, start, end) >>> 0;
}

/** CRC32c of a packet of `length` bytes (12 at least) with its checksum field, bytes 8 to 11, taken as zero. */
export function packetChecksum(view: DataView, length: number): number {
  let value = update(-1, view, 0, 8);
  for (let i = 0; i < 4; i++) value = (value >>> 8) ^ entry(TABLES, value & 0xff);
  return ~update(value, view, 12, length) >>> 0;
}
