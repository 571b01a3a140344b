/**
 * The server without ports and processes: objects, sessions and protocol, put together.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Api } from '@rivero/model';
import type { Logger } from 'pino';
import type { MediaServices } from './media/MediaServices.ts';
import { implementedClasses, ObjectFactory, type ElementClasses } from './objects/ObjectFactory.ts';
import { ObjectRegistry } from './objects/ObjectRegistry.ts';
import type { Clock, ServerContext } from './objects/ServerContext.ts';
import { ServerManager } from './objects/ServerManager.ts';
import { Connection, type Wire } from './protocol/Connection.ts';
import { Dispatcher } from './protocol/dispatch.ts';
import { protocolMethods } from './protocol/methods.ts';
import { Sessions } from './sessions/Sessions.ts';

/** What the core is made of. */
export interface CoreParts {
  /** The descriptors of all classes. */
  readonly api: Api;
  /** The classes that can be created. */
  readonly classes: ElementClasses;
  /** The processes that move media. */
  readonly media: MediaServices;
  /** Where the log goes. */
  readonly log: Logger;
  /** The time of day. */
  readonly clock: Clock;
  /** Ids of the child processes. */
  processIds(): readonly number[];
  /** Told by ServerManager as JSON text. */
  readonly metadata: unknown;
}

/** The server without ports and processes. */
export interface Core {
  /** What media objects use of it. */
  readonly context: ServerContext;
  /** The sessions of all clients. */
  readonly sessions: Sessions;
  /** Answers a client on a new wire. */
  connection(wire: Wire): Connection;
}

/** Puts the core together. */
export function assembleCore(parts: CoreParts): Core {
  const { api, classes, media, log, clock } = parts;
  const registry = new ObjectRegistry();
  const context: ServerContext = { registry, api, log, clock, media };
  const sessions = new Sessions(registry, log);
  const manager = new ServerManager(context, {
    sessionIds: () => sessions.ids,
    processIds: () => parts.processIds(),
    classes: implementedClasses(api, classes),
    metadata: JSON.stringify(parts.metadata),
  });
  manager.enter();
  const factory = new ObjectFactory(context, classes);
  const methods = protocolMethods({ api, registry, factory, sessions, serverId: randomUUID() });
  const dispatcher = new Dispatcher(methods, sessions, log);
  let connections = 0;
  return {
    context,
    sessions,
    connection: (wire) =>
      new Connection(wire, dispatcher, sessions, log.child({ connection: connections++ })),
  };
}
