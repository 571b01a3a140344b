/**
 * The main program of a router process: operations come in over the channel to control, events go out.
 * @module
 */
import { RouterCore } from './RouterCore.ts';
import type {
  ControlMessage,
  EventName,
  HostEventName,
  RouterMessage,
  RouterSettings,
} from './routerMessages.ts';
import type { HostStreamEvents, RouterEvents } from './operations.ts';

await main();

async function main(): Promise<void> {
  // Control decides when this process ends, also after Ctrl-C in a terminal, which reaches the whole group.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  // Holds because RouterProcess.ts, which starts this program, passes exactly this.
  const settings = JSON.parse(process.argv[2] ?? '{}') as RouterSettings;
  let core: RouterCore;
  try {
    core = await RouterCore.start(settings, { onEvent: sendEvent, onHostEvent: sendHostEvent });
  } catch (error) {
    send({ failed: describe(error) });
    return;
  }
  const end = (): void => {
    core.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('message', (message) => {
    // Holds because control is the only other end of this channel.
    const request = message as ControlMessage;
    if ('close' in request) end();
    else void answer(core, request);
  });
  send({ ready: core.ready });
}

/** Runs one operation. Whatever it throws is the answer, never the end of the process. */
async function answer(
  core: RouterCore,
  { id, operation, request }: Exclude<ControlMessage, { close: true }>,
): Promise<void> {
  try {
    // Holds because the message type pairs each operation with its request.
    send({ id, reply: await core.perform(operation, request as never) });
  } catch (error) {
    send({ id, error: describe(error) });
  }
}

function sendEvent<K extends EventName>(event: K, data: RouterEvents[K]): void {
  // Holds because the message type pairs each event with its data.
  send({ event, data } as RouterMessage);
}

function sendHostEvent<K extends HostEventName>(hostEvent: K, data: HostStreamEvents[K]): void {
  // Holds because the message type pairs each event with its data.
  send({ hostEvent, data } as RouterMessage);
}

function send(message: RouterMessage): void {
  if (process.connected) process.send?.(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
