/**
 * NTP timestamps as RTCP carries them. RFC 3550 section 4.
 * @module
 */

/** A 64-bit NTP timestamp: time since 1 January 1900. */
export interface NtpTime {
  /** Whole seconds, 0..2^32-1. */
  readonly seconds: number;
  /** Units of 2^-32 seconds, 0..2^32-1. */
  readonly fraction: number;
}

// RFC 868: seconds from 1900-01-01 to 1970-01-01.
const unixEpochSeconds = 2_208_988_800;
const twoPower32 = 2 ** 32;

/** The NTP timestamp of `unixMs`, milliseconds since 1970. Wraps in 2036, as NTP does. */
export function ntpOfUnixMs(unixMs: number): NtpTime {
  const wholeSeconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - wholeSeconds * 1000) / 1000) * twoPower32);
  return { seconds: (wholeSeconds + unixEpochSeconds) >>> 0, fraction };
}

/** Milliseconds since 1970 of an NTP timestamp of the era that began in 1900. */
export function unixMsOfNtp(ntp: NtpTime): number {
  return (ntp.seconds - unixEpochSeconds) * 1000 + (ntp.fraction / twoPower32) * 1000;
}

/** The middle 32 bits, units of 2^-16 seconds: the `LSR` field of report blocks. RFC 3550 section 6.4.1. */
export function ntpMiddle(ntp: NtpTime): number {
  return (((ntp.seconds & 0xffff) << 16) | (ntp.fraction >>> 16)) >>> 0;
}

/** Milliseconds as units of 2^-16 seconds: the `DLSR` field of report blocks. At most 2^32-1. */
export function ntpShortOfMs(milliseconds: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.round(milliseconds * 65.536)));
}

/** Milliseconds of a number in units of 2^-16 seconds. */
export function msOfNtpShort(short: number): number {
  return short / 65.536;
}

/**
 * Round-trip time in milliseconds from a report block: `A - LSR - DLSR`, RFC 3550 section 6.4.1.
 * Undefined if the reporter has seen no sender report yet (LSR 0), or the result is negative (a wrong clock).
 */
export function roundTripTimeMs(
  arrivalMiddle: number,
  lastSr: number,
  delaySinceLastSr: number,
): number | undefined {
  if (lastSr === 0) return undefined;
  const roundTrip = (arrivalMiddle - lastSr - delaySinceLastSr) | 0;
  return roundTrip < 0 ? undefined : msOfNtpShort(roundTrip);
}
