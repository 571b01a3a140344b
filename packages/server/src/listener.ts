/**
 * One TCP port, with or without TLS: WebSocket connections of clients, and web pages.
 * @module
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { WebSocket, WebSocketServer, type RawData, type Server as WebSocketServerOf } from 'ws';
import { ClientSocket } from './ClientSocket.ts';
import { AuthError, type Peer, type Principal } from './auth/Principal.ts';
import { refuseUpgrade } from './auth/refuseUpgrade.ts';
import { addPages } from './pages.ts';
import type { Wire } from './protocol/Connection.ts';
import type { TlsFiles } from './tls/TlsFiles.ts';

/** Where to listen. */
export interface ListenerOptions {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** Address; undefined for all of IPv6 and IPv4, or of IPv4 alone where there is no IPv6. */
  readonly host: string | undefined;
  /** Path of the WebSocket, without the leading slash. */
  readonly path: string;
  /** Connections that may wait to be accepted; the system's choice when left out. */
  readonly backlog?: number;
  /** Largest message that a client may send, bytes; 16 MiB when left out. */
  readonly messageBytes?: number;
  /** How often a client must be heard, milliseconds; 30 s when left out. */
  readonly heartbeatMs?: number;
  /** The certificate; absent: no TLS. */
  readonly tls?: TlsFiles;
  /** Where the log goes. */
  readonly log: Logger;
  /** Adds further pages. */
  addRoutes?(app: FastifyInstance): void;
  /** Says who sends a request, undefined for somebody; rejects with {@link AuthError} if it may not come in. */
  authenticate?(request: IncomingMessage): Promise<Principal | undefined>;
  /** Takes a connection from `peer`. */
  onConnection(wire: Wire, peer: Peer): WireListener;
}

/** What happens on a connection. */
interface WireListener {
  /** A text came. */
  receive(text: string): void;
  /** The connection ended. Called once. */
  closed(): void;
}

/** An SDP has some 10 KiB, a large transaction some 100 KiB. */
const DEFAULT_MESSAGE_BYTES = 16 * 1024 * 1024;
/**
 * How often a client must be heard, milliseconds. A host that vanished without a word would else keep its session
 * alive for as long as TCP takes to notice, which is hours.
 */
const HEARTBEAT_MS = 30_000;
/** RFC 6455 section 7.4.1: protocol error, which is what the original sends for a wrong path. */
const CLOSE_WRONG_PATH = 1002;
/** RFC 6455 section 7.4.1: a violated policy, here that who may not any more must go. */
const CLOSE_POLICY_VIOLATION = 1008;
/** Longest delay of a timer, milliseconds: 24.8 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** RFC 6455 section 7.4.1: going away. */
const CLOSE_GOING_AWAY = 1001;

/** The path of a request as the original compares it: one leading slash and the query are cut off. */
function pathOf(request: IncomingMessage): string {
  const [path = ''] = (request.url ?? '').split('?');
  return path.startsWith('/') ? path.slice(1) : path;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

/** The open TCP port. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #http: FastifyInstance;
  readonly #webSockets: WebSocketServerOf<typeof ClientSocket>;
  readonly #heartbeat: NodeJS.Timeout;
  /** Connections whose clients are being asked who they are. */
  readonly #upgrading = new Set<Duplex>();

  private constructor(options: ListenerOptions) {
    this.#options = options;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      WebSocket: ClientSocket,
      maxPayload: options.messageBytes ?? DEFAULT_MESSAGE_BYTES,
      // Kurento's clients offer compression; on loopback and data-centre links it costs more than it gives.
      perMessageDeflate: false,
      clientTracking: true,
    });
    this.#heartbeat = setInterval(() => {
      for (const webSocket of this.#webSockets.clients) webSocket.checkAlive();
    }, options.heartbeatMs ?? HEARTBEAT_MS).unref();
    this.#http = fastify({
      logger: false,
      forceCloseConnections: true,
      serverFactory: (handler) => httpServer(handler, options.tls),
    });
    addPages(this.#http, options.path);
    options.addRoutes?.(this.#http);
    this.#http.server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
    this.#http.server.on('clientError', (_error, socket) => socket.destroy());
    this.#http.server.on('tlsClientError', (error) => options.log.debug({ err: error }, 'TLS refused'));
  }

  /** Opens the port. Rejects if it is taken or the address is not ours. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    await listener.#listen();
    return listener;
  }

  /** TCP port in use. */
  get port(): number {
    // A listening TCP server has an address of this kind.
    return (this.#http.server.address() as AddressInfo).port;
  }

  /** Stops listening and ends all connections; resolves when they are gone. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const socket of this.#upgrading) socket.destroy();
    const ended = [...this.#webSockets.clients].map((webSocket) => endWebSocket(webSocket));
    await Promise.all([this.#http.close(), ...ended]);
  }

  async #listen(): Promise<void> {
    const { host, port, backlog } = this.#options;
    const options = { port, ...(backlog !== undefined && { backlog }) };
    try {
      await this.#http.listen({ ...options, host: host ?? '::' });
    } catch (error) {
      if (host !== undefined || !isMissingFamily(error)) throw error;
      await this.#http.listen({ ...options, host: '0.0.0.0' });
    }
  }

  /** How many WebSockets are open. */
  get socketCount(): number {
    return this.#webSockets.clients.size;
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    // The health check of Kurento's container asks like this and takes exactly this answer for a sign of life.
    if (request.headers['sec-websocket-key'] === undefined) {
      // Whole, and without waiting for the other side to close too.
      socket.once('finish', () => socket.destroy());
      socket.end('HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const address = request.socket.remoteAddress ?? '';
    let principal: Principal | undefined;
    this.#upgrading.add(socket);
    try {
      principal = await this.#options.authenticate?.(request);
    } catch (error) {
      const refusal =
        error instanceof AuthError
          ? error
          : new AuthError(401, 'The token cannot be checked', { cause: error });
      this.#logRefusal(refusal, address);
      refuseUpgrade(socket, refusal);
      return;
    } finally {
      this.#upgrading.delete(socket);
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => this.#options.log.debug({ err: error }, 'WebSocket error'));
      // After the upgrade, as in the original: browsers tell scripts a close code, but no HTTP status.
      if (pathOf(request) === this.#options.path) this.#serve(webSocket, { address, principal });
      else webSocket.close(CLOSE_WRONG_PATH, 'Invalid path');
    });
  }

  #logRefusal({ status, message: reason, cause }: AuthError, address: string): void {
    const { log } = this.#options;
    if (cause === undefined) log.info({ address, status, reason }, 'client refused');
    else log.warn({ address, status, reason, err: cause }, 'client refused');
  }

  #serve(webSocket: ClientSocket, peer: Peer): void {
    const wire: Wire = {
      send: (text) => webSocket.send(text, ignoreFailure),
      get bufferedBytes() {
        return webSocket.bufferedAmount;
      },
      close: (code, reason) => webSocket.close(code, reason),
      pause: () => webSocket.pause(),
      resume: () => webSocket.resume(),
    };
    const { log } = this.#options;
    log.debug({ address: peer.address, who: peer.principal?.name }, 'client connected');
    const listener = this.#options.onConnection(wire, peer);
    const expiresAtMs = peer.principal?.expiresAtMs;
    if (expiresAtMs !== undefined) closeAt(webSocket, expiresAtMs);
    webSocket.on('message', (data) => {
      // Whom we have told to go may be slow to go, but has nothing done any more.
      if (webSocket.readyState !== WebSocket.OPEN) return;
      webSocket.heard();
      listener.receive(textOf(data));
    });
    webSocket.on('pong', () => webSocket.heard());
    webSocket.on('close', (code) => {
      log.debug({ address: peer.address, code }, 'client gone');
      listener.closed();
    });
  }
}

/** The server below the pages. Follows the certificate when it changes; connections keep the one they began with. */
function httpServer(handler: RequestListener, tls: TlsFiles | undefined): Server {
  if (tls === undefined) return createServer(handler);
  const clients = tls.wantsClientCertificate ? { requestCert: true, rejectUnauthorized: true } : {};
  const server = createTlsServer({ ...tls.options, ...clients }, handler);
  tls.onChange((options) => server.setSecureContext(options));
  return server;
}

/** Closes a socket when what its client may do ends. The session lives on, for a new socket with a new token. */
function closeAt(webSocket: WebSocket, atMs: number): void {
  const leftMs = atMs - Date.now();
  const next = (): void => {
    if (leftMs > MAX_TIMER_MS) closeAt(webSocket, atMs);
    else webSocket.close(CLOSE_POLICY_VIOLATION, 'The token has expired');
  };
  const timer = setTimeout(next, Math.max(0, Math.min(leftMs, MAX_TIMER_MS)));
  timer.unref();
  webSocket.once('close', () => clearTimeout(timer));
}

/** A text that cannot be sent means that the socket is closing, which is told by its own event. */
function ignoreFailure(): void {}

function isMissingFamily(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAFNOSUPPORT';
}

/** Says goodbye, and does not wait long for an answer. */
async function endWebSocket(webSocket: WebSocket): Promise<void> {
  if (webSocket.readyState === WebSocket.CLOSED) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => webSocket.terminate(), 500);
  webSocket.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  webSocket.close(CLOSE_GOING_AWAY, 'Server is stopping');
  await promise;
}
