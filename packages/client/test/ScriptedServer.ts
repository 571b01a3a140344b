/**
 * A WebSocket server on loopback that answers by a script, for what a real server does only by accident: losing
 * connections, forgetting sessions, staying silent.
 * @module
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A request as it came. */
export interface Request {
  readonly id?: number;
  readonly method: string;
  readonly params?: Record<string, unknown>;
}

/** What the script does with a request: the `result`, an `error`, or `silence`. */
export type Answer = { result: unknown } | { error: unknown } | 'silence';

/** A server whose behaviour is the function `script`; what it leaves undefined is answered as a server would. */
export class ScriptedServer {
  readonly requests: Request[] = [];
  /** Path and query of each socket. */
  readonly paths: (string | undefined)[] = [];
  script: (request: Request) => Answer | undefined = () => undefined;
  serverId = 'server-1';
  sessions = new Set<unknown>();
  #objects = 0;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, { url }) => {
      this.paths.push(url);
      socket.on('message', (data: Buffer) => this.#receive(socket, data.toString()));
    });
  }

  static async start(port = 0): Promise<ScriptedServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port });
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/kurento`;
  }

  /** Methods of the requests so far, with the operation of those that invoke. */
  get methods(): string[] {
    return this.requests.map(({ method, params }) => (params?.['operation'] as string | undefined) ?? method);
  }

  /** Breaks every connection without a word. */
  drop(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  raise(object: string, type: string, data: Record<string, unknown>): void {
    const params = { value: { object, type, data } };
    for (const socket of this.#server.clients) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'onEvent', params }));
    }
  }

  send(text: string): void {
    for (const socket of this.#server.clients) socket.send(text);
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Resolves when a request with that method or operation has come, counting those from `from` on. */
  async seen(method: string, from = 0): Promise<void> {
    while (!this.methods.slice(from).includes(method)) await new Promise((resolve) => setImmediate(resolve));
  }

  #receive(socket: WebSocket, text: string): void {
    const request = JSON.parse(text) as Request;
    this.requests.push(request);
    const answer = this.script(request) ?? this.#answer(request);
    if (answer !== 'silence') socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...answer }));
  }

  #answer({ method, params = {} }: Request): Answer {
    // Every request of the client has texts here.
    const given = params['sessionId'] as string | undefined;
    const sessionId = given ?? `session-${this.sessions.size + 1}`;
    if (method === 'connect') return this.#connect(given, sessionId);
    if (method === 'ping') return { result: { value: 'pong' } };
    if (method === 'transaction') return { result: { sessionId, value: this.#runAll(params) } };
    if (method === 'create') {
      const { mediaPipeline } = params['constructorParams'] as { mediaPipeline?: string };
      const id = `uuid${++this.#objects}_kurento.${String(params['type'])}`;
      return { result: { sessionId, value: mediaPipeline ? `${mediaPipeline}/${id}` : id } };
    }
    if (method === 'subscribe')
      return { result: { sessionId, value: `subscription-${this.requests.length}` } };
    return { result: { sessionId, value: null } };
  }

  /** Runs the requests of a transaction in order up to the first that fails, as servers do (spec 1.8). */
  #runAll({ operations }: Readonly<Record<string, unknown>>): object[] {
    const replies: {
      readonly id?: number | undefined;
      readonly jsonrpc: string;
      readonly result?: { value?: unknown };
    }[] = [];
    for (const operation of operations as Request[]) {
      const text = JSON.stringify(operation).replace(/"newref:(\d+)"/g, (_, index: string) =>
        JSON.stringify(replies[Number(index)]?.result?.value),
      );
      const request = JSON.parse(text) as Request;
      const answer = this.script(request) ?? this.#answer(request);
      replies.push({ id: request.id, jsonrpc: '2.0', ...(answer as object) });
      if ('error' in (answer as object)) break;
    }
    return replies;
  }

  #connect(wanted: unknown, sessionId: string): Answer {
    if (wanted !== undefined && !this.sessions.has(wanted)) {
      return { error: { code: 40007, message: 'Invalid session', data: { type: 'INVALID_SESSION' } } };
    }
    this.sessions.add(sessionId);
    return { result: { serverId: this.serverId, sessionId } };
  }
}
