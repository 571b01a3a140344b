/**
 * Starts the server with its port and its child processes, and ends it again.
 * @module
 */
import { type Api, api as builtInApi } from '@rivero/model';
import { pino, type Logger } from 'pino';
import { readConfig, type PartialConfig, type ServerConfig } from './config.ts';
import { assembleCore, type Core } from './core.ts';
import { elementClasses } from './elements/index.ts';
import { Listener } from './listener.ts';
import { startMedia } from './media/MediaServices.ts';
import type { ElementClasses } from './objects/ObjectFactory.ts';
import type { ServerContext } from './objects/ServerContext.ts';
import type { Sessions } from './sessions/Sessions.ts';

/** How to start a server: its settings, and what a program around it may replace. */
export interface StartOptions extends PartialConfig {
  /** Where the log goes. By default nowhere, since whoever starts a server from a program has a log. */
  readonly log?: Logger;
  /** Other classes than the server has. */
  readonly classes?: ElementClasses;
  /** Other descriptors than the built-in ones, made by `createApi`: for classes of other modules. */
  readonly api?: Api;
}

/** A server that accepts work. */
export interface RunningServer {
  /** URL for clients. */
  readonly wsUrl: string;
  /** URL of the welcome page. */
  readonly httpUrl: string;
  /** TCP port. */
  readonly port: number;
  /** The settings in force. */
  readonly config: ServerConfig;
  /** The inside, for programs that live in the same process. */
  readonly context: ServerContext;
  /** The sessions of all clients. */
  readonly sessions: Sessions;
  /** Stops listening, releases all pipelines, ends the child processes. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a server. Resolves when it accepts work; rejects, leaving nothing behind, if it cannot start.
 *
 * @throws {ConfigError} if a setting is wrong
 */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const { log = pino({ enabled: false }), classes = elementClasses, api = builtInApi, ...given } = options;
  const config = readConfig(given);
  const { routers, udpPort, interfaces } = config;
  const media = await startMedia({ routers, udpPort, interfaces }, log);
  const core = assembleCore({
    api,
    classes,
    media,
    log,
    clock: { nowMs: () => Date.now() },
    processIds: () => media.pool.links.map((link) => link.pid),
    metadata: config.metadata,
  });
  try {
    const { host, port, path } = config;
    const listener = await Listener.open({
      host,
      port,
      path,
      log,
      onConnection: (wire) => core.connection(wire),
    });
    return runningServer(config, core, listener);
  } catch (error) {
    await media.close();
    throw error;
  }
}

function runningServer(config: ServerConfig, core: Core, listener: Listener): RunningServer {
  const { context, sessions } = core;
  const { port } = listener;
  // A listener on all addresses is reached through loopback, where browsers allow a page to use the camera.
  const host = config.host ?? '127.0.0.1';
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const collector = setInterval(() => {
    sessions
      .collectGarbage()
      .catch((error: unknown) => context.log.error({ err: error }, 'garbage collection failed'));
  }, config.garbageCollectorPeriod * 1000);
  collector.unref();
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearInterval(collector);
    await listener.close();
    await Promise.all(context.registry.pipelines.map((pipeline) => pipeline.release()));
    await context.media.close();
  };
  return {
    wsUrl: `ws://${authority}/${config.path}`,
    httpUrl: `http://${authority}/`,
    port,
    config,
    context,
    sessions,
    close: () => (closing ??= close()),
  };
}
