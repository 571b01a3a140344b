/**
 * The router's end of the connections that a media host opens: a unix socket in a private folder.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameReader, FrameWriter } from '@rivero/rtp';

/** One connection, after its greeting. */
export class StreamEnd {
  /** Packets that arrived. */
  packets = 0;
  /** Called for each packet; the view is valid until it returns. */
  onPacket: (packet: Uint8Array) => void = () => {};
  readonly #socket: Socket;
  readonly #writer: FrameWriter;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#writer = new FrameWriter(
      { waitingBytes: () => socket.writableLength, write: (bytes) => socket.write(bytes) },
      1_000_000,
    );
  }

  send(packet: Uint8Array): void {
    this.#writer.add(packet);
    this.#writer.flush();
  }

  receive(packet: Uint8Array): void {
    this.packets++;
    this.onPacket(packet);
  }

  /** Reads no more, as a router that hangs. */
  stall(): void {
    this.#socket.pause();
  }
}

/** A listener that sorts connections by their greeting. */
export class RouterEnd {
  readonly path: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #streams = new Map<string, StreamEnd>();
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Map<string, (stream: StreamEnd) => void>();

  private constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'rivero-gst-'));
    this.path = join(this.#folder, 'router.sock');
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(): Promise<RouterEnd> {
    const router = new RouterEnd();
    await new Promise<void>((resolve) => {
      router.#server.listen(router.path, resolve);
    });
    return router;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** The connection that greets with this id, when it is there. */
  stream(streamId: string): Promise<StreamEnd> {
    const found = this.#streams.get(streamId);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => this.#waiting.set(streamId, resolve));
  }

  /** Sends what arrives at one connection out of the other. */
  async relay(from: string, to: string): Promise<void> {
    const [source, sink] = await Promise.all([this.stream(from), this.stream(to)]);
    source.onPacket = (packet) => sink.send(packet);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let stream: StreamEnd | undefined;
    const reader = new FrameReader((packet) => {
      if (stream !== undefined) {
        stream.receive(packet);
        return;
      }
      stream = new StreamEnd(socket);
      const streamId = new TextDecoder().decode(packet);
      this.#streams.set(streamId, stream);
      this.#waiting.get(streamId)?.(stream);
      this.#waiting.delete(streamId);
    });
    socket.on('data', (bytes) => reader.push(bytes as Uint8Array));
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
