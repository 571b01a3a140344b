/**
 * The main program of a media host process: operations come in over the channel to control, events go out.
 * @module
 */
import { HostCore } from './HostCore.ts';
import type { ControlMessage, EventName, HostMessage } from './hostMessages.ts';
import { HostError } from './HostError.ts';
import { dieWithParent } from './native/libc.ts';
import type { HostEvents } from './operations.ts';

/** Branches may take this long to end when the process is asked to, milliseconds. */
const closeDeadlineMs = 1500;

main();

function main(): void {
  // The channel tells when control is gone; the kernel does it also when this thread hangs.
  process.on('disconnect', () => process.exit(0));
  dieWithParent();
  // Control decides when this process ends, also after Ctrl-C in a terminal, which reaches the whole group.
  process.on('SIGINT', () => {});
  let core: HostCore;
  try {
    core = new HostCore({ onEvent: sendEvent });
  } catch (error) {
    send({ failed: describe(error) });
    return;
  }
  process.on('SIGTERM', () => end(core));
  process.on('message', (message) => {
    // Holds because control is the only other end of this channel.
    const request = message as ControlMessage;
    if ('close' in request) end(core);
    else void answer(core, request);
  });
  send({ ready: core.ready });
  void core.warmUp();
}

/** Runs one operation. Whatever it throws is the answer, never the end of the process. */
async function answer(
  core: HostCore,
  { id, operation, request }: Exclude<ControlMessage, { close: true }>,
): Promise<void> {
  try {
    send({ id, reply: await core.perform(operation, request) });
  } catch (error) {
    send({ id, error: describe(error), type: error instanceof HostError ? error.type : 'FAILED' });
  }
}

function end(core: HostCore): void {
  setTimeout(() => process.exit(0), closeDeadlineMs);
  void core.close().then(() => process.exit(0));
}

function sendEvent<K extends EventName>(event: K, data: HostEvents[K]): void {
  // Holds because the message type pairs each event with its data.
  send({ event, data } as HostMessage);
}

function send(message: HostMessage): void {
  if (process.connected) process.send?.(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
