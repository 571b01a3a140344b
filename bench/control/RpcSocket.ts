/**
 * A WebSocket client that costs little, so that a bench of the server does not become one of its client.
 * @module
 */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';

/** RFC 6455 section 5.2: FIN and the opcode of a text. */
const FIN_TEXT = 0x81;
const OPCODE_TEXT = 1;
const OPCODE_PING = 9;
const MASKED = 0x80;
/** What the server's pings are answered with: FIN and the opcode of a pong, no payload, a mask of zeros. */
const EMPTY_PONG = Buffer.from([0x8a, MASKED, 0, 0, 0, 0]);
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** `text` as one frame of a client. Its mask is zero, which is as good as any other on loopback. */
export function clientFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  if (length < LENGTH_16) {
    const frame = Buffer.alloc(6 + length);
    frame.writeUInt8(FIN_TEXT, 0);
    frame.writeUInt8(MASKED | length, 1);
    frame.write(text, 6);
    return frame;
  }
  const wide = length > 0xffff;
  const headerLength = wide ? 14 : 8;
  const frame = Buffer.alloc(headerLength + length);
  frame.writeUInt8(FIN_TEXT, 0);
  frame.writeUInt8(MASKED | (wide ? LENGTH_64 : LENGTH_16), 1);
  if (wide) frame.writeBigUInt64BE(BigInt(length), 2);
  else frame.writeUInt16BE(length, 2);
  frame.write(text, headerLength);
  return frame;
}

/** Where the payload of the frame at `offset` starts and ends; undefined if it is not complete yet. */
function frameBounds(bytes: Buffer, offset: number): readonly [start: number, end: number] | undefined {
  if (bytes.length < offset + 2) return undefined;
  const short = bytes.readUInt8(offset + 1);
  let start = offset + 2;
  let length = short;
  if (short === LENGTH_16) {
    if (bytes.length < offset + 4) return undefined;
    length = bytes.readUInt16BE(offset + 2);
    start += 2;
  } else if (short === LENGTH_64) {
    if (bytes.length < offset + 10) return undefined;
    length = Number(bytes.readBigUInt64BE(offset + 2));
    start += 8;
  }
  return bytes.length < start + length ? undefined : [start, start + length];
}

/** A reply of the server. */
export interface Reply {
  /** The result, of which a bench only reads what it needs. */
  readonly result?: { readonly value?: unknown };
  /** The failure. */
  readonly error?: { readonly message: string };
}

/** A connection that sends requests and takes their replies. Notifications are dropped. */
export class RpcSocket {
  readonly #socket: Socket;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  #unread: Buffer = Buffer.alloc(0);
  #nextId = 1;
  /** Called with each text instead of looking for its request, if set. */
  onText: ((bytes: Buffer, start: number, end: number) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    // An end shows as requests without answers.
    socket.on('error', () => socket.destroy());
  }

  /** Opens a connection to the server at `url`. */
  static async open(url: string): Promise<RpcSocket> {
    const { hostname, port, pathname } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
    const lines = [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    // The server speaks first only after a request, so the answer to the upgrade comes alone.
    await once(socket, 'data');
    return new RpcSocket(socket);
  }

  /** Puts ready-made frames on the socket. */
  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  /** Sends a request and hands its reply to `onReply`. */
  send(method: string, params: unknown, onReply: (reply: Reply) => void): void {
    const id = this.#nextId++;
    this.#pending.set(id, onReply);
    this.#socket.write(clientFrame(JSON.stringify({ jsonrpc: '2.0', method, params, id })));
  }

  /** Sends a request; resolves with the value of its result, rejects if there is none. */
  request(method: string, params: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.send(method, params, ({ result, error }) => {
        if (error === undefined) resolve(result?.value);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  /** Creates an object; resolves with its id. */
  async create(type: string, constructorParams: unknown = {}): Promise<string> {
    return String(await this.request('create', { type, constructorParams }));
  }

  /** Invokes an operation. */
  invoke(object: string, operation: string, operationParams: unknown = {}): Promise<unknown> {
    return this.request('invoke', { object, operation, operationParams });
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    let offset = 0;
    for (;;) {
      const bounds = frameBounds(bytes, offset);
      if (bounds === undefined) break;
      const [start, end] = bounds;
      const opcode = bytes.readUInt8(offset) & 0x0f;
      if (opcode === OPCODE_PING) this.#socket.write(EMPTY_PONG);
      else if (opcode !== OPCODE_TEXT) this.#socket.destroy();
      else if (this.onText === undefined) this.#take(bytes.toString('latin1', start, end));
      else this.onText(bytes, start, end);
      offset = end;
    }
    this.#unread = bytes.subarray(offset);
  }

  #take(text: string): void {
    const message: Reply & { readonly id?: number } = JSON.parse(text);
    const onReply = message.id === undefined ? undefined : this.#pending.get(message.id);
    if (onReply === undefined || message.id === undefined) return;
    this.#pending.delete(message.id);
    onReply(message);
  }
}
