/**
 * What a consumer must remember of each packet it sent, so that a retransmission is the same packet, bit by bit.
 *
 * SRTP derives the nonce from SSRC and sequence number: two different plaintexts under one sequence number would
 * break the encryption (RFC 7714 section 8.1). All but the abs-send-time follows from the source packet.
 * @module
 */

/** How often one packet is sent again. */
export const maxResends = 10;

/** Packets remembered, counted back from the newest. A power of two. */
export const sendHistorySize = 1024;

const mask = sendHistorySize - 1;
const fields = 4;
const sequenceNumberField = 0;
const absSendTimeField = 1;
const resentMsField = 2;
const resendsField = 3;
const empty = -1;

/** A ring over the outgoing sequence numbers. Numbers more than `sendHistorySize` behind the newest must not be put. */
export class SendHistory {
  readonly #entries = new Int32Array(sendHistorySize * fields).fill(empty);

  /** Remembers that `sequenceNumber` was sent with this abs-send-time (24 bits, 6.18 fixed-point seconds). */
  put(sequenceNumber: number, absSendTime: number): void {
    const entry = (sequenceNumber & mask) * fields;
    this.#entries[entry + sequenceNumberField] = sequenceNumber;
    this.#entries[entry + absSendTimeField] = absSendTime;
    this.#entries[entry + resendsField] = 0;
  }

  /** The abs-send-time with which it was sent, or -1 if it was not. */
  absSendTime(sequenceNumber: number): number {
    const entry = (sequenceNumber & mask) * fields;
    if (this.#entries[entry + sequenceNumberField] !== sequenceNumber) return -1;
    return this.#entries[entry + absSendTimeField] ?? -1;
  }

  /**
   * True if the packet may be sent again: it was not in the last `minIntervalMs`, and fewer than `maxResends` times.
   * It then counts as sent again. True without counting if it was never sent.
   */
  takeResend(sequenceNumber: number, nowMs: number, minIntervalMs: number): boolean {
    const entry = (sequenceNumber & mask) * fields;
    if (this.#entries[entry + sequenceNumberField] !== sequenceNumber) return true;
    const resends = this.#entries[entry + resendsField] ?? 0;
    if (resends >= maxResends) return false;
    // Modulo 2^32 milliseconds: only differences count.
    const elapsedMs = ((nowMs | 0) - (this.#entries[entry + resentMsField] ?? 0)) | 0;
    if (resends > 0 && elapsedMs >= 0 && elapsedMs < minIntervalMs) return false;
    this.#entries[entry + resentMsField] = nowMs | 0;
    this.#entries[entry + resendsField] = resends + 1;
    return true;
  }
}
