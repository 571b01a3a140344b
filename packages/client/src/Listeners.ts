/**
 * Callbacks by event name; what one of them throws reaches the program, not the caller or the other callbacks.
 * @module
 */

/** Takes one event. */
export type Listener<Event> = (event: Event) => void;

/** Callbacks of one object; `Events` maps each name to what its callbacks get. */
export class Listeners<Events extends object> {
  /** For each event its callbacks, and whether each is for the next event only. */
  readonly #byName = new Map<keyof Events, Map<Listener<never>, boolean>>();

  /** Adds a callback, for the next event only if `once`; the same function is kept once. */
  add<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>, once = false): void {
    const existing = this.#byName.get(name) ?? new Map<Listener<never>, boolean>();
    existing.set(listener, once);
    this.#byName.set(name, existing);
  }

  /** Removes a callback; unknown ones are ignored. */
  remove<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    const existing = this.#byName.get(name);
    existing?.delete(listener);
    if (existing?.size === 0) this.#byName.delete(name);
  }

  /** Whether an event has callbacks. */
  has(name: keyof Events): boolean {
    return this.#byName.has(name);
  }

  /** The events that have callbacks. */
  names(): (keyof Events)[] {
    return [...this.#byName.keys()];
  }

  /** Calls every callback of an event. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const [listener, once] of Array.from(this.#byName.get(name) ?? [])) {
      // Safe: `add` is the only way in, and it ties the callback's event to the name.
      const call = listener as Listener<Events[Name]>;
      if (once) this.remove(name, call);
      try {
        call(event);
      } catch (error) {
        // Thrown where no caller of ours is in the way, as an uncaught error of the program that owns the callback.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
