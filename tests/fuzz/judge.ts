/**
 * What a server owes to an innocent client while others attack it.
 * @module
 */
import type { FuzzFigures } from './fuzzRpc.ts';

/**
 * 99 of 100 pings are answered within this time, milliseconds: attackers and server share two cores, and a message of
 * 16 MiB, which is allowed, has to be read as a whole.
 */
const P99_MS = 250;
/** More than this the server never takes, MiB: 64 MiB of answers, messages of 16 MiB, and what V8 has not collected yet. */
const PEAK_MIB = 768;

/** What is wrong with `figures`; empty if nothing is. */
export function judge(figures: FuzzFigures): string[] {
  const { rounds, pingsMs, residentMiB, pipelinesLeft, exitCode, faults } = figures;
  const p99Ms = pingsMs[Math.floor(pingsMs.length * 0.99)] ?? Number.POSITIVE_INFINITY;
  const claims: readonly (readonly [boolean, string])[] = [
    [exitCode === 0, `the server ended with ${exitCode}`],
    [rounds.size === 9, `only ${rounds.size} kinds of attack were made`],
    [p99Ms <= P99_MS, `the 99th of 100 pings took ${p99Ms.toFixed(0)} ms, ${P99_MS} are allowed`],
    [
      residentMiB.peak <= PEAK_MIB,
      `memory rose to ${residentMiB.peak.toFixed(0)} MiB, ${PEAK_MIB} are allowed`,
    ],
    [pipelinesLeft === 0, `${pipelinesLeft} pipelines outlived their sessions`],
    [faults.length === 0, `the log speaks of faults:\n${faults.slice(0, 5).join('\n')}`],
  ];
  return claims.filter(([holds]) => !holds).map(([, complaint]) => complaint);
}
