/**
 * How much may be on its way (RFC 9260 section 7.2).
 * @module
 */

/** The congestion window of a path. All figures are bytes of user data. */
export class CongestionWindow {
  readonly #maxDataBytes: number;
  #windowBytes: number;
  #thresholdBytes = Number.POSITIVE_INFINITY;
  #partialBytesAcked = 0;

  /** `maxDataBytes` is the user data of a full packet. */
  constructor(maxDataBytes: number) {
    this.#maxDataBytes = maxDataBytes;
    // RFC 9260 section 7.2.1.
    this.#windowBytes = Math.min(4 * maxDataBytes, Math.max(2 * maxDataBytes, 4404));
  }

  /** Bytes that may be on their way. */
  get windowBytes(): number {
    return this.#windowBytes;
  }

  /** True below the slow-start threshold. */
  get isSlowStart(): boolean {
    return this.#windowBytes <= this.#thresholdBytes;
  }

  /**
   * The cumulative TSN has advanced, outside of fast recovery. `ackedBytes` is what the SACK acknowledged anew,
   * `flightBytes` what was on its way before it.
   */
  grow(ackedBytes: number, flightBytes: number): void {
    const isFull = flightBytes + this.#maxDataBytes > this.#windowBytes;
    if (this.isSlowStart) {
      if (isFull) this.#windowBytes += Math.min(ackedBytes, this.#maxDataBytes);
      return;
    }
    this.#partialBytesAcked += ackedBytes;
    if (this.#partialBytesAcked < this.#windowBytes) return;
    this.#partialBytesAcked = isFull ? this.#partialBytesAcked - this.#windowBytes : this.#windowBytes;
    if (isFull) this.#windowBytes += this.#maxDataBytes;
  }

  /** Nothing is on its way any more. */
  clearPartial(): void {
    this.#partialBytesAcked = 0;
  }

  /** A chunk was lost; the path still delivers others (RFC 9260 section 7.2.4). */
  shrinkOnLoss(): void {
    this.#thresholdBytes = this.#halved();
    this.#windowBytes = this.#thresholdBytes;
    this.#partialBytesAcked = 0;
  }

  /** Nothing was heard for the retransmission timeout (RFC 9260 section 7.2.3). */
  shrinkOnTimeout(): void {
    this.#thresholdBytes = this.#halved();
    this.#windowBytes = this.#maxDataBytes;
    this.#partialBytesAcked = 0;
  }

  /** Nothing was sent for `timeouts` retransmission timeouts: what is known of the path grows old (section 7.2.1). */
  shrinkOnIdle(timeouts: number): void {
    const least = Math.min(this.#windowBytes, 4 * this.#maxDataBytes);
    this.#windowBytes = Math.max(this.#windowBytes >> Math.min(timeouts, 30), least);
  }

  #halved(): number {
    return Math.max(Math.floor(this.#windowBytes / 2), 4 * this.#maxDataBytes);
  }
}
