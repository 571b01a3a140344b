/**
 * What every media object may use of the server around it.
 * @module
 */
import type { Api, ClassInfo } from '@rivero/model';
import type { Logger } from 'pino';
import type { MediaConfig } from '../config/ServerConfig.ts';
import type { MediaServices } from '../media/MediaServices.ts';
import type { MediaObject } from './MediaObject.ts';
import type { ObjectRegistry } from './ObjectRegistry.ts';

/** Tells the time of day. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/** What every media object may use of the server around it. One per server. */
export interface ServerContext {
  /** All live objects. */
  readonly registry: ObjectRegistry;
  /** The descriptors of all classes. */
  readonly api: Api;
  /** Where the log goes. */
  readonly log: Logger;
  /** The time of day. */
  readonly clock: Clock;
  /** Defaults of media objects. */
  readonly defaults: MediaConfig;
  /** The router processes and what belongs to them. */
  readonly media: MediaServices;
}

/** Where a new object stands: the first argument of every object's constructor. */
export interface Placement {
  /** Its class. */
  readonly info: ClassInfo;
  /** The pipeline of an element or a hub, the hub of a port, undefined for a pipeline. */
  readonly parent: MediaObject | undefined;
  /** The server around it. */
  readonly context: ServerContext;
  /** A fixed id; absent for all but the ServerManager. */
  readonly id?: string;
}
