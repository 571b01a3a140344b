/**
 * One client connection: texts in, requests in their order, texts out.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { RpcPeer } from '@rivero/rpc';
import type { Logger } from 'pino';
import type { Sessions } from '../sessions/Sessions.ts';
import type { Dispatcher, Requester } from './dispatch.ts';
import { orderKey, RequestOrder } from './RequestOrder.ts';

/** The socket below a connection. */
export interface Wire {
  /** Puts a text on the socket. */
  send(text: string): void;
  /** Bytes that wait because the other side reads slowly. */
  readonly bufferedBytes: number;
  /** Ends the conversation with a WebSocket close code and a reason. */
  close(code: number, reason: string): void;
  /** Stops reading. */
  pause(): void;
  /** Reads again. */
  resume(): void;
}

/** Bytes that may wait for a slow reader: a thousand large answers, a hundredth of a small machine's memory. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Requests in work at which reading stops, and at which it goes on. Clients have a handful. */
const MAX_IN_WORK = 1024;
const RESUME_IN_WORK = MAX_IN_WORK / 2;
/** RFC 6455 section 7.4.1: a message that violates the policy. */
const CLOSE_POLICY_VIOLATION = 1008;

/** One client connection. Has one session at a time, see {@link Sessions.associate}. */
export class Connection implements Requester {
  /** Session id for requests that name none while the socket has no session. */
  readonly spareSessionId: string = randomUUID();
  readonly #wire: Wire;
  readonly #dispatcher: Dispatcher;
  readonly #sessions: Sessions;
  readonly #log: Logger;
  readonly #order = new RequestOrder();
  readonly #peer: RpcPeer;
  #inWork = 0;
  #open = true;

  /** Answers what comes through {@link Connection.receive}. */
  constructor(wire: Wire, dispatcher: Dispatcher, sessions: Sessions, log: Logger) {
    this.#wire = wire;
    this.#dispatcher = dispatcher;
    this.#sessions = sessions;
    this.#log = log;
    this.#peer = new RpcPeer({
      send: (text) => this.send(text),
      onRequest: (request) =>
        this.#order.run(orderKey(request.method, request.params), () =>
          this.#dispatcher.dispatch(request, this),
        ),
    });
  }

  /** False once the socket is closed or closing. */
  get open(): boolean {
    return this.#open;
  }

  /** Takes a text from the socket. Never throws. */
  receive(text: string): void {
    if (!this.#open) return;
    this.#log.trace({ text }, 'in');
    this.#inWork++;
    if (this.#inWork === MAX_IN_WORK) this.#wire.pause();
    void this.#peer
      .receive(text)
      .catch((error: unknown) => this.#log.error({ err: error }, 'unexpected error in a connection'))
      .then(() => {
        this.#inWork--;
        if (this.#inWork === RESUME_IN_WORK && this.#open) this.#wire.resume();
      });
  }

  /** Puts a text on the socket; does nothing if it is closed. Ends the connection of somebody who does not read. */
  send(text: string): void {
    if (!this.#open) return;
    this.#log.trace({ text }, 'out');
    this.#wire.send(text);
    if (this.#wire.bufferedBytes <= MAX_BUFFERED_BYTES) return;
    this.#log.warn({ bufferedBytes: this.#wire.bufferedBytes }, 'client does not read, closing');
    this.closed();
    this.#wire.close(CLOSE_POLICY_VIOLATION, 'Client reads too slowly');
  }

  /** To be called when the socket closed. The session lives on, without a socket. Idempotent. */
  closed(): void {
    this.#open = false;
    this.#sessions.dissociate(this);
    this.#peer.close();
  }
}
