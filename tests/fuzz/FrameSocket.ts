/**
 * A WebSocket client that is allowed to do everything wrong.
 * @module
 */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';

/** How a frame deviates from an ordinary one. All absent: a complete text frame with a mask. */
export interface FrameOptions {
  /** RFC 6455 section 5.2; 1 is text, 2 binary, 0 continuation, 8 close, 9 ping, 10 pong. */
  readonly opcode?: number;
  /** False if more fragments follow. */
  readonly final?: boolean;
  /** False leaves out the mask that clients must use. */
  readonly masked?: boolean;
  /** The three reserved bits, 0..7. */
  readonly reserved?: number;
  /** Length to claim instead of the true one. */
  readonly claimedLength?: number;
}

/** One frame with the payload `payload`. */
export function frameOf(payload: Uint8Array, options: FrameOptions = {}): Buffer {
  const { opcode = 1, final = true, masked = true, reserved = 0 } = options;
  const length = options.claimedLength ?? payload.length;
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  const maskBit = masked ? 0x80 : 0;
  let header = Buffer.from([first, maskBit | length]);
  if (length > 0xffff) {
    header = Buffer.alloc(10);
    header.writeUInt16BE((first << 8) | maskBit | 127, 0);
    header.writeBigUInt64BE(BigInt(length), 2);
  } else if (length > 125) {
    header = Buffer.alloc(4);
    header.writeUInt16BE((first << 8) | maskBit | 126, 0);
    header.writeUInt16BE(length, 2);
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([header, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

/** A TCP connection after, or in the middle of, an upgrade to WebSocket. */
export class FrameSocket {
  readonly #socket: Socket;
  #received = '';
  #onChange: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    // The server may end us at any time; that is what we are here for.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      // Enough to find an id in; a client that keeps everything would measure itself.
      this.#received = (this.#received + chunk.toString('latin1')).slice(-100_000);
      this.#onChange();
    });
    socket.on('close', () => this.#onChange());
  }

  /** Opens a TCP connection and sends `head`, which may be anything. */
  static async raw(port: number, head: string): Promise<FrameSocket> {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    const frames = new FrameSocket(socket);
    await once(socket, 'connect').catch(() => undefined);
    frames.write(Buffer.from(head));
    return frames;
  }

  /** Opens a WebSocket at `/kurento`. */
  static async open(port: number): Promise<FrameSocket> {
    const lines = [
      'GET /kurento HTTP/1.1',
      'Host: localhost',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    const frames = await FrameSocket.raw(port, `${lines.join('\r\n')}\r\n\r\n`);
    await frames.#until(() => frames.#received.includes('\r\n\r\n'));
    return frames;
  }

  /** True until one of the sides has ended it. */
  get open(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  /** What came last, as Latin-1. */
  get received(): string {
    return this.#received;
  }

  write(bytes: Uint8Array): void {
    if (this.open) this.#socket.write(bytes);
  }

  sendText(text: string): void {
    this.write(frameOf(Buffer.from(text)));
  }

  /** Sends a request; resolves with the text from the start of its result on, or undefined if none came in time. */
  async request(id: string, method: string, params: unknown): Promise<string | undefined> {
    this.sendText(JSON.stringify({ jsonrpc: '2.0', method, params, id }));
    const mark = `"id":"${id}"`;
    await this.#until(() => this.#received.includes(mark));
    const at = this.#received.indexOf(mark);
    return at < 0 ? undefined : this.#received.slice(at);
  }

  /** Stops reading, as a client does that hangs. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Ends the connection without a goodbye. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits until it is so, the connection ends, or 2 s have passed. */
  async #until(isSo: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 2000);
    this.#onChange = () => {
      if (isSo() || !this.open) resolve();
    };
    this.#onChange();
    await promise;
    clearTimeout(timer);
    this.#onChange = () => {};
  }
}
