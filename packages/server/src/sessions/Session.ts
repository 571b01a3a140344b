/**
 * A client's logical session: the objects it references and the events it hears of.
 * @module
 */
import type { MediaObject } from '../objects/MediaObject.ts';
import type { EventListener } from '../objects/RaisedEvent.ts';
import { EventQueue } from './EventQueue.ts';
import { Subscriptions } from './Subscriptions.ts';

/** What one session may keep. */
export interface SessionLimits {
  /** Subscriptions; a further one is refused with 40009. */
  readonly subscriptionsPerSession: number;
  /** Events that wait while the session has no socket; 0: they are lost, as in the original. */
  readonly queuedEvents: number;
}

/** A client's logical session. It references an object only together with all of the object's parents. */
export class Session {
  /** Any text; clients may invent one. */
  readonly id: string;
  /** The events it hears of. */
  readonly subscriptions: Subscriptions;
  /** Events that wait for a socket. */
  readonly queue: EventQueue;
  /** Set by every sign of life, cleared by each pass of the garbage collection. */
  alive = true;
  readonly #references = new Set<MediaObject>();

  /** Makes a session that hands occurrences of events to `tell`. */
  constructor(id: string, limits: SessionLimits, tell: EventListener) {
    this.id = id;
    this.subscriptions = new Subscriptions(tell, limits.subscriptionsPerSession);
    this.queue = new EventQueue(limits.queuedEvents);
  }

  /** The referenced objects. */
  get references(): ReadonlySet<MediaObject> {
    return this.#references;
  }

  /** True if it references nothing; then it does not exist for clients. */
  get empty(): boolean {
    return this.#references.size === 0;
  }

  /** References `object` and its parents. Returns the objects that are new to the session. */
  reference(object: MediaObject): readonly MediaObject[] {
    const added: MediaObject[] = [];
    let next: MediaObject | undefined = object;
    while (next !== undefined && !this.#references.has(next)) {
      this.#references.add(next);
      added.push(next);
      next = next.parent;
    }
    return added;
  }

  /** Forgets `object` and everything below it, subscriptions included. Returns what was forgotten, children first. */
  forget(object: MediaObject): readonly MediaObject[] {
    if (!this.#references.delete(object)) return [];
    const forgotten = object.children.flatMap((child) => this.forget(child));
    this.subscriptions.removeObject(object);
    return [...forgotten, object];
  }
}
