/**
 * Typed messages between an application and one of its pages.
 * @module
 */
import { on } from 'node:events';
import { WebSocket } from 'ws';

/** What the messages of all tutorials have: a name, and whatever belongs to it. */
export interface Message {
  /** Name of the message. */
  readonly id: string;
}

/** One page: what it says, one message after the other, and what is said to it. */
export class Channel<Incoming extends Message, Outgoing extends Message> {
  readonly #socket: WebSocket;
  readonly #parse: (message: Message) => Incoming | undefined;

  /** A channel over a socket; `parse` says what a message of the page is, if it is one at all. */
  constructor(socket: WebSocket, parse: (message: Message) => Incoming | undefined) {
    this.#socket = socket;
    this.#parse = parse;
  }

  /** Says something to the page; what it cannot hear any more is lost. */
  send(message: Outgoing): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /**
   * The messages of the page, until it leaves. A message waits until the one before has been dealt with; when
   * many wait, no more are read from the socket.
   */
  async *messages(): AsyncGenerator<Incoming, void, undefined> {
    for await (const [data] of on(this.#socket, 'message', { close: ['close'], highWaterMark: 64 })) {
      const message = this.#read(String(data));
      if (message) yield message;
    }
  }

  #read(text: string): Incoming | undefined {
    try {
      const value: unknown = JSON.parse(text);
      return isMessage(value) ? this.#parse(value) : undefined;
    } catch {
      return undefined;
    }
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
