/**
 * Priority marks of outgoing packets by the names that Kurento has for them (RFC 2474, RFC 8837).
 * @module
 */
import type { DSCPValue } from '@rivero/model/server';

/** Code points that a name stands for; `NO_VALUE` leaves the choice to the configuration. */
const codePoints: ReadonlyMap<string, number> = new Map<DSCPValue, number>([
  ['NO_DSCP', 0],
  ['AUDIO_VERYLOW', 1],
  ['AUDIO_LOW', 0],
  ['AUDIO_MEDIUM', 46],
  ['AUDIO_HIGH', 46],
  ['VIDEO_VERYLOW', 1],
  ['VIDEO_LOW', 0],
  ['VIDEO_MEDIUM', 36],
  ['VIDEO_MEDIUM_THROUGHPUT', 38],
  ['VIDEO_HIGH', 36],
  ['VIDEO_HIGH_THROUGHPUT', 34],
  ['DATA_VERYLOW', 1],
  ['DATA_LOW', 0],
  ['DATA_MEDIUM', 10],
  ['DATA_HIGH', 18],
  ['CHROME_HIGH', 56],
  ['CHROME_MEDIUM', 56],
  ['CHROME_LOW', 0],
  ['CHROME_VERYLOW', 8],
  ['CS0', 0],
  ['CS1', 8],
  ['CS2', 16],
  ['CS3', 24],
  ['CS4', 32],
  ['CS5', 40],
  ['CS6', 48],
  ['CS7', 56],
  // RFC 2597 section 6.
  ['AF11', 10],
  ['AF12', 12],
  ['AF13', 14],
  ['AF21', 18],
  ['AF22', 20],
  ['AF23', 22],
  ['AF31', 26],
  ['AF32', 28],
  ['AF33', 30],
  ['AF41', 34],
  ['AF42', 36],
  ['AF43', 38],
  ['EF', 46],
  ['VOICEADMIT', 44],
  ['LE', 1],
]);

/** The code point (0 to 63) of a name; undefined for `NO_VALUE` and for names that we do not know. */
export function dscpOf(name: string): number | undefined {
  return codePoints.get(name);
}
