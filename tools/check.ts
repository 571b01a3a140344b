/**
 * `npm run check`: the fast gate, to be run before each commit.
 * @module
 */
import { runGate } from './gate.ts';

const outcomes = await runGate();
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;
