/**
 * A TCP proxy on loopback, for what happens to clients when the network breaks.
 * @module
 */
import assert from 'node:assert/strict';
import { type Server, type Socket, connect as dial, createServer } from 'node:net';

/** A way to a server that can be cut: every connection through it is broken at once. */
export class Cable implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  /** A way to that port of this machine; `open` it. */
  constructor(port: number) {
    this.#server = createServer((near) => {
      const far = dial(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  /** Opens the near end, and gives the address of the protocol there. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    assert.ok(address !== null && typeof address === 'object');
    return `ws://127.0.0.1:${address.port}/kurento`;
  }

  /** Breaks all connections through it, and leaves the way open for new ones. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Breaks all connections and closes the near end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
