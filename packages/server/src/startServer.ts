/**
 * Starts the server with its port and its child processes, and ends it again.
 * @module
 */
import { type Api, api as builtInApi } from '@rivero/model';
import type { RouterSettings } from '@rivero/datapath';
import { pino, type Logger } from 'pino';
import { readConfig, type PartialConfig, type ServerConfig } from './config.ts';
import { assembleCore, type Core, type CoreParts } from './core.ts';
import { elementClasses } from './elements/index.ts';
import { Listeners, type Endpoint } from './Listeners.ts';
import { startMedia } from './media/MediaServices.ts';
import { MachineReader } from './resources/MachineReader.ts';
import { ResourceGuard } from './resources/ResourceGuard.ts';
import { Registrar } from './protocol/Registrar.ts';
import type { ElementClasses } from './objects/ObjectFactory.ts';
import type { ServerContext } from './objects/ServerContext.ts';
import type { ObjectRegistry } from './objects/ObjectRegistry.ts';
import { subsystemLog } from './ops/logs.ts';
import { Operations } from './ops/Operations.ts';
import type { Sessions } from './sessions/Sessions.ts';

/** How long pipelines may take to end when the server stops, milliseconds; recorders finish their files in it. */
const RELEASE_DEADLINE_MS = 3000;

/** How to start a server: its settings, and what a program around it may replace. */
export interface StartOptions extends PartialConfig {
  /** Where the log goes. By default nowhere, since whoever starts a server from a program has a log. */
  readonly log?: Logger;
  /** Other classes than the server has. */
  readonly classes?: ElementClasses;
  /** Other descriptors than the built-in ones, made by `createApi`: for classes of other modules. */
  readonly api?: Api;
}

/** A server that accepts work. Where it listens is that of the port without TLS, if there is one. */
export interface RunningServer extends Endpoint {
  /** Everywhere it listens, the port without TLS first. */
  readonly endpoints: readonly Endpoint[];
  /** The settings in force. */
  readonly config: ServerConfig;
  /** The inside, for programs that live in the same process. */
  readonly context: ServerContext;
  /** The sessions of all clients. */
  readonly sessions: Sessions;
  /** Reads certificates and keys again, and opens the audit log again. */
  reload(): void;
  /**
   * Tells `/health/ready` and refuses new pipelines; resolves when there are none left, at the latest after
   * `drainSeconds`.
   */
  drain(): Promise<void>;
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
  const operations = await Operations.open(config, subsystemLog(log, 'http'));
  try {
    return await startWith(config, operations, { classes, api }, log);
  } catch (error) {
    await operations.close();
    throw error;
  }
}

async function startWith(
  config: ServerConfig,
  operations: Operations,
  parts: Pick<CoreParts, 'classes' | 'api'>,
  log: Logger,
): Promise<RunningServer> {
  const { routers, udpPort, interfaces, hosts, resources } = config;
  const certificateFiles = certificateFilesOf(config);
  const media = await startMedia({ routers, udpPort, interfaces, hosts, certificateFiles }, log);
  const clock = { nowMs: () => Date.now() };
  const processIds = (): number[] => [...media.pool.links.map((link) => link.pid), ...media.hosts.processIds];
  const machine = new MachineReader(processIds, () => performance.now());
  const guard = new ResourceGuard({
    config: resources,
    readUsage: () => machine.read(),
    clock,
    log,
    // As whoever watches over the process would do it.
    terminate: () => process.kill(process.pid, 'SIGTERM'),
  });
  const core = assembleCore({
    ...parts,
    media,
    log,
    clock,
    processIds,
    admitObject: () => guard.admit(),
    defaults: config.media,
    metadata: config.metadata,
    limits: config.limits,
    queuedEvents: config.events.queue,
    disableRequestCache: config.disableRequestCache,
    watchers: operations.watchers,
  });
  const listeners = new Listeners();
  operations.observe({
    routers,
    methods: core.methodNames,
    socketCount: () => listeners.socketCount,
    sessionCount: () => core.sessions.ids.length,
    objectTypes: () => core.context.registry.objects.map(({ info }) => info.qualifiedType),
    liveRouters: () => media.pool.links,
    admitObject: () => guard.admit(),
  });
  try {
    await listeners.open(config, operations, core, log);
    return runningServer(config, core, listeners, operations, guard);
  } catch (error) {
    await media.close();
    throw error;
  }
}

function runningServer(
  config: ServerConfig,
  core: Core,
  listeners: Listeners,
  operations: Operations,
  guard: ResourceGuard,
): RunningServer {
  const { context, sessions } = core;
  const [endpoint] = listeners.endpoints;
  if (endpoint === undefined) throw new TypeError('The settings have at least one port');
  const stopCare = startCare(config, core, guard);
  const registrar = startRegistrar(config, endpoint, context.log);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopCare();
    registrar?.close();
    await listeners.close();
    await releaseAll(context);
    await context.media.close();
    await operations.close();
  };
  return {
    ...endpoint,
    endpoints: listeners.endpoints,
    config,
    context,
    sessions,
    reload: () => operations.reload(),
    drain: () => {
      operations.drain();
      return untilIdle(context.registry, config.drainSeconds * 1000);
    },
    close: () => (closing ??= close()),
  };
}

/** The PEM files for DTLS that the settings name. */
function certificateFilesOf({ media }: ServerConfig): NonNullable<RouterSettings['certificateFiles']> {
  const { pemCertificateRsa: RSA, pemCertificateEcdsa: ECDSA } = media;
  return { ...(RSA !== undefined && { RSA }), ...(ECDSA !== undefined && { ECDSA }) };
}

/** Resolves when there is no pipeline, at the latest after `deadlineMs`. */
async function untilIdle(registry: ObjectRegistry, deadlineMs: number): Promise<void> {
  if (registry.pipelines.length === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, deadlineMs);
  registry.addListener({
    objectCreated: () => {},
    objectDestroyed: () => {
      if (registry.pipelines.length === 0) resolve();
    },
  });
  await promise;
  clearTimeout(timer);
}

/** Looks after what ends by itself: abandoned sessions, and a server whose resources are used up by nothing. */
function startCare(config: ServerConfig, core: Core, guard: ResourceGuard): () => void {
  const { log, registry } = core.context;
  const checkIdle = (): void => {
    // The ServerManager is always there.
    if (registry.size > 1) return;
    guard.checkIdle().catch((error: unknown) => log.error({ err: error }, 'resources cannot be read'));
  };
  const collector = setInterval(() => {
    core.collectGarbage().catch((error: unknown) => log.error({ err: error }, 'garbage collection failed'));
    checkIdle();
  }, config.garbageCollectorPeriod * 1000);
  collector.unref();
  registry.addListener({ objectCreated: () => {}, objectDestroyed: checkIdle });
  return () => clearInterval(collector);
}

function startRegistrar(
  { registrar, path }: ServerConfig,
  { wsUrl, port }: Endpoint,
  log: Logger,
): Registrar | undefined {
  const { address, localAddress } = registrar;
  if (address === undefined) return undefined;
  // The endpoint is that without TLS where there is one.
  const ownUrl = `${wsUrl.startsWith('wss:') ? 'wss' : 'ws'}://${localAddress}:${port}/${path}`;
  const timer = (delayMs: number, fire: () => void): (() => void) => {
    const timeout = setTimeout(fire, delayMs).unref();
    return () => clearTimeout(timeout);
  };
  return new Registrar({ address, ownUrl, log, timer });
}

/** Releases all pipelines. What is not done by the deadline ends with the processes. */
async function releaseAll({ registry, log }: ServerContext): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    log.error({ pipelines: registry.pipelines.length }, 'pipelines are not released in time');
    resolve();
  }, RELEASE_DEADLINE_MS);
  await Promise.race([promise, Promise.all(registry.pipelines.map((pipeline) => pipeline.release()))]);
  clearTimeout(timer);
}
