/**
 * A media host whose events are kept.
 * @module
 */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostProcess, type HostProcessOptions } from '../src/HostProcess.ts';
import type { HostEvents } from '../src/operations.ts';

/** An event with its name. */
type NamedEvent = { [K in keyof HostEvents]: { name: K; event: HostEvents[K] } }[keyof HostEvents];

/** A host, its events, and why it ended. */
export interface TestHost {
  readonly host: HostProcess;
  readonly events: NamedEvent[];
  exit: string | undefined;
}

/** Starts a host that ends with the test file. */
export async function startHost(options: HostProcessOptions = {}): Promise<TestHost> {
  const events: NamedEvent[] = [];
  let result: TestHost | undefined;
  const host = await HostProcess.start(options, {
    onEvent: (name, event) => events.push({ name, event } as NamedEvent),
    onExit: (reason) => {
      if (result !== undefined) result.exit = reason;
    },
  });
  after(() => host.close());
  result = { host, events, exit: undefined };
  return result;
}

/** Waits until the claim holds, for things that happen in other processes. */
export async function eventually(claim: () => boolean, what: string, timeoutMs = 15_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!claim()) {
    assert.ok(performance.now() < until, `not within ${timeoutMs} ms: ${what}`);
    await sleep(5);
  }
}

/** Messages of elements of one branch, by the name of their structure. */
export function elementMessages(
  { events }: TestHost,
  branchId: string,
  structure: string,
): HostEvents['elementMessage'][] {
  return events
    .filter((each) => each.name === 'elementMessage')
    .map(({ event }) => event)
    .filter((event) => event.branchId === branchId && event.name === structure);
}
