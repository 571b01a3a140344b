/**
 * All live objects by id.
 * @module
 */
import { KurentoError } from '@rivero/model';
import type { MediaObject } from './MediaObject.ts';

/** Is told of births and deaths. */
export interface RegistryListener {
  /** `object` can now be found by its id. */
  objectCreated(object: MediaObject): void;
  /** `object` is gone; its children were told before. */
  objectDestroyed(object: MediaObject): void;
}

/** Ids that only mean something inside a transaction (spec 1.8). */
const NEW_REFERENCE = 'newref:';

/** All live objects by id. An object enters when it is ready for use and leaves when its release begins. */
export class ObjectRegistry {
  readonly #objects = new Map<string, MediaObject>();
  readonly #listeners: RegistryListener[] = [];

  /** How many objects live, the ServerManager included. */
  get size(): number {
    return this.#objects.size;
  }

  /** The live objects, in order of creation. */
  get objects(): readonly MediaObject[] {
    return [...this.#objects.values()];
  }

  /** The live pipelines, in order of creation. */
  get pipelines(): readonly MediaObject[] {
    return this.objects.filter((object) => object.info.isA('MediaPipeline'));
  }

  /** Tells `listener` of every birth and death from now on. */
  addListener(listener: RegistryListener): void {
    this.#listeners.push(listener);
  }

  /** The live object `id`, if there is one. */
  find(id: string): MediaObject | undefined {
    return this.#objects.get(id);
  }

  /**
   * The live object `id`.
   *
   * @throws {KurentoError} MEDIA_OBJECT_NOT_FOUND; for a `newref:` outside a transaction
   * MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT
   */
  resolve(id: string): MediaObject {
    const object = this.#objects.get(id);
    if (object !== undefined) return object;
    throw new KurentoError(
      id.startsWith(NEW_REFERENCE)
        ? 'MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT'
        : 'MEDIA_OBJECT_NOT_FOUND',
      `Object '${id}' not found`,
    );
  }

  /** Enters `object` and says so. Called once, when the object is ready for use. */
  add(object: MediaObject): void {
    this.#objects.set(object.id, object);
    for (const listener of this.#listeners) listener.objectCreated(object);
  }

  /** Makes `object` impossible to find. Called by the object when its release begins; nobody is told yet. */
  remove(object: MediaObject): void {
    this.#objects.delete(object.id);
  }

  /** Says that `object` is gone. Called by the object when its release is done. */
  announceDestroyed(object: MediaObject): void {
    for (const listener of this.#listeners) listener.objectDestroyed(object);
  }
}
