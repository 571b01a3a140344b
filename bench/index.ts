/**
 * `npm run bench`: prints the figures that the design promises. `--seconds 2` makes each run shorter,
 * `--load-seconds 8` the long one; `npm run bench control`, `forwarding`, `host` or `hostStreams` runs one part.
 * `host` needs GStreamer and runs only when it is named, as does `hostStreams`.
 * @module
 */
import { parseArgs } from 'node:util';
import { benchControl } from './control.ts';
import { benchForwarding } from './forwarding.ts';
import { benchHost } from './host.ts';
import { benchHostStreams } from './hostStreams.ts';

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, 'load-seconds': { type: 'string', default: '30' } },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
const wanted = positionals.length > 0 ? positionals : ['forwarding', 'control'];

if (wanted.includes('forwarding')) await benchForwarding(seconds);
if (wanted.includes('control')) await benchControl(seconds, Number(values['load-seconds']));
if (wanted.includes('host')) await benchHost(seconds);
if (wanted.includes('hostStreams')) await benchHostStreams(seconds);
