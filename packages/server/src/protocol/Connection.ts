/**
 * One client connection: texts in, requests in their order, texts out.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { RpcPeer, type RpcAnswer, type RpcRequest } from '@rivero/rpc';
import type { Logger } from 'pino';
import type { Peer } from '../auth/Principal.ts';
import type { Clock } from '../objects/ServerContext.ts';
import { maskSecrets } from '../ops/maskSecrets.ts';
import type { Sessions } from '../sessions/Sessions.ts';
import type { AnswerMemory } from './AnswerMemory.ts';
import type { Dispatcher, Requester } from './dispatch.ts';
import type { Limits } from './Limits.ts';
import { orderKey, RequestOrder } from './RequestOrder.ts';
import { TokenBucket } from './TokenBucket.ts';

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

/** RFC 6455 section 7.4.1: a message that violates the policy. */
const CLOSE_POLICY_VIOLATION = 1008;

/** What connections share. */
export interface ConnectionParts {
  /** Runs requests. */
  readonly dispatcher: Dispatcher;
  /** The sessions of all clients. */
  readonly sessions: Sessions;
  /** Answers of before; undefined: repeated requests are executed again. */
  readonly answers: AnswerMemory | undefined;
  /** What one client may ask for. */
  readonly limits: Limits;
  /** The time of day. */
  readonly clock: Clock;
}

/** One client connection. Has one session at a time, see {@link Sessions.associate}. */
export class Connection implements Requester {
  /** Session id for requests that name none while the socket has no session. */
  readonly spareSessionId: string = randomUUID();
  /** Ids of the sessions that its requests named. */
  readonly sessionIds: Set<string> = new Set();
  /** The other end; undefined where there is no network. */
  readonly peer: Peer | undefined;
  readonly #wire: Wire;
  readonly #parts: ConnectionParts;
  readonly #log: Logger;
  readonly #order = new RequestOrder();
  readonly #bucket: TokenBucket | undefined;
  readonly #peer: RpcPeer;
  #inWork = 0;
  #open = true;

  /** Answers what comes through {@link Connection.receive}. */
  constructor(wire: Wire, parts: ConnectionParts, log: Logger, peer?: Peer) {
    const { dispatcher, answers, limits, clock, sessions } = parts;
    this.#wire = wire;
    this.peer = peer;
    this.#parts = parts;
    this.#log = log;
    this.#bucket =
      limits.requestsPerSecond > 0
        ? new TokenBucket(limits.requestsPerSecond, limits.requestBurst, clock.nowMs())
        : undefined;
    sessions.join(this);
    this.#peer = new RpcPeer({
      send: (text) => this.send(text),
      maxDepth: limits.depth,
      onRequest: (request) =>
        this.#order.run(orderKey(request.method, request.params), () => dispatcher.dispatch(request, this)),
      ...(answers !== undefined && {
        around: (request: RpcRequest, answer: () => Promise<RpcAnswer>) =>
          answers.around(request, this, answer),
      }),
    });
  }

  /** False once the socket is closed or closing. */
  get open(): boolean {
    return this.#open;
  }

  /** Takes a text from the socket. Never throws. */
  receive(text: string): void {
    if (!this.#open) return;
    this.#trace('in', text);
    if (this.#bucket?.take(this.#parts.clock.nowMs()) === false) {
      this.#end('Too many requests');
      return;
    }
    this.#inWork++;
    const { requestsInWork } = this.#parts.limits;
    if (this.#inWork === requestsInWork) this.#wire.pause();
    void this.#peer
      .receive(text)
      .catch((error: unknown) => this.#log.error({ err: error }, 'unexpected error in a connection'))
      .then(() => {
        this.#inWork--;
        if (this.#inWork === Math.floor(requestsInWork / 2) && this.#open) this.#wire.resume();
      });
  }

  /** Puts a text on the socket; does nothing if it is closed. Ends the connection of somebody who does not read. */
  send(text: string): void {
    if (!this.#open) return;
    this.#trace('out', text);
    this.#wire.send(text);
    if (this.#wire.bufferedBytes > this.#parts.limits.bufferedBytes) this.#end('Client reads too slowly');
  }

  /** To be called when the socket closed. The session lives on, without a socket. Idempotent. */
  closed(): void {
    this.#open = false;
    this.#parts.sessions.leave(this);
    this.#peer.close();
  }

  #trace(direction: 'in' | 'out', text: string): void {
    // Masking costs; it happens only for somebody who looks.
    if (this.#log.isLevelEnabled('trace')) this.#log.trace({ text: maskSecrets(text) }, direction);
  }

  #end(reason: string): void {
    this.#log.warn({ bufferedBytes: this.#wire.bufferedBytes }, `connection closed: ${reason}`);
    this.closed();
    this.#wire.close(CLOSE_POLICY_VIOLATION, reason);
  }
}
