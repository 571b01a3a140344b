/**
 * Opens the TCP ports that the settings ask for: one without TLS, one with, or both.
 * @module
 */
import type { Logger } from 'pino';
import type { ServerConfig } from './config.ts';
import type { Core } from './core.ts';
import { Listener } from './listener.ts';
import { subsystemLog } from './ops/logs.ts';
import type { Operations } from './ops/Operations.ts';

/** Where a server listens. */
export interface Endpoint {
  /** TCP port. */
  readonly port: number;
  /** URL for clients. */
  readonly wsUrl: string;
  /** URL of the welcome page. */
  readonly httpUrl: string;
}

/** The open ports of a server. */
export class Listeners {
  readonly #listeners: Listener[] = [];
  readonly #endpoints: Endpoint[] = [];

  /** Where the server listens; the one without TLS first. At least one. */
  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  /** How many WebSockets are open. */
  get socketCount(): number {
    return this.#listeners.reduce((sum, { socketCount }) => sum + socketCount, 0);
  }

  /** Opens the ports; rejects, with none left open, if one of them is taken. */
  async open(config: ServerConfig, operations: Operations, core: Core, log: Logger): Promise<void> {
    const { plain, port, tls } = config;
    try {
      if (plain) await this.#openOne(port, false, config, operations, core, log);
      if (tls.port !== undefined) await this.#openOne(tls.port, true, config, operations, core, log);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Stops listening and ends all connections; resolves when they are gone. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  async #openOne(
    port: number,
    isSecure: boolean,
    config: ServerConfig,
    operations: Operations,
    core: Core,
    log: Logger,
  ): Promise<void> {
    const { host, path, backlog, limits } = config;
    const { authenticate, tls } = operations;
    const listener = await Listener.open({
      host,
      port,
      path,
      backlog,
      messageBytes: limits.messageBytes,
      log: subsystemLog(log, 'http'),
      ...(isSecure && tls !== undefined && { tls }),
      ...(authenticate !== undefined && { authenticate }),
      addRoutes: (app) => operations.addRoutes(app),
      onConnection: (wire, peer) => core.connection(wire, peer),
    });
    this.#listeners.push(listener);
    // A listener on all addresses is reached through loopback, where browsers allow a page to use the camera.
    const name = host ?? '127.0.0.1';
    const authority = `${name.includes(':') ? `[${name}]` : name}:${listener.port}`;
    const s = isSecure ? 's' : '';
    this.#endpoints.push({
      port: listener.port,
      wsUrl: `ws${s}://${authority}/${path}`,
      httpUrl: `http${s}://${authority}/`,
    });
  }
}
