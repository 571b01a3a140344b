/**
 * The reasons for which a packet is not protected or unprotected.
 * @module
 */

/** Negative results of the SRTP functions. Every other result is a length in bytes. */
export const SrtpError = {
  /** The packet has been received before. */
  replayed: -1,
  /** The authentication code is wrong, or the SSRC's first packet came from after its first roll-over. */
  forged: -2,
  /** Shorter than its header and authentication code. */
  tooShort: -3,
  /** Older than the replay window, or than the first packet of its SSRC. */
  tooOld: -4,
  /** An authentic packet of one SSRC more than we keep state for. */
  tooManySsrcs: -5,
  /** SRTCP without the E flag: the profiles that we negotiate encrypt always (RFC 5764 section 4.1.2). */
  notEncrypted: -6,
  /** All 2^31 SRTCP indexes are used up; new keys are needed (RFC 3711 section 9.2). */
  exhausted: -7,
} as const;
