/**
 * Tells a registrar where this server can be reached (spec 1.13).
 * @module
 */
import { printRequest } from '@rivero/rpc';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';

/** Pauses before another attempt, milliseconds: doubling from the first to the last. */
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 10_000;
/** How long a registrar may take to accept the connection, milliseconds. */
const HANDSHAKE_DEADLINE_MS = 10_000;

/** Whom to tell what. */
export interface RegistrarOptions {
  /** WebSocket URL of the registrar. */
  readonly address: string;
  /** Our own WebSocket URL, as others see it. */
  readonly ownUrl: string;
  /** Where the log goes. */
  readonly log: Logger;
  /** Runs `fire` once after `delayMs` milliseconds; returns what cancels it. */
  readonly timer: (delayMs: number, fire: () => void) => () => void;
}

/** Keeps a connection to the registrar, and tells it at the beginning of each where this server is. */
export class Registrar {
  readonly #options: RegistrarOptions;
  #socket: WebSocket | undefined;
  #delayMs = FIRST_DELAY_MS;
  #cancel: () => void = () => {};
  #closed = false;
  #nextId = 0;

  /** Begins at once. Never fails: it goes on until {@link Registrar.close}. */
  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Ends the connection and comes back no more. */
  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#socket?.terminate();
  }

  #connect(): void {
    const { address, ownUrl, log } = this.#options;
    const socket = new WebSocket(address, { handshakeTimeout: HANDSHAKE_DEADLINE_MS });
    this.#socket = socket;
    socket.on('open', () => {
      log.info({ address, ws: ownUrl }, 'registered');
      this.#delayMs = FIRST_DELAY_MS;
      socket.send(printRequest(this.#nextId++, 'register', { ws: ownUrl }));
    });
    // What a registrar answers is its own affair.
    socket.on('message', () => {});
    socket.on('error', (error) => log.debug({ err: error, address }, 'registrar'));
    socket.on('close', () => this.#later());
  }

  #later(): void {
    if (this.#closed) return;
    const { timer, log, address } = this.#options;
    log.warn({ address, delayMs: this.#delayMs }, 'no connection to the registrar');
    this.#cancel = timer(this.#delayMs, () => this.#connect());
    this.#delayMs = Math.min(this.#delayMs * 2, LAST_DELAY_MS);
  }
}
