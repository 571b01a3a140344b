/**
 * Limits what one viewer can make us send by asking for lost packets again.
 * @module
 */

/** Bytes that may be sent again before anything was earned, and the most that can be saved up. */
export const maxResendBudgetBytes = 131_072;

// Half of what is sent may be sent again: far more than any loss that a call survives.
const earnedShare = 0.5;

/** A purse in bytes: sending fills it, sending again empties it. It needs no clock. */
export class ResendBudget {
  #bytes = maxResendBudgetBytes;

  /** Bytes that may be sent again now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `sizeBytes` were sent for the first time. */
  earn(sizeBytes: number): void {
    this.#bytes = Math.min(maxResendBudgetBytes, this.#bytes + sizeBytes * earnedShare);
  }

  /** True if `sizeBytes` may be sent again; they are then taken from the budget. */
  spend(sizeBytes: number): boolean {
    if (sizeBytes > this.#bytes) return false;
    this.#bytes -= sizeBytes;
    return true;
  }
}
