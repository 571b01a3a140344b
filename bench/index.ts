/**
 * `npm run bench`: prints the figures that the design promises. `--seconds 2` makes each run shorter.
 * @module
 */
import { parseArgs } from 'node:util';
import { benchForwarding } from './forwarding.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '4' } } });

await benchForwarding(Number(values.seconds));
