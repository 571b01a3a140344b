/**
 * The server without ports and processes: objects, sessions and protocol, put together.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Api } from '@rivero/model';
import type { Logger } from 'pino';
import type { Peer } from './auth/Principal.ts';
import type { MediaConfig } from './config.ts';
import type { MediaServices } from './media/MediaServices.ts';
import { implementedClasses, ObjectFactory, type ElementClasses } from './objects/ObjectFactory.ts';
import { ObjectRegistry } from './objects/ObjectRegistry.ts';
import type { Clock, ServerContext } from './objects/ServerContext.ts';
import { ServerManager } from './objects/ServerManager.ts';
import { subsystemLog } from './ops/logs.ts';
import { AnswerMemory } from './protocol/AnswerMemory.ts';
import { Connection, type Wire } from './protocol/Connection.ts';
import { Dispatcher } from './protocol/dispatch.ts';
import type { Limits } from './protocol/Limits.ts';
import { protocolMethods } from './protocol/methods.ts';
import type { RequestWatcher } from './protocol/RequestWatcher.ts';
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
  /** Defaults of media objects. */
  readonly defaults: MediaConfig;
  /** Told by ServerManager as JSON text. */
  readonly metadata: unknown;
  /** What one client may ask for. */
  readonly limits: Limits;
  /** Events that wait for a session without a socket; 0: they are lost. */
  readonly queuedEvents: number;
  /** Whether a repeated request is executed again instead of answered from memory. */
  readonly disableRequestCache: boolean;
  /** Throws or rejects with NOT_ENOUGH_RESOURCES if there is no room for another object; absent: there always is. */
  readonly admitObject?: () => Promise<void> | void;
  /** Look on while requests run; may be added to before the first one. */
  readonly watchers?: readonly RequestWatcher[];
}

/** The server without ports and processes. */
export interface Core {
  /** What media objects use of it. */
  readonly context: ServerContext;
  /** The sessions of all clients. */
  readonly sessions: Sessions;
  /** One pass over everything that is forgotten in time: abandoned sessions, answers that nobody asks for again. */
  collectGarbage(): Promise<void>;
  /** Names of the methods of the protocol. */
  readonly methodNames: ReadonlySet<string>;
  /** Answers a client on a new wire. `peer` is the other end, if there is a network. */
  connection(wire: Wire, peer?: Peer): Connection;
}

/** Puts the core together. */
export function assembleCore(parts: CoreParts): Core {
  const { api, classes, media, log, clock, limits, queuedEvents } = parts;
  const registry = new ObjectRegistry();
  const context: ServerContext = { registry, api, log, clock, media, defaults: parts.defaults };
  const { subscriptionsPerSession } = limits;
  const sessions = new Sessions(
    registry,
    { subscriptionsPerSession, queuedEvents },
    subsystemLog(log, 'session'),
  );
  const manager = new ServerManager(context, {
    sessionIds: () => sessions.listed,
    processIds: () => parts.processIds(),
    classes: implementedClasses(api, classes),
    metadata: JSON.stringify(parts.metadata),
  });
  manager.enter();
  const factory = new ObjectFactory(context, classes);
  const methods = protocolMethods({
    api,
    registry,
    factory,
    sessions,
    serverId: randomUUID(),
    limits,
    admitObject: parts.admitObject ?? (() => {}),
  });
  const dispatcher = new Dispatcher(methods, sessions, limits, log, parts.watchers);
  const answers = parts.disableRequestCache ? undefined : new AnswerMemory(sessions, clock);
  const connectionParts = { dispatcher, sessions, answers, limits, clock };
  const rpcLog = subsystemLog(log, 'rpc');
  let connections = 0;
  return {
    context,
    sessions,
    collectGarbage: () => {
      answers?.sweep();
      return sessions.collectGarbage();
    },
    methodNames: new Set(methods.keys()),
    connection: (wire, peer) =>
      new Connection(wire, connectionParts, rpcLog.child({ connection: connections++ }), peer),
  };
}
