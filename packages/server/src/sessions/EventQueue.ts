/**
 * Events that wait for their session's next socket.
 * @module
 */

/**
 * Events that wait for their session's next socket, oldest first. When it is full, the oldest is dropped: what
 * the client needs to know on its return is the latest state.
 */
export class EventQueue {
  readonly #capacity: number;
  #texts: string[] = [];
  #dropped = 0;

  /** Keeps up to `capacity` events; 0 keeps none. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many were dropped since the queue was last emptied. */
  get dropped(): number {
    return this.#dropped;
  }

  /** True if it keeps anything at all. */
  get enabled(): boolean {
    return this.#capacity > 0;
  }

  /** Adds the text of an event. */
  push(text: string): void {
    if (!this.enabled) return;
    this.#texts.push(text);
    if (this.#texts.length <= this.#capacity) return;
    this.#texts.shift();
    this.#dropped++;
  }

  /** Takes everything out, oldest first. */
  takeAll(): readonly string[] {
    const texts = this.#texts;
    this.#texts = [];
    this.#dropped = 0;
    return texts;
  }
}
