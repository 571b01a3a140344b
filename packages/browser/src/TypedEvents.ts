/**
 * Listeners for events whose payload types are known at compile time.
 * @module
 */

/** Takes one event's payload. */
export type Listener<Payload> = (payload: Payload) => void;

/** Keeps listeners by event name; `Events` maps each name to the type of its payload. */
export class TypedEvents<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Adds a listener; the same function is kept once. Returns this object. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): this {
    const existing = this.#listeners.get(name);
    if (existing) existing.add(listener);
    else this.#listeners.set(name, new Set([listener]));
    return this;
  }

  /** Adds a listener that is removed before its first call. Returns this object. */
  once<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): this {
    const single: Listener<Events[Name]> = (payload) => {
      this.off(name, single);
      listener(payload);
    };
    return this.on(name, single);
  }

  /** Removes a listener given to `on`; unknown ones are ignored. Returns this object. */
  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): this {
    this.#listeners.get(name)?.delete(listener);
    return this;
  }

  /** Calls every listener of an event. What a listener throws is reported to the page, and the others are still called. */
  protected emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of Array.from(this.#listeners.get(name) ?? [])) {
      try {
        // Safe: `on` is the only way in, and it ties the listener's payload to the name.
        (listener as Listener<Events[Name]>)(payload);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** How many listeners an event has. */
  protected listenerCount(name: keyof Events): number {
    return this.#listeners.get(name)?.size ?? 0;
  }

  /** Forgets every listener. */
  protected removeListeners(): void {
    this.#listeners.clear();
  }
}
