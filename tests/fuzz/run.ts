/**
 * `npm run fuzz:rpc`: attacks a server for 60 s and prints how it fared. `-- --seconds 600 --seed 7` changes that;
 * words after another `--` are options of the server.
 * @module
 */
import { parseArgs } from 'node:util';
import { fuzzRpc } from './fuzzRpc.ts';
import { judge } from './judge.ts';

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}, ${values.seconds} s`);
const figures = await fuzzRpc(Number(values.seconds), seed, positionals);
const { rounds, pingsMs, residentMiB, pipelinesLeft } = figures;
for (const [name, count] of rounds) console.log(`${name.padEnd(16)} ${count} rounds`);
const at = (share: number): string => (pingsMs[Math.floor(pingsMs.length * share)] ?? 0).toFixed(1);
console.log(
  `${pingsMs.length} pings of another client: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(0.9999)} ms`,
);
const { before, peak, after } = residentMiB;
console.log(`memory ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} at most, ${after.toFixed(0)} after`);
console.log(`${pipelinesLeft} pipelines left`);
const complaints = judge(figures);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
