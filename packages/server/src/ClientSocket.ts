/**
 * The WebSocket of one client: says why it closes, and notices that the other side is gone.
 * @module
 */
import { WebSocket } from 'ws';

/** Reasons for the closes that the WebSocket library decides on (RFC 6455 section 7.4.1), which it leaves empty. */
const reasons: ReadonlyMap<number, string> = new Map([
  [1002, 'Malformed frame'],
  [1007, 'Text is not UTF-8'],
  [1008, 'Too many fragments'],
  [1009, 'Message is too large'],
]);

/** The WebSocket of one client. */
export class ClientSocket extends WebSocket {
  #heard = true;

  /** Notes that the other side lives. */
  heard(): void {
    this.#heard = true;
  }

  /** Ends the conversation. */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? reasons.get(code ?? 0));
  }

  /**
   * To be called now and then: ends a connection from which nothing came since the last call, and asks the others
   * for a sign of life (RFC 6455 section 5.5.2), which every client gives by itself.
   */
  checkAlive(): void {
    if (this.readyState !== WebSocket.OPEN) return;
    // Who is not being read cannot be heard.
    if (!this.#heard && !this.isPaused) {
      this.terminate();
      return;
    }
    this.#heard = false;
    this.ping();
  }
}
