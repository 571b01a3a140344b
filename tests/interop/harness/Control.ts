/**
 * The Kurento protocol by hand: requests and events over one WebSocket, without any client library.
 * @module
 */

/** An event as the server sends it. */
export interface ProtocolEvent {
  readonly object: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Reply {
  readonly id?: number | null;
  readonly result?: Readonly<Record<string, unknown>> | null;
  readonly error?: { readonly code: number; readonly message: string };
  readonly method?: string;
  readonly params?: { readonly value: ProtocolEvent };
}

/** One connection with its session. */
export class Control implements Disposable {
  readonly #socket: WebSocket;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Set<(event: ProtocolEvent) => void>();
  #nextId = 1;
  #sessionId: string | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('connection closed'));
      this.#pending.clear();
    });
  }

  /** Opens a connection. */
  static async open(url: string): Promise<Control> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true });
      socket.addEventListener('error', () => reject(new Error(`cannot connect to ${url}`)), { once: true });
    });
    return new Control(socket);
  }

  #receive(message: Reply): void {
    if (message.method === 'onEvent' && message.params !== undefined) {
      for (const listener of this.#listeners) listener(message.params.value);
      return;
    }
    const waiting = this.#pending.get(message.id ?? -1);
    this.#pending.delete(message.id ?? -1);
    if (message.error !== undefined)
      waiting?.reject(new Error(`${message.error.code}: ${message.error.message}`));
    const sessionId = message.result?.['sessionId'];
    if (typeof sessionId === 'string') this.#sessionId = sessionId;
    waiting?.resolve(message.result?.['value']);
  }

  /** Sends a request; resolves with `result.value`. */
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    const session = this.#sessionId === undefined ? {} : { sessionId: this.#sessionId };
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, ...session } }));
    return promise;
  }

  /** Creates an object; resolves with its id. */
  async create(type: string, constructorParams: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return String(await this.request('create', { type, constructorParams, properties: {} }));
  }

  /** Calls an operation of an object. */
  invoke(
    object: string,
    operation: string,
    operationParams: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    return this.request('invoke', { object, operation, operationParams });
  }

  /** Releases an object. */
  async release(object: string): Promise<void> {
    await this.request('release', { object });
  }

  /** Calls `listener` at each event `type` of `object`. */
  async on(object: string, type: string, listener: (data: ProtocolEvent['data']) => void): Promise<void> {
    this.#listeners.add((event) => {
      if (event.object === object && event.type === type) listener(event.data);
    });
    await this.request('subscribe', { object, type });
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.close();
  }

  /** The same as `close`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
