/**
 * A parent that starts a media host, tells its process id and waits to be killed.
 * @module
 */
import { HostProcess } from '../src/HostProcess.ts';

const host = await HostProcess.start({}, { onEvent: () => {}, onExit: () => {} });
process.send?.(host.pid);
