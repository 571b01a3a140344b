/**
 * The events that one session wants to hear of.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { KurentoError } from '@rivero/model';
import type { MediaObject } from '../objects/MediaObject.ts';
import type { EventListener } from '../objects/RaisedEvent.ts';

/** All subscriptions of a session to one event of one object. */
interface Topic {
  readonly subscriptionIds: Set<string>;
  readonly unlisten: () => void;
}

/**
 * The events that one session wants to hear of.
 *
 * However many subscriptions there are to one event of one object, each occurrence is told once (spec 1.5).
 */
export class Subscriptions {
  readonly #tell: EventListener;
  readonly #limit: number;
  readonly #topics = new Map<MediaObject, Map<string, Topic>>();
  #size = 0;

  /** Hands each occurrence to `tell`. Takes at most `limit` subscriptions. */
  constructor(tell: EventListener, limit: number) {
    this.#tell = tell;
    this.#limit = limit;
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Subscribes to `event` of `object`; returns the id of the subscription.
   *
   * @throws {KurentoError} MEDIA_OBJECT_EVENT_NOT_SUPPORTED if the class has no such event;
   * NOT_ENOUGH_RESOURCES if there are too many
   */
  add(object: MediaObject, event: string): string {
    if (!object.info.events.has(event)) {
      throw new KurentoError('MEDIA_OBJECT_EVENT_NOT_SUPPORTED', `Event '${event}' not supported`);
    }
    if (this.#size >= this.#limit) {
      throw new KurentoError('NOT_ENOUGH_RESOURCES', `A session may have ${this.#limit} subscriptions`);
    }
    let topics = this.#topics.get(object);
    if (topics === undefined) {
      topics = new Map();
      this.#topics.set(object, topics);
    }
    let topic = topics.get(event);
    if (topic === undefined) {
      topic = { subscriptionIds: new Set(), unlisten: object.listen(event, this.#tell) };
      topics.set(event, topic);
    }
    const id = randomUUID();
    topic.subscriptionIds.add(id);
    this.#size++;
    return id;
  }

  /** Ends the subscription `id` to `object`; silent if there is none. */
  remove(object: MediaObject, id: string): void {
    const topics = this.#topics.get(object);
    if (topics === undefined) return;
    for (const [event, topic] of topics) {
      if (!topic.subscriptionIds.delete(id)) continue;
      this.#size--;
      if (topic.subscriptionIds.size > 0) continue;
      topic.unlisten();
      topics.delete(event);
    }
    if (topics.size === 0) this.#topics.delete(object);
  }

  /** Ends all subscriptions to `object`. */
  removeObject(object: MediaObject): void {
    for (const topic of this.#topics.get(object)?.values() ?? []) {
      topic.unlisten();
      this.#size -= topic.subscriptionIds.size;
    }
    this.#topics.delete(object);
  }

  /** Ends all subscriptions. */
  clear(): void {
    for (const object of this.#topics.keys()) this.removeObject(object);
  }
}
