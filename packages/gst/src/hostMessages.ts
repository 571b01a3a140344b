/**
 * What travels on the channel between control and a media host process.
 * @module
 */
import type { HostErrorType } from './HostError.ts';
import type { HostEvents, HostOperations, HostReady } from './operations.ts';

/** Name of an operation. */
export type OperationName = keyof HostOperations;
/** Name of an event. */
export type EventName = keyof HostEvents;

/** From control to the media host. */
export type ControlMessage = { id: number; operation: string; request: unknown } | { close: true };

/** From the media host to control. */
export type HostMessage =
  | { ready: HostReady }
  | { failed: string }
  | { id: number; reply: unknown }
  | { id: number; error: string; type: HostErrorType }
  | { [K in EventName]: { event: K; data: HostEvents[K] } }[EventName];
