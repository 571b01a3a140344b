/**
 * What operators need of a server: who may come in, what is written down, what can be asked.
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { KurentoError } from '@rivero/model';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Authenticator } from '../auth/Authenticator.ts';
import { certificatePrincipal } from '../auth/certificatePrincipal.ts';
import type { Principal } from '../auth/Principal.ts';
import { requireScope } from '../auth/scopes.ts';
import type { ServerConfig } from '../config.ts';
import { memberOf } from '../protocol/RequestParams.ts';
import type { RequestWatcher } from '../protocol/RequestWatcher.ts';
import { TlsFiles } from '../tls/TlsFiles.ts';
import { AuditLog } from './AuditLog.ts';
import { Metrics, type MetricsSource } from './Metrics.ts';
import { Readiness, type ReadinessSource } from './Readiness.ts';
import { addOperationsPages } from './routes.ts';

/** Says who sends a request. */
export type Authenticate = (request: IncomingMessage) => Promise<Principal | undefined>;

/** What operators need of a server. */
export class Operations {
  /** The certificate; undefined without TLS. */
  readonly tls: TlsFiles | undefined;
  /** Says who comes in; undefined: everybody may. */
  readonly authenticate: Authenticate | undefined;
  /** Look on while requests run. Complete after `observe`. */
  readonly watchers: RequestWatcher[] = [];
  readonly #config: ServerConfig;
  readonly #log: Logger;
  readonly #authenticator: Authenticator | undefined;
  readonly #audit: AuditLog | undefined;
  #metrics: Metrics | undefined;
  #readiness: Readiness | undefined;

  private constructor(config: ServerConfig, audit: AuditLog | undefined, log: Logger) {
    const { tls, auth } = config;
    this.#config = config;
    this.#log = log;
    this.#audit = audit;
    this.tls = tls.port === undefined ? undefined : new TlsFiles(tls, log);
    const authenticator = Authenticator.create(auth);
    this.#authenticator = authenticator;
    if (authenticator !== undefined) this.authenticate = (request) => authenticator.authenticate(request);
    else if (tls.clientCa !== undefined) this.authenticate = async (request) => certificatePrincipal(request);
    // In this order: what is refused is counted and written down too.
    if (audit !== undefined) this.watchers.push(audit);
    this.watchers.push({
      admit: (request, { peer }) => peer?.principal && requireScope(request, peer.principal),
    });
    this.tls?.watch();
  }

  /**
   * Reads the files that the settings name. Rejects if one of them cannot be used.
   *
   * @throws {ConfigError} naming the setting
   */
  static async open(config: ServerConfig, log: Logger): Promise<Operations> {
    const { file } = config.audit;
    const audit = file === undefined ? undefined : await AuditLog.open(file, log);
    try {
      return new Operations(config, audit, log);
    } catch (error) {
      await audit?.close();
      throw error;
    }
  }

  /** Begins to measure the server. */
  observe(source: MetricsSource & ReadinessSource): void {
    const readiness = new Readiness(source);
    this.#readiness = readiness;
    this.watchers.push({
      admit: ({ method, params }) => {
        if (readiness.draining && method === 'create' && isPipeline(params)) {
          throw new KurentoError('NOT_ENOUGH_RESOURCES', 'The server is about to stop');
        }
      },
    });
    if (!this.#config.metrics) return;
    this.#metrics = new Metrics(source);
    this.watchers.push(this.#metrics);
  }

  /** Adds the pages for machines. */
  addRoutes(app: FastifyInstance): void {
    if (this.#readiness === undefined) throw new TypeError('observe comes first');
    addOperationsPages(app, {
      readiness: this.#readiness,
      metrics: this.#metrics,
      authenticate: this.#config.auth.protectMetrics ? this.authenticate : undefined,
    });
  }

  /** From now on the server is not ready for new work. */
  drain(): void {
    this.#readiness?.drain();
  }

  /** Reads certificates and keys again and opens the audit log again. What cannot be used is logged. */
  reload(): void {
    this.tls?.reload();
    this.#audit?.reopen();
    try {
      this.#authenticator?.reload();
    } catch (error) {
      this.#log.error({ err: error }, 'keys not reloaded, the old ones stay');
    }
  }

  /** Ends everything; what waits for the audit log is written. */
  async close(): Promise<void> {
    this.tls?.close();
    this.#metrics?.close();
    await this.#audit?.close();
  }
}

function isPipeline(params: unknown): boolean {
  const type = memberOf(params, 'type');
  return type === 'MediaPipeline' || type === 'kurento.MediaPipeline';
}
