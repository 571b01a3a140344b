/**
 * What all remote classes share: id, place in the tree, name, tags, events and release.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { KurentoError, type ClassInfo } from '@rivero/model';
import type * as api from '@rivero/model/server';
import type { DotEdge } from './dot.ts';
import type { MediaPipeline } from './MediaPipeline.ts';
import type { EventListener, RaisedEvent } from './RaisedEvent.ts';
import type { Placement, ServerContext } from './ServerContext.ts';
import { Tags } from './Tags.ts';

export type { Placement, ServerContext };

/**
 * A remote object. Subclasses implement the operations of their descriptor under the names of the wire
 * (`getName`, `processOffer`), each with one object of decoded parameters.
 */
export abstract class MediaObject implements api.MediaObject {
  /** Id on the wire (spec 1.6). */
  readonly id: string;
  /** Its class. */
  readonly info: ClassInfo;
  /** The owner: releasing it releases this object. */
  readonly parent: MediaObject | undefined;
  /** The server around it. */
  protected readonly context: ServerContext;
  readonly #children = new Set<MediaObject>();
  readonly #listeners = new Map<string, Set<EventListener>>();
  readonly #tags = new Tags();
  readonly #creationTimeSeconds: number;
  #name: string;
  #sendTagsInEvents = false;
  #release: Promise<void> | undefined;

  /** Gives the object its id. It can be found by it once its creator has called {@link MediaObject.enter}. */
  constructor(placement: Placement) {
    const { info, parent, context } = placement;
    const own = `${randomUUID()}_${info.qualifiedType}`;
    this.id = placement.id ?? (parent === undefined ? own : `${parent.id}/${own}`);
    this.info = info;
    this.parent = parent;
    this.context = context;
    this.#name = this.id;
    this.#creationTimeSeconds = Math.floor(context.clock.nowMs() / 1000);
  }

  /** Direct children that live, in order of creation. */
  get children(): readonly MediaObject[] {
    return [...this.#children];
  }

  /** The pipeline it belongs to; a pipeline answers with itself. */
  get pipeline(): MediaPipeline {
    if (this.parent === undefined) throw new TypeError(`${this.id} belongs to no pipeline`);
    return this.parent.pipeline;
  }

  /** True from the moment its release begins. */
  get released(): boolean {
    return this.#release !== undefined;
  }

  /**
   * Puts the object into the tree and the registry, which raises ObjectCreated. Called once, by its creator.
   *
   * @throws {KurentoError} MEDIA_OBJECT_NOT_FOUND if the parent went away in the meantime
   */
  enter(): void {
    if (this.parent?.released === true) {
      throw new KurentoError('MEDIA_OBJECT_NOT_FOUND', `Object '${this.parent.id}' not found`);
    }
    if (this.parent !== undefined) this.parent.#children.add(this);
    this.context.registry.add(this);
  }

  /**
   * Raises an event to everybody who listens; `source`, `timestampMillis` and `tags` are filled in, and `type` on
   * the wire. Also while the object is being released, but not after.
   */
  raise(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined || listeners.size === 0) return;
    const raised = this.#makeEvent(event, fields);
    // Who joins while it is told does not hear of it.
    const current = [...listeners];
    for (const listener of current) {
      try {
        listener(raised);
      } catch (error) {
        this.context.log.error({ err: error, object: this.id, event }, 'a listener failed');
      }
    }
  }

  /** Raises the event Error (spec 3.18) and writes it to the log. */
  raiseError(type: string, description: string, errorCode: number): void {
    this.context.log.warn({ object: this.id, type, errorCode }, description);
    this.raise('Error', { type, description, errorCode });
  }

  /** Calls `listener` at each occurrence of `event`, until the returned function is called. */
  listen(event: string, listener: EventListener): () => void {
    let listeners = this.#listeners.get(event);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(event, listeners);
    }
    // A function of its own, so that one listener can be registered twice.
    const entry: EventListener = (raised) => listener(raised);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /**
   * Ends the object and its children, children first; idempotent.
   *
   * From the call on neither can be found. Then each `onRelease` runs, then ObjectDestroyed is raised.
   * Never rejects: a failing `onRelease` is logged.
   */
  release(): Promise<void> {
    if (this.#release === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#release = promise;
      this.context.registry.remove(this);
      // The whole subtree is marked before anything else runs, so that nothing new grows in it.
      const children = [...this.#children].map((child) => child.release());
      void this.#finishRelease(children).then(resolve);
    }
    return this.#release;
  }

  /** Gives back what the object holds. Events may still be raised. Every wait in it has a deadline. */
  protected onRelease(): void | Promise<void> {}

  async #finishRelease(children: readonly Promise<void>[]): Promise<void> {
    await Promise.all(children);
    try {
      await this.onRelease();
    } catch (error) {
      this.context.log.error({ err: error, object: this.id }, 'release failed');
    }
    if (this.parent !== undefined) this.parent.#children.delete(this);
    this.context.registry.announceDestroyed(this);
    this.#listeners.clear();
  }

  #makeEvent(event: string, given: Readonly<Record<string, unknown>>): RaisedEvent {
    const { api: tables, clock } = this.context;
    const info = this.info.events.get(event);
    if (info === undefined) throw new TypeError(`${this.info.name} has no event ${event}`);
    const fields: Readonly<Record<string, unknown>> = {
      ...given,
      source: this,
      timestampMillis: String(Math.floor(clock.nowMs())),
      tags: this.#sendTagsInEvents ? this.#tags.list() : [],
    };
    let data: Readonly<Record<string, unknown>> | undefined;
    return {
      source: this,
      type: event,
      fields,
      get data() {
        return (data ??= tables.encodeEvent(info, fields, { idOf }));
      },
    };
  }

  /** Lines that start here, for the graphviz text of the pipeline. An element says its connections. */
  dotEdges(): readonly DotEdge[] {
    return [];
  }

  /** The id. */
  getId(): string {
    return this.id;
  }

  /** The pipeline; null for the ServerManager. */
  getMediaPipeline(): MediaPipeline | null {
    return this.pipeline;
  }

  /** The owner; null for a pipeline. */
  getParent(): MediaObject | null {
    return this.parent ?? null;
  }

  /** The direct children that are not being released. */
  getChildren(): MediaObject[] {
    return this.children.filter((child) => !child.released);
  }

  /** The free label; the id until it is set. */
  getName(): string {
    return this.#name;
  }

  /** Sets the free label. */
  setName(params: { name: string }): void {
    this.#name = params.name;
  }

  /** Whether events carry the tags of this object. */
  getSendTagsInEvents(): boolean {
    return this.#sendTagsInEvents;
  }

  /** Makes events carry the tags of this object, or stop to. */
  setSendTagsInEvents(params: { sendTagsInEvents: boolean }): void {
    this.#sendTagsInEvents = params.sendTagsInEvents;
  }

  /** Time of creation, seconds since 1970. */
  getCreationTime(): number {
    return this.#creationTimeSeconds;
  }

  /** Sets the tag `key`, replacing an older value. */
  addTag(params: { key: string; value: string }): void {
    this.#tags.set(params.key, params.value);
  }

  /** Removes the tag `key`; silent if it is absent. */
  removeTag(params: { key: string }): void {
    this.#tags.remove(params.key);
  }

  /**
   * The value of the tag `key`.
   *
   * @throws {KurentoError} MEDIA_OBJECT_TAG_KEY_NOT_FOUND
   */
  getTag(params: { key: string }): string {
    return this.#tags.get(params.key);
  }

  /** All tags, ordered by key. */
  getTags(): api.Tag[] {
    return this.#tags.list();
  }
}

/** The id that stands for `object` on the wire. */
export function idOf(object: object): string {
  if (object instanceof MediaObject) return object.id;
  throw new TypeError('Only media objects have an id');
}
