/**
 * What travels on the channel between control and a router process.
 * @module
 */
import type { CertificateFiles } from './native/OpensslDtls.ts';
import type { HostStreamEvents, RouterEvents, RouterOperations, RouterReady } from './operations.ts';

/** How a router process is to be set up. */
export interface RouterSettings {
  /** UDP port; 0 for any. */
  readonly udpPort: number;
  /** Local addresses to bind to; all of this machine when left out. */
  readonly addresses?: readonly string[];
  /** What carries the packets; `auto` when left out. */
  readonly datapath?: 'auto' | 'batch' | 'dgram';
  /** PEM files with certificates for DTLS; what is missing is made. Names, not contents: arguments are no secret. */
  readonly certificateFiles?: CertificateFiles;
}

/** Name of an operation. */
export type OperationName = keyof RouterOperations;
/** Name of an event. */
export type EventName = keyof RouterEvents;
/** Name of an event of a transport to a media host. */
export type HostEventName = keyof HostStreamEvents;

/** From control to the router process. */
export type ControlMessage =
  | {
      [K in OperationName]: { id: number; operation: K; request: RouterOperations[K]['request'] };
    }[OperationName]
  | { close: true };

/** From the router process to control. */
export type RouterMessage =
  | { ready: RouterReady }
  | { failed: string }
  | { id: number; reply: unknown }
  | { id: number; error: string }
  | { [K in EventName]: { event: K; data: RouterEvents[K] } }[EventName]
  | { [K in HostEventName]: { hostEvent: K; data: HostStreamEvents[K] } }[HostEventName];
