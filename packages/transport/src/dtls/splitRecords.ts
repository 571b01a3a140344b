/**
 * Puts DTLS records into datagrams.
 * @module
 */

/** Type, version, epoch, sequence number and length: RFC 6347 section 4.1. */
const RECORD_HEADER_BYTES = 13;
const LENGTH_OFFSET = 11;

/**
 * Cuts whole records that follow each other into datagrams of at most `mtuBytes`, in order, as few as possible.
 * A record that is longer goes alone: it must not be cut (RFC 6347 section 4.1.1). Views into `records`.
 */
export function splitRecords(records: Uint8Array, mtuBytes: number): Uint8Array[] {
  const view = new DataView(records.buffer, records.byteOffset, records.length);
  const datagrams: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  while (end + RECORD_HEADER_BYTES <= records.length) {
    const next = end + RECORD_HEADER_BYTES + view.getUint16(end + LENGTH_OFFSET);
    if (next - start > mtuBytes && end > start) {
      datagrams.push(records.subarray(start, end));
      start = end;
    }
    end = Math.min(next, records.length);
  }
  if (start < records.length) datagrams.push(records.subarray(start));
  return datagrams;
}
